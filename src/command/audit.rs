//! `mcpsentry audit`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use mcpsentry::audit::{self, Context};
use mcpsentry::config::{Config, Filter, select_rules};
use mcpsentry::finding;
use mcpsentry::guard::{Catalogue, Guard, Options};
use mcpsentry::report::{self, Format, Gate, Look, NotChecked, Report};
use mcpsentry::rule::{self, Limits, Pack, Persona, Rule, Severity};

use super::{Colors, Outcome, input, message, print};
use crate::cli;

/// The rule that `--max-tools` asks for.
const BUDGET_RULE: &str = "tool-budget";

/// Audits the inputs and writes every report that was asked for.
pub(crate) fn run(arguments: &cli::Audit, color: Colors) -> Outcome {
    try_run(arguments, color).unwrap_or(Outcome::Failed)
}

fn try_run(arguments: &cli::Audit, color: Colors) -> Result<Outcome, ()> {
    let pack = packs(&arguments.rules.rules, color.messages)?;
    let rules = rules(arguments, &pack, color.messages)?;
    let config = config(arguments, color.messages)?;
    let inputs = input::read(&arguments.input, &config.filter, color.messages)?;
    let report = report(inputs, rules, &config, arguments.allow_unchecked);

    let mut written = Ok(());
    let look = Look { color: color.output, source: arguments.show_source };
    let stdout = format(arguments.format);
    written = written.and(print(|out| report::render(&report, stdout, look, out)));
    for output in &arguments.output {
        let look = Look { color: false, ..look };
        written = written.and(write_file(&output.path, &report, format(output.format), look));
    }
    if let Err(why) = written {
        message::error(color.messages, "", &why, "check the path and the space left");
        return Err(());
    }
    let sarif = stdout == Format::Sarif || arguments.output.iter().any(|output| output.format == cli::Format::Sarif);
    if let Some(cut) = report::sarif_cut(&report).filter(|_| sarif) {
        message::warning(color.messages, "", &cut, "the text and JSON reports have them all");
    }
    Ok(outcome(&report, arguments, color.messages))
}

fn outcome(report: &Report, arguments: &cli::Audit, color: bool) -> Outcome {
    let gaps = report.gaps();
    if arguments.format != cli::Format::Text {
        message::gaps(color, &report.not_checked, &report.sources);
    }
    // A document that could not be read has its own message.
    if gaps > 0 && !report.failed {
        let parts = if gaps == 1 { "1 part was".to_owned() } else { format!("{gaps} parts were") };
        let help = if arguments.allow_unchecked { "" } else { "mend them, or accept them with --allow-unchecked" };
        message::warning(color, "", &format!("{parts} not checked; the report says which and why"), help);
    }
    if report.gate() == Gate::Nothing && report.total_routes() > 0 {
        let why = "nothing was audited: every operation is excluded";
        message::warning(color, "", why, "check --include and --exclude; `mcpsentry tools` lists what they leave");
    }
    match report.gate() {
        Gate::Failed => Outcome::Failed,
        Gate::Blocked => Outcome::Blocked,
        Gate::Nothing | Gate::Incomplete => Outcome::Incomplete,
        Gate::Clean | Gate::Passed => Outcome::Clean,
    }
}

/// Our rules about APIs and those of the user's folders.
fn packs(folders: &[std::path::PathBuf], color: bool) -> Result<Pack, ()> {
    let load = || {
        let mut pack = rule::shipped_audit()?;
        for folder in folders {
            pack.extend(rule::load_folder(folder)?.without_guard())?;
        }
        Ok(pack)
    };
    load().map_err(|fault| message::rule_error(color, &fault))
}

fn rules(arguments: &cli::Audit, pack: &Pack, color: bool) -> Result<Vec<Arc<Rule>>, ()> {
    let choice = &arguments.rules;
    let recommended = vec!["recommended".to_owned()];
    let mut select = if choice.select.is_empty() { recommended } else { choice.select.clone() };
    if arguments.surface.max_tools.is_some() {
        select.push(BUDGET_RULE.to_owned());
    }
    let mut rules = select_rules(pack, &select, &choice.ignore)
        .map_err(|why| message::error(color, "", &why, "`mcpsentry rules list` names them all"))?;
    let left_out: Vec<&str> = pack
        .rules
        .iter()
        .filter(|rule| rule.custom && !rules.iter().any(|chosen| chosen.id == rule.id))
        .filter(|rule| !choice.ignore.iter().any(|word| **word == *rule.id))
        .map(|rule| &*rule.id)
        .collect();
    if !left_out.is_empty() {
        let why = format!("rules from --rules that --select leaves out: {}", left_out.join(", "));
        message::warning(color, "", &why, "name them, or a preset that holds them");
    }
    if arguments.surface.max_tools.is_none() {
        // Without a limit it has nothing to check, and must not count as a check.
        rules.retain(|rule| &*rule.id != BUDGET_RULE);
    }
    if rules.is_empty() {
        message::error(
            color,
            "",
            "no rule is left to run",
            "loosen --select and --ignore; tool-budget needs --max-tools",
        );
        return Err(());
    }
    Ok(rules)
}

fn config(arguments: &cli::Audit, color: bool) -> Result<Config, ()> {
    let filter = filter(&arguments.surface, color)?;
    Ok(Config {
        filter,
        limits: Limits { max_tools: arguments.surface.max_tools },
        persona: match arguments.rules.persona {
            cli::Reader::Regular => Persona::Regular,
            cli::Reader::Pedantic => Persona::Pedantic,
            cli::Reader::Auditor => Persona::Auditor,
        },
        fail_on: match arguments.fail_on {
            cli::Threshold::Critical => Some(Severity::Critical),
            cli::Threshold::High => Some(Severity::High),
            cli::Threshold::Medium => Some(Severity::Medium),
            cli::Threshold::Low => Some(Severity::Low),
            cli::Threshold::Never => None,
        },
    })
}

/// The filter that the flags describe.
pub(crate) fn filter(surface: &cli::Surface, color: bool) -> Result<Filter, ()> {
    Filter::new(&surface.include, &surface.exclude)
        .map_err(|why| message::error(color, "", &why, "a glob is a path with *, ? and [a-z]"))
}

/// Runs the rules over every document.
fn report(inputs: input::Inputs, rules: Vec<Arc<Rule>>, config: &Config, accepts_gaps: bool) -> Report {
    let input::Inputs { store, documents, mut not_checked, failed } = inputs;
    let mut findings = Vec::new();
    let guard = Guard::new(Catalogue::shipped(), Options::default());
    for (number, document) in documents.iter().enumerate() {
        let context = Context { surface: &document.surface, documents: &store, limits: config.limits, judge: &guard };
        let outcome = audit::run(&rules, &context);
        for found in outcome.matches {
            let operation = found.operation.map(|index| &document.surface.operations[index]);
            let rule = &rules[found.rule];
            findings.push(finding::judge(rule, found, number, operation, config.persona));
        }
        for open in outcome.not_assessed {
            let rule = &rules[open.rule];
            if rule.persona > config.persona {
                continue;
            }
            let first = &document.surface.operations[open.operations[0]];
            let more = match open.operations.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            not_checked.push(NotChecked {
                what: format!("{} of {}{more}", rule.id, first.label()),
                why: format!("not assessed: {} does not say what this check needs", document.name),
                span: Some(first.span),
                gap: false,
            });
        }
    }
    finding::arrange(&mut findings);
    not_checked.sort_by_key(|part| !part.gap);
    let sources = store.into_sources();
    Report { sources, documents, rules, findings, not_checked, fail_on: config.fail_on, failed, accepts_gaps }
}

fn format(format: cli::Format) -> Format {
    match format {
        cli::Format::Text => Format::Text,
        cli::Format::Json => Format::Json,
        cli::Format::Sarif => Format::Sarif,
    }
}

fn write_file(path: &Path, report: &Report, format: Format, look: Look) -> Result<(), String> {
    let write = || -> std::io::Result<()> {
        let mut out = BufWriter::new(File::create(path)?);
        report::render(report, format, look, &mut out)?;
        out.flush()
    };
    write().map_err(|error| format!("{} cannot be written: {error}", path.display()))
}
