//! A page of Markdown for the summary of a job, as GitHub renders it.

use std::io::{self, Write};

use super::markup::{code, link, markdown, prose, sentence};
use super::repository::Repository;
use super::tools::count;
use super::{Gate, NotChecked, Report};
use crate::finding::{Finding, Status};
use crate::rule::Severity;

/// Bytes of a page: GitHub refuses the summary of a step that has more than 1 MiB.
const MAX_BYTES: usize = 1_000_000;

/// Bytes kept for what ends the page.
const RESERVE: usize = 8_000;

/// Routes and parts that are named for each reason.
const NAMED: usize = 20;

pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { report, text: String::new() };
    page.verdict();
    page.findings();
    page.not_checked();
    page.exceptions();
    page.set_aside();
    page.excluded();
    out.write_all(page.text.as_bytes())
}

struct Page<'r> {
    report: &'r Report,
    text: String,
}

impl Page<'_> {
    fn verdict(&mut self) {
        let report = self.report;
        let sign = match report.gate() {
            Gate::Clean | Gate::Passed => "✅",
            Gate::Failed | Gate::Blocked => "❌",
            Gate::Nothing | Gate::Incomplete => "⚠️",
        };
        self.text += &format!("## {sign} mcpsentry: {}\n\n", report.gate().name());
        self.text += &format!("**{}**\n\n", markdown(&sentence(&report.gate_reason())));
        self.text += &format!("{}\n\n", markdown(&sentence(&report.scope())));
        let counts = report.counts().into_iter().map(|(severity, number)| (severity.name(), number));
        for (row, (word, number)) in counts.chain(report.set_aside_counts()).enumerate() {
            if row == 0 {
                self.text += "| severity | findings |\n| :-- | --: |\n";
            }
            self.text += &format!("| {word} | {number} |\n");
        }
        let below = report.summary().below_persona;
        if below > 0 {
            self.text += &format!("\n{} for stricter readers: `--persona pedantic`\n", count(below, "finding"));
        }
        self.text.push('\n');
    }

    /// What counts: the worst in the open, the rest to unfold.
    fn findings(&mut self) {
        let (worst, rest): (Vec<&Finding>, Vec<&Finding>) =
            self.report.active().partition(|finding| finding.severity >= Severity::High || self.report.blocks(finding));
        if worst.is_empty() && rest.is_empty() {
            return;
        }
        self.text += "### Findings\n\n";
        let row = |finding: &Finding| finding_row(finding, self.report);
        if !worst.is_empty() {
            let rows = worst.iter().map(|finding| row(finding)).collect();
            self.table(FINDINGS, rows);
        }
        if !rest.is_empty() {
            let rows: Vec<String> = rest.iter().map(|finding| row(finding)).collect();
            let title = if worst.is_empty() { count(rest.len(), "finding") } else { count(rest.len(), "more finding") };
            self.unfolded(&title, |page| page.table(FINDINGS, rows));
        }
    }

    fn not_checked(&mut self) {
        let (gaps, notes): (Vec<_>, Vec<_>) =
            self.report.not_checked_by_reason().into_iter().partition(|((_, gap), _)| *gap);
        if !gaps.is_empty() {
            self.text += "### Not checked\n\n";
            let reasons = gaps.into_iter().map(|((why, _), parts)| reason(why, &self.parts(&parts))).collect();
            self.list(reasons);
        }
        if !notes.is_empty() {
            let number = notes.iter().map(|(_, parts)| parts.len()).sum();
            let reasons = notes.into_iter().map(|((why, _), parts)| reason(why, &self.parts(&parts))).collect();
            self.unfolded(&format!("{} worth knowing", count(number, "note")), |page| page.list(reasons));
        }
    }

    fn parts(&self, parts: &[&NotChecked]) -> Vec<String> {
        let shown = |part: &&NotChecked| match part.span {
            Some(span) => format!("{} at {}", code(&part.what), link(&self.report.sources, span)),
            None => code(&part.what),
        };
        parts.iter().map(shown).collect()
    }

    /// Exceptions that somebody should look at.
    fn exceptions(&mut self) {
        let notices = self.report.exceptions.notices();
        if notices.is_empty() {
            return;
        }
        self.text += "### Exceptions\n\n";
        let entries = notices.iter().map(|notice| {
            let at = notice.spot.as_ref().map_or(String::new(), |spot| {
                let shown = code(&spot.to_string());
                match Repository::current().link(&spot.file, spot.position.line) {
                    Some(link) => format!(" ([{shown}](<{link}>))"),
                    None => format!(" ({shown})"),
                }
            });
            let help = if notice.help.is_empty() { String::new() } else { format!("; {}", prose(notice.help)) };
            format!("- {}{at}{help}", prose(&notice.what))
        });
        let entries = entries.collect();
        self.list(entries);
    }

    fn set_aside(&mut self) {
        let report = self.report;
        let rows: Vec<String> = report
            .set_aside()
            .map(|finding| {
                let why = match &finding.status {
                    Status::Suppressed(accepted) => format!("suppressed: {}", prose(&accepted.terms())),
                    status => status.name().to_owned(),
                };
                let (rule, label) = (markdown(&finding.rule.id), code(&finding.label()));
                format!(
                    "| {why} | {} | {rule} | {label} | {} |",
                    finding.severity.name(),
                    link(&report.sources, finding.span)
                )
            })
            .collect();
        if !rows.is_empty() {
            let title = format!("{} set aside", count(rows.len(), "finding"));
            self.unfolded(&title, |page| page.table(SET_ASIDE, rows));
        }
    }

    fn excluded(&mut self) {
        let groups = self.report.excluded();
        let number = groups.iter().map(|(_, operations)| operations.len()).sum();
        let reasons: Vec<String> = groups
            .into_iter()
            .map(|(why, operations)| {
                let labels: Vec<String> = operations.iter().map(|operation| code(&operation.label())).collect();
                reason(why, &labels)
            })
            .collect();
        if !reasons.is_empty() {
            self.unfolded(&format!("{} excluded", count(number, "route")), |page| page.list(reasons));
        }
    }

    /// A part that opens when somebody asks.
    fn unfolded(&mut self, title: &str, inside: impl FnOnce(&mut Self)) {
        self.text += &format!("<details><summary>{title}</summary>\n\n");
        inside(self);
        self.text += "</details>\n\n";
    }

    fn table(&mut self, head: &str, rows: Vec<String>) {
        let columns = head.matches('|').count() - 1;
        self.lines(&format!("{head}\n|{}\n", " :-- |".repeat(columns)), rows);
    }

    fn list(&mut self, entries: Vec<String>) {
        self.lines("", entries);
    }

    /// As many lines as the page has room for, and how many it has not.
    fn lines(&mut self, head: &str, lines: Vec<String>) {
        let number = lines.len();
        let room = |text: &str, line: &str| text.len() + line.len() < MAX_BYTES - RESERVE;
        let fitting = {
            let mut length = self.text.len() + head.len();
            let fits = |line: &&String| {
                length += line.len() + 1;
                length < MAX_BYTES - RESERVE
            };
            lines.iter().take_while(fits).count()
        };
        if fitting > 0 && room(&self.text, head) {
            self.text += head;
            for line in &lines[..fitting] {
                self.text += line;
                self.text.push('\n');
            }
        }
        if fitting < number {
            self.text += &format!("\n**{} more are left out: a job summary holds 1 MiB.**\n", number - fitting);
        }
        self.text.push('\n');
    }
}

const FINDINGS: &str = "| severity | rule | operation | finding | where |";
const SET_ASIDE: &str = "| why | severity | rule | operation | where |";

fn finding_row(finding: &Finding, report: &Report) -> String {
    format!(
        "| {} | {} | {} | {}<br>**Fix:** {} | {} |",
        finding.severity.name(),
        markdown(&finding.rule.id),
        code(&finding.label()),
        prose(&finding.message()),
        prose(&finding.suggestion()),
        link(&report.sources, finding.span)
    )
}

/// An entry of a list: the reason, and the first few that it holds for.
fn reason(why: &str, things: &[String]) -> String {
    let mut shown = things.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if things.len() > NAMED {
        shown += &format!(" and {} more", things.len() - NAMED);
    }
    format!("- {}: {shown}", prose(why))
}
