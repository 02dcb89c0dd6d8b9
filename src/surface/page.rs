//! Pages that a web framework adds to every application: documentation, the description itself, the MCP endpoint.

/// Why a route is a page of the framework and no operation of the API; none if it is one.
///
/// An API may have a resource that is called `docs`, so a documentation page has to be a GET whose response is not
/// described.
pub(super) fn framework_page(method: Option<&str>, path: &str, documented: bool) -> Option<&'static str> {
    let path = path.trim_end_matches('/').to_ascii_lowercase();
    if matches!(path.as_str(), "/mcp" | "/mcp/sse" | "/mcp/messages" | "/mcp/message") {
        return Some("the MCP endpoint itself");
    }
    let is_description = [
        "/openapi.json",
        "/openapi.yaml",
        "/openapi.yml",
        "/swagger.json",
        "/swagger.yaml",
        "/swagger.yml",
        "/v2/api-docs",
        "/v3/api-docs",
    ]
    .contains(&path.as_str());
    let looks = matches!(method, None | Some("GET" | "HEAD" | "ANY"));
    if is_description && looks {
        return Some("the API description itself");
    }
    let is_page = [
        "/docs",
        "/docs/oauth2-redirect",
        "/redoc",
        "/swagger",
        "/swagger-ui",
        "/swagger-ui.html",
        "/swagger-ui/index.html",
        "/api-docs",
        "/rapidoc",
        "/scalar",
        "/graphiql",
    ]
    .contains(&path.as_str());
    (is_page && looks && !documented).then_some("a documentation page of the framework")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_resources() {
        assert!(framework_page(Some("GET"), "/docs", false).is_some());
        assert!(framework_page(Some("GET"), "/docs/", false).is_some());
        assert!(framework_page(Some("GET"), "/docs", true).is_none());
        assert!(framework_page(Some("POST"), "/docs", false).is_none());
        assert!(framework_page(Some("GET"), "/docs/{id}", false).is_none());
        assert!(framework_page(Some("DELETE"), "/mcp", false).is_some());
        assert!(framework_page(Some("GET"), "/openapi.json", true).is_some());
        assert!(framework_page(Some("GET"), "/doctors", false).is_none());
    }
}
