//! The programs that make tools of operations.

/// A bridge, as far as it matters which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bridge {
    /// FastMCP, from an OpenAPI document.
    FastMcp,
    /// `fastapi_mcp`.
    FastApiMcp,
    /// `openapi-mcp-generator`, the npm package.
    Generator,
    /// agentgateway.
    AgentGateway,
}

impl Bridge {
    /// Every bridge, by the word that configurations use.
    pub const NAMES: [(&str, Self); 4] = [
        ("fastmcp", Self::FastMcp),
        ("fastapi-mcp", Self::FastApiMcp),
        ("openapi-mcp-generator", Self::Generator),
        ("agentgateway", Self::AgentGateway),
    ];

    /// The bridge of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find_map(|(known, bridge)| (known == name).then_some(bridge))
    }
}
