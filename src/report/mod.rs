//! What a run found, and its faces: one renderer a file.

mod agent;
mod diff;
mod each;
mod escape;
mod excerpt;
mod gate;
mod github;
mod group;
mod html;
mod json;
mod junit;
mod lock;
mod markdown;
mod markup;
mod repository;
mod sarif;
mod suggest;
mod text;
mod tools;
mod verdict;

use std::io::{self, Write};
use std::sync::Arc;

use crate::config::Exceptions;
use crate::finding::{Finding, Status};
use crate::rule::{Rule, Severity};
use crate::source::{Sources, Span};
use crate::surface::Surface;

pub use diff::{Diff, DiffFormat, DiffVerdict, Half, diff};
pub use escape::{escape, write_json};
pub use excerpt::excerpt;
pub use gate::Gate;
pub use lock::lock;
pub use sarif::sarif_cut;
pub use suggest::{Declared, Form, suggest, suggest_gaps};
pub use text::{style, wrapped};
pub use tools::{count, tools_json, tools_text};
pub use verdict::{Ruling, broken_call, broken_line, broken_log_line, log_line};

/// One audited document.
#[derive(Debug)]
pub struct Document {
    /// Its name, as in [`Sources`].
    pub name: String,
    /// What it describes.
    pub surface: Surface,
    /// The severity from which its findings block, where that differs from the rest; within, none if they never do.
    pub fail_on: Option<Option<Severity>>,
}

/// Everything that a run found; every renderer gets the same.
#[derive(Debug)]
pub struct Report {
    /// The texts that spans point into.
    pub sources: Sources,
    /// What was audited, in the order given.
    pub documents: Vec<Document>,
    /// The rules that ran.
    pub rules: Vec<Arc<Rule>>,
    /// All findings that are kept, also those that do not count: worst first, then in document order.
    pub findings: Vec<Finding>,
    /// How many findings for stricter readers are not kept, since no report lists them.
    pub below_persona: usize,
    /// What sets findings aside, and what became of it.
    pub exceptions: Exceptions,
    /// What was not checked, in document order: gaps first within a document.
    pub not_checked: Vec<NotChecked>,
    /// The severity from which a finding blocks, unless its document has its own; none if nothing does.
    pub fail_on: Option<Severity>,
    /// Whether an input could not be read at all; such a run does not pass.
    pub failed: bool,
    /// Whether the run may pass although a part could not be checked.
    pub accepts_gaps: bool,
}

/// Something that was not understood, not followed or not assessed.
#[derive(Debug, Clone)]
pub struct NotChecked {
    /// The part.
    pub what: String,
    /// The reason, and what to do.
    pub why: String,
    /// Where, if it has a place.
    pub span: Option<Span>,
    /// Whether facts were lost that could hide a blocker; such a run does not pass.
    pub gap: bool,
    /// Whether it is an input of which nothing could be read, as standard error says at once.
    pub unread: bool,
}

/// How many findings of each severity count, and how many do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Summary {
    /// Active, critical.
    pub critical: usize,
    /// Active, high.
    pub high: usize,
    /// Active, medium.
    pub medium: usize,
    /// Active, low.
    pub low: usize,
    /// Active, info.
    pub info: usize,
    /// Accepted with a reason.
    pub suppressed: usize,
    /// Known before.
    pub baselined: usize,
    /// Of rules for another persona.
    pub below_persona: usize,
}

impl Report {
    /// The counts.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { below_persona: self.below_persona, ..Summary::default() };
        for finding in &self.findings {
            *match (&finding.status, finding.severity) {
                (Status::Active, Severity::Critical) => &mut summary.critical,
                (Status::Active, Severity::High) => &mut summary.high,
                (Status::Active, Severity::Medium) => &mut summary.medium,
                (Status::Active, Severity::Low) => &mut summary.low,
                (Status::Active, Severity::Info) => &mut summary.info,
                (Status::Suppressed(_), _) => &mut summary.suppressed,
                (Status::Baselined, _) => &mut summary.baselined,
                (Status::BelowPersona, _) => &mut summary.below_persona,
            } += 1;
        }
        summary
    }

    /// The findings that count.
    pub fn active(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_active())
    }

    /// The findings that reports for programs list: all but those for stricter readers.
    pub fn shown(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.status != Status::BelowPersona)
    }

    /// The findings that somebody accepted, or that were there before.
    pub fn set_aside(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| matches!(finding.status, Status::Suppressed(_) | Status::Baselined))
    }

    /// Whether a finding that counts is at or above the threshold.
    pub fn has_blockers(&self) -> bool {
        self.findings.iter().any(|finding| self.blocks(finding))
    }

    /// Operations of all documents, exposed or not.
    pub fn total_routes(&self) -> usize {
        self.documents.iter().map(|document| document.surface.operations.len()).sum()
    }

    /// Operations that would become tools.
    pub fn exposed_tools(&self) -> usize {
        self.documents.iter().map(|document| document.surface.exposed().count()).sum()
    }
}

/// How a report looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs; version 1.
    Json,
    /// For code scanning; SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// The summary of a job.
    Markdown,
    /// Test results.
    Junit,
    /// A page to read and to keep.
    Html,
    /// One line a finding.
    Agent,
}

/// What a person chose about looks; machine formats take no notice.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Columns that a line of text may fill.
    pub width: usize,
    /// Colour.
    pub color: bool,
    /// Show the source beside each finding.
    pub source: bool,
    /// List the findings that were accepted.
    pub suppressed: bool,
}

impl Look {
    /// Columns of a line where there is no terminal.
    pub const WIDTH: usize = 96;
}

impl Default for Look {
    fn default() -> Self {
        Self { width: Self::WIDTH, color: false, source: false, suppressed: false }
    }
}

/// Writes the report.
///
/// # Errors
/// What `out` fails with.
pub fn render(report: &Report, format: Format, look: Look, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::render(report, look, out),
        Format::Json => json::render(report, out),
        Format::Sarif => sarif::render(report, out),
        Format::Github => github::render(report, look, out),
        Format::Markdown => markdown::render(report, out),
        Format::Junit => junit::render(report, out),
        Format::Html => html::render(report, out),
        Format::Agent => agent::render(report, look, out),
    }
}

/// A place as people and tools name it: `file:line:column`.
fn place(sources: &Sources, span: Span) -> String {
    let at = sources.start(span);
    format!("{}:{}:{}", sources.get(span.source).name, at.line, at.column)
}
