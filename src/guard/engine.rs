//! Phrases at work. Most scans need none, so the automaton of each is read when it is first needed; and since a stream of
//! attacks needs them all, those that are rarely used are let go when they take too much memory.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::nfa::thompson::NFA;
use regex_automata::nfa::thompson::backtrack::{self, BoundedBacktracker};
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::{Anchored, Input, MatchKind};
use rustc_hash::FxHashMap;

use super::automata::Automata;
use super::catalogue::Spec;
use super::places::{Starts, Stretch};

/// Bytes that phrases may take.
const MEMORY: usize = 5 << 19;

/// Bytes that one phrase may take for what it has learnt.
const LEARNT: usize = 256 << 10;

/// Bits of the largest search that is followed step by step: one for each state at each byte.
const NOTED: usize = 1 << 18;

/// Bits of searches after which a phrase is worth to be learnt: until then it is followed step by step, never twice to the
/// same place. Texts differ, so what is learnt from the first few hardly serves the next, and takes more memory.
const COLD: usize = 1 << 21;

/// The phrases read so far, by number and whether for squeezed text.
#[derive(Debug, Default)]
pub(super) struct Engines(Mutex<Loaded>);

#[derive(Debug, Default)]
struct Loaded {
    engines: FxHashMap<(u16, bool), Option<Engine>>,
    /// Room for following a phrase step by step.
    room: Option<backtrack::Cache>,
    /// Bytes that the engines take.
    memory: usize,
}

/// A phrase as an automaton.
#[derive(Debug)]
struct Engine {
    steps: BoundedBacktracker,
    /// The same made determined as far as texts ask for it, once they ask often.
    learnt: Option<(DFA, dfa::Cache)>,
    uses: u32,
    /// Bits of all searches so far.
    bits: usize,
}

impl Engines {
    /// Where a phrase first matches, if it does, in some stretches of a lower-case text; and how many bytes that takes.
    pub(super) fn find(
        &self,
        automata: &Automata,
        (phrase, spec, squeezed): (u16, &Spec, bool),
        text: &[u8],
        stretches: &[(Stretch, Starts)],
    ) -> (Option<Range<usize>>, u64) {
        // A panic elsewhere leaves nothing half done here.
        let mut loaded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if loaded.memory > MEMORY {
            loaded.make_room();
        }
        let Loaded { engines, room, memory } = &mut *loaded;
        let engine = engines.entry((phrase, squeezed)).or_insert_with(|| {
            let engine = automata.get(if squeezed { &spec.squeezed } else { &spec.spaced }).and_then(Engine::new);
            *memory += engine.as_ref().map_or(0, Engine::memory);
            engine
        });
        let Some(engine) = engine else { return (None, 0) };
        let (before, mut work) = (engine.memory(), 0);
        engine.uses += 1;
        let found = stretches.iter().find_map(|(stretch, starts)| match starts.few().filter(|_| !squeezed) {
            Some(mut few) => few.find_map(|at| engine.begin(text, at..stretch.end, room, &mut work)),
            None => engine.search(text, stretch, room, &mut work),
        });
        *memory = *memory + engine.memory() - before;
        (found, work)
    }
}

impl Loaded {
    /// Lets go the half of the phrases that is used less.
    fn make_room(&mut self) {
        let uses = |engine: &Option<Engine>| engine.as_ref().map_or(0, |engine| engine.uses);
        let mut all: Vec<u32> = self.engines.values().map(uses).collect();
        all.sort_unstable();
        let median = all.get(all.len() / 2).copied().unwrap_or(0);
        self.engines.retain(|_, engine| uses(engine) > median);
        self.memory = 0;
        for engine in self.engines.values_mut().flatten() {
            engine.uses /= 2;
            self.memory += engine.memory();
        }
    }
}

impl Engine {
    fn new(nfa: NFA) -> Option<Self> {
        Some(Self { steps: BoundedBacktracker::new_from_nfa(nfa).ok()?, learnt: None, uses: 0, bits: 0 })
    }

    /// Bytes that it takes.
    fn memory(&self) -> usize {
        let learnt = self.learnt.as_ref().map_or(0, |(_, cache)| cache.memory_usage());
        self.steps.get_nfa().memory_usage() + learnt
    }

    /// The automaton that learns, if the phrase is used often or the search is large.
    fn learnt(&mut self, bytes: usize) -> Option<&mut (DFA, dfa::Cache)> {
        let bits = self.steps.get_nfa().states().len() * bytes;
        self.bits = self.bits.saturating_add(bits);
        if self.learnt.is_none() && (bits > NOTED || self.bits > COLD) {
            let config = dfa::Config::new()
                .match_kind(MatchKind::LeftmostFirst)
                .cache_capacity(LEARNT)
                .skip_cache_capacity_check(true);
            let dfa = DFA::builder().configure(config).build_from_nfa(self.steps.get_nfa().clone()).ok()?;
            self.learnt = Some((dfa.clone(), dfa.create_cache()));
        }
        self.learnt.as_mut()
    }

    /// The match that begins with a span.
    fn begin(
        &mut self,
        text: &[u8],
        span: Range<usize>,
        room: &mut Option<backtrack::Cache>,
        work: &mut u64,
    ) -> Option<Range<usize>> {
        *work += span.len() as u64;
        let input = Input::new(&text[..span.end]).range(span.clone()).anchored(Anchored::Yes);
        match self.learnt(input.get_span().len()).map(|(dfa, cache)| dfa.try_search_fwd(cache, &input)) {
            Some(Ok(end)) => end.map(|end| span.start..end.offset()),
            // An automaton that gives up has not said no.
            Some(Err(_)) | None => self.locate(&input, room),
        }
    }

    /// The first match that begins in a stretch.
    fn search(
        &mut self,
        text: &[u8],
        stretch: &Stretch,
        room: &mut Option<backtrack::Cache>,
        work: &mut u64,
    ) -> Option<Range<usize>> {
        *work += (stretch.end - stretch.starts.start) as u64;
        // What stands before the stretch is still seen, so that a word's middle is not taken for its beginning.
        let input = Input::new(&text[..stretch.end]).range(stretch.starts.start..stretch.end);
        let end = match self.learnt(input.get_span().len()).map(|(dfa, cache)| dfa.try_search_fwd(cache, &input)) {
            Some(Ok(end)) => end?.offset(),
            Some(Err(_)) | None => stretch.end,
        };
        self.locate(&input.range(stretch.starts.start..end), room)
    }

    /// A match from its beginning on, step by step. The automaton that learns knows only ends.
    fn locate(&self, input: &Input<'_>, room: &mut Option<backtrack::Cache>) -> Option<Range<usize>> {
        let room = room.get_or_insert_with(|| self.steps.create_cache());
        room.reset(&self.steps);
        match self.steps.try_find(room, input.clone()) {
            Ok(found) => found.map(|found| found.range()),
            // The text is too long for it.
            Err(_) => {
                let whole = PikeVM::new_from_nfa(self.steps.get_nfa().clone()).ok()?;
                whole.find(&mut whole.create_cache(), input.clone()).map(|found| found.range())
            }
        }
    }
}
