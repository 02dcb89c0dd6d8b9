//! The route manifest: the written form of a surface, for frameworks that have no OpenAPI document, and for the cases
//! of rules. What a manifest leaves out is not known; what it gives as null or empty is known to be missing.

use super::base::note_base;
use super::detail::settle;
use super::lower::Lowering;
use super::reference::References;
use super::schema::{Property, SchemaId, Types};
use super::{
    Designation, Documents, Exposure, Fact, Operation, Parameter, Place, Reader, Surface, Text, Words, effect, gist,
    page, route,
};
use crate::source::{Quote, Spanned};
use crate::syntax::Node;

/// Reads route manifests, version 1.
pub(super) struct RouteManifest;

impl Reader for RouteManifest {
    fn name(&self) -> &'static str {
        "mcpsentry route manifest, version 1"
    }

    fn recognises(&self, root: Node<'_>) -> bool {
        root.get("mcpsentry").is_some_and(|version| version.is("1")) && root.get("routes").is_some()
    }

    fn read(&self, documents: &Documents, root: Node<'_>) -> Surface {
        let root = documents.node(root.id());
        let references = References::new(documents);
        let mut reading = Reading::new(&references);
        reading.base =
            root.get("base_path").and_then(Node::as_str).unwrap_or_default().trim_end_matches('/').to_owned();
        match root.entry("routes") {
            Some((_, routes)) if routes.is_array() => reading.routes(routes, "/routes"),
            Some((key, _)) => references.note("routes", "it is not a list", Some(key.span()), true),
            None => {}
        }
        for unresolved in root.get("unresolved").into_iter().flat_map(Node::items) {
            let text = |key| unresolved.get(key).and_then(Node::as_scalar).unwrap_or_default().into_owned();
            references.note(format!("routes made at {}", text("where")), text("reason"), Some(unresolved.span()), true);
        }
        let head = root.entry("mcpsentry").map_or(root, |(key, _)| key);
        let framework = root.get("framework").and_then(Node::as_scalar);
        Surface {
            kind: framework.map_or("route manifest".into(), |name| format!("route manifest ({name})")),
            title: root.get("app").and_then(|app| app.get("name")).and_then(Node::as_scalar).map(Into::into),
            head: head.span(),
            head_pointer: "/mcpsentry".into(),
            ..reading.finish(root, documents)
        }
    }
}

/// The routes of a rule's case: a list, or one alone.
pub(super) fn routes(documents: &Documents, node: Node<'_>) -> Surface {
    let node = documents.node(node.id());
    let references = References::new(documents);
    let mut reading = Reading::new(&references);
    if node.is_array() {
        reading.routes(node, "");
    } else {
        reading.route(node, "");
    }
    reading.finish(node, documents)
}

/// One manifest being read.
struct Reading<'r, 'd> {
    references: &'r References<'d>,
    lowering: Lowering<'r, 'd>,
    base: String,
    operations: Vec<Operation>,
}

impl<'r, 'd> Reading<'r, 'd> {
    fn new(references: &'r References<'d>) -> Self {
        Self { references, lowering: Lowering::new(references), base: String::new(), operations: Vec::new() }
    }

    fn finish(self, root: Node<'d>, documents: &Documents) -> Surface {
        let mut operations = self.operations;
        note_base(&mut operations);
        let mut surface = Surface {
            kind: "route manifest".into(),
            title: None,
            head: root.span(),
            root: root.id(),
            head_pointer: "".into(),
            operations,
            schemas: self.lowering.finish(),
            sources: self.references.sources(),
            unchecked: self.references.take_unchecked(),
        };
        settle(&mut surface, documents);
        surface
    }

    fn routes(&mut self, list: Node<'d>, pointer: &str) {
        for (index, route) in list.items().enumerate() {
            self.route(route, &format!("{pointer}/{index}"));
        }
    }

    fn route(&mut self, node: Node<'d>, pointer: &str) {
        if !self.references.may_read(node) {
            return;
        }
        let Some((key, path)) = node.entry("path").filter(|(_, path)| path.as_str().is_some()) else {
            let why = "it has no `path` that is a text; every route needs one";
            self.references.note(format!("route {pointer}"), why, Some(node.span()), true);
            return;
        };
        let path = route::normalise(&path.text());
        let path = if path.starts_with(&format!("{}/", self.base)) { path } else { format!("{}{path}", self.base) };
        let declared = node.get("name").and_then(Node::as_str).filter(|name| !name.trim().is_empty());
        let handler = node.get("handler").and_then(Node::as_str);
        let words = declared.as_deref().or(handler.as_deref().map(function));
        let parameters = self.parameters(node, pointer);
        let request = self.request(node);
        let response = self.response(node);
        for method in self.methods(node, pointer) {
            let method = method.as_deref();
            let documented = response.known().is_some();
            let name = declared.as_deref().map_or_else(|| route::derived_name(method, &path), str::to_owned);
            let (summary, description) = (text(node.get("summary")), text(node.get("description")));
            let says = gist(&summary, &description);
            let (place, way) = (format!("{pointer}/path"), Some(path.as_str().into()));
            let known_as = Designation::new(key.span(), place, method.map(Into::into), way, name);
            self.operations.push(Operation {
                known_as: known_as.into(),
                node: node.id(),
                holder: node.id(),
                base: Quote::default(),
                parameters: parameters.clone(),
                request: request.clone(),
                response: response.clone(),
                exposure: match page::framework_page(method, &path, documented) {
                    Some(reason) => Exposure::Excluded(reason.into()),
                    None => Exposure::Exposed,
                },
                words: Words::new(Some(&path), words),
                effect: effect::infer(method, Some(&path), words, says),
                summary,
                description,
            });
        }
    }

    /// The methods of a route, each an operation; a route without `methods` is one whose method is not known.
    fn methods(&self, node: Node<'d>, pointer: &str) -> Vec<Option<String>> {
        // The cases of rules name one `method`.
        if let Some(method) = node.get("method").and_then(Node::as_str) {
            return vec![Some(method.to_ascii_uppercase())];
        }
        let Some(list) = node.get("methods") else { return vec![None] };
        let all: Vec<String> =
            list.items().filter_map(Node::as_str).map(|method| method.to_ascii_uppercase()).collect();
        if all.is_empty() {
            let why = "`methods` is not a list with a method; leave it out if the methods are not known";
            self.references.note(format!("route {pointer}"), why, Some(list.span()), true);
            return vec![None];
        }
        route::methods(all)
    }

    fn parameters(&mut self, node: Node<'d>, pointer: &str) -> Fact<Box<[Parameter]>> {
        let Some(list) = node.get("params") else { return Fact::Unknown };
        if !list.is_array() {
            if !list.is_null() {
                self.references.note(
                    format!("parameters of route {pointer}"),
                    "`params` is not a list",
                    Some(list.span()),
                    true,
                );
                return Fact::Unknown;
            }
            return Fact::Missing;
        }
        let parameters: Vec<Parameter> = list.items().filter_map(|node| self.parameter(node)).collect();
        if parameters.is_empty() { Fact::Missing } else { Fact::Known(parameters.into()) }
    }

    fn parameter(&mut self, node: Node<'d>) -> Option<Parameter> {
        let (key, name) = node.entry("name")?;
        let place = match node.get("in").and_then(Node::as_str).as_deref() {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            Some("header") => Place::Header,
            Some("cookie") => Place::Cookie,
            Some("form") => Place::Form,
            Some("body") => Place::Body,
            // The framework fills it in; no caller ever does.
            Some("inject") => return None,
            _ => Place::Unknown,
        };
        name.as_scalar()?;
        let name = name.quote();
        Some(Parameter {
            span: key.span(),
            place,
            schema: match node.get("type") {
                None => Fact::Unknown,
                Some(kind) if kind.is_null() => Fact::Missing,
                Some(kind) => Fact::Known(self.typed(kind, &name)),
            },
            default: node.get("default").is_some(),
            name,
        })
    }

    /// The type of a parameter as a framework names it. A name that is no JSON type (`UUID`, a class) says more than
    /// "some text".
    fn typed(&mut self, kind: Node<'d>, name: &Quote) -> SchemaId {
        let text = kind.text();
        let types = match &*text {
            "str" | "string" => Types::STRING,
            "int" | "integer" => Types::INTEGER,
            "float" | "number" | "double" => Types::NUMBER,
            "bool" | "boolean" => Types::BOOLEAN,
            "list" | "array" => Types::ARRAY,
            "dict" | "object" => Types::OBJECT,
            _ => return self.lowering.typed(kind.span(), name, Types::STRING, true),
        };
        self.lowering.typed(kind.span(), name, types, false)
    }

    /// A parameter in the body is not a schema of the body, so this asks for `request_schema` alone.
    fn request(&mut self, node: Node<'d>) -> Fact<Box<[SchemaId]>> {
        match node.get("request_schema") {
            Some(schema) => self.schema(schema),
            // A method without a body has none, whatever the manifest leaves out.
            None if node.get("params").is_some() => Fact::Missing,
            None => Fact::Unknown,
        }
    }

    fn response(&mut self, node: Node<'d>) -> Fact<Box<[SchemaId]>> {
        if let Some(schema) = node.get("response_schema") {
            return self.schema(schema);
        }
        let Some(fields) = node.get("response_fields") else { return Fact::Unknown };
        let mut properties = Vec::new();
        for field in fields.items() {
            if field.as_str().is_none() {
                continue;
            }
            let name = field.quote();
            let schema = self.lowering.typed(field.span(), &name, Types::default(), false);
            properties.push(Property { name, span: field.span(), schema });
        }
        if properties.is_empty() {
            return Fact::Missing;
        }
        Fact::Known([self.lowering.object(fields.span(), properties)].into())
    }

    fn schema(&mut self, node: Node<'d>) -> Fact<Box<[SchemaId]>> {
        let says = node.is_object() && node.members().next().is_some();
        if says { Fact::Known([self.lowering.schema(node, &Quote::default())].into()) } else { Fact::Missing }
    }
}

/// The function that a handler names: `cancel` of `shop.orders:cancel`; of a controller's action all but its folders.
fn function(handler: &str) -> &str {
    handler.rsplit(['.', ':', '/']).next().unwrap_or(handler)
}

fn text(node: Option<Node<'_>>) -> Fact<Text> {
    let Some(node) = node else { return Fact::Unknown };
    match node.as_scalar().filter(|text| !text.trim().is_empty()) {
        Some(text) => Fact::Known(Spanned { value: text.as_ref().into(), span: node.span() }),
        None => Fact::Missing,
    }
}
