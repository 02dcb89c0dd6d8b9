//! What a call carries: every text in it, keys too, with the place it stands at.

use std::ops::Range;
use std::sync::Arc;

use super::location::within;
use super::pieces::pieces;
use crate::source::{SharedText, Source, SourceId};
use crate::syntax::{self, Kind, MAX_DEPTH, Node, Tree};

/// How often JSON may stand in strings of JSON.
const MAX_NESTED: usize = 8;

/// Texts for which there is room from the beginning.
const FEW: usize = 8;

/// The form in which a call was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// JSON that is none of the others: the arguments alone.
    Arguments,
    /// `name` and `arguments`, the arguments perhaps as a text of JSON.
    Call,
    /// A JSON-RPC `tools/call` message of MCP.
    Message,
    /// The event of an agent's hook: `tool_name` and `tool_input`.
    Hook,
    /// No JSON.
    Text,
}

/// A call, taken apart.
#[derive(Debug)]
pub struct Payload {
    /// Its form.
    pub shape: Shape,
    /// The tool that is called, as written.
    pub tool: Option<String>,
    /// All texts with a line break between: first values, then keys.
    pub(super) text: String,
    /// Where each of them stands in `text`, in order.
    pub(super) leaves: Vec<Leaf>,
    /// The call as it was given; empty if it is no JSON.
    pub(super) source: SharedText,
    /// The nodes of the arguments in it.
    pub(super) arguments: Range<u32>,
    /// JSON may stand in strings of JSON. Each is a tree with a number, from 1 on; the call itself has 0. Here is for each, in
    /// order, the tree and the node of the string that it was read from.
    parents: Vec<(u32, u32)>,
}

/// A text of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf {
    start: u32,
    end: u32,
    pub(super) tree: u32,
    pub(super) node: u32,
    pub(super) kind: LeafKind,
}

impl Leaf {
    /// Bytes of the payload's text.
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What a text of a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeafKind {
    /// A string, or the whole of what is no JSON.
    Value,
    /// The key of an object.
    Key,
    /// A list of pieces, joined.
    Pieces,
}

/// Why a call was not taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is beyond a limit, which is named.
    Limit(String),
    /// It is not JSON: what is wrong, and where (line and column).
    Syntax(String),
}

impl Payload {
    /// Takes JSON apart.
    ///
    /// # Errors
    /// [`Fault`] if the text is no JSON, or nests deeper than `max_depth` levels.
    pub fn json(text: SharedText, max_depth: usize) -> Result<Self, Fault> {
        let tree = parse(Arc::clone(&text))?;
        let root = tree.root();
        let (shape, tool, arguments) = envelope(root);
        let payload = Self {
            shape,
            tool: tool.map(|name| name.text().into_owned()),
            text: String::with_capacity(text.len()),
            leaves: Vec::with_capacity(FEW),
            source: text,
            arguments: arguments.index()..arguments.end_index(),
            parents: Vec::new(),
        };
        let max_depth = max_depth.min(MAX_DEPTH);
        let mut reader = Reader { payload, around: Vec::new(), keys: String::new(), max_depth };
        reader.node(root, 0, 0, 0)?;
        let around = std::mem::take(&mut reader.around);
        around.into_iter().try_for_each(|index| reader.string(tree.node(index), 0, 0))?;
        Ok(reader.finish())
    }

    /// Takes a text for what it is.
    pub fn text(text: String) -> Self {
        let whole = Leaf { start: 0, end: text.len() as u32, tree: 0, node: 0, kind: LeafKind::Value };
        let source = SharedText::default();
        Self { shape: Shape::Text, tool: None, text, leaves: vec![whole], source, arguments: 0..0, parents: Vec::new() }
    }

    /// The texts themselves.
    pub(super) fn leaf_text(&self, leaf: Leaf) -> &str {
        &self.text[leaf.range()]
    }

    /// The values, which stand before the keys.
    pub(super) fn values(&self) -> impl Iterator<Item = &Leaf> + Clone {
        self.leaves.iter().take_while(|leaf| leaf.kind != LeafKind::Key)
    }

    /// The text that holds this byte of `text`.
    pub(super) fn leaf_at(&self, offset: usize) -> Option<Leaf> {
        let after = self.leaves.partition_point(|leaf| leaf.start as usize <= offset);
        after.checked_sub(1).map(|index| self.leaves[index])
    }

    /// The string that a tree was read from: the tree that holds it, and its node there; none for the call itself.
    pub(super) fn parent(&self, tree: u32) -> Option<&(u32, u32)> {
        self.parents.get(tree.checked_sub(1)? as usize)
    }
}

/// Reads JSON.
pub(super) fn parse(text: SharedText) -> Result<Tree, Fault> {
    let source = Source::shared(SourceId(0), "", text);
    syntax::parse_json(&source).map_err(|error| {
        let place = source.position(error.span.start);
        if error.limit {
            Fault::Limit(error.message)
        } else {
            Fault::Syntax(format!("line {}, column {}: {}", place.line, place.column, error.message))
        }
    })
}

/// The form of a call, the node of its tool's name, and the node of its arguments.
fn envelope(root: Node<'_>) -> (Shape, Option<Node<'_>>, Node<'_>) {
    let name = |node: Node<'_>, key: &str| node.get(key).filter(|name| name.kind() == Kind::String).map(Node::index);
    let pick = |node: Node<'_>, tool: &str, arguments: &str| -> Option<(u32, u32)> {
        Some((name(node, tool)?, node.get(arguments)?.index()))
    };
    let tree = root.tree();
    let call = |shape, (tool, arguments): (u32, u32)| (shape, Some(tree.node(tool)), tree.node(arguments));
    if let Some(found) = root.get("params").filter(|_| root.get("method").is_some_and(|method| method.is("tools/call")))
    {
        let tool = name(found, "name").map(|index| tree.node(index));
        return (Shape::Message, tool, found.get("arguments").unwrap_or(found));
    }
    if let Some(found) = pick(root, "tool_name", "tool_input") {
        return call(Shape::Hook, found);
    }
    // Of several calls in one message none is the call.
    let calls = root.get("tool_calls").filter(|calls| calls.items().count() == 1);
    let function = root.get("function").or_else(|| root.get("function_call"));
    let function = function.or_else(|| calls.and_then(|calls| calls.items().next()?.get("function")));
    if let Some(found) = function.and_then(|function| pick(function, "name", "arguments")) {
        return call(Shape::Call, found);
    }
    if let Some(found) = pick(root, "name", "arguments").or_else(|| pick(root, "name", "input")) {
        return call(Shape::Call, found);
    }
    (Shape::Arguments, None, root)
}

/// Whether a key belongs to one of the forms of a call: beside the arguments it is no text that anybody wrote.
#[rustfmt::skip]
fn is_of_the_form(key: &str) -> bool {
    matches!(key, "arguments" | "function" | "function_call" | "id" | "input" | "jsonrpc" | "method" | "name" | "params"
        | "tool_calls" | "tool_input" | "tool_name")
}

struct Reader {
    payload: Payload,
    /// Strings around the arguments: they come after them, so that a tool's name never becomes their first word.
    around: Vec<u32>,
    /// The texts of keys: they come after the values, so that a text split over values stays together.
    keys: String,
    max_depth: usize,
}

impl Reader {
    fn node(&mut self, node: Node<'_>, tree: u32, nested: usize, depth: usize) -> Result<(), Fault> {
        if depth > self.max_depth {
            return Err(Fault::Limit(format!("nested deeper than {} levels", self.max_depth)));
        }
        match node.kind() {
            Kind::String if tree == 0 && !self.payload.arguments.contains(&node.index()) => {
                self.around.push(node.index());
                Ok(())
            }
            Kind::String => self.string(node, tree, nested),
            Kind::Array => {
                if let Some(whole) = pieces(node) {
                    push(&mut self.payload.text, &mut self.payload.leaves, &whole, (tree, node), LeafKind::Pieces);
                    return Ok(());
                }
                node.items().try_for_each(|item| self.node(item, tree, nested, depth + 1))
            }
            Kind::Object => {
                let around = node.index() != self.payload.arguments.start && self.holds_arguments(node, tree);
                node.members().try_for_each(|(key, value)| {
                    let text = key.text();
                    if !(around && is_of_the_form(&text)) {
                        push(&mut self.keys, &mut self.payload.leaves, &text, (tree, key), LeafKind::Key);
                    }
                    self.node(value, tree, nested, depth + 1)
                })
            }
            Kind::Null | Kind::Bool | Kind::Number => Ok(()),
        }
    }

    fn holds_arguments(&self, node: Node<'_>, tree: u32) -> bool {
        tree == 0 && within(node, self.payload.arguments.start)
    }

    fn string(&mut self, node: Node<'_>, tree: u32, nested: usize) -> Result<(), Fault> {
        let text = node.text();
        if matches!(text.trim_start().as_bytes(), [b'{' | b'[', ..]) {
            match parse(Arc::new(text.to_string())) {
                Ok(_) if nested == MAX_NESTED => {
                    return Err(Fault::Limit(format!("JSON in strings of JSON, more than {MAX_NESTED} times")));
                }
                Ok(inner) => {
                    self.payload.parents.push((tree, node.index()));
                    return self.node(inner.root(), self.payload.parents.len() as u32, nested + 1, 0);
                }
                Err(fault @ Fault::Limit(_)) => return Err(fault),
                Err(Fault::Syntax(_)) => {}
            }
        }
        push(&mut self.payload.text, &mut self.payload.leaves, &text, (tree, node), LeafKind::Value);
        Ok(())
    }

    fn finish(self) -> Payload {
        let Self { mut payload, keys, .. } = self;
        let before = payload.text.len() as u32;
        payload.text.push_str(&keys);
        for key in payload.leaves.iter_mut().filter(|leaf| leaf.kind == LeafKind::Key) {
            (key.start, key.end) = (key.start + before, key.end + before);
        }
        payload.leaves.sort_unstable_by_key(|leaf| leaf.start);
        payload
    }
}

/// Adds a text to others, with a line break behind it.
fn push(texts: &mut String, leaves: &mut Vec<Leaf>, text: &str, (tree, node): (u32, Node<'_>), kind: LeafKind) {
    if text.is_empty() {
        return;
    }
    let start = texts.len() as u32;
    texts.push_str(text);
    leaves.push(Leaf { start, end: texts.len() as u32, tree, node: node.index(), kind });
    texts.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_message_are_no_text() {
        let message = r#"{"jsonrpc": "2.0", "id": "7", "method": "tools/call", "note": "n",
            "params": {"name": "send", "arguments": {"name": "a", "id": {"params": "b"}}}}"#;
        let payload = Payload::json(Arc::new(message.to_owned()), MAX_DEPTH).expect("JSON");
        let texts: Vec<&str> = payload.leaves.iter().map(|&leaf| payload.leaf_text(leaf)).collect();
        assert_eq!(texts, ["a", "b", "2.0", "7", "tools/call", "n", "send", "note", "name", "id", "params"]);
    }
}
