//! The JSON report, version 1: fields may be added, never changed.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::each::Each;
use super::escape::write_json;
use super::{Report, Summary};
use crate::config::{Entry, Exceptions};
use crate::finding::{Acceptance, Finding, Fingerprint, Status};
use crate::rule::{Confidence, Persona, Severity};
use crate::source::{Quote, Sources, Span, Spot};
use crate::surface::{Exposure, Operation};

/// Places of fields that one finding names.
const MAX_RELATED: usize = 10;

#[derive(Serialize)]
struct View<'r, O: Serialize, F: Serialize, N: Serialize> {
    version: u32,
    tool: Tool,
    total_routes: usize,
    exposed_tools: usize,
    summary: Summary,
    fail_on: Option<Severity>,
    has_blockers: bool,
    verdict: &'static str,
    documents: Vec<DocumentView<'r>>,
    operations: O,
    findings: F,
    suppressions: Vec<ExceptionView<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineView<'r>>,
    not_checked: N,
}

/// This program.
#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub(super) const THIS: Self = Self { name: "mcpsentry", version: env!("CARGO_PKG_VERSION") };
}

#[derive(Serialize)]
struct DocumentView<'r> {
    name: &'r str,
    kind: &'r str,
    title: Option<&'r str>,
    routes: usize,
    tools: usize,
    /// The severity from which its findings block, where that differs from the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    fail_on: Option<&'static str>,
}

#[derive(Serialize)]
struct OperationView<'r> {
    method: Option<&'r str>,
    path: Option<&'r str>,
    name: &'r str,
    effect: Option<&'static str>,
    exposed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
    location: Location<'r>,
}

#[derive(Serialize)]
struct FindingView<'r> {
    rule: &'r str,
    severity: Severity,
    confidence: Confidence,
    persona: Persona,
    method: Option<&'r str>,
    path: Option<&'r str>,
    name: Option<&'r str>,
    message: Cow<'r, str>,
    suggestion: String,
    fields: &'r [Quote],
    location: Location<'r>,
    related: Vec<RelatedView<'r>>,
    fingerprint: Fingerprint,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppression: Option<SuppressionView<'r>>,
}

/// Who accepted a finding, until when, and where that is written.
#[derive(Serialize)]
struct SuppressionView<'r> {
    kind: &'static str,
    owner: Option<&'r str>,
    expires: Option<&'r str>,
    location: SpotView<'r>,
}

/// What stands in an audited document.
const IN_SOURCE: &str = "in-source";

impl<'r> SuppressionView<'r> {
    fn new(accepted: &'r Acceptance) -> Self {
        Self {
            kind: if accepted.in_source { IN_SOURCE } else { "configuration" },
            owner: accepted.owner.as_deref(),
            expires: accepted.expires.as_deref(),
            location: SpotView::new(&accepted.spot),
        }
    }
}

/// A place in a file, of which only the beginning is known.
#[derive(Serialize)]
struct SpotView<'r> {
    file: &'r str,
    line: u32,
    column: u32,
}

impl<'r> SpotView<'r> {
    fn new(spot: &'r Spot) -> Self {
        Self { file: &spot.file, line: spot.position.line, column: spot.position.column }
    }
}

/// A suppression, and what became of it.
#[derive(Serialize)]
struct ExceptionView<'r> {
    /// `used`, `expired`, `stale`, `idle`; `broken` for what was only meant as one.
    state: &'static str,
    rule: Option<&'r str>,
    /// The reason; for a broken one what is wrong with it.
    reason: &'r str,
    findings: usize,
    #[serde(flatten)]
    terms: SuppressionView<'r>,
}

#[derive(Serialize)]
struct BaselineView<'r> {
    file: &'r str,
    /// How many findings it holds.
    known: usize,
    /// Those that are gone.
    fixed: &'r [Entry],
}

fn suppressions(exceptions: &Exceptions) -> Vec<ExceptionView<'_>> {
    let whole = exceptions.suppressions.iter().map(|suppression| ExceptionView {
        state: exceptions.state(suppression).name(),
        rule: Some(&suppression.rule.text),
        reason: &suppression.acceptance.reason,
        findings: suppression.covered,
        terms: SuppressionView::new(&suppression.acceptance),
    });
    let broken = exceptions.broken.iter().map(|broken| ExceptionView {
        state: "broken",
        rule: None,
        reason: &broken.why,
        findings: 0,
        terms: SuppressionView { kind: IN_SOURCE, owner: None, expires: None, location: SpotView::new(&broken.spot) },
    });
    whole.chain(broken).collect()
}

#[derive(Serialize)]
struct RelatedView<'r> {
    label: &'r str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct NotCheckedView<'r> {
    what: &'r str,
    why: &'r str,
    /// Whether facts were lost that could hide a blocker.
    gap: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'r>>,
}

/// A place in a file; lines and columns count from 1, columns in Unicode characters, the end is exclusive.
#[derive(Serialize)]
pub(super) struct Location<'r> {
    file: &'r str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<Cow<'r, str>>,
}

impl<'r> Location<'r> {
    pub(super) fn new(sources: &'r Sources, span: Span, pointer: Option<Cow<'r, str>>) -> Self {
        let (start, end) = sources.range(span);
        Self {
            file: &sources.get(span.source).name,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            pointer,
        }
    }
}

pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let sources = &report.sources;
    let operations = || report.documents.iter().flat_map(|document| &document.surface.operations);
    let view = View {
        version: 1,
        tool: Tool::THIS,
        total_routes: report.total_routes(),
        exposed_tools: report.exposed_tools(),
        summary: report.summary(),
        fail_on: report.fail_on,
        has_blockers: report.has_blockers(),
        verdict: report.gate().name(),
        documents: report
            .documents
            .iter()
            .map(|document| DocumentView {
                name: &document.name,
                kind: &document.surface.kind,
                title: document.surface.title.as_deref(),
                routes: document.surface.operations.len(),
                tools: document.surface.exposed().count(),
                fail_on: document.fail_on.map(|own| own.map_or("never", Severity::name)),
            })
            .collect(),
        operations: Each(|| operations().map(|operation| operation_view(operation, sources))),
        findings: Each(|| report.shown().map(|finding| finding_view(finding, sources))),
        suppressions: suppressions(&report.exceptions),
        baseline: report.exceptions.baseline.as_ref().map(|(file, baseline)| BaselineView {
            file,
            known: baseline.len(),
            fixed: &report.exceptions.fixed,
        }),
        not_checked: Each(|| {
            report.not_checked.iter().map(|part| NotCheckedView {
                what: &part.what,
                why: &part.why,
                gap: part.gap,
                location: part.span.map(|span| Location::new(sources, span, None)),
            })
        }),
    };
    write_json(&view, out)
}

fn operation_view<'r>(operation: &'r Operation, sources: &'r Sources) -> OperationView<'r> {
    OperationView {
        method: operation.method.as_deref(),
        path: operation.path.as_deref(),
        name: &operation.name,
        effect: operation.effect.map(|effect| effect.name()),
        exposed: operation.exposure == Exposure::Exposed,
        reason: match &operation.exposure {
            Exposure::Exposed => None,
            Exposure::Excluded(reason) => Some(reason),
        },
        location: Location::new(sources, operation.span, Some(operation.pointer())),
    }
}

fn finding_view<'r>(finding: &'r Finding, sources: &'r Sources) -> FindingView<'r> {
    let accepted = match &finding.status {
        Status::Suppressed(accepted) => Some(accepted),
        _ => None,
    };
    FindingView {
        rule: &finding.rule.id,
        severity: finding.severity,
        confidence: finding.rule.confidence,
        persona: finding.rule.persona,
        method: finding.method(),
        path: finding.path(),
        name: finding.name(),
        message: finding.message(),
        suggestion: finding.suggestion(),
        fields: &finding.fields,
        location: Location::new(sources, finding.span, Some(finding.pointer())),
        related: finding
            .related
            .iter()
            .take(MAX_RELATED)
            .map(|related| RelatedView { label: &related.label, location: Location::new(sources, related.span, None) })
            .collect(),
        fingerprint: finding.fingerprint,
        status: finding.status.name(),
        reason: accepted.map(|accepted| &*accepted.reason),
        suppression: accepted.map(|accepted| SuppressionView::new(accepted)),
    }
}
