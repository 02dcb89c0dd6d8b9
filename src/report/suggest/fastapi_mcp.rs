//! The `exclude_operations` of `fastapi_mcp`, which names operations by their `operationId` and has no other way.

use std::io::{self, Write};

use super::{Plan, python};

pub(super) fn render(plan: &Plan<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "# Operations with blockers, left out of the tools: FastApiMCP(app, exclude_operations=EXCLUDE_OPERATIONS)."
    )?;
    let mut any = false;
    for exclusion in &plan.exclusions {
        let Some(name) = exclusion.declared else {
            let comment = exclusion.comment();
            writeln!(out, "# has no operationId, without which fastapi_mcp makes no tool of it: {comment}")?;
            continue;
        };
        if !any {
            writeln!(out, "EXCLUDE_OPERATIONS = [")?;
        }
        any = true;
        let also = if exclusion.shared { "; another operation has the same operationId and goes too" } else { "" };
        writeln!(out, "    # {}{also}", exclusion.comment())?;
        writeln!(out, "    {},", python(name))?;
    }
    writeln!(out, "{}", if any { "]" } else { "EXCLUDE_OPERATIONS = []" })
}
