//! What is wrong with a choice, and where it was made.

use crate::source::{Source, Span};

/// A word that a user chose, and where: in the configuration, or nowhere if it came from a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub text: String,
    /// Its place in the configuration.
    pub span: Option<Span>,
}

impl Word {
    /// A word from the command line.
    pub fn flag(text: &str) -> Self {
        Self { text: text.to_owned(), span: None }
    }
}

/// A choice that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where in the configuration, if it was made there.
    pub span: Option<Span>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Fault {
    /// A fault in the configuration.
    pub(super) fn new(span: Span, message: impl Into<String>, help: &str) -> Self {
        Self { span: Some(span), message: message.into(), help: help.to_owned() }
    }

    /// A fault of a word, wherever it came from.
    pub(super) fn of(word: &Word, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span: word.span, message: message.into(), help: help.into() }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug)]
pub struct ConfigError {
    /// The file, as the user would write it.
    pub file: String,
    /// Its text, if it was read.
    pub source: Option<Box<Source>>,
    /// Everything that is wrong, in the order of the file.
    pub faults: Vec<Fault>,
}
