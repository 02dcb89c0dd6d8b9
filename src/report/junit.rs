//! JUnit XML, as Jenkins, Maven's Surefire and GitLab read it. A test case fails if and only if it keeps the run from
//! passing: findings below the threshold pass and say so in their output.

use std::io::{self, Write};

use rustc_hash::FxHashSet;

use super::agent::notice_line;
use super::escape::escape;
use super::{Gate, NotChecked, Report, place};
use crate::finding::{Finding, Status};

/// What became of a test case.
enum Outcome {
    /// It passed; the text is its output.
    Passed(String),
    /// It counts against the run: the type, the message, all about it.
    Failed(&'static str, String, String),
    /// It could not be decided, which counts too.
    Broken(&'static str, String, String),
    /// Somebody accepted it, or it is merely worth knowing.
    Skipped(String),
}

/// A test case.
struct Case {
    class: String,
    name: String,
    outcome: Outcome,
}

/// The test cases of one document, or of the run.
struct Suite {
    name: String,
    properties: Vec<(&'static str, String)>,
    cases: Vec<Case>,
}

pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut suites = vec![run(report)];
    suites.extend((0..report.documents.len()).map(|number| document(report, number)));
    let cases = || suites.iter().flat_map(|suite| &suite.cases);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"mcpsentry\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"0\">",
        cases().count(),
        cases().filter(|case| matches!(case.outcome, Outcome::Failed(..))).count(),
        cases().filter(|case| matches!(case.outcome, Outcome::Broken(..))).count()
    )?;
    for suite in &suites {
        suite.write(out)?;
    }
    writeln!(out, "</testsuites>")
}

/// What is about no document: the verdict, and what was not checked.
fn run(report: &Report) -> Suite {
    let gate = report.gate();
    let reason = format!("{}: {}", gate.name(), report.gate_reason());
    let outcome = match gate {
        Gate::Failed | Gate::Nothing => Outcome::Broken(gate.name(), reason.clone(), String::new()),
        _ => Outcome::Passed(format!("{reason}\n{}", report.counted())),
    };
    let mut cases = vec![Case { class: "mcpsentry.run".into(), name: "verdict".into(), outcome }];
    cases.extend(report.not_checked.iter().map(|part| part_case(report, part)));
    cases.extend(report.exceptions.notices().iter().map(|notice| Case {
        class: "mcpsentry.exceptions".into(),
        name: notice.what.clone(),
        outcome: Outcome::Skipped(notice_line(notice)),
    }));
    let properties = vec![
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("verdict", gate.name().to_owned()),
        ("reason", report.gate_reason()),
        ("fail_on", report.threshold().unwrap_or("never").to_owned()),
        ("rules", report.rules.len().to_string()),
    ];
    Suite { name: "mcpsentry".into(), properties, cases }
}

fn part_case(report: &Report, part: &NotChecked) -> Case {
    let at = part.span.map_or(String::new(), |span| place(&report.sources, span));
    let name = if at.is_empty() { part.what.clone() } else { format!("{} at {at}", part.what) };
    let outcome = if report.stops(part) {
        Outcome::Broken("not checked", format!("not checked: {}", part.what), format!("{}\n{at}", part.why))
    } else {
        Outcome::Skipped(format!("not checked: {}", part.why))
    };
    Case { class: "mcpsentry.not-checked".into(), name, outcome }
}

/// The findings of a document, and a case that passes for each tool without any.
fn document(report: &Report, number: usize) -> Suite {
    let document = &report.documents[number];
    let surface = &document.surface;
    let findings = || report.shown().filter(|finding| finding.document == number);
    let found: FxHashSet<usize> = findings().filter_map(|finding| finding.operation).collect();
    let mut cases: Vec<Case> = findings().map(|finding| finding_case(report, finding)).collect();
    let clean = surface.operations.iter().enumerate().filter(|(index, _)| !found.contains(index));
    cases.extend(clean.filter(|(_, operation)| operation.is_exposed()).map(|(_, operation)| Case {
        class: "mcpsentry.clean".into(),
        name: operation.label(),
        outcome: Outcome::Passed(String::new()),
    }));
    let mut properties = vec![
        ("kind", surface.kind.clone()),
        ("routes", surface.operations.len().to_string()),
        ("tools", surface.exposed().count().to_string()),
    ];
    properties.extend(surface.title.iter().map(|title| ("title", title.clone())));
    Suite { name: document.name.clone(), properties, cases }
}

fn finding_case(report: &Report, finding: &Finding) -> Case {
    let at = place(&report.sources, finding.span);
    let text = format!("{}: {}\nFix: {}\n{at}", finding.severity.name(), finding.message(), finding.suggestion());
    let outcome = match &finding.status {
        Status::Suppressed(accepted) => Outcome::Skipped(format!("suppressed: {}", accepted.terms())),
        Status::Baselined => Outcome::Skipped("baselined: it was there before".into()),
        _ if report.blocks(finding) => Outcome::Failed(finding.severity.name(), finding.message().into_owned(), text),
        _ => Outcome::Passed(text),
    };
    Case { class: format!("mcpsentry.{}", finding.rule.id), name: finding.label(), outcome }
}

impl Suite {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let number = |is: fn(&Outcome) -> bool| self.cases.iter().filter(|case| is(&case.outcome)).count();
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\">",
            attribute(&self.name),
            self.cases.len(),
            number(|outcome| matches!(outcome, Outcome::Failed(..))),
            number(|outcome| matches!(outcome, Outcome::Broken(..))),
            number(|outcome| matches!(outcome, Outcome::Skipped(_))),
        )?;
        writeln!(out, "    <properties>")?;
        for (name, value) in &self.properties {
            writeln!(out, "      <property name=\"mcpsentry.{name}\" value=\"{}\"/>", attribute(value))?;
        }
        writeln!(out, "    </properties>")?;
        for case in &self.cases {
            case.write(out)?;
        }
        writeln!(out, "  </testsuite>")
    }
}

impl Case {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let head = format!(
            "    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
            attribute(&self.class),
            attribute(&self.name)
        );
        let inside = match &self.outcome {
            Outcome::Passed(text) if text.is_empty() => return writeln!(out, "{head}/>"),
            Outcome::Passed(text) => format!("<system-out>{}</system-out>", content(text)),
            Outcome::Skipped(why) => format!("<skipped message=\"{}\"/>", attribute(why)),
            Outcome::Failed(kind, message, text) => element("failure", kind, message, text),
            Outcome::Broken(kind, message, text) => element("error", kind, message, text),
        };
        writeln!(out, "{head}>\n      {inside}\n    </testcase>")
    }
}

fn element(name: &str, kind: &str, message: &str, text: &str) -> String {
    format!("<{name} message=\"{}\" type=\"{}\">{}</{name}>", attribute(message), attribute(kind), content(text))
}

/// A text of one line.
fn attribute(text: &str) -> String {
    xml(&escape(text))
}

/// A text whose lines are ours.
fn content(text: &str) -> String {
    text.trim_end().lines().map(|line| xml(&escape(line))).collect::<Vec<_>>().join("\n")
}

/// A text in which nothing is markup. Characters that XML 1.0 forbids were escaped before.
fn xml(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&apos;"),
            character => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_markup_and_legal() {
        assert_eq!(
            attribute("a]]><b c=\"d\" e='f'>&amp;"),
            "a]]&gt;&lt;b c=&quot;d&quot; e=&apos;f&apos;&gt;&amp;amp;"
        );
        assert_eq!(attribute("\u{1b}[0m\0\n\u{FFFE}\u{FFFF}"), "\\u{1b}[0m\\u{0}\\n\\u{fffe}\\u{ffff}");
    }
}
