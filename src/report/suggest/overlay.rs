//! An OpenAPI Overlay 1.0 that sets `x-mcp: false`, for stacks that read the document.

use std::io::{self, Write};

use super::super::lock::quoted;
use super::{Exclusion, Plan};

pub(super) fn render(plan: &Plan<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut documents: Vec<&str> = Vec::new();
    for exclusion in &plan.exclusions {
        if target(exclusion).is_none() {
            writeln!(out, "# stands in no OpenAPI document: {}", exclusion.comment())?;
        } else if !documents.contains(&exclusion.document.name.as_str()) {
            documents.push(&exclusion.document.name);
        }
    }
    if documents.is_empty() {
        return writeln!(out, "# No operation of an OpenAPI document has a blocker, so there is nothing to overlay.");
    }
    for (number, document) in documents.iter().enumerate() {
        if number > 0 {
            writeln!(out, "---")?;
        }
        let title = format!("Operations of {document} that are kept from models");
        writeln!(out, "overlay: 1.0.0\ninfo:\n  title: {}\n  version: \"1\"\nactions:", quoted(&title))?;
        for exclusion in plan.exclusions.iter().filter(|exclusion| exclusion.document.name == *document) {
            let Some(target) = target(exclusion) else { continue };
            writeln!(out, "  - target: {}", quoted(&target))?;
            writeln!(out, "    description: {}", quoted(&exclusion.rules))?;
            writeln!(out, "    update:\n      x-mcp: false")?;
        }
    }
    Ok(())
}

/// The operation as a JSONPath, RFC 9535. One that stands in another file is named as it will stand in the bundled
/// document, since an overlay knows no other file.
pub(super) fn target(exclusion: &Exclusion<'_>) -> Option<String> {
    let operation = exclusion.operation;
    if !exclusion.document.surface.head_pointer.ends_with("openapi")
        && !exclusion.document.surface.head_pointer.ends_with("swagger")
    {
        return None;
    }
    let (method, path) = (operation.method.as_deref()?, operation.path.as_deref()?);
    let own = operation.span.source == exclusion.document.surface.head.source;
    let steps: Vec<String> = match operation.pointer().strip_prefix("/paths/").filter(|_| own) {
        Some(rest) => rest.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect(),
        None => vec![path.to_owned(), method.to_ascii_lowercase()],
    };
    Some(steps.iter().fold("$.paths".to_owned(), |target, step| format!("{target}[{}]", literal(step))))
}

/// A name within quotes: double ones where that saves an escape, which tools are bad at (`/users('{id}')`).
fn literal(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut name = String::with_capacity(text.len() + 2);
    name.push(quote);
    for character in text.chars() {
        match character {
            '\\' => name.push_str("\\\\"),
            character if character == quote => {
                name.push('\\');
                name.push(character);
            }
            '\n' => name.push_str("\\n"),
            '\r' => name.push_str("\\r"),
            '\t' => name.push_str("\\t"),
            c if (c as u32) < 0x20 => name.push_str(&format!("\\u{:04x}", c as u32)),
            c => name.push(c),
        }
    }
    name.push(quote);
    name
}
