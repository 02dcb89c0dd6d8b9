//! What the program says on standard error: what is wrong, where, and what to do.

use std::io::Write;

use mcpsentry::config::{ConfigError, Fault, Notice};
use mcpsentry::report::{Look, NotChecked, count, escape, excerpt};
use mcpsentry::rule::RuleError;
use mcpsentry::source::{Position, Source, Sources, Spot};
use mcpsentry::surface::LoadError;
use owo_colors::{OwoColorize, Style};

/// Parts that were not checked and are named one by one.
const MAX_GAPS: usize = 5;

/// Faults of a configuration that are named one by one.
const MAX_FAULTS: usize = 10;

/// Something that keeps the run from doing what was asked.
pub(crate) fn error(color: bool, place: &str, message: &str, help: &str) {
    say(color, "error", Style::new().red().bold(), place, message, help);
}

/// Something to know that does not stop the run.
pub(crate) fn warning(color: bool, place: &str, message: &str, help: &str) {
    say(color, "warning", Style::new().yellow().bold(), place, message, help);
}

/// A call that passes although it should not.
pub(crate) fn alert(color: bool, place: &str, message: &str) {
    say(color, "ALERT", Style::new().red().bold().reversed(), place, message, "");
}

/// Something that is neither wrong nor a reason to worry.
pub(crate) fn note(message: &str) {
    // There is nowhere left to report a standard error that cannot be written.
    let _ = writeln!(std::io::stderr(), "{message}");
}

/// A document that could not be read.
pub(crate) fn load_error(color: bool, fault: &LoadError, sources: &Sources) {
    let Some(span) = fault.span else { return error(color, &fault.name, &fault.message, &fault.help) };
    let shown = Fault { span: Some(span), message: fault.message.clone(), help: fault.help.clone() };
    choice(color, "error", Style::new().red().bold(), sources.get(span.source), &shown);
}

/// A configuration that cannot be used.
pub(crate) fn config_error(color: bool, error: &ConfigError) {
    for fault in error.faults.iter().take(MAX_FAULTS) {
        match &error.source {
            Some(source) => config_fault(color, source, fault),
            None => self::error(color, &error.file, &fault.message, &fault.help),
        }
    }
    let left = error.faults.len().saturating_sub(MAX_FAULTS);
    if left > 0 {
        self::error(color, &error.file, &format!("{left} more faults"), "");
    }
}

/// A choice that cannot be followed: of the configuration, with the line it stands on, or of a flag.
pub(crate) fn config_fault(color: bool, source: &Source, fault: &Fault) {
    choice(color, "error", Style::new().red().bold(), source, fault);
}

/// A choice of the configuration that changes nothing.
pub(crate) fn config_warning(color: bool, source: &Source, fault: &Fault) {
    choice(color, "warning", Style::new().yellow().bold(), source, fault);
}

fn choice(color: bool, kind: &str, style: Style, source: &Source, fault: &Fault) {
    let Some(span) = fault.span else { return say(color, kind, style, "", &fault.message, &fault.help) };
    let place = at(&source.name, source.position(span.start));
    say(color, kind, style, &place, &fault.message, "");
    let look = Look { color, source: true, ..Look::default() };
    let mut text = excerpt(source, span, "here", look);
    if !fault.help.is_empty() {
        text += &format!("  help: {}\n", escape(&fault.help));
    }
    // There is nowhere left to report a standard error that cannot be written.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// A rule file that could not be read.
pub(crate) fn rule_error(color: bool, fault: &RuleError) {
    let Some(span) = fault.span else { return error(color, &fault.file, &fault.message, &fault.help) };
    let source = Source::new(span.source, fault.file.as_str(), &*fault.text);
    let fault = Fault { span: Some(span), message: fault.message.clone(), help: fault.help.clone() };
    choice(color, "error", Style::new().red().bold(), &source, &fault);
}

/// The parts that could hide a blocker, the first few by name; what could not be read has been told.
pub(crate) fn gaps(color: bool, parts: &[NotChecked], sources: &Sources) {
    let gaps: Vec<&NotChecked> = parts.iter().filter(|part| part.gap && !part.unread).collect();
    for part in gaps.iter().take(MAX_GAPS) {
        let place = part.span.map_or(String::new(), |span| at(&sources.get(span.source).name, sources.start(span)));
        warning(color, &place, &format!("not checked: {}: {}", part.what, part.why), "");
    }
    if gaps.len() > MAX_GAPS {
        warning(color, "", &format!("{} more parts were not checked", gaps.len() - MAX_GAPS), "");
    }
}

/// What somebody should do about exceptions, the first few by name.
pub(crate) fn notices(color: bool, notices: &[Notice]) {
    for notice in notices.iter().take(MAX_GAPS) {
        let place = notice.spot.as_ref().map_or(String::new(), Spot::to_string);
        warning(color, &place, &notice.what, notice.help);
    }
    if notices.len() > MAX_GAPS {
        let left = count(notices.len() - MAX_GAPS, "more exception");
        warning(color, "", &format!("{left} to look after; `--format text` has them all"), "");
    }
}

fn at(file: &str, position: Position) -> String {
    format!("{file}:{}:{}", position.line, position.column)
}

fn say(color: bool, kind: &str, style: Style, place: &str, message: &str, help: &str) {
    let (place, message, help) = (escape(place), escape(message), escape(help));
    let kind = if color { kind.style(style).to_string() } else { kind.to_owned() };
    let colon = if place.is_empty() { "" } else { ": " };
    let mut text = format!("{kind}: {place}{colon}{message}\n");
    if !help.is_empty() {
        text += &format!("  help: {help}\n");
    }
    // There is nowhere left to report a standard error that cannot be written.
    let _ = std::io::stderr().write_all(text.as_bytes());
}
