//! What single extensions of bridges and their makers say about becoming a tool, as far as their shapes are known.

use super::decision::Level;
use crate::syntax::Node;

/// What an extension says.
pub(super) enum Says {
    /// A decision, as it is written.
    Exposed(bool, String),
    /// Nothing about exposure.
    Nothing,
    /// Something that is not understood; what would be.
    Unknown(&'static str),
}

/// What a value has to be for an extension that says nothing about exposure.
#[derive(Clone, Copy)]
enum Shape {
    Truth,
    Count,
    Text,
    Texts,
    Mapping,
    /// A truth value, a number, a text, or a list of such.
    Plain,
    /// A level of sensitivity.
    Sensitivity,
}

/// Extensions that say nothing about exposure: what they say of effect or sensitivity is for rules, and whatever they tell
/// a model is read where it stands.
const OTHERS: &[(&str, Shape)] = &[
    ("x-mcp-group", Shape::Plain),
    ("x-mcp-instructions", Shape::Text),
    ("x-mcp-header", Shape::Plain),
    ("x-mcp-tool-include-fields", Shape::Texts),
    ("x-mcp-tool-opaque-fields", Shape::Texts),
    ("x-mcp-tool-include-query-params", Shape::Plain),
    ("x-mcp-tool-required-fields", Shape::Texts),
    ("x-mcp-required-fields", Shape::Texts),
    ("x-tool-description", Shape::Text),
    ("x-ctctmcp-tool-desc", Shape::Text),
    ("x-koan-mcp-description", Shape::Text),
    // A contract for agents: consequence, audience, whether a person is asked.
    ("x-agentic-access", Shape::Mapping),
    // Whether a person has to confirm.
    ("x-openai-isConsequential", Shape::Truth),
    // The operation is not public. No bridge goes by it.
    ("x-internal", Shape::Truth),
    ("x-hidden", Shape::Truth),
    ("x-excluded", Shape::Truth),
    ("x-speakeasy-ignore", Shape::Truth),
    ("x-fern-ignore", Shape::Truth),
    ("x-42c-accept-empty-security", Shape::Truth),
    // Whether what is sent goes through a service that looks for personal data.
    ("x-sfdc/privacy/isPii", Shape::Truth),
    ("x-chio-sensitivity", Shape::Sensitivity),
    ("x-chio-side-effects", Shape::Truth),
    ("x-chio-approval-required", Shape::Truth),
    ("x-chio-budget-limit", Shape::Count),
    ("x-side-effect", Shape::Plain),
    ("x-cost-tier", Shape::Plain),
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

/// Keys of `x-agent-policy` in both of its shapes, besides `exposeToAgent`.
const POLICY: [&str; 10] = [
    "risk",
    "requireConfirmation",
    "confirmationMessage",
    "sensitiveData",
    "idempotent",
    "requiredRole",
    "risks",
    "confirmation",
    "dataClassification",
    "authorization",
];

/// What an extension says of the operations of a level.
pub(super) fn says(name: &str, value: Node<'_>, level: Level) -> Says {
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
            (Level::Operation, None) => Says::Unknown("known are true, false and a mapping"),
            _ => Says::Nothing,
        },
        "x-sfdc/agent/action/publishAsAgentAction" | "x-koan-mcp" | "x-ctctmcp-allow" | "x-chio-publish" => {
            flag(name, value)
        }
        // Its documentation writes these keys as paths.
        "x-sfdc" => match ["agent", "action", "publishAsAgentAction"].iter().try_fold(value, |node, key| node.get(key))
        {
            Some(publish) => flag("x-sfdc.agent.action.publishAsAgentAction", publish),
            None => Says::Nothing,
        },
        "x-agent-policy" => match value.get("exposeToAgent") {
            Some(expose) => flag("x-agent-policy.exposeToAgent", expose),
            None if value.members().any(|(key, _)| POLICY.iter().any(|known| key.is(known))) => Says::Nothing,
            None => Says::Unknown("known is a mapping with `exposeToAgent`, `risk`, `risks` or `confirmation`"),
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
        "x-mcpsentry-ignore" => Says::Nothing,
        _ if name.starts_with("x-llm-") => fits(value, Shape::Plain),
        _ => match OTHERS.iter().find(|(known, _)| *known == name) {
            Some(&(_, shape)) => fits(value, shape),
            None if ["x-mcp", "x-chio-", "x-koan-mcp", "x-ctctmcp"].iter().any(|maker| name.starts_with(maker)) => {
                Says::Unknown("its meaning is not known here")
            }
            None => Says::Nothing,
        },
    }
}

/// Extensions by which an owner says what kind of data a schema describes.
const CLASSIFICATIONS: [&str; 2] = ["x-data-classification", "x-pii"];

/// Whether an extension may say what kind of data a schema describes.
pub(super) fn classifies(name: &str) -> bool {
    CLASSIFICATIONS.contains(&name)
}

/// What kind of data a schema describes, in a word that rules know as a format. What is public is of no kind.
pub(super) fn data_kind(name: &str, value: Node<'_>) -> Option<&'static str> {
    if name != "x-data-classification" {
        return classifies(name).then(|| truth(value)).flatten().filter(|yes| *yes).map(|_| "personal-data");
    }
    let public = value.get("sensitivity").and_then(Node::as_scalar).is_some_and(|level| level == "public");
    let category = value.get("category").unwrap_or(value).as_scalar().filter(|_| !public)?;
    match &*category.to_ascii_lowercase() {
        "pii" | "contact" | "financial" | "government-id" | "health" => Some("personal-data"),
        "secret" | "credential" => Some("credential"),
        _ => None,
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

fn fits(value: Node<'_>, shape: Shape) -> Says {
    let is_scalar = |node: Node<'_>| node.as_scalar().is_some();
    let (fits, known) = match shape {
        Shape::Truth => (truth(value).is_some(), "known are true and false"),
        Shape::Count => (value.as_u64().is_some(), "known is a whole number"),
        Shape::Text => (value.as_str().is_some(), "known is a text"),
        Shape::Texts => (value.is_array() && value.items().all(is_scalar), "known is a list of texts"),
        Shape::Mapping => (value.is_object(), "known is a mapping"),
        Shape::Plain => {
            let list = value.is_array() && value.items().all(is_scalar);
            (list || is_scalar(value), "known is a plain value, or a list of such")
        }
        Shape::Sensitivity => {
            let text = value.as_str().unwrap_or_default();
            let known = ["public", "internal", "sensitive", "restricted"].contains(&&*text);
            (known, "known are public, internal, sensitive and restricted")
        }
    };
    if fits { Says::Nothing } else { Says::Unknown(known) }
}

fn describes_server(value: Node<'_>) -> bool {
    ["protocolVersion", "servers", "capabilities", "tools", "resources", "prompts"]
        .iter()
        .any(|key| value.get(key).is_some())
}
