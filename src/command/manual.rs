//! `mcpsentry man` and `mcpsentry completions`: what the program knows of its own command line.

use std::fs::File;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Colors, Outcome, message, print};
use crate::cli::{self, Cli};

/// Prints the page of the program or of a command, or writes all of them into a folder.
pub(crate) fn run(arguments: &cli::Man, color: Colors) -> Outcome {
    let mut program = Cli::command();
    // Gives `mcpsentry-rules-list` its whole name.
    program.build();
    if let Some(folder) = &arguments.dir {
        let written = std::fs::create_dir_all(folder).and_then(|()| write_all(&program, folder));
        return done(written.map_err(|error| format!("{} cannot be written: {error}", folder.display())), color);
    }
    let mut command = &program;
    for word in &arguments.command {
        let Some(found) = command.find_subcommand(word) else {
            let why = format!("`{}` has no command `{word}`", command.get_bin_name().unwrap_or("mcpsentry"));
            message::error(color.messages, "", &why, "`mcpsentry --help` lists the commands");
            return Outcome::Failed;
        };
        command = found;
    }
    let page = Man::new(command.clone());
    done(print(|out| page.render(out)), color)
}

/// A page for the command and one for each below it.
fn write_all(command: &Command, folder: &Path) -> std::io::Result<()> {
    let page = Man::new(command.clone());
    page.render(&mut File::create(folder.join(page.get_filename()))?)?;
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        write_all(below, folder)?;
    }
    Ok(())
}

/// Prints the completions of a shell.
pub(crate) fn completions(shell: Shell, color: Colors) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "mcpsentry", &mut text);
    done(print(|out| out.write_all(&text)), color)
}

fn done(written: Result<(), String>, color: Colors) -> Outcome {
    match written {
        Ok(()) => Outcome::Clean,
        Err(why) => {
            message::error(color.messages, "", &why, "check the path and the space left");
            Outcome::Failed
        }
    }
}
