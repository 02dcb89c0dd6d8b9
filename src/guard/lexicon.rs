//! The word filter: one pass over the words of a text that tells which of them phrases ask for.
//!
//! A stem is the beginning of a word, or a whole word. Most words of ordinary text are none, which one look into a small
//! table by their first three letters tells; the others are looked up by hash. The tables of our own rules are made by
//! the build script, so a start costs nothing.

use std::borrow::Cow;
use std::ops::Range;

/// Bytes of the longest stem.
pub(crate) const LONGEST: usize = 6;

/// Bits of a count of the dots that join words to one; as many as overflow it begin a new word. Names have fewer, and without
/// an end to them a whole text could be one word, in which everything is near to everything.
const DOTS: u32 = 2;

/// Bits of an index by three letters.
const THREE: usize = 1 << 15;

/// Numbers of 64 bits in the sieve.
const SIEVE: usize = 1 << 10;

/// 64 less the binary logarithm of the bits in the sieve.
const SIEVE_SHIFT: u32 = u64::BITS - (SIEVE * 64).trailing_zeros();

/// Words that are remembered, a power of two, and most of their stems.
const SEEN: usize = 1 << 11;
const MOST: usize = 1 << 13;

/// In a key: the word ends with the stem.
const WHOLE: u64 = 1 << 63;

/// In a row of the table by three letters: there are whole words. The lower bits tell the lengths of other stems.
const HAS_WHOLE: u8 = 0x80;

/// A word that phrases ask for, or the beginning of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Word {
    /// At most six letters and digits.
    pub(crate) text: String,
    /// Whether the word ends with it.
    pub(crate) whole: bool,
    /// The byte before it, 0 if it may be any.
    pub(crate) lead: u8,
    /// The byte behind it, 0 if it may be any.
    pub(crate) trail: u8,
}

/// Stems, each a number.
#[derive(Debug, Clone)]
pub(crate) struct Lexicon {
    /// By the first three letters of a word: which lengths its stem can have.
    pub(crate) lengths: Cow<'static, [u8]>,
    /// By hash: a bit for each stem. It is small, and tells most words that are none.
    pub(crate) sieve: Cow<'static, [u64]>,
    /// By hash: one more than the number of the first of the stems with one key, two bytes each; 0 where none is.
    pub(crate) slots: Cow<'static, [u8]>,
    /// By number: the bytes of a stem and whether it is a whole word.
    pub(crate) keys: Cow<'static, [u64]>,
    /// By number: the byte before a stem and the one behind it, 0 if it may be any.
    pub(crate) sides: Cow<'static, [u8]>,
    /// 64 less the binary logarithm of the slots.
    pub(crate) shift: u32,
}

/// A stem in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    /// The number of the word, counted over the gaps of phrases: `a.b` counts as one, up to some dots.
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
    /// A lexicon of words in lower case.
    ///
    /// # Errors
    /// When they are too many.
    pub(crate) fn new(stems: &[&Word]) -> Result<Self, String> {
        let count = (stems.len() * 2).next_power_of_two().max(64);
        if stems.len() >= usize::from(u16::MAX) {
            return Err(format!("{} stems: too many literals", stems.len()));
        }
        let shift = u64::BITS - count.trailing_zeros();
        let mut lexicon = Self {
            lengths: vec![0; THREE].into(),
            sieve: vec![0; SIEVE].into(),
            slots: vec![0; count * 2].into(),
            keys: stems.iter().map(|word| key(first(word.text.as_bytes()), word.whole)).collect(),
            sides: stems.iter().flat_map(|word| [word.lead, word.trail]).collect(),
            shift,
        };
        for (number, Word { text, whole, .. }) in stems.iter().enumerate() {
            let bytes = first(text.as_bytes());
            let row = if *whole { HAS_WHOLE } else { 1 << text.len() };
            let lengths = lexicon.lengths.to_mut();
            match text.len() {
                // Any letter may follow.
                1 if !whole => (0..1024).for_each(|rest| lengths[three(bytes) | rest] |= row),
                2 if !whole => (0..32).for_each(|rest| lengths[three(bytes) | rest] |= row),
                _ => lengths[three(bytes)] |= row,
            }
            // Stems with one key stand in a row.
            if number > 0 && lexicon.keys[number] == lexicon.keys[number - 1] {
                continue;
            }
            let bit = hash(lexicon.keys[number], SIEVE_SHIFT);
            lexicon.sieve.to_mut()[bit / 64] |= 1 << (bit % 64);
            let mut slot = hash(lexicon.keys[number], shift);
            let slots = lexicon.slots.to_mut();
            while slots[slot * 2..slot * 2 + 2] != [0, 0] {
                slot = (slot + 1) % count;
            }
            slots[slot * 2..slot * 2 + 2].copy_from_slice(&(number as u16 + 1).to_le_bytes());
        }
        Ok(lexicon)
    }

    /// Calls `report` with every stem in a stretch of a text. Gives the signs between the words, a bit for each byte.
    pub(crate) fn scan(
        &self,
        text: &[u8],
        stretch: Range<usize>,
        seen: &mut Seen,
        mut report: impl FnMut(Hit),
    ) -> u128 {
        let within = &text[..stretch.end];
        let mut signs = 0;
        let mut at = stretch.start;
        let mut number: u32 = 0;
        loop {
            let gap = at;
            while let Some(&byte) = within.get(at).filter(|byte| SEPARATES[usize::from(**byte)]) {
                signs |= 1 << (byte & 127);
                at += 1;
            }
            if at >= within.len() {
                return signs;
            }
            // A dot inside a word does not end it.
            let dot = at == gap + 1 && text[gap] == b'.';
            number = (if dot { number } else { number | ((1 << DOTS) - 1) }) + 1;
            let start = at;
            while within.get(at).is_some_and(|byte| !SEPARATES[usize::from(*byte)]) {
                at += 1;
            }
            let (word, row) = self.word(text, start..at);
            if row != 0 {
                let sides = sides(text, start..at);
                for known in seen.stems(self, word, at - start, row).iter().filter(|known| known.stands(sides)) {
                    report(Hit { word: number >> DOTS, start: start as u32, stem: known.stem });
                }
            }
        }
    }

    /// Whether one of the stems of a word is `wanted`.
    pub(crate) fn any_stem(&self, text: &[u8], word: Range<usize>, wanted: impl Fn(u16) -> bool) -> bool {
        let sides = sides(text, word.clone());
        let (letters, row) = self.word(text, word.clone());
        let mut any = false;
        self.look_up(letters, word.len(), row, |stem| any |= self.known(stem).stands(sides) && wanted(stem));
        any
    }

    /// The first letters of a word as a number, and its row of the table by three letters.
    fn word(&self, text: &[u8], word: Range<usize>) -> (u64, u8) {
        let letters = match text[word.start..].first_chunk::<8>() {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => first(&text[word.start..]),
        };
        let letters = (letters | 0x2020_2020_2020_2020) & prefix(word.len());
        (letters, self.lengths.get(three(letters)).copied().unwrap_or(0))
    }

    /// What has to be known of a stem where a word may have it.
    fn known(&self, stem: u16) -> Known {
        let [lead, trail] = self.sides.as_chunks::<2>().0[usize::from(stem)];
        Known { stem, lead, trail }
    }

    /// Whether a word that a stem begins goes on beyond so many bytes.
    pub(crate) fn reaches(&self, stem: u16, bytes: usize) -> bool {
        let key = self.keys[usize::from(stem)];
        let length = (u64::BITS - (key & !WHOLE).leading_zeros()).div_ceil(8) as usize;
        key & WHOLE != 0 || length == LONGEST || length > bytes
    }

    fn look_up(&self, word: u64, length: usize, row: u8, mut report: impl FnMut(u16)) {
        if row & HAS_WHOLE != 0 && length <= LONGEST {
            self.find(word | WHOLE, &mut report);
        }
        let mut lengths = row & !HAS_WHOLE;
        while lengths != 0 {
            let prefix_length = lengths.trailing_zeros() as usize;
            lengths &= lengths - 1;
            if prefix_length <= length {
                self.find(word & prefix(prefix_length), &mut report);
            }
        }
    }

    /// Calls `report` with the stems that have a key.
    #[inline]
    fn find(&self, key: u64, report: &mut impl FnMut(u16)) {
        let bit = hash(key, SIEVE_SHIFT);
        if self.sieve[bit / 64] >> (bit % 64) & 1 == 0 {
            return;
        }
        let mut slot = hash(key, self.shift);
        while let Some(number) = self.slots.get(slot * 2..).and_then(|rest| rest.first_chunk::<2>()) {
            let Some(first) = u16::from_le_bytes(*number).checked_sub(1) else { return };
            let keys = &self.keys[usize::from(first)..];
            keys.iter().take_while(|known| **known == key).zip(first..).for_each(|(_, stem)| report(stem));
            slot = (slot + 1) & ((1 << (64 - self.shift)) - 1);
        }
    }
}

/// Words that were looked up, each with its stems: texts use the same few over and over.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// By hash: a word with its length, and where its stems stand in `stems`.
    slots: Vec<(u64, Range<u32>)>,
    stems: Vec<Known>,
}

/// A stem of a word that was looked up.
#[derive(Debug, Clone, Copy)]
struct Known {
    stem: u16,
    lead: u8,
    trail: u8,
}

impl Known {
    /// Whether it can stand between these bytes.
    fn stands(&self, sides: [u8; 2]) -> bool {
        (self.lead == 0 || self.lead == sides[0]) && (self.trail == 0 || self.trail == sides[1])
    }
}

impl Seen {
    /// The stems of a word, whatever stands around it.
    fn stems(&mut self, lexicon: &Lexicon, word: u64, length: usize, row: u8) -> &[Known] {
        let key = word | (length.min(LONGEST + 1) as u64) << 56;
        let slot = hash(key, u64::BITS - SEEN.trailing_zeros());
        if self.slots.is_empty() || self.stems.len() > MOST {
            self.slots.clear();
            self.slots.resize(SEEN, (0, 0..0));
            self.stems.clear();
        }
        if self.slots[slot].0 != key {
            let start = self.stems.len();
            lexicon.look_up(word, length, row, |stem| self.stems.push(lexicon.known(stem)));
            self.slots[slot] = (key, start as u32..self.stems.len() as u32);
        }
        let (start, end) = (self.slots[slot].1.start, self.slots[slot].1.end);
        &self.stems[start as usize..end as usize]
    }
}

/// The byte before a word and the one behind it; 0 where the text ends.
fn sides(text: &[u8], word: Range<usize>) -> [u8; 2] {
    [word.start.checked_sub(1).map_or(0, |before| text[before]), text.get(word.end).copied().unwrap_or(0)]
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
