//! YAML 1.2 with its core schema, with the place of every key and value. The events are granit's; what they mean
//! (what a scalar is, where a list ends, which anchor an alias names) is decided here.

mod kind;
mod quick;
mod refusal;
#[cfg(test)]
mod tests;

use granit_parser::{Event, Parser, ScalarStyle, Tag, options};
use rustc_hash::FxHashMap;

use self::kind::kind;
use self::refusal::{ANCHOR_HELP, refusal};
use super::{Builder, Form, Kind, MAX_DEPTH, SyntaxError, Tree, shown_length};
use crate::source::{Source, Span};

pub(super) use self::quick::parse as parse_quickly;

/// Reads one YAML document.
pub(super) fn parse(source: &Source) -> Result<Tree, SyntaxError> {
    parse_quickly(source).map_or_else(|| parse_fully(source), Ok)
}

/// Reads one YAML document, whatever is in it.
pub(super) fn parse_fully(source: &Source) -> Result<Tree, SyntaxError> {
    let limits = options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH + 1,
        block_nesting_limit: MAX_DEPTH + 1,
        // YAML stops at 1,024 characters before the `:`. JSON has no such limit, and flow style is meant to hold JSON;
        // without any limit a document on one line would be kept whole as tokens, at 140 times its size.
        simple_key_max_lookahead: 1 << 16,
    };
    let mut reader = Reader {
        source,
        tree: Builder::new(source),
        open: Vec::new(),
        anchors: FxHashMap::default(),
        key_budget: source.text.len().max(1 << 16),
        document: (0, 0),
        end: 0,
    };
    for event in Parser::new_from_str_with_options(&source.text, limits) {
        let (event, span) = event.map_err(|error| refusal(source, &error))?;
        let range = span.byte_range().unwrap_or_default();
        reader.event(event, range.start, range.end)?;
    }
    if reader.tree.nodes.is_empty() {
        return Err(super::empty(source));
    }
    Ok(reader.tree.finish())
}

struct Reader<'s> {
    source: &'s Source,
    tree: Builder,
    open: Vec<Frame>,
    anchors: FxHashMap<usize, Anchor>,
    /// Bytes that aliases may still repeat as keys: a long key used a hundred thousand times must not fill the memory.
    key_budget: usize,
    /// The `---` of the current document.
    document: (usize, usize),
    /// Where the last thing that was read ended: a block list ends with its last entry, not where the next key is.
    end: usize,
}

/// A list or mapping around the current place.
struct Frame {
    node: u32,
    anchor: usize,
    height: usize,
    is_object: bool,
    wants_key: bool,
}

/// What `&name` named.
#[derive(Clone, Copy)]
struct Anchor {
    node: u32,
    /// Levels below and including the node, aliases followed.
    height: usize,
    is_open: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, start: usize, end: usize) -> Result<(), SyntaxError> {
        match event {
            Event::DocumentStart(..) => self.document = (start, end),
            Event::Scalar(value, style, anchor, tag) => {
                // A document of nothing: between two `---`, or after the last.
                if self.open.is_empty() && style == ScalarStyle::Plain && start == end {
                    return Ok(());
                }
                let is_key = self.begin_node(start, end, false)?;
                let node = self.scalar(&value, style, tag.as_deref(), is_key, (start, end));
                self.anchor(anchor, Anchor { node, height: 0, is_open: false });
            }
            Event::Alias(anchor) => self.alias(anchor, start, end)?,
            Event::SequenceStart(_, anchor, _) => self.begin_container(Kind::Array, anchor, start, end)?,
            Event::MappingStart(_, anchor, _) => self.begin_container(Kind::Object, anchor, start, end)?,
            Event::SequenceEnd | Event::MappingEnd => self.end_container(start, end),
            _ => {}
        }
        Ok(())
    }

    /// Makes room for a node; says whether it is a key.
    fn begin_node(&mut self, start: usize, end: usize, is_container: bool) -> Result<bool, SyntaxError> {
        let Some(parent) = self.open.last_mut() else {
            if self.tree.nodes.is_empty() {
                return Ok(false);
            }
            let (start, end) = self.document;
            return Err(self.error(
                start,
                end,
                "more than one YAML document in one file",
                "split the file at each `---`",
            ));
        };
        if !parent.is_object {
            return Ok(false);
        }
        let is_key = parent.wants_key;
        if is_key && is_container {
            return Err(self.container_key(start, end));
        }
        parent.wants_key = !is_key;
        Ok(is_key)
    }

    fn begin_container(&mut self, kind: Kind, anchor: usize, start: usize, end: usize) -> Result<(), SyntaxError> {
        self.begin_node(start, end, true)?;
        if self.open.len() == MAX_DEPTH {
            return Err(super::too_deep(self.source, start));
        }
        let node = self.tree.open(kind, start);
        self.anchor(anchor, Anchor { node, height: 0, is_open: true });
        let is_object = kind == Kind::Object;
        self.open.push(Frame { node, anchor, height: 1, is_object, wants_key: is_object });
        Ok(())
    }

    fn end_container(&mut self, start: usize, end: usize) {
        let Some(Frame { node, anchor, height, .. }) = self.open.pop() else { return };
        // Only a closing bracket has a length.
        if start < end {
            self.end = end;
        }
        self.end = self.end.max(self.tree.nodes[node as usize].start() as usize);
        self.tree.close(node, self.end);
        self.anchor(anchor, Anchor { node, height, is_open: false });
        self.raise(height);
    }

    /// Tells the list or mapping around the current place how high its newest child is.
    fn raise(&mut self, height: usize) {
        if let Some(parent) = self.open.last_mut() {
            parent.height = parent.height.max(height + 1);
        }
    }

    fn anchor(&mut self, anchor: usize, target: Anchor) {
        if anchor != 0 {
            self.anchors.insert(anchor, target);
        }
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) -> Result<(), SyntaxError> {
        let is_key = self.begin_node(start, end, false)?;
        let Some(target) = self.anchors.get(&anchor).copied() else {
            return Err(self.error(start, end, "an alias of an unknown anchor", ANCHOR_HELP));
        };
        if target.is_open {
            let message = "an alias of a list or mapping that it stands in";
            return Err(self.error(start, end, message, "write the value out: it would have no end"));
        }
        if self.open.len() + target.height > MAX_DEPTH {
            return Err(super::too_deep(self.source, start));
        }
        self.end = end;
        if !is_key {
            self.tree.alias(target.node, start, end);
            self.raise(target.height);
        } else if self.tree.nodes[target.node as usize].form() == Form::Container {
            return Err(self.container_key(start, end));
        } else {
            let text = self.tree.key_text(target.node).to_owned();
            let Some(left) = self.key_budget.checked_sub(text.len()) else {
                let message = "aliases as keys repeat more text than the document has";
                return Err(self.error(start, end, message, "write these keys out"));
            };
            self.key_budget = left;
            self.tree.decoded(&text, start, end);
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        is_key: bool,
        (mut start, mut end): (usize, usize),
    ) -> u32 {
        let is_plain = style == ScalarStyle::Plain;
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if is_block {
            // The line breaks after the text belong to its value, not to its place.
            end = self.source.text[..end].trim_end_matches([' ', '\t', '\r', '\n']).len();
            // Without any text the place may be that of the `|`, or of what comes next.
            start = if value.trim_end().is_empty() { end } else { start.min(end) };
        }
        self.end = end;
        // granit calls a value that is not there `~`.
        let value = if is_plain && start == end { "" } else { value };
        let kind = if is_key { Kind::String } else { kind(value, is_plain, tag) };
        if is_key
            && is_plain
            && value == "<<"
            && let Some(parent) = self.open.last()
        {
            self.tree.mark_merge(parent.node);
        }
        let text = &self.source.text;
        let is_quoted = !is_plain && !is_block;
        if !is_quoted && text.get(start..end) == Some(value) {
            self.tree.bare(kind, start, end)
        } else if is_quoted && text.get(start + 1..end.saturating_sub(1)) == Some(value) {
            match kind {
                Kind::String => self.tree.quoted(start, end),
                // `!!int "5"`: the quotes are not part of the number.
                _ => self.tree.bare(kind, start + 1, end - 1),
            }
        } else {
            self.tree.decoded(value, start, end)
        }
    }

    #[cold]
    fn container_key(&self, start: usize, end: usize) -> SyntaxError {
        let end = if end > start { end } else { start + shown_length(&self.source.text[start..]) };
        self.error(start, end, "a list or mapping as a key is not supported", "put the key in quotes to make it text")
    }

    #[cold]
    fn error(&self, start: usize, end: usize, message: &str, help: &str) -> SyntaxError {
        let span = Span { source: self.source.id, start: start as u32, end: end as u32 };
        SyntaxError { span, message: message.to_owned(), help: help.to_owned(), limit: false }
    }
}
