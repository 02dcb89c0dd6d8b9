//! Workflow commands that become annotations in the pages of GitHub Actions, the worst first.

use std::io::{self, Write};

use super::agent::{finding_line, notice_line, part_line};
use super::escape::{cut, escape};
use super::repository::Repository;
use super::{Gate, Look, NotChecked, Report};
use crate::config::Notice;
use crate::finding::Finding;
use crate::rule::Severity;
use crate::source::{Position, Span};

/// Annotations of one kind that GitHub shows for a step; it drops the others without a word.
const SHOWN: usize = 10;

/// Characters of a message.
const MAX_MESSAGE: usize = 1_000;

/// Lines of the log behind the annotations.
const MAX_LINES: usize = 1_000;

/// How loud an annotation is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It keeps the run from passing.
    Error,
    Warning,
    Notice,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];

    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }

    /// How many of the kind are shown beside the verdict, which is an annotation too.
    fn room(self, verdict: Self) -> usize {
        if self == verdict { SHOWN - 1 } else { SHOWN }
    }
}

/// Something that an annotation can be about.
enum Item<'r> {
    Finding(&'r Finding),
    Part(&'r NotChecked),
    Notice(&'r Notice),
}

pub(super) fn render(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let verdict = match report.gate() {
        Gate::Failed | Gate::Nothing => Kind::Error,
        _ => Kind::Notice,
    };
    let notices = report.exceptions.notices();
    let mut left: Vec<Item<'_>> = Vec::new();
    for kind in Kind::ALL {
        let findings = report.active().filter(|finding| finding_kind(report, finding) == kind).map(Item::Finding);
        let parts = report.not_checked.iter().filter(|part| part_kind(report, part) == Some(kind)).map(Item::Part);
        // What lapsed brought findings back, or never set them aside.
        let lapsed = notices.iter().filter(|notice| notice.counts && kind == Kind::Warning).map(Item::Notice);
        for (number, item) in findings.chain(parts).chain(lapsed).enumerate() {
            if number < kind.room(verdict) {
                writeln!(out, "{}", annotation(report, kind, &item))?;
            } else {
                left.push(item);
            }
        }
    }
    let without = left.len();
    // The verdict counts them; without a word that they are wanted there may be hundreds.
    left.extend(report.set_aside().filter(|_| look.suppressed).map(Item::Finding));
    left.extend(report.not_checked.iter().filter(|part| part_kind(report, part).is_none()).map(Item::Part));
    left.extend(notices.iter().filter(|notice| !notice.counts).map(Item::Notice));
    log(report, &left, out)?;
    let counted = report.counted();
    let counted = if counted.is_empty() { counted } else { format!(" {counted}.") };
    let mut text = format!("{}.{counted}", report.gate_reason());
    if without > 0 {
        text += &format!(
            " {without} more stand in the log only, since GitHub shows {SHOWN} annotations of a kind for a step; \
             --output markdown=$GITHUB_STEP_SUMMARY puts all into the summary."
        );
    }
    let title = format!("mcpsentry: {}", report.gate().name());
    writeln!(out, "::{} title={}::{}", verdict.name(), property(&title), data(&text))
}

/// What has no annotation, in a part of the log that opens when somebody asks.
fn log(report: &Report, items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(out, "::group::mcpsentry: {} more", items.len())?;
    for item in items.iter().take(MAX_LINES) {
        let line = match item {
            Item::Finding(finding) => finding_line(finding, &report.sources),
            Item::Part(part) => part_line(part, &report.sources),
            Item::Notice(notice) => notice_line(notice),
        };
        writeln!(out, "{}", cut(&line, MAX_MESSAGE))?;
    }
    if items.len() > MAX_LINES {
        writeln!(out, "and {} more; --format agent and --format json have them all", items.len() - MAX_LINES)?;
    }
    writeln!(out, "::endgroup::")
}

fn finding_kind(report: &Report, finding: &Finding) -> Kind {
    match finding.severity {
        _ if report.blocks(finding) => Kind::Error,
        Severity::Critical | Severity::High | Severity::Medium => Kind::Warning,
        Severity::Low | Severity::Info => Kind::Notice,
    }
}

/// What is merely worth knowing has no annotation.
fn part_kind(report: &Report, part: &NotChecked) -> Option<Kind> {
    part.gap.then(|| if report.stops(part) { Kind::Error } else { Kind::Warning })
}

fn annotation(report: &Report, kind: Kind, item: &Item<'_>) -> String {
    let at = |span| place(report, span);
    let (place, title, lines) = match item {
        Item::Finding(finding) => (
            at(finding.span),
            format!("{}: {}", finding.severity.name(), finding.rule.id),
            [format!("{}: {}", finding.label(), finding.message()), format!("Fix: {}", finding.suggestion())],
        ),
        Item::Part(part) => (
            part.span.map_or(String::new(), at),
            format!("not checked: {}", part.what),
            [part.why.clone(), String::new()],
        ),
        Item::Notice(notice) => (
            notice.spot.as_ref().map_or(String::new(), |spot| begin(&spot.file, spot.position)),
            "exception".to_owned(),
            [notice.what.clone(), notice.help.to_owned()],
        ),
    };
    let lines: Vec<String> = lines.iter().filter(|line| !line.is_empty()).map(|line| data(&shown(line))).collect();
    format!("::{} {place}title={}::{}", kind.name(), property(&shown(&title)), lines.join("%0A"))
}

/// The properties that say where; columns only where the place is on one line, as GitHub wants.
fn place(report: &Report, span: Span) -> String {
    let (start, end) = report.sources.range(span);
    let name = &report.sources.get(span.source).name;
    let file = begin(name, start);
    match file.is_empty() {
        true => file,
        false if start.line == end.line => {
            format!("{file}endLine={},col={},endColumn={},", end.line, start.column, end.column)
        }
        false => format!("{file}endLine={},", end.line),
    }
}

/// The properties of a place of which only the beginning is known; none for standard input.
fn begin(name: &str, at: Position) -> String {
    if name.starts_with('<') {
        return String::new();
    }
    format!("file={},line={},", property(&escape(&Repository::current().path(name))), at.line)
}

fn shown(text: &str) -> String {
    cut(&escape(text), MAX_MESSAGE).into_owned()
}

/// Escapes what stands behind the second `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_hold_nothing_but_their_own_words() {
        assert_eq!(data("100%: a, b\r\n::x"), "100%25: a, b%0D%0A::x");
        assert_eq!(property("100%: a, b\n"), "100%25%3A a%2C b%0A");
    }
}
