//! The table of a model: names with weights, found by hash.
//!
//! What the hash leads to is made by the build script, so that the first text that is weighed need not wait for it.

use std::borrow::Cow;

/// A multiplier whose product spreads over the upper bits.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Lines of a name, a tab and a weight.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    /// The lines.
    pub(crate) lines: &'static str,
    /// By hash of the name: one more than the offset of a line, four bytes each; 0 where none is.
    pub(crate) slots: Cow<'static, [u8]>,
}

impl Weights {
    /// A table of some lines, for the build script.
    #[allow(dead_code)]
    pub(crate) fn new(lines: &'static str) -> Self {
        let count = (lines.lines().count() * 2).next_power_of_two();
        let mut slots = vec![0; count];
        let mut at = 0;
        for line in lines.split_inclusive('\n') {
            let mut slot = hash(line.split('\t').next().unwrap_or_default()) & (count - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (count - 1);
            }
            at += line.len();
            slots[slot] = (at - line.len() + 1) as u32;
        }
        Self { lines, slots: slots.into_iter().flat_map(u32::to_le_bytes).collect() }
    }

    /// The weight of a name, if it has one.
    pub(crate) fn get(&self, name: &str) -> Option<i32> {
        let slots = self.slots.as_chunks::<4>().0;
        let mut slot = hash(name) & slots.len().wrapping_sub(1);
        loop {
            let at = u32::from_le_bytes(*slots.get(slot)?).checked_sub(1)?;
            let line = self.lines.get(at as usize..)?;
            if let Some(weight) = line.strip_prefix(name).and_then(|rest| rest.strip_prefix('\t')) {
                return weight.lines().next()?.trim_end().parse().ok();
            }
            slot = (slot + 1) & (slots.len() - 1);
        }
    }
}

/// The lines of a table below its head, whose lines begin with `#`.
pub(crate) fn body(table: &str) -> usize {
    table.lines().take_while(|line| line.starts_with('#')).map(|line| line.len() + 1).sum()
}

fn hash(name: &str) -> usize {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte));
    let mixed = name
        .as_bytes()
        .chunks(8)
        .fold(0, |mixed: u64, bytes| (mixed.rotate_left(23) ^ number(bytes)).wrapping_mul(SPREAD));
    (mixed >> 40) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_no_others() {
        let table = "# bias 3\nb\t1\nbee\t-20\nbee line\t7\nж\t5\n";
        let weights = Weights::new(&table[body(table)..]);
        assert_eq!(["b", "bee", "bee line", "ж"].map(|name| weights.get(name)), [Some(1), Some(-20), Some(7), Some(5)]);
        assert_eq!(["", "be", "bee ", "bee\t-20", "line", "# bias 3"].map(|name| weights.get(name)), [None; 6]);
        assert_eq!(Weights { lines: "", slots: Cow::Borrowed(&[]) }.get("b"), None);
    }
}
