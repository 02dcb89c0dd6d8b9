//! The commands: each reads its inputs, calls the library, and writes what came out.

pub(crate) mod audit;
pub(crate) mod config;
pub(crate) mod diff;
mod exception;
pub(crate) mod export;
mod hook;
pub(crate) mod init;
mod input;
pub(crate) mod lock;
pub(crate) mod manual;
mod message;
mod parallel;
pub(crate) mod rules;
pub(crate) mod scan;
mod setup;
pub(crate) mod tools;

use std::io::{self, IsTerminal, Write};

use mcpsentry::report::Look;

use crate::cli::Color;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing at or above the threshold.
    Clean,
    /// Blockers.
    Blocked,
    /// Wrong usage, unreadable or invalid input, a broken rule.
    Failed,
    /// Nothing to audit, or a part that could not be checked.
    Incomplete,
}

impl Outcome {
    /// The exit code, the same for every format.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Blocked => 1,
            Self::Failed => 2,
            Self::Incomplete => 3,
        }
    }
}

/// Whether the two streams of the program are coloured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Colors {
    pub(crate) output: bool,
    pub(crate) messages: bool,
}

impl Colors {
    /// The flag decides, then `NO_COLOR`, then whether somebody looks.
    pub(crate) fn new(flag: Color) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        let choose = |terminal: bool| match flag {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !plain,
        };
        Self { output: choose(io::stdout().is_terminal()), messages: choose(io::stderr().is_terminal()) }
    }
}

/// Columns that a line on standard output may fill: those of the terminal within reason.
fn columns() -> usize {
    let (terminal, least, most) = (terminal_size::terminal_size_of(io::stdout()), 40, 120);
    terminal.map_or(Look::WIDTH, |(terminal_size::Width(width), _)| usize::from(width).clamp(least, most))
}

/// Writes to standard output. A reader that went away (`| head`) is no failure.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), String> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("standard output cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}
