//! What a change of an API does to what a model is given, and its faces.

mod json;
mod markdown;
mod sarif;
mod text;

use std::io::{self, Write};

use super::tools::count;
use super::{Look, NotChecked};
use crate::lock::{Change, Comparison, Gate, Side};
use crate::rule::Severity;
use crate::source::{Sources, Span};

/// One of the two that were compared.
#[derive(Debug)]
pub struct Half {
    /// What the user named.
    pub name: String,
    /// The texts that spans point into.
    pub sources: Sources,
    /// Where a change of the surface as a whole stands.
    pub head: Option<Span>,
    /// Tools that are exposed.
    pub tools: usize,
    /// What was not checked.
    pub not_checked: Vec<NotChecked>,
}

/// Everything that a comparison found; every renderer gets the same.
#[derive(Debug)]
pub struct Diff {
    /// What was.
    pub old: Half,
    /// What is.
    pub new: Half,
    /// The changes.
    pub comparison: Comparison,
    /// Which of them block.
    pub gate: Gate,
    /// Whether parts that were not checked are accepted.
    pub accepts_gaps: bool,
}

/// How a comparison looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffFormat {
    /// For people.
    Text,
    /// For programs; version 1.
    Json,
    /// For code scanning; SARIF 2.1.0.
    Sarif,
    /// For a comment or a job summary.
    Markdown,
}

impl Diff {
    /// The changes that block.
    pub fn blockers(&self) -> impl Iterator<Item = &Change> {
        self.comparison.changes.iter().filter(|change| self.gate.blocks(change.class, change.level))
    }

    /// The changes that make something riskier.
    pub fn riskier(&self) -> impl Iterator<Item = &Change> {
        self.comparison.changes.iter().filter(|change| change.level > Severity::Info)
    }

    /// The side that a change stands in.
    fn half(&self, side: Side) -> &Half {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }

    /// Where a change stands; none if that has no place.
    fn place(&self, change: &Change) -> Option<(&Sources, Span)> {
        let half = self.half(change.side);
        change.span.or(half.head).map(|span| (&half.sources, span))
    }

    /// `openapi.json:41:7`.
    fn shown_place(&self, change: &Change) -> String {
        self.place(change).map_or_else(String::new, |(sources, span)| {
            let at = sources.start(span);
            format!("{}:{}:{}", sources.get(span.source).name, at.line, at.column)
        })
    }

    /// What was not checked, of both sides.
    fn not_checked(&self) -> impl Iterator<Item = (&Half, &NotChecked)> {
        [&self.old, &self.new].into_iter().flat_map(|half| half.not_checked.iter().map(move |part| (half, part)))
    }

    /// What the comparison comes to.
    pub fn verdict(&self) -> DiffVerdict {
        if self.new.tools == 0 {
            DiffVerdict::Nothing
        } else if self.blockers().next().is_some() {
            DiffVerdict::Blocked
        } else if self.gaps() > 0 && !self.accepts_gaps {
            DiffVerdict::Incomplete
        } else if self.comparison.changes.is_empty() {
            DiffVerdict::Unchanged
        } else {
            DiffVerdict::Passed
        }
    }

    /// The reason for the verdict.
    fn reason(&self) -> String {
        let (all, riskier) = (self.comparison.changes.len(), self.riskier().count());
        match self.verdict() {
            DiffVerdict::Nothing => format!("{} exposes no tool", self.new.name),
            DiffVerdict::Blocked => format!("{} ({})", count(self.blockers().count(), "change"), self.gate.describe()),
            DiffVerdict::Incomplete => {
                format!("{} could not be checked and might hide a change", count(self.gaps(), "part"))
            }
            DiffVerdict::Unchanged => format!("{} exposed as before", count(self.new.tools, "tool")),
            DiffVerdict::Passed if riskier == 0 => format!("{}, none riskier", count(all, "change")),
            DiffVerdict::Passed => format!("{riskier} riskier of {}, none of which blocks", count(all, "change")),
        }
    }

    fn gaps(&self) -> usize {
        self.not_checked().filter(|(_, part)| part.gap).count()
    }
}

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffVerdict {
    /// Nothing is exposed, so there is nothing to compare.
    Nothing,
    /// A change that blocks.
    Blocked,
    /// A part could not be checked, and nobody accepted that.
    Incomplete,
    /// No change at all.
    Unchanged,
    /// No change that blocks.
    Passed,
}

impl DiffVerdict {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing to compare",
            Self::Blocked => "blocked",
            Self::Incomplete => "incomplete",
            Self::Unchanged => "unchanged",
            Self::Passed => "passed",
        }
    }
}

/// Writes a comparison.
///
/// # Errors
/// What `out` fails with.
pub fn diff(diff: &Diff, format: DiffFormat, look: Look, out: &mut dyn Write) -> io::Result<()> {
    match format {
        DiffFormat::Text => text::render(diff, look, out),
        DiffFormat::Json => json::render(diff, out),
        DiffFormat::Sarif => sarif::render(diff, out),
        DiffFormat::Markdown => markdown::render(diff, out),
    }
}
