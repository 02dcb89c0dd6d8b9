//! Where a reading's bytes came from.

use std::ops::Range;

/// From byte offsets of a reading back to byte offsets of the text it was made from.
///
/// A map covers one step. For a view of a view, ask the inner map first and the outer one with its answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Map {
    parts: Vec<Part>,
    len: u32,
}

/// A stretch of the reading from `at` to the next part, made from `from..to`. If both are equally long, byte stands
/// for byte; otherwise any byte stands for the whole. With `from > to` the origin is read backwards.
#[derive(Debug, Clone, Copy)]
struct Part {
    at: u32,
    from: u32,
    to: u32,
}

impl Map {
    /// The smallest range of the origin that the bytes `start..end` of the reading were made from.
    pub(crate) fn origin(&self, start: usize, end: usize) -> Range<usize> {
        let end = end.max(start + 1);
        let first = self.parts.partition_point(|part| part.at as usize <= start).saturating_sub(1);
        let (mut low, mut high) = (usize::MAX, 0);
        for (index, part) in self.parts.iter().enumerate().skip(first) {
            if part.at as usize >= end {
                break;
            }
            let range = self.part(index, start, end);
            low = low.min(range.start);
            high = high.max(range.end);
        }
        low.min(high)..high
    }

    /// This map behind another one: from this reading to the origin of the text that it was made from.
    #[must_use]
    pub(crate) fn then(&self, outer: &Self) -> Self {
        let mut whole = Self::default();
        for (index, part) in self.parts.iter().enumerate() {
            let next = self.parts.get(index + 1).map_or(self.len, |part| part.at);
            let (low, high) = (part.from.min(part.to) as usize, part.from.max(part.to) as usize);
            let origin = outer.origin(low, high);
            whole.parts.push(Part { at: part.at, from: origin.start as u32, to: origin.end as u32 });
            whole.len = next;
        }
        whole
    }

    /// The next stretch of the reading, `len` bytes, was made from `from..to`.
    pub(in crate::guard) fn push(&mut self, len: usize, from: usize, to: usize) {
        if len == 0 {
            return;
        }
        let (at, from, to, len) = (self.len, from as u32, to as u32, len as u32);
        self.len += len;
        if let Some(last) = self.parts.last_mut() {
            let follows = last.to == from && from <= to && last.from <= last.to;
            if follows && at - last.at == last.to - last.from && len == to - from {
                last.to = to;
                return;
            }
            if (last.from, last.to) == (from, to) && len != from.abs_diff(to) {
                return;
            }
        }
        self.parts.push(Part { at, from, to });
    }

    fn part(&self, index: usize, start: usize, end: usize) -> Range<usize> {
        let Part { at, from, to } = self.parts[index];
        let next = self.parts.get(index + 1).map_or(self.len, |part| part.at);
        let (low, high) = (from.min(to) as usize, from.max(to) as usize);
        let length = (next - at) as usize;
        if length != high - low {
            return low..high;
        }
        let (skip, rest) = (start.saturating_sub(at as usize).min(length), (next as usize).saturating_sub(end));
        if from <= to { low + skip..high - rest } else { low + rest..high - skip }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(parts: &[(usize, usize, usize)]) -> Map {
        let mut map = Map::default();
        parts.iter().for_each(|&(len, from, to)| map.push(len, from, to));
        map
    }

    #[test]
    fn equal_lengths_stand_byte_for_byte() {
        let map = map(&[(3, 0, 3), (2, 3, 5), (4, 9, 13)]);
        assert_eq!(map.parts.len(), 2);
        assert_eq!(map.origin(1, 4), 1..4);
        assert_eq!(map.origin(4, 6), 4..10);
        assert_eq!(map.origin(6, 6), 10..11);
    }

    #[test]
    fn other_lengths_stand_as_a_whole() {
        let map = map(&[(1, 0, 3), (1, 3, 6), (5, 6, 30)]);
        assert_eq!(map.origin(1, 2), 3..6);
        assert_eq!(map.origin(3, 4), 6..30);
    }

    #[test]
    fn a_backward_part_is_read_backwards() {
        let map = map(&[(4, 10, 6)]);
        assert_eq!(map.origin(0, 1), 9..10);
        assert_eq!(map.origin(1, 3), 7..9);
    }

    #[test]
    fn offsets_out_of_range_are_no_panic() {
        assert_eq!(Map::default().origin(3, 9), 0..0);
        assert_eq!(map(&[(2, 0, 2)]).origin(7, 9), 2..2);
    }
}
