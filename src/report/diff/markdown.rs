//! The comparison as Markdown, for a job summary or a comment at a pull request.

use std::io::{self, Write};

use super::super::markup::{code, link, markdown, prose, sentence};
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
    writeln!(out, "{}\n", markdown(&sentence(&diff.reason())))?;
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
        writeln!(out, "| level | change | tool | what | where |\n| :-- | :-- | :-- | :-- | :-- |")?;
        riskier.iter().take(MAX_CHANGES).try_for_each(|change| row(diff, change, out))?;
        writeln!(out)?;
    }
    if riskier.len() > MAX_CHANGES {
        writeln!(out, "and {} more\n", riskier.len() - MAX_CHANGES)?;
    }
    if !others.is_empty() {
        writeln!(out, "<details><summary>{}, not riskier</summary>\n", count(others.len(), "further change"))?;
        for change in others.iter().take(MAX_CHANGES) {
            writeln!(out, "- {} {}: {}", change.class.name(), code(&change.label()), prose(&change.message))?;
        }
        if others.len() > MAX_CHANGES {
            writeln!(out, "- and {} more", others.len() - MAX_CHANGES)?;
        }
        writeln!(out, "\n</details>\n")?;
    }
    for note in &diff.comparison.notes {
        writeln!(out, "Note: {}\n", prose(note))?;
    }
    let gaps: Vec<_> = diff.not_checked().filter(|(_, part)| part.gap).collect();
    if !gaps.is_empty() {
        writeln!(out, "Not checked:\n")?;
        for (half, part) in gaps.iter().take(MAX_CHANGES) {
            writeln!(out, "- in {}: {}: {}", code(&half.name), code(&part.what), prose(&part.why))?;
        }
        if gaps.len() > MAX_CHANGES {
            writeln!(out, "- and {} more", gaps.len() - MAX_CHANGES)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn row(diff: &Diff, change: &Change, out: &mut dyn Write) -> io::Result<()> {
    let mut text = prose(&change.message);
    for detail in change.details.iter().take(DETAILS) {
        text.push_str(&format!("<br>{}", prose(detail)));
    }
    if change.details.len() > DETAILS {
        text.push_str(&format!("<br>and {} more", change.details.len() - DETAILS));
    }
    let place = diff.place(change).map_or_else(String::new, |(sources, span)| link(sources, span));
    let level = change.level.name();
    let level = if diff.gate.blocks(change.class, change.level) { format!("**{level}**") } else { level.to_owned() };
    writeln!(out, "| {level} | {} | {} | {text} | {place} |", change.class.name(), code(&change.label()))
}
