//! The comparison as SARIF 2.1.0: the changes that make something riskier, each kind of change a rule.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::json;
use serde_sarif::sarif;

use super::super::escape::write_json;
use super::super::sarif::{
    HOME, MAX_NOTIFICATIONS, MAX_RESULTS, SCHEMA, cut, level, line_hash, message, physical, security_severity,
};
use super::Diff;
use crate::lock::{Change, Class};
use crate::rule::Severity;

pub(super) fn render(diff: &Diff, out: &mut dyn Write) -> io::Result<()> {
    let changes: Vec<&Change> =
        diff.comparison.changes.iter().filter(|change| change.level > Severity::Info || blocks(diff, change)).collect();
    let driver = sarif::ToolComponent::builder()
        .name("mcpsentry")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .information_uri(HOME)
        .rules(Class::ALL.map(|class| descriptor(class, &changes)).to_vec())
        .build();
    let results = changes.iter().take(MAX_RESULTS).map(|change| result(change, diff)).collect::<Vec<_>>();
    let run = sarif::Run::builder()
        .tool(sarif::Tool::builder().driver(driver).build())
        .automation_details(sarif::RunAutomationDetails::builder().id("mcpsentry-diff/").build())
        .column_kind(json!("unicodeCodePoints"))
        .invocations(vec![invocation(diff, changes.len())])
        .results(results)
        .build();
    let log = sarif::Sarif::builder().schema(SCHEMA).version(json!("2.1.0")).runs(vec![run]).build();
    write_json(&log, out)
}

fn blocks(diff: &Diff, change: &Change) -> bool {
    diff.gate.blocks(change.class, change.level)
}

/// A kind of change as a rule; it is as bad as the worst change of it.
fn descriptor(class: Class, changes: &[&Change]) -> sarif::ReportingDescriptor {
    let worst = changes.iter().filter(|change| change.class == class).map(|change| change.level).max();
    let severity = security_severity(worst.unwrap_or(Severity::Info));
    let text = |text: &str| sarif::MultiformatMessageString::builder().text(text).build();
    let properties =
        BTreeMap::from([("security-severity".to_owned(), json!(severity)), ("precision".to_owned(), json!("high"))]);
    sarif::ReportingDescriptor::builder()
        .id(class.name())
        .short_description(text(class.title()))
        .full_description(text(class.why()))
        .help(text(class.why()))
        .help_uri(HOME)
        .properties(
            sarif::PropertyBag::builder().tags(vec!["security".to_owned()]).additional_properties(properties).build(),
        )
        .build()
}

fn result(change: &Change, diff: &Diff) -> sarif::Result {
    let index = Class::ALL.iter().position(|class| *class == change.class).unwrap_or_default();
    let label = change.label();
    let logical = sarif::LogicalLocation::builder()
        .name(cut(change.name.as_deref().unwrap_or(&label)))
        .fully_qualified_name(cut(&label))
        .kind("function")
        .build();
    let mut location = sarif::Location::builder().logical_locations(vec![logical]).build();
    location.physical_location = diff.place(change).map(|(sources, span)| physical(sources, span));
    let mut text = change.message.clone();
    if !change.details.is_empty() {
        text.push_str(&format!(". {}", change.details.join("; ")));
    }
    let fingerprints = BTreeMap::from([
        ("mcpsentry/v1".to_owned(), change.fingerprint.clone()),
        ("primaryLocationLineHash".to_owned(), line_hash(&change.fingerprint)),
    ]);
    let properties = BTreeMap::from([
        ("level".to_owned(), json!(change.level.name())),
        ("blocks".to_owned(), json!(blocks(diff, change))),
    ]);
    sarif::Result::builder()
        .rule_id(change.class.name())
        .rule_index(index as i64)
        .level(match level(change.level) {
            "error" => sarif::ResultLevel::Error,
            "warning" => sarif::ResultLevel::Warning,
            _ => sarif::ResultLevel::Note,
        })
        .message(message(&text))
        .locations(vec![location])
        .partial_fingerprints(fingerprints)
        .properties(sarif::PropertyBag::builder().additional_properties(properties).build())
        .build()
}

/// What was not checked or compared, and what the limits of code scanning cut off.
fn invocation(diff: &Diff, results: usize) -> sarif::Invocation {
    let mut notifications: Vec<sarif::Notification> = Vec::new();
    for (half, part) in diff.not_checked().take(MAX_NOTIFICATIONS) {
        let mut notification = sarif::Notification::builder()
            .level(json!(if part.gap { "warning" } else { "note" }))
            .message(message(&format!("not checked: {}: {}", part.what, part.why)))
            .build();
        if let Some(span) = part.span {
            let place = physical(&half.sources, span);
            notification.locations = Some(vec![sarif::Location::builder().physical_location(place).build()]);
        }
        notifications.push(notification);
    }
    let cut = (results > MAX_RESULTS)
        .then(|| format!("{} changes, the least severe, are not in the SARIF report", results - MAX_RESULTS));
    for text in diff.comparison.notes.iter().chain(&cut) {
        notifications.push(sarif::Notification::builder().level(json!("note")).message(message(text)).build());
    }
    let mut invocation = sarif::Invocation::builder().execution_successful(true).build();
    if !notifications.is_empty() {
        invocation.tool_execution_notifications = Some(notifications);
    }
    invocation
}
