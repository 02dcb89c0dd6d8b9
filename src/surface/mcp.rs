//! The result of MCP's `tools/list`: tools as a client sees them, without method and path.

use super::lower::Lowering;
use super::reference::References;
use super::{
    Designation, Documents, Effect, Exposure, Fact, Operation, Parameter, Place, Reader, SchemaId, Surface, Text,
    Words, effect, gist,
};
use crate::source::{Quote, Spanned};
use crate::syntax::Node;

/// Reads `tools/list` results, with or without the JSON-RPC envelope.
pub(super) struct ToolList;

impl Reader for ToolList {
    fn name(&self) -> &'static str {
        "MCP tools/list result"
    }

    fn recognises(&self, root: Node<'_>) -> bool {
        find(root).is_some()
    }

    fn read(&self, documents: &Documents, root: Node<'_>) -> Surface {
        let root = documents.node(root.id());
        let references = References::new(documents);
        let mut reading =
            Reading { references: &references, lowering: Lowering::new(&references), operations: Vec::new() };
        let found = find(root);
        if let Some(list) = &found {
            for (index, tool) in list.tools.items().enumerate() {
                reading.tool(tool, &format!("{}/{index}", list.pointer));
            }
            let next = list.holder.entry("nextCursor");
            if let Some((key, _)) = next.filter(|(_, cursor)| cursor.as_str().is_some_and(|text| !text.is_empty())) {
                let why = "the list goes on: fetch the pages behind `nextCursor` and put their tools into the document";
                references.note("further tools", why, Some(key.span()), true);
            }
        }
        let (head, pointer) = match &found {
            Some(list) if list.holder != list.tools => {
                let key = list.holder.entry("tools").map_or(root, |(key, _)| key);
                (key.span(), list.pointer.clone())
            }
            _ => (root.items().next().map_or(root.span(), Node::span), "/0".into()),
        };
        Surface {
            kind: "MCP tools/list".into(),
            title: None,
            head,
            root: root.id(),
            head_pointer: pointer.into(),
            operations: reading.operations,
            schemas: reading.lowering.finish(),
            sources: references.sources(),
            unchecked: references.take_unchecked(),
        }
    }
}

/// Where the tools stand.
struct List<'d> {
    /// What holds the list; the list itself if nothing does.
    holder: Node<'d>,
    tools: Node<'d>,
    pointer: String,
}

fn find(root: Node<'_>) -> Option<List<'_>> {
    let is_tool = |node: Node<'_>| node.get("name").is_some() && node.get("inputSchema").is_some();
    if root.is_array() {
        return root.items().any(is_tool).then_some(List { holder: root, tools: root, pointer: String::new() });
    }
    let (holder, pointer) = match root.get("result") {
        Some(result) if result.is_object() => (result, "/result/tools"),
        _ => (root, "/tools"),
    };
    let tools = holder.get("tools").filter(|tools| tools.is_array())?;
    // Other documents have a list called `tools` too: MCP's are objects, and the envelope or an input schema tells.
    let is_list = root.get("jsonrpc").is_some() || tools.items().next().is_none() || tools.items().any(is_tool);
    is_list.then(|| List { holder, tools, pointer: pointer.into() })
}

struct Reading<'r, 'd> {
    references: &'r References<'d>,
    lowering: Lowering<'r, 'd>,
    operations: Vec<Operation>,
}

impl<'d> Reading<'_, 'd> {
    fn tool(&mut self, node: Node<'d>, pointer: &str) {
        let shared = node.get("inputSchema").and_then(|schema| self.references.follow(schema));
        if !self.references.may_read(node) || !shared.is_none_or(|schema| self.references.may_read(schema)) {
            return;
        }
        let Some((key, name)) = node.entry("name").filter(|(_, name)| name.as_str().is_some()) else {
            let why = "it has no `name` that is a text, so no client can call it; give it one";
            self.references.note(format!("tool {pointer}"), why, Some(node.span()), true);
            return;
        };
        let name = name.quote();
        let (title, description) = (text(node.get("title")), text(node.get("description")));
        // Titles of tools are labels; what a tool does stands in its description.
        let says = gist(&description, &title);
        let annotation = |hint| node.get("annotations").and_then(|hints| hints.get(hint)).and_then(Node::as_bool);
        // Hints are claims of the server; the name outweighs a claim that it is harmless.
        let effect = match (
            effect::infer(None, None, Some(&name), says),
            annotation("destructiveHint"),
            annotation("readOnlyHint"),
        ) {
            (Some(effect), ..) if effect != Effect::Write => Some(effect),
            (_, Some(true), hint) if hint != Some(true) => Some(Effect::Destructive),
            (Some(effect), ..) => Some(effect),
            (None, _, Some(true)) => Some(Effect::Read),
            (None, ..) => None,
        };
        let (parameters, response) = (self.parameters(node), self.response(node));
        let words = Words::new(None, Some(&name));
        let known_as = Designation::new(key.span(), format!("{pointer}/name"), None, None, name);
        self.operations.push(Operation {
            known_as: known_as.into(),
            node: node.id(),
            holder: node.id(),
            base: Quote::default(),
            summary: title,
            description,
            parameters,
            request: Fact::Missing,
            response,
            exposure: Exposure::Exposed,
            words,
            effect,
        });
    }

    /// The properties of the input schema, one parameter each.
    fn parameters(&mut self, node: Node<'d>) -> Fact<Box<[Parameter]>> {
        let Some(schema) = node.get("inputSchema").and_then(|schema| self.references.follow(schema)) else {
            return Fact::Unknown;
        };
        let mut parameters = Vec::new();
        for (key, value) in schema.get("properties").into_iter().flat_map(Node::members) {
            let name = key.quote();
            parameters.push(Parameter {
                span: key.span(),
                place: Place::Unknown,
                schema: Fact::Known(self.lowering.schema(value, &name)),
                default: false,
                name,
            });
        }
        if parameters.is_empty() { Fact::Missing } else { Fact::Known(parameters.into()) }
    }

    fn response(&mut self, node: Node<'d>) -> Fact<Box<[SchemaId]>> {
        match node.get("outputSchema") {
            Some(schema) if schema.is_object() => Fact::Known([self.lowering.schema(schema, &Quote::default())].into()),
            _ => Fact::Unknown,
        }
    }
}

/// What a tool list does not say of a tool, no client will ever see.
fn text(node: Option<Node<'_>>) -> Fact<Text> {
    let text = node.and_then(|node| node.as_scalar().map(|text| (node, text)));
    match text.filter(|(_, text)| !text.trim().is_empty()) {
        Some((node, _)) => Fact::Known(Spanned { value: node.quote(), span: node.span() }),
        None => Fact::Missing,
    }
}
