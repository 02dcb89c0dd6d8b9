//! One page of HTML that holds everything it needs: no script, no resource from anywhere, the severities filtered by
//! style alone.

mod finding;
mod table;

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::escape::{cut, escape};
use super::tools::count;
use super::{Gate, NotChecked, Report, place};
use crate::rule::Severity;

/// How the page looks. Its policy allows this style and nothing else, by its hash.
const STYLE: &str = include_str!("style.css");

/// Characters of one text.
const MAX_TEXT: usize = 1_000;

/// Parts that are named for each reason.
const NAMED: usize = 50;

/// Documents that the head of the page names.
const DOCUMENTS: usize = 20;

pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(page(report).into_string().as_bytes())?;
    out.write_all(b"\n")
}

fn page(report: &Report) -> Markup {
    let gate = report.gate();
    let subject = report.documents.first().map_or(String::new(), |document| format!(" · {}", document.name));
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { "mcpsentry: " (gate.name()) (shown(&subject)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#findings" { "Skip to the findings" }
                header.top { div.wrap { (head(report)) } }
                main.wrap {
                    (not_checked(report, true))
                    section #findings {
                        h2 { "Findings" }
                        (filter(report))
                        (finding::groups(report))
                    }
                    (exceptions(report))
                    (table::set_aside(report))
                    (not_checked(report, false))
                    (table::tools(report))
                    (excluded(report))
                    (table::rules(report))
                }
                footer { div.wrap { "Written by mcpsentry " (env!("CARGO_PKG_VERSION")) "." } }
            }
        }
    }
}

fn head(report: &Report) -> Markup {
    let gate = report.gate();
    let tone = match gate {
        Gate::Failed | Gate::Blocked => "critical",
        Gate::Nothing | Gate::Incomplete => "medium",
        Gate::Clean | Gate::Passed => "good",
    };
    html! {
        p.brand { b { "mcpsentry" } " audit" }
        div class={ "verdict " (tone) } {
            h1 { (capital(gate.name())) }
            p { (capital(&report.gate_reason())) "." }
        }
        ul.facts {
            @for document in report.documents.iter().take(DOCUMENTS) {
                li {
                    b { (shown(&document.name)) }
                    span.soft {
                        " · " (shown(&document.surface.kind))
                        @if let Some(title) = &document.surface.title { " · " bdi { (shown(title)) } }
                    }
                }
            }
            @if report.documents.len() > DOCUMENTS {
                li { "and " (count(report.documents.len() - DOCUMENTS, "more document")) }
            }
            li.soft {
                (report.scope()) " · "
                @match report.threshold() {
                    Some(threshold) => { "fails at or above " (threshold) }
                    None => "findings never block"
                }
            }
        }
    }
}

/// A checkbox for each severity that has findings; the style hides what is not checked.
fn filter(report: &Report) -> Markup {
    html! {
        @if report.active().next().is_some() {
            fieldset.filter {
                legend { "Show" }
                @for (severity, number) in report.counts() {
                    @let name = severity.name();
                    @if number > 0 {
                        label class=(name) {
                            input type="checkbox" id={ "show-" (name) } checked;
                            b { (number) } " " (name)
                        }
                    } @else {
                        span.none { b { "0" } " " (name) }
                    }
                }
            }
        }
    }
}

/// What was not checked: what could hide a blocker in the open, what is worth knowing to unfold.
fn not_checked(report: &Report, gaps: bool) -> Markup {
    let groups: Vec<_> = report.not_checked_by_reason().into_iter().filter(|((_, gap), _)| *gap == gaps).collect();
    let number = groups.iter().map(|(_, parts)| parts.len()).sum();
    let list = html! {
        ul.plain {
            @for ((why, _), parts) in &groups {
                li {
                    (prose(why))
                    ul {
                        @for part in parts.iter().take(NAMED) { li { (part_line(report, part)) } }
                        @if parts.len() > NAMED { li { "and " (parts.len() - NAMED) " more" } }
                    }
                }
            }
        }
    };
    html! {
        @if groups.is_empty() {}
        @else if gaps {
            section.notice { h2 { (capital(&count(number, "part"))) " could not be checked" } (list) }
        } @else {
            (more(&format!("{} worth knowing", count(number, "note")), &list))
        }
    }
}

/// Exceptions that somebody should look at.
fn exceptions(report: &Report) -> Markup {
    let notices = report.exceptions.notices();
    let list = html! {
        ul.plain {
            @for notice in &notices {
                li {
                    (prose(&notice.what))
                    @if !notice.help.is_empty() { "; " (prose(notice.help)) }
                    @if let Some(spot) = &notice.spot { ul { li { code { (shown(&spot.to_string())) } } } }
                }
            }
        }
    };
    html! { @if !notices.is_empty() { (more(&format!("{} to look at", count(notices.len(), "exception")), &list)) } }
}

fn part_line(report: &Report, part: &NotChecked) -> Markup {
    html! {
        code { (shown(&part.what)) }
        @if let Some(span) = part.span { " at " code { (shown(&place(&report.sources, span))) } }
    }
}

fn excluded(report: &Report) -> Markup {
    let groups = report.excluded();
    let number = groups.iter().map(|(_, operations)| operations.len()).sum();
    let list = html! {
        ul.plain {
            @for (why, operations) in &groups {
                li {
                    (prose(why))
                    ul {
                        @for operation in operations.iter().take(NAMED) { li { code { (shown(&operation.label())) } } }
                        @if operations.len() > NAMED { li { "and " (operations.len() - NAMED) " more" } }
                    }
                }
            }
        }
    };
    html! { @if !groups.is_empty() { (more(&format!("{} excluded", count(number, "route")), &list)) } }
}

/// A part of the page that opens when somebody asks.
fn more(title: &str, inside: &Markup) -> Markup {
    html! {
        details.more {
            summary { h2 { (title) } }
            div { (inside) }
        }
    }
}

fn badge(severity: Severity) -> Markup {
    html! { span class={ "badge " (severity.name()) } { (severity.name()) } }
}

/// A text of a document, with nothing in it that steers or hides.
fn shown(text: &str) -> String {
    cut(&escape(text), MAX_TEXT).into_owned()
}

/// A sentence of ours, in which what stands between backticks is code.
fn prose(text: &str) -> Markup {
    let text = shown(text);
    html! {
        @for (number, part) in text.split('`').enumerate() {
            @if number % 2 == 0 { (part) } @else { code { (part) } }
        }
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), characters.as_str()))
}

/// The policy of the page: it loads nothing, runs nothing, sends nothing, and has this one style.
fn policy() -> String {
    let hash = base64(&Sha256::digest(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

/// Base64, as policies write hashes.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_written_as_policies_want() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn the_style_ends_where_it_should() {
        assert!(!STYLE.contains('<') && !STYLE.contains("url(") && !STYLE.contains("@import"));
    }
}
