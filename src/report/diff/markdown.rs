//! The comparison as Markdown, for a job summary or a comment at a pull request.

use std::io::{self, Write};

use super::super::escape::escape;
use super::super::tools::count;
use super::Diff;
use crate::lock::Change;
use crate::rule::Severity;

/// Changes that are listed; a comment holds 65,536 characters.
const MAX_CHANGES: usize = 100;

/// Details of one change that are shown.
const DETAILS: usize = 8;

pub(super) fn render(diff: &Diff, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## mcpsentry diff: {}\n", diff.verdict().name())?;
    writeln!(out, "{}\n", plain(&diff.reason()))?;
    writeln!(
        out,
        "{} ({}) → {} ({}), {} unchanged\n",
        code(&diff.old.name),
        count(diff.old.tools, "tool"),
        code(&diff.new.name),
        count(diff.new.tools, "tool"),
        count(diff.comparison.unchanged, "tool")
    )?;
    let (riskier, others): (Vec<&Change>, Vec<&Change>) =
        diff.comparison.changes.iter().partition(|change| change.level > Severity::Info);
    if !riskier.is_empty() {
        writeln!(out, "| level | change | tool | |\n| --- | --- | --- | --- |")?;
        riskier.iter().take(MAX_CHANGES).try_for_each(|change| row(diff, change, out))?;
        writeln!(out)?;
    }
    if riskier.len() > MAX_CHANGES {
        writeln!(out, "and {} more\n", riskier.len() - MAX_CHANGES)?;
    }
    if !others.is_empty() {
        writeln!(out, "<details><summary>{}, not riskier</summary>\n", count(others.len(), "further change"))?;
        for change in others.iter().take(MAX_CHANGES) {
            writeln!(out, "- {} {}: {}", change.class.name(), code(&change.label()), plain(&change.message))?;
        }
        if others.len() > MAX_CHANGES {
            writeln!(out, "- and {} more", others.len() - MAX_CHANGES)?;
        }
        writeln!(out, "\n</details>\n")?;
    }
    for note in &diff.comparison.notes {
        writeln!(out, "Note: {}\n", plain(note))?;
    }
    let gaps: Vec<_> = diff.not_checked().filter(|(_, part)| part.gap).collect();
    if !gaps.is_empty() {
        writeln!(out, "Not checked:\n")?;
        for (half, part) in gaps.iter().take(MAX_CHANGES) {
            writeln!(out, "- in {}: {}: {}", code(&half.name), code(&part.what), plain(&part.why))?;
        }
        if gaps.len() > MAX_CHANGES {
            writeln!(out, "- and {} more", gaps.len() - MAX_CHANGES)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn row(diff: &Diff, change: &Change, out: &mut dyn Write) -> io::Result<()> {
    let mut text = plain(&change.message);
    for detail in change.details.iter().take(DETAILS) {
        text.push_str(&format!("<br>{}", plain(detail)));
    }
    if change.details.len() > DETAILS {
        text.push_str(&format!("<br>and {} more", change.details.len() - DETAILS));
    }
    let place = diff.shown_place(change);
    if !place.is_empty() {
        text.push_str(&format!("<br>{}", code(&place)));
    }
    let level = change.level.name();
    let level = if diff.gate.blocks(change.class, change.level) { format!("**{level}**") } else { level.to_owned() };
    writeln!(out, "| {level} | {} | {} | {text} |", change.class.name(), code(&change.label()))
}

/// A text of a document that Markdown shows as it is: no link, no image, no mention, no table cell of its own.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in escape(text).chars() {
        match character {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '@' => plain.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' | '$' => {
                plain.push('\\');
                plain.push(character);
            }
            // What looks like an address becomes a link by itself.
            ':' => plain.push_str("&#58;"),
            character => plain.push(character),
        }
    }
    plain
}

/// A text as code, in which nothing has a meaning.
fn code(text: &str) -> String {
    let text = escape(text);
    let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('|', "&#124;");
    let html = html.replace('`', "&#96;").replace('@', "&#64;").replace('*', "&#42;").replace('_', "&#95;");
    format!(
        "<code>{}</code>",
        html.replace('[', "&#91;").replace('\\', "&#92;").replace(':', "&#58;").replace('$', "&#36;")
    )
}
