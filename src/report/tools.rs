//! The list of tools that would be exposed.

use std::io::{self, Write};

use owo_colors::OwoColorize;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::escape::{escape, write_json};
use super::json::{Location, Tool};
use super::{Document, Look};
use crate::source::Sources;
use crate::surface::{Effect, Exposure, Operation};

/// Widest name and path before the next column moves.
const WIDEST: usize = 44;

/// Characters of a description that are shown.
const DESCRIPTION: usize = 60;

#[derive(Serialize)]
struct View<'r> {
    version: u32,
    tool: Tool,
    total_routes: usize,
    exposed_tools: usize,
    tools: Vec<ToolView<'r>>,
    excluded: Vec<ExcludedView<'r>>,
}

#[derive(Serialize)]
struct ToolView<'r> {
    name: &'r str,
    method: Option<&'r str>,
    path: Option<&'r str>,
    effect: Option<&'static str>,
    description: Option<&'r str>,
    location: Location<'r>,
}

#[derive(Serialize)]
struct ExcludedView<'r> {
    name: &'r str,
    method: Option<&'r str>,
    path: Option<&'r str>,
    reason: &'r str,
}

/// Writes the list for programs.
///
/// # Errors
/// What `out` fails with.
pub fn tools_json(documents: &[Document], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let (tools, excluded) = split(documents);
    let view = View {
        version: 1,
        tool: Tool::THIS,
        total_routes: tools.len() + excluded.len(),
        exposed_tools: tools.len(),
        tools: tools
            .iter()
            .map(|tool| ToolView {
                name: &tool.name,
                method: tool.method.as_deref(),
                path: tool.path.as_deref(),
                effect: tool.effect.map(Effect::name),
                description: first_line(tool),
                location: Location::new(sources, tool.span, Some(tool.pointer())),
            })
            .collect(),
        excluded: excluded
            .iter()
            .map(|(operation, reason)| ExcludedView {
                name: &operation.name,
                method: operation.method.as_deref(),
                path: operation.path.as_deref(),
                reason,
            })
            .collect(),
    };
    write_json(&view, out)
}

/// Writes the list for people.
///
/// # Errors
/// What `out` fails with.
pub fn tools_text(documents: &[Document], look: Look, out: &mut dyn Write) -> io::Result<()> {
    let (tools, excluded) = split(documents);
    let line = format!("{} from {}", count(tools.len(), "tool"), count(tools.len() + excluded.len(), "route"));
    writeln!(out, "{}", if look.color { line.bold().to_string() } else { line })?;
    if !tools.is_empty() {
        writeln!(out)?;
    }
    let rows: Vec<[String; 5]> = tools
        .iter()
        .map(|tool| {
            [
                escape(&tool.name).into_owned(),
                tool.method.as_deref().map_or("-".into(), |method| escape(method).into_owned()),
                tool.path.as_deref().map_or("-".into(), |path| escape(path).into_owned()),
                tool.effect.map_or("unknown", Effect::name).to_owned(),
                first_line(tool).map_or(String::new(), |line| cut(&escape(line), DESCRIPTION)),
            ]
        })
        .collect();
    let width =
        |column: usize| rows.iter().map(|row| row[column].width()).filter(|&width| width <= WIDEST).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), width(3)];
    for row in &rows {
        let mut line = String::from("  ");
        for (column, cell) in row.iter().enumerate() {
            let text = if look.color { colored(column, cell) } else { cell.clone() };
            line.push_str(&text);
            if column < widths.len() {
                line.extend(std::iter::repeat_n(' ', widths[column].saturating_sub(cell.width()) + 2));
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    if !excluded.is_empty() {
        writeln!(out, "\n{} excluded", count(excluded.len(), "route"))?;
        for (operation, reason) in excluded {
            writeln!(out, "  {}: {}", escape(&operation.label()), escape(reason))?;
        }
    }
    Ok(())
}

fn split(documents: &[Document]) -> (Vec<&Operation>, Vec<(&Operation, &str)>) {
    let (mut tools, mut excluded) = (Vec::new(), Vec::new());
    for operation in documents.iter().flat_map(|document| &document.surface.operations) {
        match &operation.exposure {
            Exposure::Exposed => tools.push(operation),
            Exposure::Excluded(reason) => excluded.push((operation, reason.as_str())),
        }
    }
    (tools, excluded)
}

fn colored(column: usize, cell: &str) -> String {
    match (column, cell) {
        (0, _) => cell.bold().to_string(),
        (3, "destructive") => cell.red().to_string(),
        (3, "write") => cell.yellow().to_string(),
        (3, "read") => cell.green().to_string(),
        (4, _) => cell.dimmed().to_string(),
        _ => cell.to_owned(),
    }
}

fn first_line(operation: &Operation) -> Option<&str> {
    operation.text()?.value.lines().map(str::trim).find(|line| !line.is_empty())
}

/// The beginning of a text, at most `most` columns wide.
fn cut(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut shown = String::new();
    for character in text.chars() {
        if shown.width() + 2 > most {
            break;
        }
        shown.push(character);
    }
    format!("{}…", shown.trim_end())
}

/// `1 tool`, `2 tools`.
pub fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
