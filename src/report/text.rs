//! The report for people.

use std::io::{self, Write};

use owo_colors::{OwoColorize, Style};
use unicode_width::UnicodeWidthStr;

use super::escape::escape;
use super::excerpt::excerpt;
use super::tools::count;
use super::{Gate, Look, NotChecked, Report, place};
use crate::finding::{Finding, Status, general_suggestion};
use crate::rule::Severity;
use crate::source::Span;

/// Findings of one rule that are shown with their source.
const EXCERPTS: usize = 50;

/// Fields of one finding whose places are shown.
const RELATED: usize = 3;

/// Places that are named of parts that were not checked for the same reason.
const PLACES: usize = 5;

/// Exceptions that are named one by one.
const NOTICES: usize = 50;

/// The reason for which an input was not checked of which nothing could be read.
const UNREAD: &str = "could not be read, for the reason on standard error";

/// Documents that the header names.
const DOCUMENTS: usize = 20;

pub(super) fn render(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { report, paint: Paint(look.color), look };
    page.header(out)?;
    page.findings(out)?;
    page.suppressed(out)?;
    page.exceptions(out)?;
    page.excluded(out)?;
    page.not_checked(out)?;
    page.verdict(out)
}

struct Page<'r> {
    report: &'r Report,
    paint: Paint,
    look: Look,
}

impl Page<'_> {
    fn header(&self, out: &mut dyn Write) -> io::Result<()> {
        let report = self.report;
        for document in report.documents.iter().take(DOCUMENTS) {
            let title =
                document.surface.title.as_deref().map_or(String::new(), |title| format!(" · {}", escape(title)));
            let name = self.paint.with(&escape(&document.name), Style::new().bold());
            writeln!(out, "{name} · {}{title}", escape(&document.surface.kind))?;
        }
        if report.documents.len() > DOCUMENTS {
            writeln!(out, "and {}", count(report.documents.len() - DOCUMENTS, "more document"))?;
        }
        writeln!(out, "{}\n", report.scope())
    }

    fn findings(&self, out: &mut dyn Write) -> io::Result<()> {
        let report = self.report;
        let mut counts: Vec<String> =
            report.counts().into_iter().map(|(severity, number)| self.counted(number, severity)).collect();
        counts.extend(report.set_aside_counts().into_iter().map(|(word, number)| format!("{number} {word}")));
        if counts.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", counts.join(" · "))?;
        let below = report.summary().below_persona;
        if below > 0 {
            let hint = format!("{} for stricter readers: --persona pedantic", count(below, "finding"));
            writeln!(out, "{}", self.paint.dim(&hint))?;
        }
        writeln!(out)?;
        let groups = report.active_by_rule();
        for findings in &groups {
            match findings[..] {
                [finding] => self.finding(finding, out)?,
                _ => self.group(findings, out)?,
            }
        }
        let without: usize = groups.iter().map(|findings| findings.len().saturating_sub(EXCERPTS)).sum();
        if self.look.source && without > 0 {
            let note =
                format!("the source is shown for the first {EXCERPTS} findings of a rule; {without} are without it");
            writeln!(out, "{}\n", self.paint.dim(&note))?;
        }
        Ok(())
    }

    fn heading(&self, finding: &Finding, rest: &str, out: &mut dyn Write) -> io::Result<()> {
        let severity = self.paint.severity(finding.severity);
        let id = self.paint.with(&escape(&finding.rule.id), Style::new().bold());
        writeln!(out, "{severity}  {id}  {}", escape(rest))
    }

    fn fix(&self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        for (number, line) in wrapped(&escape(text), self.look.width - 7).iter().enumerate() {
            let head = if number == 0 { "fix: " } else { "     " };
            writeln!(out, "  {}", self.paint.dim(&format!("{head}{line}")))?;
        }
        Ok(())
    }

    /// The only finding of its rule.
    fn finding(&self, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        self.heading(finding, &finding.label(), out)?;
        for line in wrapped(&escape(&finding.message()), self.look.width - 2) {
            writeln!(out, "  {line}")?;
        }
        self.fix(&finding.suggestion(), out)?;
        writeln!(out, "  {} {}", self.paint.dim("-->"), escape(&place(&self.report.sources, finding.span)))?;
        if self.look.source {
            self.excerpt(finding.span, &finding.rule.title, out)?;
        }
        self.related(finding, "      ", out)?;
        writeln!(out)
    }

    /// Several findings of one rule: what to do once, then each with its place.
    fn group(&self, findings: &[&Finding], out: &mut dyn Write) -> io::Result<()> {
        let first = findings[0];
        self.heading(first, &format!("{} · {} findings", first.rule.title, findings.len()), out)?;
        self.fix(&shared_fix(findings), out)?;
        writeln!(out)?;
        for (number, finding) in findings.iter().enumerate() {
            let at = self.paint.dim(&escape(&place(&self.report.sources, finding.span)));
            writeln!(out, "  {at}  {}", escape(&finding.label()))?;
            // What names nothing but the operation says no more than the title does.
            if !finding.rule.names_only_operation() {
                for line in wrapped(&escape(&finding.message()), self.look.width - 4) {
                    writeln!(out, "    {line}")?;
                }
            }
            if self.look.source && number < EXCERPTS {
                self.excerpt(finding.span, &finding.rule.title, out)?;
                self.related(finding, "    ", out)?;
            }
        }
        writeln!(out)
    }

    /// Where the fields of a finding stand.
    fn related(&self, finding: &Finding, indent: &str, out: &mut dyn Write) -> io::Result<()> {
        for related in finding.related.iter().take(RELATED) {
            let at = place(&self.report.sources, related.span);
            writeln!(out, "{indent}{} {}", escape(&at), self.paint.dim(&escape(&related.label)))?;
            if self.look.source {
                self.excerpt(related.span, &related.label, out)?;
            }
        }
        Ok(())
    }

    fn excerpt(&self, span: Span, label: &str, out: &mut dyn Write) -> io::Result<()> {
        let source = self.report.sources.get(span.source);
        write!(out, "{}", excerpt(source, span, &escape(label), self.look))
    }

    /// What was accepted, why, by whom and until when.
    fn suppressed(&self, out: &mut dyn Write) -> io::Result<()> {
        let accepted = self.report.findings.iter().filter_map(|finding| match &finding.status {
            Status::Suppressed(acceptance) if self.look.suppressed => Some((finding, acceptance)),
            _ => None,
        });
        let mut first = true;
        for (finding, acceptance) in accepted {
            if std::mem::take(&mut first) {
                writeln!(out, "{}", self.paint.with("suppressed", Style::new().bold()))?;
            }
            let id = self.paint.with(&escape(&finding.rule.id), Style::new().bold());
            let fields =
                if finding.fields.is_empty() { String::new() } else { format!(": {}", listed(finding.fields.iter())) };
            let about = format!("{}{fields}", finding.label());
            writeln!(out, "  {}  {id}  {}", self.paint.severity(finding.severity), escape(&about))?;
            for line in wrapped(&escape(&acceptance.terms()), self.look.width - 4) {
                writeln!(out, "    {line}")?;
            }
            writeln!(out, "    {} {}", self.paint.dim("-->"), escape(&acceptance.spot.to_string()))?;
        }
        if first { Ok(()) } else { writeln!(out) }
    }

    /// Exceptions that somebody should look at.
    fn exceptions(&self, out: &mut dyn Write) -> io::Result<()> {
        let notices = self.report.exceptions.notices();
        if notices.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.paint.with("exceptions", Style::new().yellow().bold()))?;
        for notice in notices.iter().take(NOTICES) {
            let colon = if notice.help.is_empty() { "" } else { ": " };
            for line in wrapped(&escape(&format!("{}{colon}{}", notice.what, notice.help)), self.look.width - 2) {
                writeln!(out, "  {line}")?;
            }
            if let Some(spot) = &notice.spot {
                writeln!(out, "    {} {}", self.paint.dim("-->"), escape(&spot.to_string()))?;
            }
        }
        if notices.len() > NOTICES {
            writeln!(out, "  {}", self.paint.dim(&format!("and {} more", notices.len() - NOTICES)))?;
        }
        writeln!(out)
    }

    /// Routes that are no tools, by reason.
    fn excluded(&self, out: &mut dyn Write) -> io::Result<()> {
        let reasons = self.report.excluded();
        if reasons.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.paint.with("excluded", Style::new().bold()))?;
        for (reason, operations) in reasons {
            let labels = operations.iter().map(|operation| operation.label());
            let text = format!("{} ({}): {}", count(labels.len(), "route"), reason, listed(labels));
            for line in wrapped(&escape(&text), self.look.width - 2) {
                writeln!(out, "  {line}")?;
            }
        }
        writeln!(out)
    }

    /// The parts that were not checked, by reason. Why an input could not be read is not said twice.
    fn unchecked(&self) -> Vec<(&str, Vec<&NotChecked>)> {
        let (unread, others): (Vec<_>, Vec<_>) =
            self.report.not_checked_by_reason().into_iter().partition(|(_, parts)| parts[0].unread);
        let unread: Vec<_> = unread.into_iter().flat_map(|(_, parts)| parts).collect();
        let unread = (!unread.is_empty()).then_some((UNREAD, unread));
        unread.into_iter().chain(others.into_iter().map(|((why, _), parts)| (why, parts))).collect()
    }

    /// What was not checked, by reason.
    fn not_checked(&self, out: &mut dyn Write) -> io::Result<()> {
        let reasons = self.unchecked();
        if reasons.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.paint.with("not checked", Style::new().yellow().bold()))?;
        for (why, parts) in reasons {
            for line in wrapped(&escape(why), self.look.width - 2) {
                writeln!(out, "  {line}")?;
            }
            for part in parts.iter().take(PLACES) {
                let shown = match part.span {
                    Some(span) if self.report.sources.get(span.source).name == part.what => {
                        place(&self.report.sources, span)
                    }
                    Some(span) => format!("{} at {}", part.what, place(&self.report.sources, span)),
                    None => part.what.clone(),
                };
                writeln!(out, "    {}", self.paint.dim(&escape(&shown)))?;
            }
            if parts.len() > PLACES {
                writeln!(out, "    {}", self.paint.dim(&format!("and {} more", parts.len() - PLACES)))?;
            }
        }
        writeln!(out)
    }

    fn verdict(&self, out: &mut dyn Write) -> io::Result<()> {
        let gate = self.report.gate();
        let style = match gate {
            Gate::Failed | Gate::Blocked => Style::new().red().bold(),
            Gate::Nothing | Gate::Incomplete => Style::new().yellow().bold(),
            Gate::Clean | Gate::Passed => Style::new().green().bold(),
        };
        writeln!(out, "{}: {}", self.paint.with(gate.name(), style), self.report.gate_reason())
    }

    fn counted(&self, number: usize, severity: Severity) -> String {
        let text = format!("{number} {}", severity.name());
        if number == 0 { self.paint.dim(&text) } else { self.paint.with(&text, style(severity)) }
    }
}

/// Colour, if there is any.
struct Paint(bool);

impl Paint {
    fn with(&self, text: &str, style: Style) -> String {
        if self.0 { text.style(style).to_string() } else { text.to_owned() }
    }

    fn dim(&self, text: &str) -> String {
        self.with(text, Style::new().dimmed())
    }

    fn severity(&self, severity: Severity) -> String {
        self.with(severity.name(), style(severity))
    }
}

/// How a severity looks.
pub fn style(severity: Severity) -> Style {
    match severity {
        Severity::Critical => Style::new().red().bold(),
        Severity::High => Style::new().red(),
        Severity::Medium => Style::new().yellow(),
        Severity::Low => Style::new().cyan(),
        Severity::Info => Style::new().blue(),
    }
}

/// The first few of a list.
fn listed<L: ToString>(labels: impl ExactSizeIterator<Item = L>) -> String {
    let more = labels.len().saturating_sub(PLACES);
    let shown = labels.take(PLACES).map(|label| label.to_string()).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// What to do about several findings: the same text for all, or one that names none of them.
fn shared_fix(findings: &[&Finding]) -> String {
    let first = findings[0];
    let suggestion = first.suggestion();
    if findings.iter().all(|finding| finding.suggestion() == suggestion) {
        return suggestion;
    }
    general_suggestion(&first.rule)
}

/// A text in lines of at most `width` columns; a longer word stands alone.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut filled = 0;
    for word in text.split_whitespace() {
        let columns = word.width();
        match lines.last_mut() {
            Some(line) if filled + 1 + columns <= width => {
                line.push(' ');
                line.push_str(word);
                filled += 1 + columns;
            }
            _ => {
                lines.push(word.to_owned());
                filled = columns;
            }
        }
    }
    lines
}
