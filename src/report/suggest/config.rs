//! Our configuration.

use std::io::{self, Write};

use super::super::lock::quoted;
use super::Plan;

pub(super) fn render(plan: &Plan<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "# mcpsentry.yaml: operations with blockers, left out of the tools. Add them to the `exclude` that is there."
    )?;
    if plan.exclusions.is_empty() {
        return writeln!(out, "exclude: []");
    }
    writeln!(out, "exclude:")?;
    for exclusion in &plan.exclusions {
        writeln!(out, "  # {}", exclusion.comment())?;
        writeln!(
            out,
            "  - {}",
            quoted(&glob(
                exclusion.operation.method.as_deref(),
                exclusion.operation.path.as_deref(),
                &exclusion.operation.name
            ))
        )?;
    }
    Ok(())
}

/// A glob that matches this operation and no other: the path behind its method, or the name.
fn glob(method: Option<&str>, path: Option<&str>, name: &str) -> String {
    match (method, path) {
        (Some(method), Some(path)) => format!("{method} {}", literal(path)),
        (None, Some(path)) => literal(path),
        _ => {
            let glob = literal(name);
            let mut characters = glob.chars();
            match characters.next() {
                // `GET users` would be a method and a path.
                Some(first) if first.is_ascii_alphabetic() && name.contains(char::is_whitespace) => {
                    format!("[{first}]{}", characters.as_str())
                }
                _ => glob,
            }
        }
    }
}

/// A text in which no sign of globs means anything, and no space at an end gets lost. Braces mean nothing in ours.
fn literal(text: &str) -> String {
    let mut glob = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '*' | '?' | '[' => glob.push_str(&format!("[{character}]")),
            c if c.is_ascii_whitespace() => glob.push_str(&format!("[{c}]")),
            '\\' => glob.push_str("\\\\"),
            character => glob.push(character),
        }
    }
    glob
}
