//! `mcpsentry lock`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::Arc;

use mcpsentry::lock::Lock;
use mcpsentry::pack::Pack;
use mcpsentry::report::{self, NotChecked};
use mcpsentry::rule::Rule;
use mcpsentry::source::Sources;
use mcpsentry::surface::contracts;

use super::audit::{self, Choice};
use super::exception;
use super::input::{self, Inputs};
use super::setup::Setup;
use super::{Colors, Outcome, message, print};
use crate::cli;

/// Writes the lock of the inputs.
pub(crate) fn run(arguments: &cli::Lock, color: Colors) -> Outcome {
    try_run(arguments, color).unwrap_or(Outcome::Failed)
}

fn try_run(arguments: &cli::Lock, color: Colors) -> Result<Outcome, ()> {
    let flags = audit::flags(&arguments.rules, &arguments.surface);
    let setup = Setup::new(&arguments.config, &flags, color.messages)?;
    let pack = audit::packs(&setup, &arguments.rules.rules, color.messages)?;
    let rules = audit::rules(&setup, &pack, color.messages)?;
    let inputs = input::read(&arguments.input, &setup, color.messages)?;
    let failed = inputs.failed;
    let choice = Choice {
        persona: audit::persona(arguments.rules.persona, &setup),
        fail_on: None,
        accepts_gaps: arguments.allow_unchecked,
        max_tokens: None,
    };
    let locked = locked(inputs, &rules, &pack, &setup, choice);
    let gaps = locked.not_checked.iter().filter(|part| part.gap).count();
    message::gaps(color.messages, &locked.not_checked, &locked.sources);
    if failed {
        // A lock without the tools of a document would pass for a review of them.
        return Ok(Outcome::Failed);
    }
    if locked.lock.tools.is_empty() {
        let help = "check --include and --exclude; `mcpsentry tools` lists what they leave";
        message::warning(color.messages, "", "nothing was locked: no operation becomes a tool", help);
        return Ok(Outcome::Incomplete);
    }
    let written = match &arguments.output {
        Some(path) => {
            let write = || -> std::io::Result<()> {
                let mut out = BufWriter::new(File::create(path)?);
                report::lock(&locked.lock, &mut out)?;
                out.flush()
            };
            write().map_err(|error| format!("{} cannot be written: {error}", path.display()))
        }
        None => print(|out| report::lock(&locked.lock, out)),
    };
    written.map_err(|why| message::error(color.messages, "", &why, "check the path and the space left"))?;
    Ok(if gaps > 0 && !arguments.allow_unchecked { Outcome::Incomplete } else { Outcome::Clean })
}

/// A lock, and what was read for it.
pub(super) struct Locked {
    pub(super) lock: Lock,
    pub(super) sources: Sources,
    pub(super) not_checked: Vec<NotChecked>,
}

/// The lock of documents.
pub(super) fn locked(inputs: Inputs, rules: &[Vec<Arc<Rule>>], pack: &Pack, setup: &Setup, choice: Choice) -> Locked {
    // What somebody accepted counts as accepted here too; what was there before is what a lock is about.
    let exceptions = exception::gather(setup, None, &inputs.store, pack);
    let contracts: Vec<_> =
        inputs.documents.iter().map(|document| contracts(&inputs.store, &document.surface)).collect();
    let report = audit::report(inputs, rules, exceptions, setup, choice);
    let surfaces = report.documents.iter().map(|document| &document.surface).zip(contracts);
    // Rules for stricter readers ran, but what they found does not count.
    let rules: Vec<_> = report.rules.iter().filter(|rule| rule.persona <= choice.persona).cloned().collect();
    let lock = Lock::of(surfaces, &rules, &report.findings);
    Locked { lock, sources: report.sources, not_checked: report.not_checked }
}
