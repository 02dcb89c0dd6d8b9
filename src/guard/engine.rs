//! Compiled phrases. Most scans need none, so each is compiled when it is first needed; and since a stream of attacks
//! needs them all, they are let go when they take too much memory.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use regex_automata::hybrid::dfa::{Cache, Config, DFA};
use regex_automata::meta::{self, Regex};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind};
use rustc_hash::FxHashMap;

/// Bytes that compiled phrases may take.
const MEMORY: usize = 10 << 20;

/// Bytes of the largest phrase.
const LARGEST: usize = 4 << 20;

/// The phrases compiled so far, by number and whether for squeezed text.
#[derive(Debug, Default)]
pub(super) struct Engines(Mutex<Compiled>);

#[derive(Debug, Default)]
struct Compiled {
    engines: FxHashMap<(u16, bool), Option<Engine>>,
    memory: usize,
}

/// Tells whether a phrase matches. Where it does is asked of a full expression, which costs twice as much to make and is
/// seldom needed.
#[derive(Debug)]
struct Engine {
    dfa: DFA,
    cache: Cache,
    full: Option<Regex>,
}

impl Engines {
    /// Where a phrase first matches, if it does, in some stretches of a lower-case text.
    pub(super) fn find(
        &self,
        phrase: (u16, bool),
        (expression, unicode): (&str, bool),
        text: &[u8],
        stretches: &[Range<usize>],
    ) -> Option<Range<usize>> {
        // A panic elsewhere leaves nothing half done here.
        let mut compiled = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if compiled.memory > MEMORY {
            *compiled = Compiled::default();
        }
        let Compiled { engines, memory } = &mut *compiled;
        let engine = engines.entry(phrase).or_insert_with(|| {
            let engine = Engine::new(expression, unicode);
            *memory += engine.as_ref().map_or(0, |engine| engine.dfa.get_nfa().memory_usage());
            engine
        });
        let engine = engine.as_mut()?;
        let before = engine.cache.memory_usage();
        let found = stretches.iter().find_map(|stretch| engine.find(expression, unicode, text, stretch.clone()));
        *memory += engine.cache.memory_usage().saturating_sub(before);
        found
    }
}

impl Engine {
    fn new(expression: &str, unicode: bool) -> Option<Self> {
        let dfa = DFA::builder()
            .syntax(syntax(unicode))
            .thompson(
                thompson::Config::new().utf8(false).which_captures(WhichCaptures::None).nfa_size_limit(Some(LARGEST)),
            )
            .configure(Config::new().match_kind(MatchKind::LeftmostFirst).skip_cache_capacity_check(true))
            .build(expression)
            .ok()?;
        Some(Self { cache: dfa.create_cache(), dfa, full: None })
    }

    fn find(&mut self, expression: &str, unicode: bool, text: &[u8], stretch: Range<usize>) -> Option<Range<usize>> {
        // What stands before the stretch is still seen, so that a word's middle is not taken for its beginning.
        let input = Input::new(&text[..stretch.end]).range(stretch);
        // An engine that gives up has not said no.
        if let Ok(None) = self.dfa.try_search_fwd(&mut self.cache, &input) {
            return None;
        }
        if self.full.is_none() {
            self.full = compile(expression, unicode).ok();
        }
        self.full.as_ref()?.search(&input).map(|found| found.range())
    }
}

fn syntax(unicode: bool) -> syntax::Config {
    syntax::Config::new().unicode(unicode).utf8(false).dot_matches_new_line(true)
}

/// Compiles an expression of a phrase, without what costs more to make than it saves on short texts.
///
/// # Errors
/// What is wrong with it.
pub(super) fn compile(expression: &str, unicode: bool) -> Result<Regex, String> {
    let config = meta::Config::new()
        .which_captures(WhichCaptures::Implicit)
        .utf8_empty(false)
        .auto_prefilter(false)
        .onepass(false)
        .backtrack(false)
        .nfa_size_limit(Some(LARGEST));
    Regex::builder().syntax(syntax(unicode)).configure(config).build(expression).map_err(|error| error.to_string())
}
