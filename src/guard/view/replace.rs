//! Views that differ from their text in some places only.

use std::ops::Range;

use super::View;
use super::draft::Draft;
use crate::guard::boundary::floor;

/// Bytes of the unchanged text that a view shows on each side of a change. The text itself is matched anyway, so a view
/// need not repeat what lies further away, and one link in a long document does not cost a second document.
const CONTEXT: usize = 240;

/// A view made by replacing ranges of the source, from front to back.
#[derive(Debug)]
pub(super) struct Replace<'a> {
    source: &'a str,
    draft: Draft<'a>,
    done: usize,
    changed: bool,
}

impl<'a> Replace<'a> {
    /// Nothing replaced yet.
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, draft: Draft::new(source), done: 0, changed: false }
    }

    /// Up to where the source has been dealt with.
    pub(super) fn done(&self) -> usize {
        self.done
    }

    /// `range` reads as `text`. Ranges before [`Replace::done`] are left alone.
    pub(super) fn put(&mut self, range: Range<usize>, text: &str) {
        if self.reach(&range) {
            self.draft.put(text, range);
        }
    }

    /// `range` reads as `text` does, from its end to its start.
    pub(super) fn backwards(&mut self, range: Range<usize>, text: &str) {
        if self.reach(&range) {
            self.draft.backwards(text, range);
        }
    }

    /// `range` reads as `text`, set apart from words that touch it.
    pub(super) fn word(&mut self, range: Range<usize>, text: &str) {
        let bytes = self.source.as_bytes();
        let touches = |at: Option<&u8>| at.is_some_and(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
        let (before, after) = (touches(bytes[..range.start].last()), touches(bytes.get(range.end)));
        if self.reach(&range) {
            let gap = |wanted: bool| if wanted { " " } else { "" };
            self.draft.put(gap(before), range.start..range.start);
            self.draft.put(text, range.clone());
            self.draft.put(gap(after), range.end..range.end);
        }
    }

    /// The view, if anything was replaced.
    pub(super) fn finish(mut self, name: &'static str) -> Option<View> {
        if !self.changed {
            return None;
        }
        self.draft.copy(self.done..floor(self.source, self.done + CONTEXT));
        Some(self.draft.finish(name))
    }

    fn reach(&mut self, range: &Range<usize>) -> bool {
        if range.start < self.done {
            return false;
        }
        let mut from = self.done;
        if range.start - self.done > 2 * CONTEXT || !self.changed {
            from = floor(self.source, range.start.saturating_sub(CONTEXT)).max(self.done);
            if self.changed {
                let until = floor(self.source, self.done + CONTEXT);
                self.draft.copy(self.done..until);
                self.draft.put("\n", until..from);
            }
        }
        self.draft.copy(from..range.start);
        self.done = range.end;
        self.changed = true;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_surroundings_are_kept() {
        let source = format!("{}#{}#{}", "a".repeat(1000), "b".repeat(1000), "c".repeat(10));
        let mut replace = Replace::new(&source);
        replace.put(1000..1001, "one");
        replace.put(2001..2002, "two");
        let view = replace.finish("test").expect("changed");
        assert_eq!(view.text.len(), 240 + 3 + 240 + 1 + 240 + 3 + 10);
        let at = view.text.find("two").expect("there");
        assert_eq!(view.map.origin(at, at + 3), 2001..2002);
        assert_eq!(view.map.origin(at + 3, at + 5), 2002..2004);
    }

    #[test]
    fn nothing_replaced_is_no_view() {
        assert!(Replace::new("text").finish("test").is_none());
    }
}
