//! One line a finding, for programs that read lines and for coding agents:
//! `path:line:col: severity rule METHOD /path message — fix`.

use std::io::{self, Write};

use super::escape::escape;
use super::{Look, NotChecked, Report, place};
use crate::config::Notice;
use crate::finding::{Finding, Status};
use crate::source::Sources;

pub(super) fn render(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.active() {
        writeln!(out, "{}", finding_line(finding, &report.sources))?;
    }
    for finding in report.set_aside().filter(|_| look.suppressed) {
        writeln!(out, "{}", finding_line(finding, &report.sources))?;
    }
    for part in &report.not_checked {
        writeln!(out, "{}", part_line(part, &report.sources))?;
    }
    for notice in report.exceptions.notices() {
        writeln!(out, "{}", notice_line(&notice))?;
    }
    let counted = report.counted();
    let counted = if counted.is_empty() { counted } else { format!(" ({counted})") };
    writeln!(out, "mcpsentry: {}: {}{counted}", report.gate().name(), report.gate_reason())
}

/// A finding. What does not count has `suppressed` or `baselined` in the place of the severity, and the reason behind
/// the message.
pub(super) fn finding_line(finding: &Finding, sources: &Sources) -> String {
    let word = match finding.status {
        Status::Active => finding.severity.name(),
        _ => finding.status.name(),
    };
    let method = finding.method().unwrap_or("-");
    let subject = finding.path().or(finding.name()).unwrap_or("-");
    let rest = match &finding.status {
        Status::Suppressed(accepted) => accepted.terms(),
        _ => finding.suggestion(),
    };
    let text = format!(
        "{}: {word} {} {method} {subject} {} — {rest}",
        place(sources, finding.span),
        finding.rule.id,
        finding.message()
    );
    escape(&text).into_owned()
}

/// A part that was not checked: a `gap` could hide a blocker, a `note` is worth knowing.
pub(super) fn part_line(part: &NotChecked, sources: &Sources) -> String {
    let at = part.span.map_or_else(|| "-".to_owned(), |span| place(sources, span));
    let kind = if part.gap { "gap" } else { "note" };
    escape(&format!("{at}: not-checked {kind} - - {} — {}", part.what, part.why)).into_owned()
}

/// Something about an exception: `lapsed` if findings count because of it, else `note`.
pub(super) fn notice_line(notice: &Notice) -> String {
    let at = notice.spot.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let kind = if notice.counts { "lapsed" } else { "note" };
    let help = if notice.help.is_empty() { String::new() } else { format!(" — {}", notice.help) };
    escape(&format!("{at}: exception {kind} - - {}{help}", notice.what)).into_owned()
}
