//! Bytes to a tree of spanned nodes, the same for JSON, YAML and the tables that commands print.

mod build;
mod decoded;
mod json;
mod raw;
mod table;
mod tree;
mod yaml;

use crate::source::{Source, Span};

use build::Builder;
use raw::Form;
pub use tree::{Items, Kind, Members, Node, Tree};

/// Deepest nesting that is read; real documents stay below 40.
pub const MAX_DEPTH: usize = 512;

/// Why a text is not JSON or YAML, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where reading stopped.
    pub span: Span,
    /// What is wrong, without the place.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Whether the text is not wrong but beyond a limit.
    pub limit: bool,
}

/// A key that stands twice in one mapping. Parsers disagree on which value counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The first occurrence.
    pub first: Span,
    /// The occurrence that repeats it.
    pub second: Span,
    /// The key.
    pub key: String,
}

/// The error of a document that holds no value.
fn empty(source: &Source) -> SyntaxError {
    SyntaxError {
        span: Span { source: source.id, start: 0, end: 0 },
        message: "the document is empty".to_owned(),
        help: "is this the right file?".to_owned(),
        limit: false,
    }
}

/// What an error message calls the beginning of `rest`: a word or a character, never one that a terminal acts on.
fn shown(rest: &str) -> String {
    match rest.chars().next() {
        None => "the end of the document".to_owned(),
        Some('\n' | '\r') => "the end of the line".to_owned(),
        Some('\t') => "a tab".to_owned(),
        Some(c) if c.is_alphanumeric() || c.is_ascii_graphic() => format!("`{}`", &rest[..shown_length(rest)]),
        Some(c) => format!("the character U+{:04X}", c as u32),
    }
}

/// Bytes of the word or character that [`shown`] names.
fn shown_length(rest: &str) -> usize {
    let word: usize =
        rest.chars().take(20).take_while(|c| c.is_ascii_alphanumeric() || *c == '_').map(char::len_utf8).sum();
    word.max(rest.chars().next().map_or(0, char::len_utf8))
}

/// The error of a document that nests deeper than [`MAX_DEPTH`].
fn too_deep(source: &Source, at: usize) -> SyntaxError {
    SyntaxError {
        span: Span { source: source.id, start: at as u32, end: (at + 1).min(source.text.len()) as u32 },
        message: format!("nested deeper than {MAX_DEPTH} levels"),
        help: "no API description needs this: check what wrote the document".to_owned(),
        limit: true,
    }
}

/// Reads one document. A table of routes is told by its header, JSON from YAML by its first characters: `{` or `[` and
/// then what only JSON has.
///
/// # Errors
/// [`SyntaxError`] when the text is neither, or nests deeper than [`MAX_DEPTH`].
pub fn parse(source: &Source) -> Result<Tree, SyntaxError> {
    // A log line before a table may begin as JSON does, but no line of JSON or of a YAML mapping is a table's header.
    if let Some(tree) = table::parse(source) {
        return Ok(tree);
    }
    if is_json(&source.text) { json::parse(source) } else { yaml::parse(source) }
}

/// Reads one document that has to be JSON.
///
/// # Errors
/// [`SyntaxError`] when the text is no JSON, or nests deeper than [`MAX_DEPTH`].
pub fn parse_json(source: &Source) -> Result<Tree, SyntaxError> {
    json::parse(source)
}

/// Reads one document that has to be YAML.
///
/// # Errors
/// [`SyntaxError`] when the text is no YAML, or nests deeper than [`MAX_DEPTH`].
pub fn parse_yaml(source: &Source) -> Result<Tree, SyntaxError> {
    yaml::parse(source)
}

/// Reads a document as YAML in both ways, the short one that most documents take and the full one, and says whether
/// they agree; none if the short one leaves the document to the other. For tests: a difference is a fault.
pub fn yaml_ways_agree(source: &Source) -> Option<bool> {
    let tree = yaml::parse_quickly(source)?;
    Some(yaml::parse_fully(source).is_ok_and(|full| full == tree))
}

/// A text is JSON when it opens with `{` and a `"` or `}`, or with `[` and anything that may begin a JSON value.
/// YAML's flow style (`{a: b}`, `{'a': b}`) is left to the YAML parser.
fn is_json(text: &str) -> bool {
    let mut characters = text.trim_start_matches('\u{FEFF}').chars().filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n'));
    match characters.next() {
        Some('{') => matches!(characters.next(), Some('"' | '}') | None),
        Some('[') => {
            matches!(characters.next(), Some('"' | '{' | '[' | ']' | '-' | '0'..='9' | 't' | 'f' | 'n') | None)
        }
        _ => false,
    }
}
