//! `mcpsentry config`

use mcpsentry::config::{Baseline, Fault, Scope, schema};
use mcpsentry::report::{count, write_json};

use super::setup::Setup;
use super::{Colors, Outcome, audit, input, message, print, scan};
use crate::cli;

/// Checks the configuration, or prints its JSON Schema.
pub(crate) fn run(arguments: &cli::Config, color: Colors) -> Outcome {
    let outcome = match arguments {
        cli::Config::Check { config } => check(config, color),
        cli::Config::Schema => print(|out| write_json(&schema(), out))
            .map(|()| Outcome::Clean)
            .map_err(|why| message::error(color.messages, "", &why, "")),
    };
    outcome.unwrap_or(Outcome::Failed)
}

/// Reads the configuration as an audit and a scan would, without the documents.
fn check(choice: &cli::ConfigChoice, color: Colors) -> Result<Outcome, ()> {
    let setup = Setup::new(choice, &Scope::default(), color.messages)?;
    let Some(file) = &setup.file else {
        let why = "there is no configuration here";
        message::error(color.messages, "", why, "write mcpsentry.yaml, or name a file with --config");
        return Err(());
    };
    let pack = audit::packs(&setup, &[], color.messages)?;
    audit::rules(&setup, &pack, color.messages)?;
    scan::catalogue(&[], &[], Some(file), color.messages)?;
    // Documents may be made later, by a build.
    for input in &file.inputs {
        if let Err((why, help)) = input::targets(&input.path) {
            let fault = Fault { span: input.word.span, message: format!("{}: {why}", input.path), help };
            message::config_warning(color.messages, &file.source, &fault);
        }
    }
    if let Some((word, path)) = &file.baseline
        && let Err((message, help)) = Baseline::read(path)
    {
        message::config_warning(color.messages, &file.source, &Fault { span: word.span, message, help });
    }
    let line = format!("{}: valid, {}", file.source.name, count(file.inputs.len(), "input"));
    let written = print(|out| writeln!(out, "{}", mcpsentry::report::escape(&line)));
    written.map(|()| Outcome::Clean).map_err(|why| message::error(color.messages, "", &why, ""))
}
