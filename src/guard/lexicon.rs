//! The word filter: one pass over the words of a text that tells which of them phrases ask for.
//!
//! A stem is the beginning of a word, or a whole word. Most words of ordinary text are none, which one look into a small
//! table by their first three letters tells; the others are looked up by hash. The tables of our own rules are made by
//! the build script, so a start costs nothing.

use std::borrow::Cow;

/// Bytes of the longest stem.
pub(crate) const LONGEST: usize = 6;

/// Bits of an index by three letters.
const THREE: usize = 1 << 15;

/// In a key: the word ends with the stem.
const WHOLE: u64 = 1 << 63;

/// In a row of the table by three letters: there are whole words. The lower bits tell the lengths of other stems.
const HAS_WHOLE: u8 = 0x80;

/// Stems, each a number.
#[derive(Debug, Clone)]
pub(crate) struct Lexicon {
    /// By the first three letters of a word: which lengths its stem can have.
    pub(crate) lengths: Cow<'static, [u8]>,
    /// By hash: one more than the number of a stem, two bytes each; 0 where none is.
    pub(crate) slots: Cow<'static, [u8]>,
    /// By number: the bytes of a stem and whether it is a whole word.
    pub(crate) keys: Cow<'static, [u64]>,
    /// 64 less the binary logarithm of the slots.
    pub(crate) shift: u32,
}

/// A stem in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    /// The number of the word, counted over the gaps of phrases: `a.b` counts as one.
    pub(crate) word: u32,
    /// Offset of the word's first byte.
    pub(crate) start: u32,
    /// The stem.
    pub(crate) stem: u16,
}

/// Whether a byte stands between words.
pub(crate) fn is_separator(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

impl Lexicon {
    /// A lexicon of words in lower case, of at most [`LONGEST`] bytes; `true` if they are whole.
    ///
    /// # Errors
    /// When they are too many.
    pub(crate) fn new(stems: &[(&str, bool)]) -> Result<Self, String> {
        let count = (stems.len() * 3).next_power_of_two().max(64);
        if stems.len() >= usize::from(u16::MAX) {
            return Err(format!("{} stems: too many literals", stems.len()));
        }
        let shift = u64::BITS - count.trailing_zeros();
        let mut lexicon = Self {
            lengths: vec![0; THREE].into(),
            slots: vec![0; count * 2].into(),
            keys: stems.iter().map(|(text, whole)| key(first(text.as_bytes()), *whole)).collect(),
            shift,
        };
        for (number, (text, whole)) in stems.iter().enumerate() {
            let bytes = first(text.as_bytes());
            let row = if *whole { HAS_WHOLE } else { 1 << text.len() };
            let lengths = lexicon.lengths.to_mut();
            match text.len() {
                // Any letter may follow.
                1 if !whole => (0..1024).for_each(|rest| lengths[three(bytes) | rest] |= row),
                2 if !whole => (0..32).for_each(|rest| lengths[three(bytes) | rest] |= row),
                _ => lengths[three(bytes)] |= row,
            }
            let mut slot = hash(lexicon.keys[number], shift);
            let slots = lexicon.slots.to_mut();
            while slots[slot * 2..slot * 2 + 2] != [0, 0] {
                slot = (slot + 1) % count;
            }
            slots[slot * 2..slot * 2 + 2].copy_from_slice(&(number as u16 + 1).to_le_bytes());
        }
        Ok(lexicon)
    }

    /// Calls `report` with every stem in a stretch of a text.
    pub(crate) fn scan(&self, text: &[u8], stretch: std::ops::Range<usize>, mut report: impl FnMut(Hit)) {
        let Some(lengths) = self.lengths.first_chunk::<THREE>() else { return };
        let mut at = stretch.start;
        let mut number = 0;
        loop {
            let gap = at;
            while at < stretch.end && SEPARATES[usize::from(text[at])] {
                at += 1;
            }
            if at >= stretch.end {
                return;
            }
            // A dot inside a word does not end it.
            number += u32::from(at != gap + 1 || text[gap] != b'.');
            let start = at;
            while at < stretch.end && !SEPARATES[usize::from(text[at])] {
                at += 1;
            }
            let length = at - start;
            let word = match text[start..].first_chunk::<8>() {
                Some(bytes) => u64::from_le_bytes(*bytes),
                None => first(&text[start..]),
            };
            let word = (word | 0x2020_2020_2020_2020) & prefix(length);
            let row = lengths[three(word)];
            if row != 0 {
                self.look_up(word, length, row, |stem| report(Hit { word: number, start: start as u32, stem }));
            }
        }
    }

    fn look_up(&self, word: u64, length: usize, row: u8, mut report: impl FnMut(u16)) {
        if row & HAS_WHOLE != 0 && length <= LONGEST {
            self.find(word | WHOLE).into_iter().for_each(&mut report);
        }
        let mut lengths = row & !HAS_WHOLE;
        while lengths != 0 {
            let prefix_length = lengths.trailing_zeros() as usize;
            lengths &= lengths - 1;
            if prefix_length <= length {
                self.find(word & prefix(prefix_length)).into_iter().for_each(&mut report);
            }
        }
    }

    fn find(&self, key: u64) -> Option<u16> {
        let mut slot = hash(key, self.shift);
        loop {
            let number = self.slots.get(slot * 2..).and_then(|rest| rest.first_chunk::<2>());
            let stem = u16::from_le_bytes(*number?).checked_sub(1)?;
            if self.keys[usize::from(stem)] == key {
                return Some(stem);
            }
            slot = (slot + 1) & ((1 << (64 - self.shift)) - 1);
        }
    }
}

/// Whether each byte stands between words.
static SEPARATES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = !(byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// The first bytes of a word as a number.
fn first(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// The bits of the first bytes of a word, [`LONGEST`] at most.
fn prefix(length: usize) -> u64 {
    (1 << (length.min(LONGEST) * 8)) - 1
}

fn key(word: u64, whole: bool) -> u64 {
    if whole { word | WHOLE } else { word }
}

/// The index of the first three letters.
fn three(word: u64) -> usize {
    let letter = |number: u32| (word >> (number * 8)) as usize & 31;
    letter(0) << 10 | letter(1) << 5 | letter(2)
}

fn hash(key: u64, shift: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift) as usize
}
