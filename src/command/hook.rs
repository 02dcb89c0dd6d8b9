//! Commands of the user's that are told of a decision.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a command may take before it is ended.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs a shell command with `input` on its standard input. What it prints goes to standard error, so that it never
/// mixes with the report.
///
/// # Errors
/// Why it could not be run, or how it failed. The decision stands, whatever it does.
pub(crate) fn tell(command: &str, input: &[u8]) -> Result<(), String> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command_line = Command::new(shell);
    // A group of its own, so that what the shell started can be ended with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command_line, 0);
    let mut child = command_line
        .args([flag, command])
        .stdin(Stdio::piped())
        .stdout(Stdio::from(io::stderr()))
        .spawn()
        .map_err(|error| error.to_string())?;
    let stdin = child.stdin.take();
    let input = input.to_vec();
    // A command that does not read must not hold us up, nor one that hangs.
    thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("it ended with {status}")),
            Ok(None) if begun.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(2)),
            Ok(None) => {
                if cfg!(unix) {
                    let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]).status();
                }
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("it was ended after {} seconds", PATIENCE.as_secs()));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}
