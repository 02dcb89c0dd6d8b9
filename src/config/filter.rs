//! Which operations become tools.

use globset::{GlobBuilder, GlobMatcher};

use super::{Fault, Scope, Word};
use crate::surface::{Exposure, Operation, Surface};

/// Methods that may stand before a glob.
const METHODS: [&str; 10] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY", "*"];

/// Globs over operations.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    include: Option<Vec<Pattern>>,
    exclude: Vec<Pattern>,
}

/// An anchored glob over the path, or the name where there is no path, perhaps of one method only. `*` matches across
/// `/`; braces stand for themselves, so that `/users/{id}` can be named.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    method: Option<String>,
    glob: GlobMatcher,
    /// What a reason calls the choice.
    from: &'static str,
}

impl Pattern {
    /// Reads `/users/*`, or `DELETE /users/*`.
    pub(super) fn new(word: &Word) -> Result<Self, Fault> {
        Self::of(word, "")
    }

    fn of(word: &Word, from: &'static str) -> Result<Self, Fault> {
        let head = word.text.split_once(char::is_whitespace);
        let head = head.filter(|(head, _)| METHODS.iter().any(|known| known.eq_ignore_ascii_case(head)));
        let (method, glob) = head.map_or((None, word.text.as_str()), |(head, rest)| (Some(head), rest.trim()));
        let literal = glob.replace('{', "[{]").replace('}', "[}]");
        let parsed = GlobBuilder::new(&literal).literal_separator(false).backslash_escape(true).build();
        let parsed = parsed.map_err(|error| {
            Fault::of(
                word,
                format!("`{}` is not a glob: {}", word.text, error.kind()),
                "a glob is a path with *, ? and [a-z], perhaps behind a method",
            )
        })?;
        let method = method.filter(|method| *method != "*").map(str::to_ascii_uppercase);
        Ok(Self { method, glob: parsed.compile_matcher(), from })
    }

    /// Whether an operation matches: its path, also behind its base path; its name where there is no path.
    pub(super) fn matches(&self, operation: &Operation) -> bool {
        self.matches_named(Named::of(operation))
    }

    fn matches_named(&self, operation: Named<'_>) -> bool {
        if self.method.as_deref().is_some_and(|wanted| operation.method.is_none_or(|method| method != wanted)) {
            return false;
        }
        match operation.path {
            Some(path) => {
                self.glob.is_match(path)
                    || (!operation.base.is_empty() && self.glob.is_match(format!("{}{path}", operation.base)))
            }
            None => self.glob.is_match(operation.name),
        }
    }

    /// Whether a name matches.
    pub(super) fn matches_name(&self, name: &str) -> bool {
        self.method.is_none() && self.glob.is_match(name)
    }
}

/// What globs are held against.
#[derive(Debug, Clone, Copy)]
pub struct Named<'n> {
    /// HTTP method.
    pub method: Option<&'n str>,
    /// Path.
    pub path: Option<&'n str>,
    /// What clients put in front of the path.
    pub base: &'n str,
    /// The tool's name.
    pub name: &'n str,
}

impl<'n> Named<'n> {
    fn of(operation: &'n Operation) -> Self {
        Self {
            method: operation.method.as_deref(),
            path: operation.path.as_deref(),
            base: &operation.base,
            name: &operation.name,
        }
    }
}

impl Filter {
    /// Operations that match an `include` glob, if there is any, and no `exclude` glob.
    ///
    /// # Errors
    /// The glob that cannot be read, and why.
    pub fn new(scope: &Scope) -> Result<Self, Fault> {
        let patterns = |words: &[Word], flag, key| {
            let from = |word: &Word| if word.span.is_some() { key } else { flag };
            words.iter().map(|word| Pattern::of(word, from(word))).collect::<Result<Vec<_>, _>>()
        };
        let include = scope.include.as_deref().filter(|words| !words.is_empty());
        Ok(Self {
            include: include.map(|words| patterns(words, "--include", "`include`")).transpose()?,
            exclude: patterns(scope.exclude.as_deref().unwrap_or_default(), "--exclude", "`exclude`")?,
        })
    }

    /// Takes operations out of a surface; they stay listed, with the reason.
    pub fn apply(&self, surface: &mut Surface) {
        for operation in &mut surface.operations {
            if operation.exposure != Exposure::Exposed {
                continue;
            }
            if let Some(reason) = self.reason(Named::of(operation)) {
                operation.exposure = Exposure::Excluded(reason);
            }
        }
    }

    /// Why something does not become a tool; none if it does.
    pub fn reason(&self, named: Named<'_>) -> Option<String> {
        if let Some(include) = self.include.as_ref().filter(|set| !set.iter().any(|glob| glob.matches_named(named))) {
            return Some(format!("not matched by {}", include[0].from));
        }
        self.exclude.iter().find(|glob| glob.matches_named(named)).map(|glob| format!("matched by {}", glob.from))
    }
}
