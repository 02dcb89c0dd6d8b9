//! `mcpsentry audit`

use std::cell::Cell;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mcpsentry::audit::{self, Context};
use mcpsentry::config::{Exceptions, Scope};
use mcpsentry::finding;
use mcpsentry::guard::{Catalogue, Guard, Options};
use mcpsentry::pack::{self, Pack};
use mcpsentry::report::{self, Declared, Form, Format, Gate, Look, NotChecked, Report};
use mcpsentry::rule::{Limits, Persona, Rule, Severity};

use super::setup::{self, Setup};
use super::{Colors, Outcome, columns, exception, input, message, parallel, print};
use crate::cli;

/// The rule that `--max-tools` and `--max-tokens` ask for.
const BUDGET_RULE: &str = "tool-budget";

/// Audits the inputs and writes every report that was asked for.
pub(crate) fn run(arguments: &cli::Audit, color: Colors) -> Outcome {
    try_run(arguments, color).unwrap_or(Outcome::Failed)
}

fn try_run(arguments: &cli::Audit, color: Colors) -> Result<Outcome, ()> {
    let (input, forms) = suggestion(arguments, color.messages)?;
    let flags = Scope { fail_on: fail_on(arguments), ..flags(&arguments.rules, &arguments.surface) };
    let setup = Setup::new(&arguments.config, &flags, color.messages)?;
    let pack = packs(&setup, &arguments.rules.rules, color.messages)?;
    let rules = rules(&setup, &pack, color.messages)?;
    let baseline = exception::baseline(&arguments.gate, &setup, color.messages)?;
    let inputs = input::read(&input, &setup, color.messages)?;
    let exceptions = exception::gather(&setup, baseline, &inputs.store, &pack);
    let declared = if forms.is_some() { declared(&inputs) } else { Declared::default() };
    let choice = Choice {
        persona: persona(arguments.rules.persona, &setup),
        fail_on: setup.fail_on(0),
        accepts_gaps: arguments.gate.allow_unchecked,
        max_tokens: arguments.max_tokens,
    };
    let mut report = report(inputs, &rules, exceptions, &setup, choice);
    exception::write_baseline(&arguments.gate, &mut report, color.messages)?;

    let mut written = Ok(());
    let look = Look {
        width: columns(),
        color: color.output,
        source: arguments.show_source,
        suppressed: arguments.show_suppressed,
    };
    let stdout = format(arguments.format);
    written = written.and(print(|out| match &forms {
        Some(forms) => report::suggest(&report, &declared, forms, out),
        None => report::render(&report, stdout, look, out),
    }));
    for output in &arguments.output {
        let look = Look { width: Look::WIDTH, color: false, ..look };
        written = written.and(write_file(&output.path, &report, format(output.format), look));
    }
    if let Err(why) = written {
        message::error(color.messages, "", &why, "check the path and the space left");
        return Err(());
    }
    let sarif = stdout == Format::Sarif || arguments.output.iter().any(|output| output.format == cli::Format::Sarif);
    if sarif && let Some(cut) = report::sarif_cut(&report) {
        message::warning(color.messages, "", &cut, "the text and JSON reports have them all");
    }
    for gap in forms.iter().flat_map(|forms| report::suggest_gaps(&report, &declared, forms)) {
        message::warning(color.messages, "", &gap, "see the report for what else to do about it");
    }
    let outcome = outcome(&report, arguments, color.messages);
    // The process ends: to give all of it back piece by piece would cost a tenth of the run.
    std::mem::forget(report);
    Ok(outcome)
}

/// The inputs, and the forms of the suggestion if one is asked for. What stands behind `--suggest` may be an input.
fn suggestion(arguments: &cli::Audit, color: bool) -> Result<(cli::Input, Option<Vec<Form>>), ()> {
    let mut input = arguments.input.clone();
    let Some(words) = arguments.suggest.as_deref() else { return Ok((input, None)) };
    let known: Result<Vec<Form>, String> = words.split(',').filter(|word| !word.is_empty()).map(Form::parse).collect();
    match known {
        Ok(forms) if !forms.is_empty() => return Ok((input, Some(forms))),
        Err(why) if words != "-" && !Path::new(words).exists() => {
            message::error(color, "", &why, "write --suggest FORM, or --suggest alone for all of them");
            return Err(());
        }
        Err(_) => input.inputs.insert(0, words.to_owned()),
        Ok(_) => {}
    }
    Ok((input, Some(Form::ALL.to_vec())))
}

/// The names that the documents declare for their operations.
fn declared(inputs: &input::Inputs) -> Declared {
    let names = |document: &report::Document| {
        let operations = document.surface.operations.iter();
        operations.map(|operation| operation.declared_id(&inputs.store)).collect()
    };
    inputs.documents.iter().map(names).collect()
}

/// How findings are judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    /// Who reads the report.
    pub(crate) persona: Persona,
    /// The severity from which a finding blocks; none if nothing does.
    pub(crate) fail_on: Option<Severity>,
    /// Whether parts that were not checked are accepted.
    pub(crate) accepts_gaps: bool,
    /// Most tokens that tools may take; a default if none.
    pub(crate) max_tokens: Option<usize>,
}

fn outcome(report: &Report, arguments: &cli::Audit, color: bool) -> Outcome {
    let gaps = report.gaps();
    if arguments.format != cli::Format::Text || arguments.suggest.is_some() {
        message::gaps(color, &report.not_checked, &report.sources);
        message::notices(color, &report.exceptions.notices());
    }
    // A document that could not be read has its own message.
    if gaps > 0 && !report.failed {
        let parts = if gaps == 1 { "1 part was".to_owned() } else { format!("{gaps} parts were") };
        let help = if arguments.gate.allow_unchecked { "" } else { "mend them, or accept them with --allow-unchecked" };
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

/// What the flags choose.
pub(crate) fn flags(rules: &cli::RuleChoice, surface: &cli::Surface) -> Scope {
    Scope { select: setup::words(&rules.select), ignore: setup::words(&rules.ignore), ..setup::surface(surface) }
}

/// Our rules about APIs and those of the user's folders, with the user's words.
pub(crate) fn packs(setup: &Setup, folders: &[PathBuf], color: bool) -> Result<Pack, ()> {
    let load = || {
        let mut pack = pack::prepared_audit();
        for folder in setup.rules(folders) {
            pack.extend(pack::load_folder(&folder)?.without_guard())?;
        }
        Ok(pack)
    };
    let pack = load().map_err(|fault| message::rule_error(color, &fault))?;
    if let Some(file) = &setup.file {
        let checked = file.suppress.iter().try_for_each(|suppression| suppression.check(&pack));
        checked.map_err(|fault| setup.fault(color, &fault))?;
    }
    Ok(pack)
}

/// The rules that run, for each scope.
pub(crate) fn rules(setup: &Setup, pack: &Pack, color: bool) -> Result<Vec<Vec<Arc<Rule>>>, ()> {
    let mut all = Vec::new();
    for scope in &setup.scopes {
        let besides = scope.max_tools.map(|_| BUDGET_RULE);
        let rules = scope.rules(pack, besides).map_err(|fault| setup.fault(color, &fault))?;
        if rules.is_empty() {
            message::error(color, "", "no rule is left to run", "loosen --select and --ignore");
            return Err(());
        }
        all.push(rules);
    }
    let is_ignored = |rule: &Rule| {
        setup.scopes.iter().flat_map(|scope| scope.ignore.iter().flatten()).any(|word| *word.text == *rule.id)
    };
    let left_out: Vec<&str> = pack
        .rules
        .iter()
        .filter(|rule| rule.custom && !is_ignored(rule))
        .filter(|rule| !all.iter().flatten().any(|chosen| chosen.id == rule.id))
        .map(|rule| &*rule.id)
        .collect();
    if !left_out.is_empty() {
        let why = format!("rules of your own that the selection leaves out: {}", left_out.join(", "));
        message::warning(color, "", &why, "name them, or a preset that holds them");
    }
    Ok(all)
}

/// Who reads the report.
pub(crate) fn persona(flag: Option<cli::Reader>, setup: &Setup) -> Persona {
    match flag {
        Some(cli::Reader::Regular) => Persona::Regular,
        Some(cli::Reader::Pedantic) => Persona::Pedantic,
        Some(cli::Reader::Auditor) => Persona::Auditor,
        None => setup.file.as_ref().and_then(|file| file.persona).unwrap_or(Persona::Regular),
    }
}

/// The severity from which a finding blocks, as it was chosen; within, none if nothing does.
fn fail_on(arguments: &cli::Audit) -> Option<Option<Severity>> {
    arguments.gate.fail_on.map(|threshold| match threshold {
        cli::Threshold::Critical => Some(Severity::Critical),
        cli::Threshold::High => Some(Severity::High),
        cli::Threshold::Medium => Some(Severity::Medium),
        cli::Threshold::Low => Some(Severity::Low),
        cli::Threshold::Never => None,
    })
}

/// Runs the rules over every document.
pub(crate) fn report(
    inputs: input::Inputs,
    chosen: &[Vec<Arc<Rule>>],
    mut exceptions: Exceptions,
    setup: &Setup,
    choice: Choice,
) -> Report {
    let input::Inputs { store, documents, scopes, mut not_checked, failed, complete, .. } = inputs;
    let persona = choice.persona;
    let unsuppressed = exceptions.suppressions.is_empty();
    let guard = Guard::new(Catalogue::shipped(), Options::default());
    let scoped: Vec<_> = documents.iter().zip(&scopes).enumerate().collect();
    let outcomes = parallel::map(&scoped, |&(number, (document, &scope))| {
        let (rules, scope) = (&chosen[scope], &setup.scopes[scope]);
        let limits = Limits { max_tools: scope.max_tools, max_tokens: choice.max_tokens, bridge: scope.bridge() };
        let context = Context { surface: &document.surface, documents: &store, limits, judge: &guard };
        let below = Cell::new(0);
        let outcome = audit::run(rules, &context, |found| {
            let rule = &rules[found.rule];
            // Whether a suppression covers it is all that anybody could want to know of it.
            if rule.persona > persona && unsuppressed {
                below.set(below.get() + 1);
                return None;
            }
            let operation = found.operation.map(|index| &document.surface.operations[index]);
            Some(finding::judge(rule, found, number, operation, persona))
        });
        (outcome, below.get())
    });
    let (mut findings, mut below_persona) = (Vec::new(), 0);
    for ((_, (document, &scope)), (outcome, below)) in scoped.into_iter().zip(outcomes) {
        let rules = &chosen[scope];
        below_persona += below;
        if findings.is_empty() {
            findings = outcome.matches
        } else {
            findings.extend(outcome.matches)
        }
        for open in outcome.not_assessed {
            let rule = &rules[open.rule];
            if rule.persona > persona {
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
                unread: false,
            });
        }
    }
    let names: Vec<&str> = documents.iter().map(|document| document.name.as_str()).collect();
    let mut findings = exceptions
        .apply(findings, &names, |finding| Some(&documents[finding.document].surface.operations[finding.operation?]));
    let rules = distinct(chosen, &scopes);
    exceptions.close(&rules, complete && !failed);
    finding::arrange(&mut findings);
    not_checked.sort_by_key(|part| !part.gap);
    Report {
        sources: store.into_sources(),
        documents,
        rules,
        findings,
        below_persona,
        exceptions,
        not_checked,
        fail_on: choice.fail_on,
        failed,
        accepts_gaps: choice.accepts_gaps,
    }
}

/// The rules that ran, each once; all of them if there was nothing to run them on.
fn distinct(chosen: &[Vec<Arc<Rule>>], scopes: &[usize]) -> Vec<Arc<Rule>> {
    let used = chosen.iter().enumerate().filter(|(number, _)| scopes.is_empty() || scopes.contains(number));
    let mut rules: Vec<Arc<Rule>> = Vec::new();
    for rule in used.flat_map(|(_, rules)| rules) {
        if !rules.iter().any(|known| known.id == rule.id) {
            rules.push(Arc::clone(rule));
        }
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules
}

fn format(format: cli::Format) -> Format {
    match format {
        cli::Format::Text => Format::Text,
        cli::Format::Json => Format::Json,
        cli::Format::Sarif => Format::Sarif,
        cli::Format::Github => Format::Github,
        cli::Format::Markdown => Format::Markdown,
        cli::Format::Junit => Format::Junit,
        cli::Format::Html => Format::Html,
        cli::Format::Agent => Format::Agent,
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
