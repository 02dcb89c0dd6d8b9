//! The comparison for people.

use std::io::{self, Write};

use owo_colors::{OwoColorize, Style};

use super::super::Look;
use super::super::escape::escape;
use super::super::text::{style, wrapped};
use super::super::tools::count;
use super::{Diff, DiffVerdict};
use crate::rule::Severity;

/// Details of one change that are shown.
const DETAILS: usize = 8;

/// Parts that were not checked and are named.
const PARTS: usize = 10;

pub(super) fn render(diff: &Diff, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let paint = |text: &str, style: Style| if look.color { text.style(style).to_string() } else { text.to_owned() };
    let half = |name: &str, tools| format!("{} ({})", escape(name), count(tools, "tool"));
    writeln!(out, "{} → {}\n", half(&diff.old.name, diff.old.tools), half(&diff.new.name, diff.new.tools))?;
    for change in &diff.comparison.changes {
        let level = paint(change.level.name(), style(change.level));
        let class = paint(change.class.name(), Style::new().bold());
        writeln!(out, "{level}  {class}  {}", escape(&change.label()))?;
        for line in wrapped(&escape(&change.message), look.width - 2) {
            writeln!(out, "  {line}")?;
        }
        for detail in change.details.iter().take(DETAILS) {
            for (number, line) in wrapped(&escape(detail), look.width - 4).iter().enumerate() {
                writeln!(out, "  {} {line}", if number == 0 { "-" } else { " " })?;
            }
        }
        if change.details.len() > DETAILS {
            writeln!(out, "  - and {} more", change.details.len() - DETAILS)?;
        }
        let place = diff.shown_place(change);
        if !place.is_empty() {
            writeln!(out, "  {} {}", paint("-->", Style::new().dimmed()), escape(&place))?;
        }
        writeln!(out)?;
    }
    let levels = Severity::ALL.into_iter().map(|level| {
        let number = diff.comparison.changes.iter().filter(|change| change.level == level).count();
        format!("{number} {}", level.name())
    });
    let unchanged = format!("{} unchanged", count(diff.comparison.unchanged, "tool"));
    writeln!(out, "{} · {unchanged}", levels.collect::<Vec<_>>().join(" · "))?;
    for note in &diff.comparison.notes {
        wrapped(&escape(&format!("note: {note}")), look.width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    let gaps: Vec<_> = diff.not_checked().filter(|(_, part)| part.gap).collect();
    for (half, part) in gaps.iter().take(PARTS) {
        let text = format!("not checked in {}: {}: {}", half.name, part.what, part.why);
        wrapped(&escape(&text), look.width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    if gaps.len() > PARTS {
        writeln!(out, "and {} more parts that were not checked", gaps.len() - PARTS)?;
    }
    let looks = match diff.verdict() {
        DiffVerdict::Blocked => Style::new().red().bold(),
        DiffVerdict::Passed | DiffVerdict::Unchanged => Style::new().green().bold(),
        DiffVerdict::Nothing | DiffVerdict::Incomplete => Style::new().yellow().bold(),
    };
    writeln!(out, "\n{}: {}", paint(diff.verdict().name(), looks), escape(&diff.reason()))
}
