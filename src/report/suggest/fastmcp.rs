//! Route maps of FastMCP, which are regular expressions over paths; the first that matches decides.

use std::io::{self, Write};

use super::{Plan, python};

pub(super) fn render(plan: &Plan<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "# Operations with blockers, left out of the tools. Put these before route maps of your own:\n\
         # FastMCP.from_openapi(..., route_maps=ROUTE_MAPS). Before FastMCP 3 import from fastmcp.server.openapi.\n\
         from fastmcp.server.providers.openapi import MCPType, RouteMap\n"
    )?;
    let mut any = false;
    for exclusion in &plan.exclusions {
        let Some(path) = &exclusion.operation.path else {
            writeln!(out, "# has no path, so no route map names it: {}", exclusion.comment())?;
            continue;
        };
        if !any {
            writeln!(out, "ROUTE_MAPS = [")?;
        }
        any = true;
        writeln!(out, "    # {}", exclusion.comment())?;
        let methods = match &exclusion.operation.method {
            Some(method) => format!("[{}]", python(&method.to_ascii_uppercase())),
            None => "\"*\"".into(),
        };
        let pattern = python(&format!("\\A{}\\Z", regex(path)));
        writeln!(out, "    RouteMap(methods={methods}, pattern={pattern}, mcp_type=MCPType.EXCLUDE),")?;
    }
    writeln!(out, "{}", if any { "]" } else { "ROUTE_MAPS = []" })
}

/// A text in which no sign of regular expressions means anything, as Python's `re.escape` would write it.
fn regex(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
