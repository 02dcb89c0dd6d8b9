//! What became of the exposed tools.

use super::Class;
use crate::rule::Severity;
use crate::source::{Quote, Span};

/// Which of the two a change stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one before.
    Old,
    /// The one after.
    New,
}

/// One change.
#[derive(Debug, Clone)]
pub struct Change {
    /// What it is.
    pub class: Class,
    /// How bad it is.
    pub level: Severity,
    /// The tool's method.
    pub method: Option<Quote>,
    /// The tool's path.
    pub path: Option<Quote>,
    /// The tool's name; none if the change is about the surface as a whole.
    pub name: Option<Quote>,
    /// A sentence.
    pub message: String,
    /// What belongs to it, one line each.
    pub details: Vec<String>,
    /// Where its place is.
    pub side: Side,
    /// The place; none if the change is about the surface as a whole.
    pub span: Option<Span>,
    /// JSON pointer of the place.
    pub pointer: String,
    /// Stays the same while the same thing changed in the same tool.
    pub fingerprint: String,
}

impl Change {
    /// `GET /users/{id}`, the name, or the surface as a whole.
    pub fn label(&self) -> String {
        match (&self.method, &self.path, &self.name) {
            (Some(method), Some(path), _) => format!("{method} {path}"),
            (None, Some(path), _) => path.to_string(),
            (_, None, Some(name)) => name.to_string(),
            _ => "the whole surface".to_owned(),
        }
    }
}

/// Everything that changed.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// The changes, worst first.
    pub changes: Vec<Change>,
    /// Tools that are the same on both sides.
    pub unchanged: usize,
    /// What could not be compared, and why.
    pub notes: Vec<String>,
}
