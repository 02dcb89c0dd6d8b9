//! Whether a caller has to say who it is.

use super::Details;
use crate::surface::words::each_word;
use crate::surface::{Fact, Operation, Parameter, SchemaId};
use crate::syntax::Node;

/// Names of parameters and fields that carry the caller's credentials, where a document does not describe them as a
/// security scheme; with single spaces between words.
const CREDENTIALS: [&str; 22] = [
    "access key",
    "access token",
    "api key",
    "api secret",
    "api token",
    "apikey",
    "auth key",
    "auth token",
    "authentication",
    "authorization",
    "bearer",
    "client secret",
    "credential",
    "credentials",
    "hmac",
    "jwt",
    "password",
    "secret",
    "session",
    "session id",
    "signature",
    "token",
];

impl Details<'_> {
    /// Whether a call has to be authenticated; none if the input does not say.
    pub fn authenticated(self, operation: &Operation) -> Option<bool> {
        let node = self.node(operation);
        // Some owners say that an open operation is open on purpose.
        if node.get("x-42c-accept-empty-security").and_then(Node::as_bool) == Some(true) {
            return Some(true);
        }
        if self.takes_credentials(operation) { Some(true) } else { self.is_secured(operation) }
    }

    /// Whether the document asks every caller of an operation for credentials, whatever its parameters; none if it does
    /// not say.
    pub fn is_secured(self, operation: &Operation) -> Option<bool> {
        let node = self.node(operation);
        match node.get("security").or(self.security) {
            Some(requirements) => Some(requires(requirements)),
            None if self.is_openapi => Some(false),
            None => None,
        }
    }

    /// Whether a parameter, or a field at the top of the body, carries credentials.
    fn takes_credentials(self, operation: &Operation) -> bool {
        let parameters = operation.parameters.known().into_iter().flatten();
        let bodies: &[SchemaId] = match &operation.request {
            Fact::Known(bodies) => bodies,
            _ => &[],
        };
        parameters.map(|parameter: &Parameter| &*parameter.name).any(is_credential)
            || bodies.iter().any(|&body| self.holds_credentials(body))
    }

    fn holds_credentials(self, body: SchemaId) -> bool {
        self.surface.schemas.any_part(body, |part| part.properties.iter().any(|field| is_credential(&field.name)))
    }
}

/// Whether every alternative of a `security` list asks for something.
fn requires(requirements: Node<'_>) -> bool {
    if !requirements.is_array() {
        return requirements.members().next().is_some();
    }
    let mut alternatives = requirements.items().peekable();
    alternatives.peek().is_some() && alternatives.all(|alternative| alternative.members().next().is_some())
}

fn is_credential(name: &str) -> bool {
    let mut words = String::with_capacity(name.len() + 8);
    each_word(name, |word| words.extend([word, " "]));
    let name = words.trim_end();
    CREDENTIALS.contains(&name.strip_prefix("x ").unwrap_or(name))
}
