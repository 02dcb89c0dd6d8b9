//! `mcpsentry diff`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::Arc;

use mcpsentry::config::Named;
use mcpsentry::lock::{self, Gate, Lock};
use mcpsentry::pack::Pack;
use mcpsentry::report::{self, Diff, DiffFormat, Half, Look};
use mcpsentry::rule::Rule;

use super::audit::{self, Choice};
use super::input;
use super::lock::{Locked, locked};
use super::setup::Setup;
use super::{Colors, Outcome, columns, message, print};
use crate::cli;

/// Compares what was with what is, and writes every report that was asked for.
pub(crate) fn run(arguments: &cli::Diff, color: Colors) -> Outcome {
    try_run(arguments, color).unwrap_or(Outcome::Failed)
}

/// One of the two.
struct Side {
    half: Half,
    lock: Lock,
    /// Whether this version of the program judged it.
    own_judge: bool,
    /// The scope of its first document.
    scope: usize,
}

fn try_run(arguments: &cli::Diff, color: Colors) -> Result<Outcome, ()> {
    let gate = if arguments.fail_on.is_empty() { Ok(Gate::default()) } else { Gate::parse(&arguments.fail_on) };
    let gate = gate.map_err(|why| message::error(color.messages, "", &why, "see `mcpsentry diff --help`"))?;
    if arguments.old == "-" && arguments.new.as_deref() == Some("-") {
        let help = "give one of the two as a file";
        message::error(color.messages, "", "both sides cannot come from standard input", help);
        return Err(());
    }
    let flags = audit::flags(&arguments.rules, &arguments.surface);
    let mut setup = Setup::new(&arguments.config, &flags, color.messages)?;
    let pack = audit::packs(&setup, &arguments.rules.rules, color.messages)?;
    let mut rules = audit::rules(&setup, &pack, color.messages)?;
    let Some(new) = side(arguments, arguments.new.as_deref(), &rules, &pack, &setup, color.messages)? else {
        return Ok(Outcome::Incomplete);
    };
    // What was is held against the choices for what is, wherever its file lies.
    setup.scopes[0] = setup.scopes[new.scope].clone();
    setup.filters[0] = setup.filters[new.scope].clone();
    rules[0] = rules[new.scope].clone();
    let Some(old) = side(arguments, Some(&arguments.old), &rules, &pack, &setup, color.messages)? else {
        return Ok(Outcome::Incomplete);
    };
    let same_judge = old.own_judge && new.own_judge;
    let diff = Diff {
        comparison: lock::compare(&old.lock, &new.lock, same_judge),
        old: old.half,
        new: new.half,
        gate,
        accepts_gaps: arguments.allow_unchecked,
    };
    write(&diff, arguments, color)?;
    if arguments.format != cli::DiffFormat::Text {
        for half in [&diff.old, &diff.new] {
            message::gaps(color.messages, &half.not_checked, &half.sources);
        }
    }
    Ok(match diff.verdict() {
        report::DiffVerdict::Nothing | report::DiffVerdict::Incomplete => Outcome::Incomplete,
        report::DiffVerdict::Blocked => Outcome::Blocked,
        report::DiffVerdict::Passed | report::DiffVerdict::Unchanged => Outcome::Clean,
    })
}

/// Reads one side; nothing if there is nothing in it that could be compared, which was said.
fn side(
    arguments: &cli::Diff,
    name: Option<&str>,
    rules: &[Vec<Arc<Rule>>],
    pack: &Pack,
    setup: &Setup,
    color: bool,
) -> Result<Option<Side>, ()> {
    let input =
        cli::Input { inputs: name.map(str::to_owned).into_iter().collect(), stdin_name: arguments.stdin_name.clone() };
    let mut inputs = input::read(&input, setup, color)?;
    if inputs.failed {
        return Err(());
    }
    let shown = match name {
        Some("-") => arguments.stdin_name.clone(),
        Some(name) => input::nearby(name).into_owned(),
        None => inputs.documents.iter().map(|document| document.name.as_str()).collect::<Vec<_>>().join(", "),
    };
    if let (Some((mut lock, own_judge)), true) = (inputs.locks.pop(), inputs.documents.is_empty()) {
        let filter = &setup.filters[0];
        lock.tools.retain(|tool| {
            let named = Named {
                method: tool.method.as_deref(),
                path: tool.path.as_deref(),
                base: &tool.base,
                name: &tool.name,
            };
            filter.reason(named).is_none()
        });
        let half = Half {
            name: shown,
            sources: inputs.store.into_sources(),
            head: None,
            tools: lock.tools.len(),
            not_checked: Vec::new(),
        };
        return Ok(Some(Side { half, lock, own_judge, scope: 0 }));
    }
    let head = inputs.documents.first().map(|document| document.surface.head);
    let scope = inputs.scopes.first().copied().unwrap_or(0);
    let choice = Choice {
        persona: audit::persona(arguments.rules.persona, setup),
        fail_on: None,
        accepts_gaps: false,
        max_tokens: None,
    };
    let Locked { lock, sources, not_checked } = locked(inputs, rules, pack, setup, choice);
    if head.is_none() {
        message::gaps(color, &not_checked, &sources);
        let help = "give a lock or an API description for each side";
        message::error(color, &shown, "there is nothing in it that could be compared", help);
        return Ok(None);
    }
    let half = Half { name: shown, sources, head, tools: lock.tools.len(), not_checked };
    Ok(Some(Side { half, lock, own_judge: true, scope }))
}

fn write(diff: &Diff, arguments: &cli::Diff, color: Colors) -> Result<(), ()> {
    let stdout = format(arguments.format);
    let look = Look { width: columns(), color: color.output, ..Look::default() };
    let mut written = print(|out| report::diff(diff, stdout, look, out));
    for output in &arguments.output {
        let file = || -> std::io::Result<()> {
            let mut out = BufWriter::new(File::create(&output.path)?);
            report::diff(diff, format(output.format), Look::default(), &mut out)?;
            out.flush()
        };
        let outcome = file().map_err(|error| format!("{} cannot be written: {error}", output.path.display()));
        written = written.and(outcome);
    }
    written.map_err(|why| message::error(color.messages, "", &why, "check the path and the space left"))
}

fn format(format: cli::DiffFormat) -> DiffFormat {
    match format {
        cli::DiffFormat::Text => DiffFormat::Text,
        cli::DiffFormat::Json => DiffFormat::Json,
        cli::DiffFormat::Sarif => DiffFormat::Sarif,
        cli::DiffFormat::Markdown => DiffFormat::Markdown,
    }
}
