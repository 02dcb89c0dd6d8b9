//! What Spring Boot's actuator answers at `/actuator/mappings`: every handler of every context, without descriptions.

use super::listing::{Listed, blank, split};
use super::reference::References;
use super::{Documents, Operation, Reader, Surface};
use crate::syntax::Node;

/// Servlets that hand requests on to the handlers, or serve files.
const PLUMBING: [&str; 3] = ["dispatcherServlet", "default", "jsp"];

/// Reads the answer of the mappings endpoint.
pub(super) struct Mappings;

impl Reader for Mappings {
    fn name(&self) -> &'static str {
        "Spring mappings"
    }

    fn recognises(&self, root: Node<'_>) -> bool {
        contexts(root).any(|(_, context)| context.get("mappings").is_some_and(|mappings| mappings.is_object()))
    }

    fn read(&self, documents: &Documents, root: Node<'_>) -> Surface {
        let root = documents.node(root.id());
        let references = References::new(documents);
        let mut reading = Reading { references: &references, operations: Vec::new() };
        for (name, context) in contexts(root) {
            let pointer = format!("/contexts/{}/mappings", escaped(&name.text()));
            if let Some(mappings) = context.get("mappings") {
                reading.mappings(mappings, &pointer);
            }
        }
        let operations = reading.operations;
        let head = root.entry("contexts").map_or(root, |(key, _)| key);
        Surface {
            kind: "Spring mappings".into(),
            head: head.span(),
            head_pointer: "/contexts".into(),
            operations,
            unchecked: references.take_unchecked(),
            ..blank(root)
        }
    }
}

fn contexts(root: Node<'_>) -> impl Iterator<Item = (Node<'_>, Node<'_>)> {
    root.get("contexts").into_iter().flat_map(Node::members)
}

/// A token of a JSON pointer.
fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

struct Reading<'r, 'd> {
    references: &'r References<'d>,
    operations: Vec<Operation>,
}

impl<'d> Reading<'_, 'd> {
    fn mappings(&mut self, mappings: Node<'d>, pointer: &str) {
        // Handlers of the servlet stack, then of the reactive one.
        for kind in ["dispatcherServlets", "dispatcherHandlers"] {
            for (name, handlers) in mappings.get(kind).into_iter().flat_map(Node::members) {
                for (index, handler) in handlers.items().enumerate() {
                    self.handler(handler, &format!("{pointer}/{kind}/{}/{index}", escaped(&name.text())));
                }
            }
        }
        for (index, servlet) in mappings.get("servlets").into_iter().flat_map(Node::items).enumerate() {
            let name = servlet.get("name").and_then(Node::as_str).unwrap_or_default();
            if !PLUMBING.contains(&&*name) {
                self.servlet(servlet, &name, &format!("{pointer}/servlets/{index}"));
            }
        }
    }

    fn handler(&mut self, handler: Node<'d>, pointer: &str) {
        if !self.references.may_read(handler) {
            return;
        }
        let details = handler.get("details").filter(|details| details.is_object());
        let conditions = details.and_then(|details| details.get("requestMappingConditions"));
        let patterns = conditions.and_then(|conditions| conditions.get("patterns")).filter(|list| list.is_array());
        let Some(patterns) = patterns else { return self.without_conditions(handler) };
        let method = details.and_then(|details| details.get("handlerMethod"));
        let name = method.map(|method| {
            let part = |key| method.get(key).and_then(Node::as_str).unwrap_or_default();
            let class = part("className");
            format!("{}#{}", class.rsplit(['.', '$']).next().unwrap_or_default(), part("name"))
        });
        let methods = match conditions.and_then(|conditions| conditions.get("methods")) {
            // A mapping that names no method takes them all.
            Some(list) if list.is_array() && list.items().next().is_none() => vec![Some("ANY".to_owned())],
            Some(list) => split(list),
            None => vec![None],
        };
        for (index, pattern) in patterns.items().enumerate() {
            let Some(path) = pattern.as_str() else { continue };
            let listed = Listed {
                row: handler,
                at: pattern,
                pointer: format!("{pointer}/details/requestMappingConditions/patterns/{index}"),
                path: path.into_owned(),
                // The endpoints of the actuator share one handler, whose name says nothing of them.
                handler: name.clone().filter(|name| name != "OperationHandler#handle"),
                name: None,
            };
            self.operations.extend(methods.iter().map(|method| listed.operation(method.as_deref())));
        }
    }

    /// Handlers that no annotation made: files, and routes that functions define.
    fn without_conditions(&self, handler: Node<'d>) {
        let text = |key| handler.get(key).and_then(Node::as_scalar).unwrap_or_default();
        let (what, predicate) = (text("handler"), text("predicate"));
        let files = what.contains("ResourceHttpRequestHandler") || what.contains("ResourceWebHandler");
        let why = if files {
            "it serves files, which are no operations"
        } else {
            "its path and method are known to the code only; describe it in a route manifest or an OpenAPI document"
        };
        let at = handler.entry("predicate").map_or(handler, |(_, value)| value);
        self.references.note(format!("mapping {predicate}"), why, Some(at.span()), !files);
    }

    fn servlet(&mut self, servlet: Node<'d>, name: &str, pointer: &str) {
        for (index, path) in servlet.get("mappings").into_iter().flat_map(Node::items).enumerate() {
            let listed = Listed {
                row: servlet,
                at: path,
                pointer: format!("{pointer}/mappings/{index}"),
                path: path.text().into_owned(),
                handler: Some(name.to_owned()),
                name: None,
            };
            self.operations.push(listed.operation(None));
        }
    }
}
