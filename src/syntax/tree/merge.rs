//! Entries that a YAML mapping takes from others, by its key `<<`.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::Node;
use crate::syntax::raw::Form;

impl<'t> Node<'t> {
    /// Entries that come from `<<`, nearest first. Each merged mapping is read once, so nested merges of the same
    /// anchors stay linear.
    pub(super) fn merged(self) -> Vec<(Node<'t>, Node<'t>)> {
        let mut seen_keys: FxHashSet<Cow<'t, str>> = self.own_members().map(|(key, _)| key.text()).collect();
        let mut seen_maps = FxHashSet::from_iter([self.index]);
        let mut waiting: Vec<Node<'t>> = self.merge_targets();
        waiting.reverse();
        let mut entries = Vec::new();
        while let Some(map) = waiting.pop() {
            if !seen_maps.insert(map.index) {
                continue;
            }
            for (key, value) in map.own_members() {
                if seen_keys.insert(key.text()) {
                    entries.push((key, value));
                }
            }
            if map.is_object() && map.raw().merges() {
                waiting.extend(map.merge_targets().into_iter().rev());
            }
        }
        entries
    }

    /// The entry of a key that comes from `<<`: that of [`Node::merged`], without collecting the others.
    pub(super) fn merged_entry(self, key: &str) -> Option<(Node<'t>, Node<'t>)> {
        let mut seen = FxHashSet::from_iter([self.index]);
        let mut waiting: Vec<Node<'t>> = self.merge_targets();
        waiting.reverse();
        while let Some(map) = waiting.pop() {
            if !seen.insert(map.index) {
                continue;
            }
            if let Some(found) = map.own_members().find(|(name, _)| name.is(key)) {
                return Some(found);
            }
            if map.is_object() && map.raw().merges() {
                waiting.extend(map.merge_targets().into_iter().rev());
            }
        }
        None
    }

    fn merge_targets(self) -> Vec<Node<'t>> {
        let (mut next, end) = (self.index + 1, self.raw().extra);
        let mut targets = Vec::new();
        while next < end {
            let key = Node { tree: self.tree, index: next };
            let value = Node { tree: self.tree, index: next + 1 };
            if key.is_merge() {
                let value = value.resolved();
                if value.is_array() { targets.extend(value.items()) } else { targets.push(value) }
            }
            next = self.tree.after(next + 1);
        }
        targets
    }

    /// Whether it is the key under which other mappings are merged into its own.
    pub(super) fn is_merge(self) -> bool {
        self.raw().form() == Form::Bare && self.is("<<")
    }
}
