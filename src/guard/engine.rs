//! Phrases at work. Most scans need none, so the automaton of each is read when it is first needed; and since a stream of
//! attacks needs them all, those that are used less are let go when they take too much memory.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use regex_automata::nfa::thompson::NFA;
use regex_automata::nfa::thompson::backtrack::{BoundedBacktracker, Cache};
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::{Anchored, Input};
use rustc_hash::FxHashMap;

use super::automata::Automata;
use super::catalogue::Spec;
use super::places::{Starts, Stretch};

/// Bytes that phrases may take.
const MEMORY: usize = 3 << 20;

/// Bytes for the places of a stretch to which a phrase was followed.
const NOTED: usize = 512 << 10;

/// The phrases read so far, by number and whether for squeezed text.
#[derive(Debug, Default)]
pub(super) struct Engines(Mutex<Loaded>);

#[derive(Debug, Default)]
struct Loaded {
    engines: FxHashMap<(u16, bool), Option<Engine>>,
    /// Room for following a phrase.
    room: Option<Cache>,
    /// Bytes that the engines take.
    memory: usize,
}

/// A phrase that is followed step by step, never twice to the same place. An automaton that learns its states on the way
/// costs ten times as much here: no two stretches are alike, so it would learn a state for nearly every byte.
#[derive(Debug)]
struct Engine {
    steps: BoundedBacktracker,
    uses: u32,
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
        engine.uses += 1;
        let room = room.get_or_insert_with(|| engine.steps.create_cache());
        let mut work = 0;
        let found = stretches.iter().find_map(|(stretch, starts)| {
            let input = Input::new(&text[..stretch.end]);
            let mut find = |input: Input<'_>| {
                work += input.get_span().len() as u64;
                engine.find(&input, room)
            };
            match starts.few().filter(|_| !squeezed) {
                Some(mut few) => few.find_map(|at| find(input.clone().range(at..stretch.end).anchored(Anchored::Yes))),
                // What stands before the stretch is still seen, so that a word's middle is not taken for its beginning.
                None => find(input.range(stretch.starts.start..stretch.end)),
            }
        });
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
        let config = BoundedBacktracker::config().visited_capacity(NOTED);
        Some(Self { steps: BoundedBacktracker::builder().configure(config).build_from_nfa(nfa).ok()?, uses: 0 })
    }

    /// Bytes that it takes.
    fn memory(&self) -> usize {
        self.steps.get_nfa().memory_usage()
    }

    fn find(&self, input: &Input<'_>, room: &mut Cache) -> Option<Range<usize>> {
        room.reset(&self.steps);
        let found = self.steps.try_find(room, input.clone()).unwrap_or_else(|_| {
            // The stretch is too long to note every place.
            let whole = PikeVM::new_from_nfa(self.steps.get_nfa().clone()).ok()?;
            whole.find(&mut whole.create_cache(), input.clone())
        });
        found.map(|found| found.range())
    }
}
