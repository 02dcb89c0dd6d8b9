//! Phrases at work. Most scans need none, so the automaton of each is read when it is first needed; and since a stream of
//! attacks needs them all, those that are rarely used are let go when they take too much memory.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::{Anchored, Input, MatchKind};
use rustc_hash::FxHashMap;

use super::automata::Automata;
use super::places::{Opening, Starts, Stretch};
use super::steps::{Steps, Trail};

/// Bytes that phrases may take.
const MEMORY: usize = 1 << 20;

/// Bytes that one phrase may take for what it has learnt.
const LEARNT: usize = 256 << 10;

/// Bytes of the stretches of a text up to which a phrase is followed step by step in them; in more of them it costs less
/// to learn it. Text without gaps is always followed as far as that reaches: nearly all that is learnt in it is needed once.
const FOLLOWED: usize = 2 << 10;

/// The phrases read so far, by where their automata begin.
#[derive(Debug, Default)]
pub(super) struct Engines(Mutex<Loaded>);

#[derive(Debug, Default)]
struct Loaded {
    engines: FxHashMap<u32, Option<Engine>>,
    /// Room for following a phrase step by step.
    trail: Trail,
    /// Bytes that the engines take.
    memory: usize,
}

/// A phrase as an automaton.
#[derive(Debug)]
struct Engine {
    steps: Steps,
    /// The same made determined as far as texts ask for it, for searches that are too large to be followed. Few phrases are,
    /// so that it lies apart.
    learnt: Option<Box<(DFA, dfa::Cache)>>,
    uses: u32,
}

/// An automaton, and the text that its matches are looked for in.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    /// Where the automaton is one of.
    pub(super) automata: &'a Automata,
    /// Its place among those, which tells it from all others.
    pub(super) place: &'a Range<u32>,
    /// How its matches begin.
    pub(super) opening: Opening<'a>,
    /// The text, in lower case.
    pub(super) text: &'a [u8],
    /// Whether that has no gaps between words.
    pub(super) squeezed: bool,
}

impl Engines {
    /// Where a phrase first matches, if it does, in some stretches of a text; and how much work that takes: states, bytes,
    /// and what is learnt.
    pub(super) fn find(&self, task: Task<'_>, stretches: &[(Stretch, Starts)]) -> (Option<Range<usize>>, u64) {
        // A panic elsewhere leaves nothing half done here.
        let mut loaded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if loaded.memory > MEMORY {
            loaded.make_room();
        }
        let Loaded { engines, trail, memory } = &mut *loaded;
        let engine = engines.entry(task.place.start).or_insert_with(|| {
            let steps = Steps::read(task.automata, task.place)?;
            *memory += steps.memory();
            Some(Engine { steps, learnt: None, uses: 0 })
        });
        let Some(engine) = engine else { return (None, 0) };
        let (before, mut work) = (engine.memory(), 0);
        engine.uses += 1;
        let bytes: usize = stretches.iter().map(|(stretch, _)| stretch.end - stretch.starts.start).sum();
        let found = stretches.iter().find_map(|(stretch, starts)| match starts.few() {
            Some(few) => engine.begin(task, few, stretch.end, trail, &mut work),
            None => engine.search(task, (stretch, bytes), trail, &mut work),
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
    /// Bytes that it takes.
    fn memory(&self) -> usize {
        let learnt = self.learnt.as_deref();
        self.steps.memory() + learnt.map_or(0, |(dfa, cache)| dfa.get_nfa().memory_usage() + cache.memory_usage())
    }

    /// The first match that begins at one of a few places.
    fn begin(
        &mut self,
        task: Task<'_>,
        mut few: impl Iterator<Item = usize> + Clone,
        end: usize,
        trail: &mut Trail,
        work: &mut u64,
    ) -> Option<Range<usize>> {
        let first = few.clone().next()?;
        if self.steps.reaches(end - first) {
            return self.follow(task, end, few, trail, work);
        }
        few.find_map(|start| self.large(task, start..end, Anchored::Yes, work))
    }

    /// The first match that begins in a stretch, one of several of so many bytes in all.
    fn search(
        &mut self,
        task: Task<'_>,
        (Stretch { starts, end }, bytes): (&Stretch, usize),
        trail: &mut Trail,
        work: &mut u64,
    ) -> Option<Range<usize>> {
        if (task.squeezed || bytes <= FOLLOWED) && self.steps.reaches(end - starts.start) {
            let places = task.opening.places(starts.clone(), &task.text[..*end]);
            return self.follow(task, *end, places, trail, work);
        }
        self.large(task, starts.start..*end, Anchored::No, work)
    }

    /// The first match that begins at one of some places, step by step.
    fn follow(
        &self,
        task: Task<'_>,
        end: usize,
        places: impl Iterator<Item = usize>,
        trail: &mut Trail,
        work: &mut u64,
    ) -> Option<Range<usize>> {
        let before = trail.entered;
        let found = self.steps.find(task.automata, &task.text[..end], places, trail);
        *work += trail.entered - before;
        found
    }

    /// The first match in a span, or the one at its beginning.
    fn large(
        &mut self,
        task: Task<'_>,
        span: Range<usize>,
        anchored: Anchored,
        work: &mut u64,
    ) -> Option<Range<usize>> {
        *work += span.len() as u64;
        if self.learnt.is_none() {
            let config = dfa::Config::new()
                .match_kind(MatchKind::LeftmostFirst)
                .cache_capacity(LEARNT)
                .skip_cache_capacity_check(true);
            let dfa = DFA::builder().configure(config).build_from_nfa(task.automata.get(task.place)?).ok()?;
            let cache = dfa.create_cache();
            self.learnt = Some(Box::new((dfa, cache)));
        }
        let (dfa, cache) = self.learnt.as_deref_mut()?;
        let known = cache.memory_usage();
        // What stands before the span is still seen, so that a word's middle is not taken for its beginning.
        let input = Input::new(&task.text[..span.end]).range(span.clone()).anchored(anchored);
        let end = dfa.try_search_fwd(cache, &input);
        *work += cache.memory_usage().abs_diff(known) as u64;
        let end = match end {
            Ok(end) => end?.offset(),
            // An automaton that gives up has not said no.
            Err(_) => span.end,
        };
        // It knows only ends.
        let whole = PikeVM::new_from_nfa(dfa.get_nfa().clone()).ok()?;
        let found = whole.find(&mut whole.create_cache(), input.range(span.start..end));
        found.map(|found| found.range())
    }
}
