//! What the parsers share: filling a [`Tree`].

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Duplicate;
use super::decoded::Decoded;
use super::raw::{Form, Raw, Tag};
use super::tree::{Kind, Tree};
use crate::source::{SharedText, Source, SourceId, Span};

/// Keys of a mapping that are compared one by one; more are kept in a map.
const FEW: usize = 16;

/// Fills a [`Tree`]; what the parsers share.
pub(super) struct Builder {
    source: SourceId,
    text: SharedText,
    pub(super) nodes: Vec<Raw>,
    pub(super) texts: Decoded,
    duplicates: Vec<Duplicate>,
}

impl Builder {
    pub(super) fn new(source: &Source) -> Self {
        Self {
            source: source.id,
            text: Arc::clone(&source.text),
            nodes: Vec::with_capacity(source.text.len() / 24 + 4),
            texts: Decoded::default(),
            duplicates: Vec::new(),
        }
    }

    /// A scalar whose text is its span.
    pub(super) fn bare(&mut self, kind: Kind, start: usize, end: usize) -> u32 {
        self.push(Tag::of(kind), start, end, 0)
    }

    /// A string whose text is its span without the quotes.
    pub(super) fn quoted(&mut self, start: usize, end: usize) -> u32 {
        self.push(Tag::QUOTED, start, end, 0)
    }

    /// A string whose text is not in the source as it is.
    pub(super) fn decoded(&mut self, text: &str, start: usize, end: usize) -> u32 {
        self.texts.open().push_str(text);
        self.written(start, end)
    }

    /// The same, of the text that was written behind the others.
    pub(super) fn written(&mut self, start: usize, end: usize) -> u32 {
        let number = self.texts.end();
        self.push(Tag::DECODED, start, end, number)
    }

    /// A reference to a node that was closed before.
    pub(super) fn alias(&mut self, target: u32, start: usize, end: usize) -> u32 {
        self.push(Tag::ALIAS, start, end, target)
    }

    /// A scalar that another node says already.
    pub(super) fn again(&mut self, node: u32) {
        self.nodes.push(self.nodes[node as usize]);
    }

    /// Begins a list or a mapping.
    pub(super) fn open(&mut self, kind: Kind, start: usize) -> u32 {
        self.push(Tag::of(kind), start, start, 0)
    }

    /// Ends a list or a mapping; the keys of a mapping are checked for repetition.
    pub(super) fn close(&mut self, container: u32, end: usize) {
        let next = self.nodes.len() as u32;
        let raw = &mut self.nodes[container as usize];
        raw.end = end as u32;
        raw.extra = next;
        if raw.kind() == Kind::Object {
            self.record_duplicates(container);
        }
    }

    /// Marks a mapping that has a `<<` key.
    pub(super) fn mark_merge(&mut self, container: u32) {
        let raw = &mut self.nodes[container as usize];
        *raw = raw.tagged(Tag::MERGE);
    }

    pub(super) fn finish(self) -> Tree {
        let Self { source, text, nodes, texts, duplicates } = self;
        Tree { source, text, nodes, texts, duplicates }
    }

    fn push(&mut self, tag: Tag, start: usize, end: usize, extra: u32) -> u32 {
        let index = self.nodes.len() as u32;
        self.nodes.push(Raw::new(tag, start as u32, end as u32, extra));
        index
    }

    pub(super) fn key_text(&self, index: u32) -> &str {
        let raw = self.nodes[index as usize];
        match raw.form() {
            Form::Bare => &self.text[raw.start() as usize..raw.end as usize],
            Form::Quoted => &self.text[raw.start() as usize + 1..raw.end as usize - 1],
            Form::Decoded => self.texts.get(raw.extra),
            Form::Alias => self.key_text(raw.extra),
            Form::Container => "",
        }
    }

    /// The bytes of a key, which are there without a look at where characters begin.
    fn key_bytes(&self, index: u32) -> &[u8] {
        let raw = self.nodes[index as usize];
        let quotes = match raw.form() {
            Form::Bare => 0,
            Form::Quoted => 1,
            _ => return self.key_text(index).as_bytes(),
        };
        &self.text.as_bytes()[raw.start() as usize + quotes..raw.end as usize - quotes]
    }

    /// One past the last descendant of a node that was closed.
    fn after(&self, index: u32) -> u32 {
        let raw = self.nodes[index as usize];
        if raw.is_container() { raw.extra } else { index + 1 }
    }

    fn record_duplicates(&mut self, container: u32) {
        let end = self.nodes[container as usize].extra;
        let second = (container + 2 < end).then(|| self.after(container + 2));
        if second.is_none_or(|second| second == end) {
            return;
        }
        let mut found = Vec::new();
        {
            let mut few = [(0, 0); FEW];
            let mut seen: FxHashMap<&[u8], u32> = FxHashMap::default();
            let mut count = 0;
            let mut next = container + 1;
            while next < end {
                let key = self.key_bytes(next);
                let mark = mark(key);
                let earlier = if count < FEW {
                    let same = few[..count].iter().filter(|&&(known, _)| known == mark);
                    same.map(|&(_, index)| index).find(|&index| self.key_bytes(index) == key)
                } else {
                    if seen.is_empty() {
                        seen.extend(few.iter().map(|&(_, index)| (self.key_bytes(index), index)));
                    }
                    seen.get(key).copied()
                };
                let is_merge = key == b"<<" && self.nodes[next as usize].form() == Form::Bare;
                match earlier {
                    Some(first) if !is_merge => found.push((first, next)),
                    _ if count < FEW => few[count] = (mark, next),
                    _ => {
                        seen.insert(key, next);
                    }
                }
                if earlier.is_none() {
                    count += 1;
                }
                next = self.after(next + 1);
            }
        }
        for (first, second) in found {
            let span = |raw: Raw| Span { source: self.source, start: raw.start(), end: raw.end };
            self.duplicates.push(Duplicate {
                first: span(self.nodes[first as usize]),
                second: span(self.nodes[second as usize]),
                key: self.key_text(second).to_owned(),
            });
        }
    }
}

/// A number that differs for most keys that differ: its two ends and its length.
#[inline]
fn mark(key: &[u8]) -> u64 {
    let ends = match (key.first_chunk::<8>(), key.last_chunk::<8>()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29),
        _ => match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
            }
            _ => key.iter().fold(0, |ends, &byte| ends << 8 | u64::from(byte)),
        },
    };
    ends ^ (key.len() as u64) << 59
}
