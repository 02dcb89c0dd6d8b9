//! The program: reads the command line, runs the command, turns its outcome into an exit code.

mod cli;
mod command;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            // Help that nobody reads to its end is no failure.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let color = command::Colors::new(cli.color);
    let outcome = match &cli.command {
        Command::Audit(arguments) => command::audit::run(arguments, color),
        Command::Tools(arguments) => command::tools::run(arguments, color),
        Command::Lock(arguments) => command::lock::run(arguments, color),
        Command::Diff(arguments) => command::diff::run(arguments, color),
        Command::Scan(arguments) => command::scan::run(arguments, color),
        Command::Export(arguments) => command::export::run(arguments, color),
        Command::Rules(arguments) => command::rules::run(arguments, color),
        Command::Config(arguments) => command::config::run(arguments, color),
        Command::Init(arguments) => command::init::run(arguments, color),
        Command::Completions { shell } => command::manual::completions(*shell, color),
        Command::Man(arguments) => command::manual::run(arguments, color),
    };
    ExitCode::from(outcome.code())
}
