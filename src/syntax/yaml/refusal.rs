//! What granit refuses, in the words of this program.

use granit_parser::{ErrorKind, ScanError};

use crate::source::{Source, Span};
use crate::syntax::{SyntaxError, shown, shown_length, too_deep};

pub(super) const ANCHOR_HELP: &str = "define the anchor before this place, or put the text in quotes";

/// An error of granit in our words, where they are clearer.
#[cold]
pub(super) fn refusal(source: &Source, error: &ScanError) -> SyntaxError {
    let mut at = source.floor(error.marker().byte_offset().unwrap_or_default());
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return too_deep(source, at);
    }
    if let ErrorKind::UnexpectedCharacter { character } = error.kind() {
        // The place is that of the scalar, which may begin long before.
        at += source.text[at..].find(*character).unwrap_or_default();
    }
    if is_tab(error.kind()) {
        // The place is behind the tab, or where the scalar began that the tab is in.
        let behind = source.text[..at].ends_with('\t');
        at = if behind { at - 1 } else { source.text[at..].find('\t').map_or(at, |tab| at + tab) };
    }
    let rest = &source.text[at..];
    let (message, help) = explain(error, rest);
    let span = Span { source: source.id, start: at as u32, end: (at + shown_length(rest)) as u32 };
    SyntaxError { span, message, help: help.to_owned(), limit: false }
}

/// Whether a tab is what is wrong.
fn is_tab(kind: &ErrorKind) -> bool {
    use ErrorKind::*;
    matches!(kind, TabNotAllowed | TabInBlockIndentation | TabInIndentation | TabAtBlockScalarStart | TabInPlainScalar)
}

/// What is wrong and what to do about it; `rest` begins where it is wrong.
fn explain(error: &ScanError, rest: &str) -> (String, &'static str) {
    use ErrorKind::*;
    let (message, help) = match error.kind() {
        UnexpectedCharacter { character: '@' | '`' | '%' } => {
            return (format!("a value cannot begin with {}", shown(rest)), "put the text in quotes");
        }
        UnexpectedCharacter { .. } => return (format!("{} cannot stand here", shown(rest)), "remove it"),
        UnclosedFlowCollection { open } => {
            return (format!("a `{open}` that is never closed"), "close it; or is the file truncated?");
        }
        MismatchedFlowCollectionEnd { open, close } => {
            return (format!("a `{open}` that is closed by `{close}`"), "use the bracket of the same kind");
        }
        MisplacedFlowCollectionEnd => ("a closing bracket that was never opened", "remove it"),
        UnclosedQuotedScalar => ("a quote that is never closed", "close it; or is the file truncated?"),
        MappingValueNotAllowed => {
            ("a `:` where no key can stand", "put text that holds `: ` in quotes, or correct the indentation")
        }
        BlockSequenceEntryNotAllowed => ("a list cannot begin here", "begin the list on a line of its own"),
        ExpectedBlockMappingKey | ExpectedBlockSequenceEntry | InvalidIndentation => {
            ("the indentation fits nothing above", "give the entries of one list or mapping the same indentation")
        }
        InvalidColonPlacement => ("a `:` where no key can stand", "is a `]` or `}` missing before it?"),
        SimpleKeyExpected | InvalidSimpleKey => ("expected `:` after a key", "write `: ` and a value after the key"),
        kind if is_tab(kind) => ("a tab where YAML allows only spaces", "replace the tab with spaces"),
        UnknownAnchor => ("an alias of an unknown anchor", ANCHOR_HELP),
        InvalidTrailingSingleQuotedScalar | InvalidTrailingDoubleQuotedScalar => {
            ("text after a closing quote", "put the whole value in quotes")
        }
        UnknownQuotedScalarEscape => {
            ("an escape that YAML does not have", "write `\\\\` for a backslash, or use single quotes")
        }
        CommentNotSeparated => ("a comment that touches the text before it", "put a space before the `#`"),
        _ => {
            let message = error.info();
            // "while parsing a node, did not find expected node content": the place says the rest.
            let message = match message.split_once(", ") {
                Some((place, what)) if place.starts_with("while ") => what.to_owned(),
                _ => message,
            };
            return (message, "check the indentation, the quotes and the brackets around this place");
        }
    };
    (message.to_owned(), help)
}
