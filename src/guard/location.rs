//! Where a text of a call stands, such as `arguments.messages[2].text`.

use std::sync::Arc;

use super::payload::{Leaf, LeafKind, Payload, Shape, parse};
use crate::syntax::{Node, Tree};

/// Finds the places of texts. Few are ever asked for, so a call is taken apart anew for them.
pub(super) struct Locator<'p> {
    payload: &'p Payload,
    /// The trees from the call to the last text that was asked for, each but the first from a string of the one before, and
    /// their numbers.
    open: Vec<(u32, Tree)>,
}

impl<'p> Locator<'p> {
    /// For the texts of a call.
    pub(super) fn new(payload: &'p Payload) -> Self {
        Self { payload, open: Vec::new() }
    }

    /// Where a text stands, and whether it is JSON inside a string. Keys that are no plain names are given as their number,
    /// so that a place never repeats what an attacker wrote.
    pub(super) fn location(&mut self, leaf: Leaf) -> (String, bool) {
        if self.payload.shape == Shape::Text {
            return ("text".into(), false);
        }
        let mut way = vec![(leaf.tree, leaf.node)];
        while let Some(&outer) = way.last().and_then(|&(tree, _)| self.payload.parent(tree)) {
            way.push(outer);
        }
        way.reverse();
        self.open(&way);
        let arguments = &self.payload.arguments;
        let mut place = String::new();
        for (&(number, target), (_, tree)) in way.iter().zip(&self.open) {
            let mut from = tree.root();
            if number == 0 {
                from = if arguments.contains(&target) { tree.node(arguments.start) } else { from };
                place.push_str(if from.index() == arguments.start { "arguments" } else { "payload" });
            }
            descend(from, target, &mut place);
        }
        if leaf.kind == LeafKind::Key {
            place.push_str(" (key)");
        }
        (place, way.len() > 1)
    }

    /// Reads the trees on the way to a text, but for those that are open.
    fn open(&mut self, way: &[(u32, u32)]) {
        let known = self.open.iter().zip(way).take_while(|((open, _), (number, _))| open == number).count();
        self.open.truncate(known);
        for depth in known..way.len() {
            let text = match self.open.last() {
                None => Arc::clone(&self.payload.source),
                Some((_, tree)) => Arc::new(tree.node(way[depth - 1].1).text().into_owned()),
            };
            // What was read once can be read again.
            let Ok(tree) = parse(text) else { return };
            self.open.push((way[depth].0, tree));
        }
    }
}

/// Whether a node stands in another one.
pub(super) fn within(outer: Node<'_>, index: u32) -> bool {
    outer.index() <= index && index < outer.end_index()
}

/// Adds the steps from a node down to one inside it.
fn descend(from: Node<'_>, target: u32, place: &mut String) {
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
        place.push_str(&step);
        node = child;
    }
}

/// A key that can be shown: a short name.
fn plain(key: &str) -> Option<&str> {
    let short = !key.is_empty() && key.len() <= 40;
    (short && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.$".contains(&byte))).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::MAX_DEPTH;

    #[test]
    fn places_are_found_in_any_order() {
        let call = r#"{"name": "send", "arguments": {"a": "{\"b\": [\"one\", \"[{\\\"c\\\": \\\"two\\\"}]\"]}", "d": "three",
            "no name": "[\"four\"]"}, "note": "{\"e\": \"five\"}"}"#;
        let payload = Payload::json(Arc::new(call.to_owned()), MAX_DEPTH).expect("JSON");
        let places = [
            ("one", "arguments.a.b[0]", true),
            ("two", "arguments.a.b[1][0].c", true),
            ("three", "arguments.d", false),
            ("four", "arguments.<key 2>[0]", true),
            ("five", "payload.note.e", true),
            ("send", "payload.name", false),
            ("a", "arguments.a (key)", false),
            ("b", "arguments.a.b (key)", true),
            ("c", "arguments.a.b[1][0].c (key)", true),
            ("e", "payload.note.e (key)", true),
        ];
        let leaf = |text: &str| payload.leaves.iter().copied().find(|&leaf| payload.leaf_text(leaf) == text);
        let mut locator = Locator::new(&payload);
        for (first, _, _) in places {
            for (text, place, inside) in places {
                locator.location(leaf(first).expect("a text of the call"));
                let found = locator.location(leaf(text).expect("a text of the call"));
                assert_eq!(found, (place.to_owned(), inside), "{text} after {first}");
            }
        }
    }
}
