//! SARIF 2.1.0 for code scanning, as GitHub takes it: a location on every result, columns in Unicode characters,
//! fingerprints, and no more results than are kept.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;
use serde_sarif::sarif;

use super::each::Each;
use super::escape::{self, write_json};
use super::repository::{Repository, encoded};
use super::{NotChecked, Report};
use crate::config::Notice;
use crate::finding::{Acceptance, Finding, Status};
use crate::rule::{Confidence, Rule, Severity};
use crate::source::{Sources, Span, Spot};

/// Results of one run that GitHub keeps; it refuses an upload with more than 25,000.
pub(super) const MAX_RESULTS: usize = 5_000;

/// Related places of one result; GitHub shows no more than a hundred.
const MAX_RELATED: usize = 10;

/// Notifications of one run.
pub(super) const MAX_NOTIFICATIONS: usize = 1_000;

/// Characters of a message, well within what viewers show.
const MAX_MESSAGE: usize = 1_000;

pub(super) const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
pub(super) const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// How many results a SARIF report leaves out, as a sentence; none if it has all.
pub fn sarif_cut(report: &Report) -> Option<String> {
    let results = report.shown().count();
    (results > MAX_RESULTS).then(|| {
        let left = results - MAX_RESULTS;
        format!(
            "code scanning keeps {MAX_RESULTS} results of a run: the {left} least severe are not in the SARIF report"
        )
    })
}

pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let rules = report.rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>();
    let driver = sarif::ToolComponent::builder()
        .name("mcpsentry")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .information_uri(HOME)
        .rules(rules)
        .build();
    let results = || report.shown().take(MAX_RESULTS).map(|finding| result(finding, report));
    let run = Run {
        automation_details: sarif::RunAutomationDetails::builder().id("mcpsentry/").build(),
        column_kind: "unicodeCodePoints",
        invocations: [invocation(report)],
        results: Each(results),
        tool: sarif::Tool::builder().driver(driver).build(),
    };
    write_json(&Log { schema: SCHEMA, runs: [run], version: "2.1.0" }, out)
}

/// A log of one run. A result takes several kilobytes, so they are made one at a time, which [`sarif::Run`] cannot.
#[derive(Serialize)]
struct Log<R: Serialize> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run<R>; 1],
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<R: Serialize> {
    automation_details: sarif::RunAutomationDetails,
    column_kind: &'static str,
    invocations: [sarif::Invocation; 1],
    results: R,
    tool: sarif::Tool,
}

fn descriptor(rule: &Rule) -> sarif::ReportingDescriptor {
    let text = |text: &str| sarif::MultiformatMessageString::builder().text(text).build();
    let references = rule.references.join(", ");
    let help = sarif::MultiformatMessageString::builder()
        .text(format!("{}\n\nFix: {}\n\nReferences: {references}", rule.why, rule.fix))
        .markdown(format!(
            "**{}**\n\n{}\n\n### Fix\n\n{}\n\n### References\n\n{references}\n",
            markdown(&rule.title),
            markdown(&rule.why),
            markdown(&rule.fix)
        ))
        .build();
    let properties = BTreeMap::from([
        ("security-severity".to_owned(), json!(security_severity(rule.severity))),
        ("precision".to_owned(), json!(precision(rule.confidence))),
        ("problem.severity".to_owned(), json!(problem_severity(rule.severity))),
    ]);
    sarif::ReportingDescriptor::builder()
        .id(&*rule.id)
        .name(camel_case(&rule.id))
        .short_description(text(&rule.title))
        .full_description(text(&rule.why))
        .help(help)
        .help_uri(help_uri(rule))
        .default_configuration(sarif::ReportingConfiguration::builder().level(json!(level(rule.severity))).build())
        .properties(sarif::PropertyBag::builder().tags(tags(rule)).additional_properties(properties).build())
        .build()
}

/// The rule's file at this release; a rule of the user's own has none that we know of.
fn help_uri(rule: &Rule) -> String {
    if rule.custom {
        return HOME.to_owned();
    }
    format!("{HOME}/blob/v{}/rules/{}", env!("CARGO_PKG_VERSION"), encoded(&rule.origin))
}

/// At most twenty, as GitHub wants: `security`, the weakness as code scanning names it, and the catalogues.
fn tags(rule: &Rule) -> Vec<String> {
    let mut tags = vec!["security".to_owned()];
    for reference in &rule.references {
        let lower = reference.to_ascii_lowercase();
        tags.push(if lower.starts_with("cwe-") { format!("external/cwe/{lower}") } else { reference.clone() });
    }
    tags.truncate(20);
    tags
}

fn result(finding: &Finding, report: &Report) -> sarif::Result {
    let sources = &report.sources;
    let index = report.rules.iter().position(|rule| rule.id == finding.rule.id).unwrap_or_default();
    let label = finding.label();
    let logical = sarif::LogicalLocation::builder()
        .name(cut(finding.name().unwrap_or(&label)))
        .fully_qualified_name(cut(&label))
        .kind("function")
        .build();
    let location = sarif::Location::builder()
        .physical_location(physical(sources, finding.span))
        .logical_locations(vec![logical])
        .build();
    let related: Vec<sarif::Location> = finding
        .related
        .iter()
        .take(MAX_RELATED)
        .enumerate()
        .map(|(number, related)| {
            sarif::Location::builder()
                .id(number as i64 + 1)
                .physical_location(physical(sources, related.span))
                .message(message(&related.label))
                .build()
        })
        .collect();
    let fingerprints = BTreeMap::from([
        ("mcpsentry/v1".to_owned(), finding.fingerprint.to_string()),
        ("primaryLocationLineHash".to_owned(), line_hash(&finding.fingerprint.to_string())),
    ]);
    let suggestion = finding.suggestion();
    let properties =
        BTreeMap::from([("suggestion".to_owned(), json!(suggestion)), ("fields".to_owned(), json!(finding.fields))]);
    let mut result = sarif::Result::builder()
        .rule_id(&*finding.rule.id)
        .rule_index(index as i64)
        .level(match finding.severity {
            Severity::Critical | Severity::High => sarif::ResultLevel::Error,
            Severity::Medium => sarif::ResultLevel::Warning,
            Severity::Low | Severity::Info => sarif::ResultLevel::Note,
        })
        .message(message(&format!("{}. {suggestion}", finding.message())))
        .locations(vec![location])
        .partial_fingerprints(fingerprints)
        .properties(sarif::PropertyBag::builder().additional_properties(properties).build())
        .build();
    if !related.is_empty() {
        result.related_locations = Some(related);
    }
    match &finding.status {
        Status::Suppressed(accepted) => result.suppressions = Some(vec![suppression(accepted)]),
        Status::Baselined => result.baseline_state = Some(json!("unchanged")),
        Status::Active | Status::BelowPersona if report.exceptions.baseline.is_some() => {
            result.baseline_state = Some(json!("new"));
        }
        Status::Active | Status::BelowPersona => {}
    }
    result
}

fn suppression(accepted: &Acceptance) -> sarif::Suppression {
    let terms = [("owner", &accepted.owner), ("expires", &accepted.expires)];
    let terms = terms.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?))));
    sarif::Suppression::builder()
        .kind(json!(if accepted.in_source { "inSource" } else { "external" }))
        .status(json!("accepted"))
        .justification(cut(&accepted.reason))
        .location(sarif::Location::builder().physical_location(physical_spot(&accepted.spot)).build())
        .properties(sarif::PropertyBag::builder().additional_properties(terms.collect::<BTreeMap<_, _>>()).build())
        .build()
}

/// What was not checked, and what the limits of code scanning cut off.
fn invocation(report: &Report) -> sarif::Invocation {
    let mut notifications: Vec<sarif::Notification> =
        report.not_checked.iter().take(MAX_NOTIFICATIONS).map(|part| notification(part, &report.sources)).collect();
    notifications.extend(report.exceptions.notices().iter().take(MAX_NOTIFICATIONS).map(exception));
    let left = report.not_checked.len().saturating_sub(MAX_NOTIFICATIONS);
    let cut = (left > 0).then(|| format!("{left} more parts were not checked"));
    for text in sarif_cut(report).into_iter().chain(cut) {
        notifications.push(sarif::Notification::builder().level(json!("warning")).message(message(&text)).build());
    }
    let mut invocation = sarif::Invocation::builder().execution_successful(!report.failed).build();
    if !notifications.is_empty() {
        invocation.tool_execution_notifications = Some(notifications);
    }
    invocation
}

fn exception(notice: &Notice) -> sarif::Notification {
    let text = format!("{}. {}", notice.what, notice.help);
    let mut notification = sarif::Notification::builder()
        .level(json!(if notice.counts { "warning" } else { "note" }))
        .message(message(text.trim_end()))
        .build();
    if let Some(spot) = &notice.spot {
        notification.locations = Some(vec![sarif::Location::builder().physical_location(physical_spot(spot)).build()]);
    }
    notification
}

fn notification(part: &NotChecked, sources: &Sources) -> sarif::Notification {
    let level = match part {
        NotChecked { unread: true, .. } => "error",
        NotChecked { gap: true, .. } => "warning",
        _ => "note",
    };
    let mut notification = sarif::Notification::builder()
        .level(json!(level))
        .message(message(&format!("not checked: {}: {}", part.what, part.why)))
        .build();
    if let Some(span) = part.span {
        notification.locations =
            Some(vec![sarif::Location::builder().physical_location(physical(sources, span)).build()]);
    }
    notification
}

fn physical_spot(spot: &Spot) -> sarif::PhysicalLocation {
    let region = sarif::Region::builder()
        .start_line(i64::from(spot.position.line))
        .start_column(i64::from(spot.position.column))
        .build();
    let file = sarif::ArtifactLocation::builder().uri(uri(&spot.file)).build();
    sarif::PhysicalLocation::builder().artifact_location(file).region(region).build()
}

pub(super) fn physical(sources: &Sources, span: Span) -> sarif::PhysicalLocation {
    let (start, end) = sources.range(span);
    let region = sarif::Region::builder()
        .start_line(i64::from(start.line))
        .start_column(i64::from(start.column))
        .end_line(i64::from(end.line))
        .end_column(i64::from(end.column))
        .build();
    let file = sarif::ArtifactLocation::builder().uri(uri(&sources.get(span.source).name)).build();
    sarif::PhysicalLocation::builder().artifact_location(file).region(region).build()
}

/// A path as a URI reference: relative to the root of the repository, or else to the working directory.
fn uri(name: &str) -> String {
    if name.starts_with('<') {
        return "stdin".to_owned();
    }
    match Repository::current().path(name) {
        path if path.starts_with('/') => format!("file://{}", encoded(&path)),
        path if path.chars().nth(1) == Some(':') => format!("file:///{}", encoded(&path)),
        path => encoded(&path),
    }
}

/// GitHub's form: the hash, and which of several equal ones.
pub(super) fn line_hash(fingerprint: &str) -> String {
    if fingerprint.contains(':') { fingerprint.to_owned() } else { format!("{fingerprint}:1") }
}

pub(super) fn message(text: &str) -> sarif::Message {
    sarif::Message::builder().text(cut(text)).build()
}

pub(super) fn cut(text: &str) -> Cow<'_, str> {
    escape::cut(text, MAX_MESSAGE)
}

/// A text of a rule file in Markdown, where placeholders would otherwise vanish as HTML.
fn markdown(text: &str) -> String {
    text.replace('<', "&lt;")
}

fn camel_case(id: &str) -> String {
    id.split('-').map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}

pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "recommendation",
    }
}

/// GitHub's bands: over 9.0 is critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low.
pub(super) fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.5",
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}
