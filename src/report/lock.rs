//! The exposure lock as YAML: sorted, one tool a block and one input a line, so that a change of it reads well.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::escape::is_unsafe;
use crate::lock::{Found, KEY, Lock, Tool, VERSION, written_by};
use crate::surface::{Effect, Fact, Requirement};

const HEAD: &str = "\
# The tools that a model is given. Written by `mcpsentry lock`; commit it, and let `mcpsentry diff` say what a change
# newly exposes or makes riskier.
";

/// Keywords that stand first in an input.
const FIRST: [&str; 4] = ["type", "required", "format", "enum"];

/// Words that YAML readers take for something else than a text.
const RESERVED: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// Writes a lock.
///
/// # Errors
/// What `out` fails with.
pub fn lock(lock: &Lock, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{HEAD}{KEY}: {VERSION}\nwritten_by: {}\n", quoted(&written_by()))?;
    let rules: Vec<String> = lock.rules.iter().map(|rule| scalar(rule)).collect();
    writeln!(out, "rules:{}", if rules.is_empty() { " []" } else { "" })?;
    for rule in &rules {
        writeln!(out, "  - {rule}")?;
    }
    if !lock.findings.is_empty() {
        findings(&lock.findings, "", out)?;
    }
    writeln!(out, "tools:{}", if lock.tools.is_empty() { " []" } else { "" })?;
    for one in &lock.tools {
        writeln!(out)?;
        tool(one, out)?;
    }
    Ok(())
}

fn tool(tool: &Tool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  - name: {}", scalar(&tool.name))?;
    if let Some(method) = &tool.method {
        writeln!(out, "    method: {}", scalar(method))?;
    }
    if let Some(path) = &tool.path {
        writeln!(out, "    path: {}", scalar(path))?;
    }
    if !tool.base.is_empty() {
        writeln!(out, "    base: {}", scalar(&tool.base))?;
    }
    writeln!(out, "    effect: {}", tool.effect.map_or("unknown", Effect::name))?;
    match &tool.access {
        Fact::Unknown => writeln!(out, "    auth: unknown")?,
        Fact::Missing => writeln!(out, "    auth: none")?,
        Fact::Known(access) if access.0.iter().all(Requirement::is_empty) => writeln!(out, "    auth: none")?,
        Fact::Known(access) => {
            writeln!(out, "    auth:")?;
            for way in &access.0 {
                let schemes = way.iter().map(|(scheme, scopes)| {
                    let scopes: Vec<String> = scopes.iter().map(|scope| scalar(scope)).collect();
                    format!("{}: [{}]", scalar(scheme), scopes.join(", "))
                });
                writeln!(out, "      - {{{}}}", padded(&schemes.collect::<Vec<_>>().join(", ")))?;
            }
        }
    }
    writeln!(out, "    says: {}", quoted(&tool.says))?;
    writeln!(out, "    texts: {}", quoted(&tool.texts))?;
    writeln!(out, "    part_texts: {}", quoted(&tool.part_texts))?;
    writeln!(out, "    takes: {}", digest(&tool.takes))?;
    writeln!(out, "    gives: {}", digest(&tool.gives))?;
    if !tool.inputs.is_empty() {
        writeln!(out, "    inputs:")?;
    }
    for input in &tool.inputs {
        let mut parts = vec![format!("in: {}", scalar(&input.place)), format!("name: {}", scalar(&input.name))];
        let mut facts: Vec<_> = input.facts.iter().collect();
        // What people look for stands first.
        let rank = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
        facts.sort_by_key(|(key, _)| rank(key));
        parts.extend(facts.into_iter().map(|(key, value)| format!("{}: {}", scalar(key), fact(value))));
        writeln!(out, "      - {{ {} }}", parts.join(", "))?;
    }
    if tool.more_inputs > 0 {
        writeln!(out, "    more_inputs: {}", tool.more_inputs)?;
    }
    if !tool.findings.is_empty() {
        findings(&tool.findings, "    ", out)?;
    }
    Ok(())
}

fn findings(findings: &BTreeMap<String, Found>, indent: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{indent}findings:")?;
    for (rule, found) in findings {
        let fields: Vec<String> = found.fields.iter().map(|field| scalar(field)).collect();
        let fields = if fields.is_empty() { String::new() } else { format!(", fields: [{}]", fields.join(", ")) };
        writeln!(out, "{indent}  - {{ rule: {}, severity: {}{fields} }}", scalar(rule), found.severity.name())?;
    }
    Ok(())
}

fn digest(digest: &Fact<String>) -> String {
    match digest {
        Fact::Unknown => "unknown".into(),
        Fact::Missing => "none".into(),
        Fact::Known(digest) => quoted(digest),
    }
}

/// What is known of an input: numbers and truth as they are.
fn fact(value: &str) -> String {
    let is_number = !value.is_empty() && value.len() < 16 && value.bytes().all(|byte| byte.is_ascii_digit());
    if is_number || value == "true" { value.to_owned() } else { scalar(value) }
}

fn padded(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" {text} ") }
}

/// A text as it is where YAML leaves no doubt, else in quotes.
pub(super) fn scalar(text: &str) -> String {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-|".contains(&byte));
    if begins && plain && !RESERVED.contains(&text.to_ascii_lowercase().as_str()) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A text in double quotes, with nothing in it that a terminal or a reader could be deceived by.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_unsafe(c) && c as u32 > 0xFFFF => quoted.push_str(&format!("\\U{:08x}", c as u32)),
            c if is_unsafe(c) => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
