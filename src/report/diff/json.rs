//! The comparison for programs, version 1: fields may be added, never changed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::super::escape::write_json;
use super::super::json::{Location, Tool};
use super::{Diff, Half};
use crate::lock::{Change, Side};
use crate::rule::Severity;

#[derive(Serialize)]
struct View<'r> {
    version: u32,
    tool: Tool,
    old: HalfView<'r>,
    new: HalfView<'r>,
    /// How many changes of each level.
    summary: BTreeMap<&'static str, usize>,
    unchanged: usize,
    fail_on: String,
    has_blockers: bool,
    changes: Vec<ChangeView<'r>>,
    notes: &'r [String],
    not_checked: Vec<NotCheckedView<'r>>,
}

#[derive(Serialize)]
struct HalfView<'r> {
    name: &'r str,
    exposed_tools: usize,
}

#[derive(Serialize)]
struct ChangeView<'r> {
    class: &'static str,
    level: Severity,
    blocks: bool,
    method: Option<&'r str>,
    path: Option<&'r str>,
    name: Option<&'r str>,
    message: &'r str,
    details: &'r [String],
    /// Whether the location is in the old or the new one.
    side: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'r>>,
    fingerprint: &'r str,
}

#[derive(Serialize)]
struct NotCheckedView<'r> {
    side: &'r str,
    what: &'r str,
    why: &'r str,
    gap: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'r>>,
}

pub(super) fn render(diff: &Diff, out: &mut dyn Write) -> io::Result<()> {
    let changes = &diff.comparison.changes;
    let half = |half: &'_ Half| -> (String, usize) { (half.name.clone(), half.tools) };
    let ((old, old_tools), (new, new_tools)) = (half(&diff.old), half(&diff.new));
    let level = |level: Severity| (level.name(), changes.iter().filter(|change| change.level == level).count());
    let view = View {
        version: 1,
        tool: Tool::THIS,
        old: HalfView { name: &old, exposed_tools: old_tools },
        new: HalfView { name: &new, exposed_tools: new_tools },
        summary: Severity::ALL.into_iter().map(level).collect(),
        unchanged: diff.comparison.unchanged,
        fail_on: diff.gate.describe(),
        has_blockers: diff.blockers().next().is_some(),
        changes: changes.iter().map(|change| change_view(change, diff)).collect(),
        notes: &diff.comparison.notes,
        not_checked: diff
            .not_checked()
            .map(|(half, part)| NotCheckedView {
                side: if std::ptr::eq(half, &diff.old) { "old" } else { "new" },
                what: &part.what,
                why: &part.why,
                gap: part.gap,
                location: part.span.map(|span| Location::new(&half.sources, span, None)),
            })
            .collect(),
    };
    write_json(&view, out)
}

fn change_view<'r>(change: &'r Change, diff: &'r Diff) -> ChangeView<'r> {
    ChangeView {
        class: change.class.name(),
        level: change.level,
        blocks: diff.gate.blocks(change.class, change.level),
        method: change.method.as_deref(),
        path: change.path.as_deref(),
        name: change.name.as_deref(),
        message: &change.message,
        details: &change.details,
        side: match change.side {
            Side::Old => "old",
            Side::New => "new",
        },
        location: diff
            .place(change)
            .map(|(sources, span)| Location::new(sources, span, Some(change.pointer.as_str().into()))),
        fingerprint: &change.fingerprint,
    }
}
