//! Where the windows of phrases stand in a text, and how much of the text around them a phrase may take.

use std::ops::Range;

use super::filter::is_separator;

/// Letters and digits around a window in which its phrase is looked for; phrases are shorter.
const REACH: usize = 400;

/// Places of a window that are closer than this become one.
const GAP: usize = 256;

/// Where windows ended, neighbouring places joined.
pub(super) struct Places {
    /// Window, first end and last end.
    list: Vec<(u16, usize, usize)>,
    /// For each window its last entry in `list`.
    last: Vec<u32>,
    /// Windows that were seen.
    pub(super) seen: Vec<u16>,
}

impl Places {
    pub(super) fn new(windows: usize) -> Self {
        Self { list: Vec::new(), last: vec![u32::MAX; windows], seen: Vec::new() }
    }

    pub(super) fn add(&mut self, window: u16, end: usize) {
        let last = &mut self.last[usize::from(window)];
        if *last == u32::MAX {
            self.seen.push(window);
        } else {
            let place = &mut self.list[*last as usize];
            if end - place.2 <= GAP {
                place.2 = end;
                return;
            }
        }
        *last = self.list.len() as u32;
        self.list.push((window, end, end));
    }

    pub(super) fn has(&self, window: u16) -> bool {
        self.last[usize::from(window)] != u32::MAX
    }

    /// The stretches of text around the places of some windows.
    pub(super) fn around(&self, text: &[u8], windows: &[u16]) -> Vec<Range<usize>> {
        let mut places: Vec<(usize, usize)> =
            self.list.iter().filter(|place| windows.binary_search(&place.0).is_ok()).map(|place| (place.1, place.2)).collect();
        places.sort_unstable();
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for (first, last) in places {
            if ranges.last().is_some_and(|range| last <= range.end && first >= range.start) {
                continue;
            }
            let (start, end) = (back(text, first), forth(text, last));
            match ranges.last_mut() {
                Some(range) if start <= range.end => range.end = range.end.max(end),
                _ => ranges.push(start..end),
            }
        }
        ranges
    }
}

/// The start of the stretch before `at` that holds `REACH` letters or digits.
fn back(text: &[u8], at: usize) -> usize {
    let mut left = REACH;
    let mut start = at;
    while start > 0 && left > 0 {
        start -= 1;
        left -= usize::from(!is_separator(text[start]));
    }
    start
}

/// The end of the stretch behind `at` that holds `REACH` letters or digits.
fn forth(text: &[u8], at: usize) -> usize {
    let mut left = REACH;
    let mut end = at;
    while end < text.len() && left > 0 {
        left -= usize::from(!is_separator(text[end]));
        end += 1;
    }
    end
}
