//! Paths, path items and operations.

use super::super::reference::escaped;
use super::super::{Designation, Exposure, Fact, Operation, Text, Words, effect, gist, page, route};
use super::{Level, Reading, References, Version};
use crate::source::{Quote, Spanned};
use crate::syntax::Node;

/// The methods that a path item has as keys; `query` came with OpenAPI 3.2.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Other keys of a path item.
const OTHERS: [&str; 6] = ["$ref", "summary", "description", "servers", "parameters", "additionalOperations"];

impl<'d> Reading<'_, 'd> {
    /// Reads every operation below `paths`.
    pub(super) fn paths(&mut self, root: Node<'d>) {
        let Some(paths) = root.get("paths") else { return };
        // DigitalOcean and others keep the whole map in another file.
        let Some(place) = self.references.follow(paths) else { return };
        let pointer = if place == paths { "/paths".to_owned() } else { String::new() };
        // What grows step by step is there twice at each step.
        self.operations.reserve(place.members().count());
        for (key, item) in place.members() {
            let path = key.text();
            if path.starts_with("x-") || path == "$ref" {
                continue;
            }
            let pointer = format!("{pointer}/{}", escaped(&path));
            self.item(&key.quote(), key, item, &pointer);
        }
    }

    fn item(&mut self, path: &Quote, key: Node<'d>, item: Node<'d>, pointer: &str) {
        let mut item = item;
        let mut pointer = pointer.to_owned();
        self.entered.clear();
        // A path item may have a `$ref` and keys of its own; both are read.
        loop {
            if !item.is_object() {
                if !item.is_null() {
                    let what = format!("path {path}");
                    self.references.note(what, "it is not a mapping of methods", Some(key.span()), true);
                }
                return;
            }
            if !self.entered.insert(item.id()) {
                return;
            }
            if !self.references.may_read(item) {
                return;
            }
            self.methods(path, item, &pointer);
            let Some(reference) = References::of(item) else { return };
            let Some(target) = self.references.target(reference) else { return };
            pointer = fragment(&reference.text());
            item = target;
        }
    }

    fn methods(&mut self, path: &Quote, item: Node<'d>, pointer: &str) {
        for (key, operation) in item.members() {
            let method = key.text();
            let lower = method.to_ascii_lowercase();
            if METHODS.contains(&&*lower) {
                let pointer = format!("{pointer}/{}", escaped(&method));
                self.operation(path, &lower.to_ascii_uppercase(), item, key, operation, &pointer);
            } else if method == "additionalOperations" {
                for (key, operation) in operation.members() {
                    let method = key.text();
                    let pointer = format!("{pointer}/additionalOperations/{}", escaped(&method));
                    self.operation(path, &method, item, key, operation, &pointer);
                }
            } else if !OTHERS.contains(&&*method) && !method.starts_with("x-") && operation.is_object() {
                let what = format!("`{method}` of path {path}");
                self.references.note(what, "it is no HTTP method that OpenAPI knows", Some(key.span()), true);
            }
        }
    }

    fn operation(&mut self, path: &Quote, method: &str, item: Node<'d>, key: Node<'d>, value: Node<'d>, pointer: &str) {
        let label = format!("{method} {path}");
        if !value.is_object() {
            let why = "the operation is not a mapping, so nothing about it is known";
            self.references.note(label.clone(), why, Some(key.span()), true);
            if !value.is_null() {
                return;
            }
        }
        // An operation may be a reference into another file; the text to mend stands there. One that leads nowhere
        // still is an operation, of which no more than method and path are known.
        let Some(place) = self.references.follow(value) else {
            self.operations.push(self.unread(path, method, item, key, value, pointer));
            return;
        };
        if !self.references.may_read(place) {
            return;
        }
        let (span, pointer) = match References::of(value) {
            Some(reference) if place != value => {
                let within = fragment(&reference.text());
                match place.members().next() {
                    Some((first, _)) => (first.span(), format!("{within}/{}", escaped(&first.text()))),
                    None => (place.span(), within),
                }
            }
            _ => (key.span(), pointer.to_owned()),
        };
        let named =
            place.get("operationId").filter(|name| name.as_scalar().is_some_and(|name| !name.trim().is_empty()));
        let declared = named.map(Node::str);
        let parameters = self.parameters(item, place);
        let request = self.request(item, place);
        let response = self.response(place);
        let documented = response.known().is_some_and(|schemas| !schemas.is_empty());
        let told = self.decisions.read(place, Level::Operation, self.references);
        let holder = self.decisions.read(item, Level::Path, self.references);
        let exposure = match page::framework_page(Some(method), path, documented) {
            Some(reason) => Some(reason.to_owned()),
            None => self.decisions.exclusion([&told, &holder, &self.decided], self.references, &label, span),
        };
        let declared_name =
            || named.map_or_else(|| route::derived_name(Some(method), path).into(), |name| name.quote());
        let name = told.name.clone().map_or_else(declared_name, Quote::from);
        let written = |key| text(place.get(key)).or_else(|| text(item.get(key))).map_or(Fact::Missing, Fact::Known);
        let (summary, description) = (written("summary"), told.description(written("description")));
        let says = gist(&summary, &description);
        let words = Words::new(Some(path), declared);
        let effect = effect::infer(Some(method), Some(path), declared, says);
        let known_as = Designation::new(span, pointer, Some(self.lowering.name(method)), Some(path.clone()), name);
        self.operations.push(Operation {
            known_as: known_as.into(),
            node: place.id(),
            holder: item.id(),
            base: self.base.clone(),
            parameters: Fact::Known(parameters.into()),
            request,
            response,
            exposure: exposure.map_or(Exposure::Exposed, Exposure::Excluded),
            words,
            effect,
            summary,
            description,
        });
    }

    /// An operation whose description could not be read.
    fn unread(
        &self,
        path: &Quote,
        method: &str,
        item: Node<'d>,
        key: Node<'d>,
        value: Node<'d>,
        pointer: &str,
    ) -> Operation {
        let name = route::derived_name(Some(method), path);
        let known_as = Designation::new(key.span(), pointer.to_owned(), Some(method.into()), Some(path.clone()), name);
        Operation {
            known_as: known_as.into(),
            node: value.id(),
            holder: item.id(),
            base: self.base.clone(),
            summary: Fact::Unknown,
            description: Fact::Unknown,
            parameters: Fact::Unknown,
            request: Fact::Unknown,
            response: Fact::Unknown,
            exposure: Exposure::Exposed,
            words: Words::new(Some(path), None),
            effect: effect::infer(Some(method), Some(path), None, ""),
        }
    }

    /// Whether bodies stand among the parameters.
    pub(super) fn is_swagger(&self) -> bool {
        self.version == Version::Swagger2
    }
}

/// A text that says something.
fn text(node: Option<Node<'_>>) -> Option<Text> {
    let node = node?;
    let value = node.as_scalar()?;
    (!value.trim().is_empty()).then(|| Spanned { value: node.quote(), span: node.span() })
}

/// The JSON pointer of a reference.
fn fragment(reference: &str) -> String {
    reference.split_once('#').map_or(String::new(), |(_, fragment)| fragment.to_owned())
}
