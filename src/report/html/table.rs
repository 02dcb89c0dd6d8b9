//! The tables of the page: what was set aside, the tools, the rules.

use maud::{Markup, html};
use rustc_hash::FxHashMap;

use super::super::tools::count;
use super::super::{Report, place};
use super::{badge, more, prose, shown};
use crate::finding::Status;
use crate::rule::Severity;
use crate::surface::Effect;

/// Rows of a table.
const MAX_ROWS: usize = 2_000;

/// Findings that somebody accepted, or that were there before.
pub(super) fn set_aside(report: &Report) -> Markup {
    let number = report.set_aside().count();
    let table = html! {
        table.stack {
            caption { "Findings that do not count, and why" }
            thead { tr { th scope="col" { "Finding" } th scope="col" { "Severity" } th scope="col" { "Why" } th scope="col" { "Where" } } }
            tbody {
                @for finding in report.set_aside().take(MAX_ROWS) {
                    tr {
                        th scope="row" { code { (shown(&finding.rule.id)) } " " code { (shown(&finding.label())) } }
                        td { (badge(finding.severity)) }
                        td {
                            (finding.status.name())
                            @if let Status::Suppressed(accepted) = &finding.status { ": " (prose(&accepted.terms())) }
                        }
                        td { code { (shown(&place(&report.sources, finding.span))) } }
                    }
                }
            }
        }
        (left_out(number))
    };
    html! { @if number > 0 { (more(&format!("{} set aside", count(number, "finding")), &table)) } }
}

/// What a model would be given.
pub(super) fn tools(report: &Report) -> Markup {
    let mut found: FxHashMap<(usize, usize), (Severity, usize)> = FxHashMap::default();
    for finding in report.active() {
        let Some(operation) = finding.operation else { continue };
        // The first finding of an operation is its worst.
        found.entry((finding.document, operation)).or_insert((finding.severity, 0)).1 += 1;
    }
    let number = report.exposed_tools();
    let operations = report.documents.iter().enumerate().flat_map(|(document, entry)| {
        let operations = entry.surface.operations.iter().enumerate();
        operations
            .filter(|(_, operation)| operation.is_exposed())
            .map(move |(index, operation)| ((document, index), operation))
    });
    let table = html! {
        table.stack {
            caption { "What a model would be given" }
            thead { tr { th scope="col" { "Tool" } th scope="col" { "Operation" } th scope="col" { "Effect" } th.number scope="col" { "Findings" } } }
            tbody {
                @for (place, operation) in operations.take(MAX_ROWS) {
                    tr {
                        th scope="row" { code { (shown(&operation.name)) } }
                        td { code { (shown(&operation.label())) } }
                        td data-of="Effect" { (operation.effect.map_or("unknown", Effect::name)) }
                        td.number data-of="Findings" {
                            @match found.get(&place) {
                                Some((worst, number)) => { (number) " " (badge(*worst)) }
                                None => "0"
                            }
                        }
                    }
                }
            }
        }
        (left_out(number))
    };
    html! { @if number > 0 { (more(&count(number, "tool"), &table)) } }
}

/// What was looked for.
pub(super) fn rules(report: &Report) -> Markup {
    let mut found: FxHashMap<&str, usize> = FxHashMap::default();
    report.active().for_each(|finding| *found.entry(&finding.rule.id).or_default() += 1);
    let table = html! {
        table.stack {
            caption { "What was looked for" }
            thead { tr { th scope="col" { "Rule" } th scope="col" { "Hazard" } th scope="col" { "Catalogues" } th.number scope="col" { "Findings" } } }
            tbody {
                @for rule in &report.rules {
                    tr {
                        th scope="row" { code { (shown(&rule.id)) } }
                        td { (shown(&rule.title)) }
                        td.soft { (shown(&rule.references.join(", "))) }
                        td.number data-of="Findings" { (found.get(&*rule.id).copied().unwrap_or(0)) }
                    }
                }
            }
        }
    };
    more(&count(report.rules.len(), "rule"), &table)
}

fn left_out(number: usize) -> Markup {
    html! {
        @if number > MAX_ROWS {
            p.soft { (number - MAX_ROWS) " more are left out of this page; " code { "--format json" } " has them all." }
        }
    }
}
