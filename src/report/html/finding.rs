//! The findings of the page, by rule.

use maud::{Markup, html};

use super::super::excerpt::clip;
use super::super::tools::count;
use super::super::{Report, place};
use super::{badge, prose, shown};
use crate::finding::Finding;
use crate::rule::{Rule, Severity};
use crate::source::Span;

/// Findings of a rule that the page holds.
const MAX_OF_RULE: usize = 500;

/// Findings of a rule that are shown with their source.
const EXCERPTS: usize = 50;

/// Findings that are open from the beginning, if they keep the run from passing.
const OPEN: usize = 5;

/// Fields of one finding whose places are shown.
const RELATED: usize = 5;

/// All findings that count, by rule, the worst first.
pub(super) fn groups(report: &Report) -> Markup {
    let mut groups: Vec<(Severity, &Rule, Vec<&Finding>)> = Vec::new();
    for finding in report.active() {
        let same = |(severity, rule, _): &&mut (Severity, &Rule, Vec<&Finding>)| {
            *severity == finding.severity && rule.id == finding.rule.id
        };
        match groups.iter_mut().find(same) {
            Some((_, _, findings)) => findings.push(finding),
            None => groups.push((finding.severity, &finding.rule, vec![finding])),
        }
    }
    let below = report.summary().below_persona;
    html! {
        @for (severity, rule, findings) in &groups { (group(report, *severity, rule, findings)) }
        @if groups.is_empty() { p.empty { "No findings." } }
        @if below > 0 {
            p.soft { (count(below, "finding")) " for stricter readers: " code { "--persona pedantic" } }
        }
    }
}

fn group(report: &Report, severity: Severity, rule: &Rule, findings: &[&Finding]) -> Markup {
    html! {
        section class={ "group " (severity.name()) } {
            header {
                div.line {
                    (badge(severity))
                    code { (shown(&rule.id)) }
                    span { (count(findings.len(), "finding")) }
                }
                h3 { (shown(&rule.title)) }
                p.why { (prose(&rule.why)) }
            }
            @for (number, finding) in findings.iter().take(MAX_OF_RULE).enumerate() {
                (one(report, finding, number))
            }
            @if findings.len() > MAX_OF_RULE {
                div.finding { p.soft {
                    (findings.len() - MAX_OF_RULE) " more are left out of this page; "
                    code { "--format json" } " has them all."
                } }
            }
        }
    }
}

fn one(report: &Report, finding: &Finding, number: usize) -> Markup {
    let left = finding.related.len().saturating_sub(RELATED);
    html! {
        details.finding open[number < OPEN && report.blocks(finding)] {
            summary {
                code.operation { (shown(&finding.label())) }
                span.message { (prose(&finding.message())) }
            }
            div {
                p.fix { b { "Fix: " } (prose(&finding.suggestion())) }
                (source(report, finding.span, None, number < EXCERPTS))
                @for related in finding.related.iter().take(RELATED) {
                    (source(report, related.span, Some(&related.label), number < EXCERPTS))
                }
                @if left > 0 { p.soft { "and " (count(left, "more place")) } }
            }
        }
    }
}

/// The line of a place.
fn source(report: &Report, span: Span, label: Option<&str>, with_line: bool) -> Markup {
    let at = place(&report.sources, span);
    let clip = clip(report.sources.get(span.source), span);
    html! {
        figure {
            figcaption { (shown(&at)) @if let Some(label) = label { " · " (shown(label)) } }
            @if with_line {
                pre { code { i { (clip.at.line) } (clip.before) mark { (clip.marked) } (clip.after) } }
            }
        }
    }
}
