//! Phrases at work. Most scans need none, so the automaton of each is read when it is first needed; and since a stream of
//! attacks needs them all, they are let go when they take too much memory.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use regex_automata::hybrid::dfa::{Cache, Config, DFA};
use regex_automata::nfa::thompson::NFA;
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::{Anchored, Input, MatchKind};
use rustc_hash::FxHashMap;

use super::automata::Automata;
use super::catalogue::Spec;
use super::places::{Starts, Stretch};

/// Bytes that phrases may take.
const MEMORY: usize = 4 << 20;

/// The phrases read so far, by number and whether for squeezed text.
#[derive(Debug, Default)]
pub(super) struct Engines(Mutex<Loaded>);

#[derive(Debug, Default)]
struct Loaded {
    engines: FxHashMap<(u16, bool), Option<Engine>>,
    memory: usize,
}

/// A phrase as an automaton that is made determined as far as texts ask for it.
#[derive(Debug)]
struct Engine {
    dfa: DFA,
    cache: Cache,
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
            *loaded = Loaded::default();
        }
        let Loaded { engines, memory } = &mut *loaded;
        let engine = engines.entry((phrase, squeezed)).or_insert_with(|| {
            let engine = automata.get(if squeezed { &spec.squeezed } else { &spec.spaced }).and_then(Engine::new);
            *memory += engine.as_ref().map_or(0, |engine| engine.dfa.get_nfa().memory_usage());
            engine
        });
        let Some(engine) = engine else { return (None, 0) };
        let (before, mut work) = (engine.cache.memory_usage(), 0);
        let found = stretches.iter().find_map(|(stretch, starts)| match starts.few().filter(|_| !squeezed) {
            Some(mut few) => few.find_map(|at| engine.begin(text, at..stretch.end, &mut work)),
            None => engine.search(text, stretch, &mut work),
        });
        *memory += engine.cache.memory_usage().saturating_sub(before);
        (found, work)
    }
}

impl Engine {
    fn new(nfa: NFA) -> Option<Self> {
        let config = Config::new().match_kind(MatchKind::LeftmostFirst).skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        Some(Self { cache: dfa.create_cache(), dfa })
    }

    /// The match that begins with a span.
    fn begin(&mut self, text: &[u8], span: Range<usize>, work: &mut u64) -> Option<Range<usize>> {
        *work += span.len() as u64;
        let input = Input::new(&text[..span.end]).range(span.clone()).anchored(Anchored::Yes);
        match self.dfa.try_search_fwd(&mut self.cache, &input) {
            Ok(end) => end.map(|end| span.start..end.offset()),
            // An automaton that gives up has not said no.
            Err(_) => self.locate(&input),
        }
    }

    /// The first match that begins in a stretch.
    fn search(&mut self, text: &[u8], stretch: &Stretch, work: &mut u64) -> Option<Range<usize>> {
        *work += (stretch.end - stretch.starts.start) as u64;
        // What stands before the stretch is still seen, so that a word's middle is not taken for its beginning.
        let input = Input::new(&text[..stretch.end]).range(stretch.starts.start..stretch.end);
        let end = match self.dfa.try_search_fwd(&mut self.cache, &input) {
            Ok(end) => end?.offset(),
            Err(_) => stretch.end,
        };
        self.locate(&input.range(stretch.starts.start..end))
    }

    /// A match from its beginning on. The automaton above knows only ends.
    fn locate(&self, input: &Input<'_>) -> Option<Range<usize>> {
        let whole = PikeVM::new_from_nfa(self.dfa.get_nfa().clone()).ok()?;
        whole.find(&mut whole.create_cache(), input.clone()).map(|found| found.range())
    }
}
