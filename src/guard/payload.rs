//! What a call carries: every text in it, keys too, with the place it stands at.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::pieces::pieces;
use crate::source::{SharedText, Source, SourceId};
use crate::syntax::{self, Kind, MAX_DEPTH, Node, Tree};

/// How often JSON may stand in strings of JSON.
const MAX_NESTED: usize = 8;

/// Texts for which there is room from the beginning.
const FEW: usize = 8;

/// Bytes of a decoded text that is not kept twice.
const LONG: usize = 64 << 10;

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
    trees: Vec<Rooted>,
}

/// A text of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf {
    start: u32,
    end: u32,
    tree: u32,
    node: u32,
    kind: LeafKind,
}

impl Leaf {
    /// Bytes of the payload's text.
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LeafKind {
    Value,
    Key,
    /// A list of pieces, joined.
    Pieces,
}

/// A tree, and the string of another one that it was read from.
#[derive(Debug)]
struct Rooted {
    tree: Rc<Tree>,
    parent: Option<(usize, u32)>,
    /// The arguments in it.
    arguments: u32,
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
        let size = text.len();
        let tree = parse(text)?;
        let root = tree.root();
        let (shape, tool, arguments) = envelope(root);
        let tool = tool.map(|name| name.text().into_owned());
        let arguments = arguments.index();
        let mut payload =
            Self { shape, tool, text: String::with_capacity(size), leaves: Vec::with_capacity(FEW), trees: Vec::new() };
        payload.trees.push(Rooted { tree: Rc::new(tree), parent: None, arguments });
        let mut reader =
            Reader { payload, around: Vec::new(), keys: Vec::with_capacity(FEW), max_depth: max_depth.min(MAX_DEPTH) };
        reader.tree(0, 0)?;
        reader.around()?;
        Ok(reader.finish())
    }

    /// Takes a text for what it is.
    pub fn text(text: String) -> Self {
        let whole = Leaf { start: 0, end: text.len() as u32, tree: 0, node: 0, kind: LeafKind::Value };
        Self { shape: Shape::Text, tool: None, text, leaves: vec![whole], trees: Vec::new() }
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

    /// Where a text stands, such as `arguments.messages[2].text`, and whether it is JSON inside a string. Keys that are
    /// no plain names are given as their number, so that a place never repeats what an attacker wrote.
    pub(super) fn location(&self, leaf: Leaf) -> (String, bool) {
        if self.trees.is_empty() {
            return ("text".into(), false);
        }
        let mut steps = Vec::new();
        let (mut tree, mut node) = (leaf.tree as usize, leaf.node);
        if leaf.kind == LeafKind::Key {
            steps.push(" (key)".to_owned());
        }
        let mut inside = false;
        let mut own = true;
        loop {
            let rooted = &self.trees[tree];
            let root = rooted.tree.root();
            let from = if rooted.parent.is_none() && within(rooted.tree.node(rooted.arguments), node) {
                rooted.tree.node(rooted.arguments)
            } else {
                root
            };
            own &= rooted.parent.is_some() || from.index() == rooted.arguments;
            let mut down = Vec::new();
            descend(from, node, &mut down);
            steps.extend(down.into_iter().rev());
            match rooted.parent {
                None => break,
                Some((parent, at)) => (tree, node, inside) = (parent, at, true),
            }
        }
        let head = if own { "arguments" } else { "payload" };
        (std::iter::once(head.to_owned()).chain(steps.into_iter().rev()).collect(), inside)
    }
}

fn parse(text: SharedText) -> Result<Tree, Fault> {
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

/// Whether a node stands in another one.
fn within(outer: Node<'_>, index: u32) -> bool {
    outer.index() <= index && index < outer.end_index()
}

/// The steps from a node down to one inside it.
fn descend(from: Node<'_>, target: u32, steps: &mut Vec<String>) {
    let mut node = from;
    while node.index() != target {
        let next = if node.is_array() {
            let child = node.items().enumerate().find(|(_, item)| within(*item, target));
            child.map(|(number, item)| (format!("[{number}]"), item))
        } else {
            let members = node.members().enumerate();
            let mut child = members.filter(|(_, (key, value))| key.index() == target || within(*value, target));
            child.next().map(|(number, (key, value))| {
                let name = key.text();
                (
                    plain(&name).map_or_else(|| format!(".<key {number}>"), |name| format!(".{name}")),
                    if key.index() == target { key } else { value },
                )
            })
        };
        let Some((step, child)) = next else { return };
        steps.push(step);
        node = child;
    }
}

/// A key that can be shown: a short name.
fn plain(key: &str) -> Option<&str> {
    let short = !key.is_empty() && key.len() <= 40;
    (short && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.$".contains(&byte))).then_some(key)
}

struct Reader {
    payload: Payload,
    /// Strings around the arguments: they come after them, so that a tool's name never becomes their first word.
    around: Vec<u32>,
    /// Keys found, as tree and node: they come after the values, so that a text split over values stays together.
    keys: Vec<(u32, u32)>,
    max_depth: usize,
}

impl Reader {
    fn tree(&mut self, number: usize, nested: usize) -> Result<(), Fault> {
        let tree = Rc::clone(&self.payload.trees[number].tree);
        self.node(tree.root(), number, nested, 0)
    }

    fn node(&mut self, node: Node<'_>, tree: usize, nested: usize, depth: usize) -> Result<(), Fault> {
        if depth > self.max_depth {
            return Err(Fault::Limit(format!("nested deeper than {} levels", self.max_depth)));
        }
        match node.kind() {
            Kind::String if self.is_around(node, tree) => {
                self.around.push(node.index());
                Ok(())
            }
            Kind::String => self.string(node, tree, nested),
            Kind::Array => {
                if let Some(whole) = pieces(node) {
                    self.push(&whole, tree, node, LeafKind::Pieces);
                    return Ok(());
                }
                node.items().try_for_each(|item| self.node(item, tree, nested, depth + 1))
            }
            Kind::Object => {
                let around = node.index() != self.payload.trees[0].arguments && self.holds_arguments(node, tree);
                node.members().try_for_each(|(key, value)| {
                    if !(around && is_of_the_form(&key.text())) {
                        self.keys.push((tree as u32, key.index()));
                    }
                    self.node(value, tree, nested, depth + 1)
                })
            }
            Kind::Null | Kind::Bool | Kind::Number => Ok(()),
        }
    }

    fn holds_arguments(&self, node: Node<'_>, tree: usize) -> bool {
        tree == 0 && within(node, self.payload.trees[0].arguments)
    }

    fn is_around(&self, node: Node<'_>, tree: usize) -> bool {
        tree == 0 && !within(node.tree().node(self.payload.trees[0].arguments), node.index())
    }

    fn around(&mut self) -> Result<(), Fault> {
        let tree = Rc::clone(&self.payload.trees[0].tree);
        std::mem::take(&mut self.around).into_iter().try_for_each(|index| self.string(tree.node(index), 0, 0))
    }

    fn string(&mut self, node: Node<'_>, tree: usize, nested: usize) -> Result<(), Fault> {
        let text = node.text();
        if matches!(text.trim_start().as_bytes(), [b'{' | b'[', ..]) {
            match parse(Arc::new(text.to_string())) {
                Ok(_) if nested == MAX_NESTED => {
                    return Err(Fault::Limit(format!("JSON in strings of JSON, more than {MAX_NESTED} times")));
                }
                Ok(inner) => {
                    let number = self.payload.trees.len();
                    let arguments = inner.root().index();
                    self.payload.trees.push(Rooted {
                        tree: Rc::new(inner),
                        parent: Some((tree, node.index())),
                        arguments,
                    });
                    return self.tree(number, nested + 1);
                }
                Err(fault @ Fault::Limit(_)) => return Err(fault),
                Err(Fault::Syntax(_)) => {}
            }
        }
        self.push(&text, tree, node, LeafKind::Value);
        Ok(())
    }

    fn push(&mut self, text: &str, tree: usize, node: Node<'_>, kind: LeafKind) {
        if text.is_empty() {
            return;
        }
        let start = self.payload.text.len() as u32;
        self.payload.text.push_str(text);
        let end = self.payload.text.len() as u32;
        self.payload.leaves.push(Leaf { start, end, tree: tree as u32, node: node.index(), kind });
        self.payload.text.push('\n');
    }

    fn finish(mut self) -> Payload {
        for (tree, index) in std::mem::take(&mut self.keys) {
            let tree = tree as usize;
            let holder = Rc::clone(&self.payload.trees[tree].tree);
            let key = holder.node(index);
            self.push(&key.text(), tree, key, LeafKind::Key);
        }
        // Every text was copied, and no key as long as that is ever shown.
        self.payload
            .trees
            .iter_mut()
            .filter_map(|rooted| Rc::get_mut(&mut rooted.tree))
            .for_each(|tree| tree.let_go(LONG));
        self.payload
    }
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
