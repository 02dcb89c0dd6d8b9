//! What a document says itself of becoming tools: the extensions of bridges and of their makers, as far as their shapes
//! are known. None of them is ever needed.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::extension::{self, Says};
use super::reference::References;
use super::{Fact, Text};
use crate::source::{Span, Spanned};
use crate::syntax::Node;

/// Where an extension stands. What stands nearer to the operation counts before what stands farther.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Operation,
    Path,
    Document,
}

/// What a level decides.
#[derive(Debug, Clone, Default)]
pub(super) struct Decision {
    /// What exposes the operation, as it is written.
    exposes: Option<String>,
    /// What keeps it from being exposed.
    excludes: Option<String>,
    /// The tool's name.
    pub(super) name: Option<String>,
    /// What the model is told.
    pub(super) description: Option<Text>,
}

impl Decision {
    fn is_open(&self) -> bool {
        self.exposes.is_none() && self.excludes.is_none()
    }
}

/// Reads decisions, and says which extensions it does not understand, each once.
#[derive(Debug, Default)]
pub(super) struct Decisions {
    noted: FxHashSet<Span>,
}

impl Decisions {
    /// Why an operation does not become a tool; none if it does, or nothing decides. Decisions that contradict each other
    /// leave it exposed, and that is said.
    pub(super) fn exclusion(
        &mut self,
        levels: [&Decision; 3],
        references: &References<'_>,
        label: &str,
        span: Span,
    ) -> Option<String> {
        let nearest = levels.into_iter().find(|decision| !decision.is_open())?;
        match (&nearest.exposes, &nearest.excludes) {
            (Some(exposes), Some(excludes)) => {
                if self.noted.insert(span) {
                    let why = format!("`{exposes}` exposes it and `{excludes}` does not: it is audited; remove one");
                    references.note(format!("exposure of {label}"), why, Some(span), false);
                }
                None
            }
            (_, Some(excludes)) if excludes.starts_with("x-mcp-server") => Some(excludes.clone()),
            // FastMCP and fastapi_mcp, for two, read none of them.
            (_, excludes) => excludes.as_ref().map(|excludes| format!("{excludes}, for bridges that read it")),
        }
    }

    /// What the extensions of one level decide.
    pub(super) fn read(&mut self, node: Node<'_>, level: Level, references: &References<'_>) -> Decision {
        let mut decision = Decision::default();
        for (key, value) in node.members() {
            let name = key.text();
            if !name.starts_with("x-") {
                continue;
            }
            match extension::says(&name, value, level) {
                Says::Exposed(exposed, written) => {
                    let written = match level {
                        Level::Operation => written,
                        Level::Path => format!("{written} of the path"),
                        Level::Document => format!("{written} of the document"),
                    };
                    let place = if exposed { &mut decision.exposes } else { &mut decision.excludes };
                    place.get_or_insert(written);
                }
                Says::Nothing => {}
                Says::Unknown(shapes) => {
                    if self.noted.insert(key.span()) {
                        let why = format!("its value is not understood, so nothing was decided by it; {shapes}");
                        references.note(name.clone(), why, Some(key.span()), false);
                    }
                }
            }
            if level == Level::Operation {
                texts(&name, value, &mut decision);
            }
        }
        decision
    }
}

/// The name and description that a bridge takes from an extension.
fn texts(name: &str, value: Node<'_>, decision: &mut Decision) {
    // The text alone.
    if let "x-tool-description" | "x-ctctmcp-tool-desc" | "x-koan-mcp-description" = name {
        let text = value.as_str().filter(|text| !text.trim().is_empty());
        let text = text.map(|text| Spanned { value: text.as_ref().into(), span: value.span() });
        decision.description = decision.description.take().or(text);
        return;
    }
    let holder = match name {
        "x-mcp" | "x-mcp-tool" | "x-speakeasy-mcp" => value,
        "x-zuplo-route" | "x-mint" => match value.get("mcp") {
            Some(inner) => inner,
            None => return,
        },
        _ => return,
    };
    let text = |key| {
        let node: Node<'_> = holder.get(key)?;
        let text: Cow<'_, str> = node.as_str().filter(|text| !text.trim().is_empty())?;
        Some(Spanned { value: text.as_ref().into(), span: node.span() })
    };
    if decision.name.is_none() {
        decision.name = text("name").map(|name: Text| name.value.to_string());
    }
    if decision.description.is_none() {
        decision.description = text("description");
    }
}

impl Decision {
    /// The description that a model is given: that of a bridge's extension, else that of the document.
    pub(super) fn description(&self, written: Fact<Text>) -> Fact<Text> {
        self.description.clone().map_or(written, Fact::Known)
    }
}
