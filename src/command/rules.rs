//! `mcpsentry rules`

use std::io::{self, Write};
use std::path::PathBuf;

use mcpsentry::guard::{Catalogue, Guard, Options};
use mcpsentry::pack::{self, Pack};
use mcpsentry::report::{self, escape, style, wrapped, write_json};
use mcpsentry::rule::{self, Failure, Rule, Severity, nearest};
use mcpsentry::{audit, guard};
use owo_colors::OwoColorize;
use serde_json::json;

use super::{Colors, Outcome, message, print, setup};
use crate::cli::{self, Listing};

/// Lists, explains or tests rules.
pub(crate) fn run(arguments: &cli::Rules, color: Colors) -> Outcome {
    let outcome = match arguments {
        cli::Rules::List { rules, format, config } => {
            folders(rules, config, color).and_then(|folders| list(&folders, *format, color))
        }
        cli::Rules::Explain { id, rules, config } => {
            folders(rules, config, color).and_then(|folders| explain(id, &folders, color))
        }
        cli::Rules::Test { dir } => test(dir.as_deref(), color),
    };
    outcome.unwrap_or(Outcome::Failed)
}

/// The folders of the configuration, and those of flags.
fn folders(flags: &[PathBuf], choice: &cli::ConfigChoice, color: Colors) -> Result<Vec<PathBuf>, ()> {
    let file = setup::file(choice, color.messages)?;
    Ok(file.into_iter().flat_map(|file| file.rules).chain(flags.iter().cloned()).collect())
}

/// Every rule of ours, and those of the user's folders.
fn all(folders: &[PathBuf]) -> Result<Pack, rule::RuleError> {
    let mut pack = pack::shipped_audit()?;
    pack.extend(pack::shipped_guard()?)?;
    for folder in folders {
        pack.extend(pack::load_folder(folder)?)?;
    }
    Ok(pack)
}

fn packs(folders: &[PathBuf], color: bool) -> Result<Pack, ()> {
    all(folders).map_err(|fault| message::rule_error(color, &fault))
}

fn list(folders: &[PathBuf], format: Listing, color: Colors) -> Result<Outcome, ()> {
    let pack = packs(folders, color.messages)?;
    finish(
        print(|out| match format {
            Listing::Text => list_text(&pack, color.output, out),
            Listing::Json => list_json(&pack, out),
        }),
        color,
    )
}

fn list_text(pack: &Pack, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let width = pack.audit().map(|rule| rule.id.len()).max().unwrap_or(0);
    for severity in Severity::ALL {
        for rule in pack.audit().filter(|rule| rule.severity == severity) {
            let name = format!("{:8}", severity.name());
            let name = if color { name.style(style(severity)).to_string() } else { name };
            let persona = if rule.persona == rule::Persona::Regular { "" } else { rule.persona.name() };
            let extra = if persona.is_empty() { String::new() } else { format!(", {persona}") };
            writeln!(out, "{name}  {:width$}  {} ({}{extra})", rule.id, escape(&rule.title), rule.preset.name())?;
        }
    }
    writeln!(out, "\nof scans, by what a match counts")?;
    let width = pack.guard().map(|rule| rule.id.len()).max().unwrap_or(0);
    for confidence in [rule::Confidence::High, rule::Confidence::Medium, rule::Confidence::Low] {
        for rule in pack.guard().filter(|rule| rule.confidence == confidence) {
            let name = confidence.name();
            writeln!(out, "{name:8}  {:width$}  {} ({})", rule.id, escape(&rule.say), rule.category())?;
        }
    }
    Ok(())
}

fn list_json(pack: &Pack, out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<_> = pack
        .rules
        .iter()
        .map(|rule| {
            json!({
                "id": &*rule.id, "title": rule.title, "severity": rule.severity, "confidence": rule.confidence,
                "persona": rule.persona, "preset": rule.preset.name(), "since": rule.since, "why": rule.why,
                "fix": rule.fix, "references": rule.references, "origin": rule.origin,
                "of": if rule.is_guard() { "scan" } else { "audit" },
            })
        })
        .collect();
    write_json(&json!({ "version": 1, "rules": rules }), out)
}

fn explain(id: &str, folders: &[PathBuf], color: Colors) -> Result<Outcome, ()> {
    let pack = packs(folders, color.messages)?;
    let Some(rule) = pack.get(id) else {
        let known: Vec<&str> = pack.rules.iter().map(|rule| &*rule.id).collect();
        let help = nearest(id, &known).map_or_else(
            || "`mcpsentry rules list` names them all".to_owned(),
            |nearest| format!("did you mean `{nearest}`?"),
        );
        message::error(color.messages, "", &format!("there is no rule `{id}`"), &help);
        return Err(());
    };
    finish(print(|out| explain_text(rule, color.output, out)), color)
}

fn explain_text(rule: &Rule, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let head = |text: &str| if color { text.bold().to_string() } else { text.to_owned() };
    let severity =
        if color { rule.severity.name().style(style(rule.severity)).to_string() } else { rule.severity.name().into() };
    writeln!(out, "{}: {}\n", head(&rule.id), escape(&rule.title))?;
    writeln!(
        out,
        "{severity} severity · {} confidence · for {} readers · preset {}\n",
        rule.confidence.name(),
        rule.persona.name(),
        rule.preset.name(),
    )?;
    for (title, text) in [("Why", &rule.why), ("Fix", &rule.fix)] {
        writeln!(out, "{}", head(title))?;
        for line in wrapped(&escape(text), 88) {
            writeln!(out, "  {line}")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}\n  {}\n", head("References"), escape(&rule.references.join(", ")))?;
    writeln!(
        out,
        "{} bad and {} good cases prove it: {}",
        rule.cases.bad.len(),
        rule.cases.good.len(),
        escape(&rule.origin)
    )
}

fn test(folder: Option<&std::path::Path>, color: Colors) -> Result<Outcome, ()> {
    let pack = match folder {
        Some(folder) => pack::load_folder(folder),
        None => all(&[]),
    };
    let pack = pack.map_err(|fault| message::rule_error(color.messages, &fault))?;
    let mut failures: Vec<Failure> = Vec::new();
    let mut cases = 0;
    let guard = Guard::new(Catalogue::shipped(), Options::default());
    for (rule, (_, text)) in pack.rules.iter().zip(&pack.files) {
        cases += rule.cases.bad.len() + rule.cases.good.len();
        failures.extend(if rule.is_guard() { guard::prove(rule, text) } else { audit::prove(rule, text, &guard) });
    }
    for failure in &failures {
        let place = format!("{}:{}", failure.file, failure.line);
        message::error(color.messages, &place, &format!("{}: {}", failure.rule, failure.message), "");
    }
    let passed = cases - failures.len();
    finish(
        print(|out| {
            writeln!(
                out,
                "{}, {passed} cases passed, {} failed",
                report::count(pack.rules.len(), "rule"),
                failures.len()
            )
        }),
        color,
    )?;
    Ok(if failures.is_empty() { Outcome::Clean } else { Outcome::Blocked })
}

fn finish(written: Result<(), String>, color: Colors) -> Result<Outcome, ()> {
    written.map(|()| Outcome::Clean).map_err(|why| message::error(color.messages, "", &why, ""))
}
