//! What an owner claims about the effect of a call.

use super::Details;
use crate::source::Span;
use crate::surface::Operation;

/// A claim about an operation, as MCP's tool annotations have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// What is claimed: `readOnlyHint`, `destructiveHint`, `idempotentHint`.
    pub claim: &'static str,
    /// Whether it is claimed to be so, or not to be so.
    pub value: bool,
    /// The key that claims it, as written.
    pub key: String,
    /// Where it stands.
    pub span: Span,
}

/// Where annotations stand: the keys that lead to them.
const HOLDERS: [&[&str]; 7] = [
    &["annotations"],
    &["x-mcp-annotations"],
    &["x-mcp", "annotations"],
    &["x-mcp-tool", "annotations"],
    &["x-speakeasy-mcp", "annotations"],
    &["x-speakeasy-mcp"],
    &["x-zuplo-route", "mcp", "annotations"],
];

/// Every claim, and how it is written.
const CLAIMS: [(&str, [&str; 2]); 3] = [
    ("readOnlyHint", ["readOnlyHint", "read_only_hint"]),
    ("destructiveHint", ["destructiveHint", "destructive_hint"]),
    ("idempotentHint", ["idempotentHint", "idempotent_hint"]),
];

impl Details<'_> {
    /// The claims about an operation.
    pub fn hints(self, operation: &Operation) -> Vec<Hint> {
        let node = self.node(operation);
        let mut hints = Vec::new();
        let claims = |key: &str| key == "annotations" || key.starts_with("x-");
        if !node.members().any(|(key, _)| claims(key.str())) {
            return hints;
        }
        for path in HOLDERS {
            let Some(holder) = path.iter().try_fold(node, |node, key| node.get(key)) else { continue };
            for (claim, spellings) in CLAIMS {
                let found = spellings.iter().find_map(|key| holder.entry(key));
                if let Some((key, value)) = found.and_then(|(key, value)| Some((key, value.as_bool()?))) {
                    hints.push(Hint { claim, value, key: key.text().into_owned(), span: key.span() });
                }
            }
        }
        // A call that is of no consequence, or has no side effects, is one that only reads.
        for flag in ["x-openai-isConsequential", "x-chio-side-effects"] {
            if let Some((key, value)) = node.entry(flag)
                && value.as_bool() == Some(false)
            {
                hints.push(Hint { claim: "readOnlyHint", value: true, key: key.text().into_owned(), span: key.span() });
            }
        }
        let policy = node.get("x-agent-policy").and_then(|policy| policy.entry("risk"));
        for (name, entry) in [("x-agent-policy", policy), ("x-side-effect", node.entry("x-side-effect"))] {
            if let Some((key, _)) = entry.filter(|(_, word)| word.as_scalar().is_some_and(|word| is_read(&word))) {
                hints.push(Hint { claim: "readOnlyHint", value: true, key: name.into(), span: key.span() });
            }
        }
        hints
    }
}

fn is_read(risk: &str) -> bool {
    matches!(risk.to_ascii_lowercase().as_str(), "read" | "read-only" | "readonly" | "read_only" | "safe")
}

impl Hint {
    /// The claim as it is written: `readOnlyHint: true`.
    pub fn said(&self) -> String {
        format!("{}: {}", self.key, self.value)
    }
}
