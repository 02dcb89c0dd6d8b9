//! What a document says itself of becoming tools: the extensions of bridges and of their makers, as far as their shapes
//! are known. None of them is ever needed.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

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

/// What an extension says.
enum Says {
    /// A decision, as it is written.
    Exposed(bool, String),
    /// Nothing about exposure.
    Nothing,
    /// Something that is not understood; what would be.
    Unknown(&'static str),
}

/// Extensions that say nothing about exposure, and whose texts rules read where they stand.
const OTHERS: [&str; 8] = [
    "x-mcp-group",
    "x-mcp-instructions",
    "x-mcp-header",
    "x-mcp-tool-include-fields",
    "x-mcp-tool-opaque-fields",
    "x-mcp-tool-include-query-params",
    "x-mcp-tool-required-fields",
    "x-mcpsentry-ignore",
];

/// Hints of `x-mcp-annotations`, in either spelling.
const HINTS: [&str; 9] = [
    "title",
    "readOnlyHint",
    "destructiveHint",
    "idempotentHint",
    "openWorldHint",
    "read_only_hint",
    "destructive_hint",
    "idempotent_hint",
    "open_world_hint",
];

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
            (_, excludes) => excludes.clone(),
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
            match says(&name, value, level) {
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

fn says(name: &str, value: Node<'_>, level: Level) -> Says {
    match name {
        "x-mcp" => match level {
            // Redocly and Zudoku describe a whole server there.
            Level::Document if describes_server(value) => Says::Nothing,
            _ => switch(
                name,
                value,
                "known are true, false, and a mapping with `enabled`, `skip`, `name` or `description`",
            ),
        },
        "x-mcp-tool" => switch(name, value, "known are true, false, and a mapping with `enabled` or `name`"),
        "x-speakeasy-mcp" if value.is_object() => switch(name, value, "known is a mapping with `disabled` or `name`"),
        "x-speakeasy-mcp" => Says::Unknown("known is a mapping with `disabled` or `name`"),
        "x-zuplo-route" | "x-mint" => match value.get("mcp") {
            None => Says::Nothing,
            Some(inner) => switch(&format!("{name}.mcp"), inner, "known is a mapping `mcp` with `enabled`"),
        },
        "x-mcp-exposure" => match value.as_str().as_deref() {
            Some("allow" | "confirm") => Says::Exposed(true, format!("{name}: {}", value.text())),
            Some("deny") => Says::Exposed(false, format!("{name}: deny")),
            _ => Says::Unknown("known are allow, confirm and deny"),
        },
        "x-mcp-server" => match (level, truth(value)) {
            (Level::Operation, Some(true)) => Says::Exposed(false, "x-mcp-server: the MCP endpoint itself".into()),
            (Level::Operation, None) if value.is_object() => {
                Says::Exposed(false, "x-mcp-server: the MCP endpoint itself".into())
            }
            _ => Says::Nothing,
        },
        "x-sfdc/agent/action/publishAsAgentAction" => flag(name, value),
        "x-agent-policy" => match value.get("exposeToAgent") {
            Some(expose) => flag("x-agent-policy.exposeToAgent", expose),
            None if value.is_object() => Says::Nothing,
            None => Says::Unknown("known is a mapping"),
        },
        "x-mcp-annotations" => {
            let known = value.is_object()
                && value.members().all(|(key, hint)| {
                    let is_title = key.is("title");
                    HINTS.iter().any(|known| key.is(known)) && (is_title || truth(hint).is_some())
                });
            if known {
                Says::Nothing
            } else {
                Says::Unknown("known is a mapping of hints such as `readOnlyHint: true`")
            }
        }
        "x-openai-isConsequential"
        | "x-internal"
        | "x-hidden"
        | "x-excluded"
        | "x-speakeasy-ignore"
        | "x-fern-ignore" => {
            // Such an operation is not public; whether it becomes a tool is decided elsewhere.
            if truth(value).is_some() { Says::Nothing } else { Says::Unknown("known are true and false") }
        }
        "x-agentic-access" | "x-koan-mcp" | "x-ctctmcp-allow" => Says::Unknown("its meaning is not known here"),
        _ if name.starts_with("x-mcp") && !OTHERS.contains(&name) => Says::Unknown("its meaning is not known here"),
        _ => Says::Nothing,
    }
}

/// `true`, `false`, or a mapping with a switch, or one that only gives texts.
fn switch(name: &str, value: Node<'_>, shapes: &'static str) -> Says {
    if let Some(exposed) = truth(value) {
        return Says::Exposed(exposed, format!("{name}: {exposed}"));
    }
    if !value.is_object() {
        return Says::Unknown(shapes);
    }
    for (key, means) in [("enabled", true), ("skip", false), ("disabled", false)] {
        if let Some(switch) = value.get(key) {
            return match truth(switch) {
                Some(on) => Says::Exposed(on == means, format!("{name}.{key}: {on}")),
                None => Says::Unknown(shapes),
            };
        }
    }
    let tells = ["name", "title", "description", "scopes", "type", "annotations", "category", "priority", "tags"];
    if value.members().all(|(key, _)| tells.iter().any(|known| key.is(known))) && value.members().next().is_some() {
        Says::Nothing
    } else {
        Says::Unknown(shapes)
    }
}

fn flag(name: &str, value: Node<'_>) -> Says {
    match truth(value) {
        Some(exposed) => Says::Exposed(exposed, format!("{name}: {exposed}")),
        None => Says::Unknown("known are true and false"),
    }
}

/// A truth value, also one that was written as a text.
fn truth(value: Node<'_>) -> Option<bool> {
    value.as_bool().or_else(|| match value.as_str().as_deref() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    })
}

fn describes_server(value: Node<'_>) -> bool {
    ["protocolVersion", "servers", "capabilities", "tools", "resources", "prompts"]
        .iter()
        .any(|key| value.get(key).is_some())
}

/// The name and description that a bridge takes from an extension.
fn texts(name: &str, value: Node<'_>, decision: &mut Decision) {
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
