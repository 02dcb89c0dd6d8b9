//! `mcpsentry config`

use mcpsentry::config::{Scope, schema};
use mcpsentry::report::{count, write_json};

use super::setup::Setup;
use super::{Colors, Outcome, audit, message, print};
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

/// Reads the configuration as an audit would, without a document.
fn check(choice: &cli::ConfigChoice, color: Colors) -> Result<Outcome, ()> {
    let setup = Setup::new(choice, &Scope::default(), color.messages)?;
    let Some(file) = &setup.file else {
        let why = "there is no configuration here";
        message::error(color.messages, "", why, "write mcpsentry.yaml, or name a file with --config");
        return Err(());
    };
    let pack = audit::packs(&setup, &[], color.messages)?;
    audit::rules(&setup, &pack, color.messages)?;
    let line = format!("{}: valid, {}", file.source.name, count(file.inputs.len(), "input"));
    let written = print(|out| writeln!(out, "{}", mcpsentry::report::escape(&line)));
    written.map(|()| Outcome::Clean).map_err(|why| message::error(color.messages, "", &why, ""))
}
