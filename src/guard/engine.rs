//! Compiled phrases. Most scans need none, so each is compiled when it is first needed; and since a stream of attacks
//! needs them all, they are let go when they take too much memory.

use std::sync::{Mutex, PoisonError};

use regex_automata::Input;
use regex_automata::meta::{Cache, Config, Regex};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::util::syntax;
use rustc_hash::FxHashMap;

/// Bytes that compiled phrases may take.
const MEMORY: usize = 8 << 20;

/// The phrases compiled so far, by number and whether for squeezed text.
#[derive(Debug, Default)]
pub(super) struct Engines(Mutex<Compiled>);

#[derive(Debug, Default)]
struct Compiled {
    engines: FxHashMap<(u16, bool), Option<Engine>>,
    memory: usize,
}

#[derive(Debug)]
struct Engine {
    regex: Regex,
    cache: Cache,
}

impl Engines {
    /// Where a phrase first matches, if it does, in some stretches of a lower-case text.
    pub(super) fn find(
        &self,
        phrase: (u16, bool),
        (expression, unicode): (&str, bool),
        text: &[u8],
        stretches: &[std::ops::Range<usize>],
    ) -> Option<std::ops::Range<usize>> {
        // A panic elsewhere leaves nothing half done here.
        let mut compiled = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if compiled.memory > MEMORY {
            *compiled = Compiled::default();
        }
        let Compiled { engines, memory } = &mut *compiled;
        let engine = engines.entry(phrase).or_insert_with(|| {
            let engine = compile(expression, unicode).ok().map(|regex| Engine { cache: regex.create_cache(), regex });
            *memory += engine.as_ref().map_or(0, |engine| engine.regex.memory_usage());
            engine
        });
        let Engine { regex, cache } = engine.as_mut()?;
        let before = cache.memory_usage();
        let found = stretches.iter().find_map(|stretch| {
            // What stands before the stretch is still seen, so that a word's middle is not taken for its beginning.
            let input = Input::new(&text[..stretch.end]).range(stretch.clone());
            regex.search_with(cache, &input).map(|found| found.range())
        });
        *memory += cache.memory_usage().saturating_sub(before);
        found
    }
}

/// Compiles an expression of a phrase, without what costs more to make than it saves on short texts.
///
/// # Errors
/// What is wrong with it.
pub(super) fn compile(expression: &str, unicode: bool) -> Result<Regex, String> {
    let syntax = syntax::Config::new().unicode(unicode).utf8(false).dot_matches_new_line(true);
    let config = Config::new()
        .which_captures(WhichCaptures::Implicit)
        .utf8_empty(false)
        .auto_prefilter(false)
        .onepass(false)
        .backtrack(false)
        .nfa_size_limit(Some(4 << 20));
    Regex::builder().syntax(syntax).configure(config).build(expression).map_err(|error| error.to_string())
}
