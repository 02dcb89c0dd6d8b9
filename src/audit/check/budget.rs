//! How much of a model's context the tools take.

use super::{Finding, Found};
use crate::audit::Context;
use crate::finding::Related;
use crate::surface::Sizes;

/// Most tools, unless the user says otherwise: models choose worse from longer lists.
const MAX_TOOLS: usize = 40;

/// Most tokens, unless the user says otherwise: a tenth of a context of 200,000.
const MAX_TOKENS: usize = 20_000;

/// Bytes of a token, about.
const BYTES: usize = 4;

/// Tools that a finding names.
const COSTLIEST: usize = 10;

/// More tools, or more tokens of tools, than the limits.
pub(super) fn tools(context: &Context<'_>, found: Found<'_>) {
    let max_tools = context.limits.max_tools.unwrap_or(MAX_TOOLS);
    let max_tokens = context.limits.max_tokens.unwrap_or(MAX_TOKENS);
    let mut sizes = Sizes::new(context.documents);
    let mut costs: Vec<(usize, usize)> = context
        .surface
        .exposed_with_index()
        .map(|(index, operation)| (sizes.tool(operation).div_ceil(BYTES), index))
        .collect();
    let (tools, tokens) = (costs.len(), costs.iter().map(|(cost, _)| cost).sum::<usize>());
    if tools <= max_tools && tokens <= max_tokens {
        return;
    }
    // The costliest first, those that cost the same as they stand in the document.
    costs.sort_by_key(|&(cost, index)| (std::cmp::Reverse(cost), index));
    let costliest: Vec<(String, &(usize, usize))> = costs
        .iter()
        .take(COSTLIEST)
        .map(|cost| (format!("{} (about {} tokens)", context.surface.operations[cost.1].name, cost.0), cost))
        .collect();
    let most = format!("{max_tools} tool{}", if max_tools == 1 { "" } else { "s" });
    let limit = match (tools > max_tools, tokens > max_tokens) {
        (true, true) => format!("{most} and {max_tokens} tokens"),
        (true, false) => most,
        _ => format!("{max_tokens} tokens"),
    };
    let named: Vec<String> = costliest.iter().take(3).map(|(name, _)| format!("`{name}`")).collect();
    let values = vec![
        ("tools", tools.to_string()),
        ("tokens", tokens.to_string()),
        ("limit", limit),
        ("costliest", named.join(", ")),
    ];
    let related = costliest
        .iter()
        .map(|(name, cost)| Related { span: context.surface.operations[cost.1].span, label: name.as_str().into() });
    let related = related.collect();
    let fields = costs.iter().take(COSTLIEST).map(|cost| context.surface.operations[cost.1].name.clone()).collect();
    found(Finding { values, fields, related, ..Finding::default() });
}
