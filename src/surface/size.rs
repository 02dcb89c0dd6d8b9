//! How long the description of a tool gets, as a bridge writes it into a list of tools.

use rustc_hash::FxHashMap;

use super::reference::References;
use super::{Documents, NodeId, Operation};
use crate::syntax::Node;

/// Quotes, colon and comma around a key and its value.
const AROUND: usize = 6;

/// Keys of an operation that become part of a tool.
const TOOL: [&str; 11] = [
    "name",
    "title",
    "summary",
    "description",
    "parameters",
    "params",
    "requestBody",
    "request_schema",
    "inputSchema",
    "outputSchema",
    "annotations",
];

/// Keys that no bridge writes.
const LEFT_OUT: [&str; 6] = ["example", "examples", "externalDocs", "xml", "encoding", "required"];

/// Sizes of tools. What several of them share is measured once.
#[derive(Debug)]
pub struct Sizes<'d> {
    documents: &'d Documents,
    references: References<'d>,
    measured: FxHashMap<NodeId, Measured>,
    /// What the measured parts refer to, those of each together.
    refers: Vec<NodeId>,
    /// How many tools were measured.
    tools: u32,
}

/// The size of a part less that of what it refers to, and where that stands. There are as many as a document has shared parts.
#[derive(Debug, Clone, Copy)]
struct Measured {
    size: u32,
    start: u32,
    end: u32,
    /// The last tool that it was counted for, none at 0.
    tool: u32,
}

impl<'d> Sizes<'d> {
    /// Nothing measured yet.
    pub fn new(documents: &'d Documents) -> Self {
        let references = References::new(documents);
        Self { documents, references, measured: FxHashMap::default(), refers: Vec::new(), tools: 0 }
    }

    /// Bytes of a tool: its name and texts, and the schema of its input with everything that it refers to, each once.
    pub fn tool(&mut self, operation: &Operation) -> usize {
        let own = self.documents.node(operation.node);
        let mut waiting: Vec<NodeId> = Vec::new();
        let mut size = operation.name.len() + AROUND;
        for (key, part) in own.members() {
            if TOOL.contains(&key.str()) {
                size += self.measure(part, &mut waiting) + AROUND;
            }
        }
        if operation.holder != operation.node
            && let Some(parameters) = self.documents.node(operation.holder).get("parameters")
        {
            size += self.measure(parameters, &mut waiting);
        }
        self.tools += 1;
        while let Some(next) = waiting.pop() {
            let Measured { size: more, start, end, tool } = self.shared(next);
            if tool != self.tools {
                size += more as usize;
                waiting.extend_from_slice(&self.refers[start as usize..end as usize]);
            }
        }
        size
    }

    /// What a shared part was before it is counted for the tool at hand.
    fn shared(&mut self, id: NodeId) -> Measured {
        let tool = self.tools;
        if let Some(known) = self.measured.get_mut(&id) {
            let before = *known;
            known.tool = tool;
            return before;
        }
        let mut refers = std::mem::take(&mut self.refers);
        let start = refers.len() as u32;
        // No document is longer than 28 bits count.
        let size = self.measure(self.documents.node(id), &mut refers) as u32;
        let end = refers.len() as u32;
        self.refers = refers;
        self.measured.insert(id, Measured { size, start, end, tool });
        Measured { size, start, end, tool: 0 }
    }

    /// Bytes of a part, less those of what it refers to.
    fn measure(&self, node: Node<'d>, refers: &mut Vec<NodeId>) -> usize {
        let mut size = 0;
        let mut waiting = vec![node];
        // Aliases may lead to the same mapping over and over; no tool is that long.
        while let Some(node) = waiting.pop() {
            if size > 1 << 22 {
                break;
            }
            size += node.text_length() + AROUND;
            waiting.extend(node.items());
            if !node.is_object() {
                continue;
            }
            for (key, value) in node.members() {
                let name = key.str();
                if name == "$ref" {
                    if let Some(target) = value.as_str().and_then(|_| self.references.target(value)) {
                        refers.push(target.id());
                        size += value.text_length();
                    }
                } else if name.starts_with("x-") || LEFT_OUT.contains(&name) {
                    continue;
                } else if value.is_object() || value.is_array() {
                    size += name.len() + AROUND;
                    waiting.push(value);
                } else {
                    size += name.len() + value.text_length() + 2 * AROUND;
                }
            }
        }
        size
    }
}
