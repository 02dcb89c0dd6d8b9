//! Which kinds of bytes a text has: what decides which views are worth a look.

use std::ops::{BitOr, Range};

use crate::guard::boundary::floor;

/// A set of byte kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Signs(u32);

/// Bytes looked at in one step; the counts below are sums over two steps in a row.
const STEP: usize = 64;
/// Steps around a sign that a view looks at.
const AROUND: usize = 2;
/// The shortest run of letters, digits and `+/-_=` that may be an encoded text.
pub(super) const RUN: usize = 16;
/// Single letters in two steps that have another one behind them: may be a text with its letters set apart.
const SPELT: u32 = 4;
/// Digits in two steps that may be a list of numbers.
const DIGITS: u32 = 12;
/// Dots and dashes in two steps that may be Morse code.
const TAPS: u32 = 10;

impl Signs {
    /// A byte outside ASCII.
    pub(crate) const WIDE: Self = Self(1);
    /// Lead bytes of tag characters, variation selectors and zero-width characters.
    pub(crate) const INVISIBLE: Self = Self(1 << 1);
    /// Lead byte of general punctuation, where the direction controls are.
    pub(crate) const PUNCTUATION: Self = Self(1 << 2);
    /// Lead bytes of letters that look like Latin ones upside down.
    pub(crate) const TURNED: Self = Self(1 << 3);
    /// `&`, `%` or `\`.
    pub(crate) const ESCAPE: Self = Self(1 << 4);
    /// The escape character that begins a terminal control sequence.
    pub(crate) const CONTROL: Self = Self(1 << 5);
    /// `<`, `*`, `` ` `` or `~`.
    pub(crate) const MARKUP: Self = Self(1 << 6);
    /// `<`.
    pub(crate) const ANGLE: Self = Self(1 << 7);
    /// `"`, `'` or `` ` ``.
    pub(crate) const QUOTE: Self = Self(1 << 8);
    /// Several letters that stand alone.
    pub(crate) const SPACED: Self = Self(1 << 9);
    /// One or two digits or signs between two letters that may stand for letters.
    pub(crate) const MIXED: Self = Self(1 << 10);
    /// A run of at least 16 letters, digits and `+/-_=`.
    pub(crate) const LONG: Self = Self(1 << 11);
    /// Many digits close together.
    pub(crate) const NUMBERS: Self = Self(1 << 12);
    /// Many dots and dashes close together.
    pub(crate) const DASHES: Self = Self(1 << 13);
    /// Lead bytes of braille and runes.
    pub(crate) const ALPHABET: Self = Self(1 << 14);

    /// Whether both sets have a kind in common.
    pub(crate) fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn when(self, holds: bool) -> Self {
        if holds { self } else { Self::default() }
    }
}

impl BitOr for Signs {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

/// Kinds that one byte shows by itself.
const KINDS: [u32; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0x80;
    while byte < 256 {
        kinds[byte] = Signs::WIDE.0;
        byte += 1;
    }
    kinds[0xE1] |= Signs::ALPHABET.0;
    kinds[0xE2] |= Signs::INVISIBLE.with(Signs::PUNCTUATION).with(Signs::ALPHABET).0;
    kinds[0xEF] |= Signs::INVISIBLE.0;
    kinds[0xF3] |= Signs::INVISIBLE.0;
    kinds[0xC7] |= Signs::TURNED.0;
    kinds[0xC9] |= Signs::TURNED.0;
    kinds[0xCA] |= Signs::TURNED.0;
    kinds[b'&' as usize] = Signs::ESCAPE.0;
    kinds[b'%' as usize] = Signs::ESCAPE.0;
    kinds[b'\\' as usize] = Signs::ESCAPE.0;
    kinds[0x1B] = Signs::CONTROL.0;
    kinds[b'<' as usize] = Signs::MARKUP.with(Signs::ANGLE).0;
    kinds[b'*' as usize] = Signs::MARKUP.0;
    kinds[b'~' as usize] = Signs::MARKUP.0;
    kinds[b'`' as usize] = Signs::MARKUP.with(Signs::QUOTE).0;
    kinds[b'"' as usize] = Signs::QUOTE.0;
    kinds[b'\'' as usize] = Signs::QUOTE.0;
    kinds
};

/// For each byte, one bit in each of four lanes: letter; digit or sign that stands for a letter; `+/-_=`; dot or dash.
const LANES: [u64; 256] = {
    let mut lanes = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        let letter = byte.is_ascii_alphabetic() as u64;
        let stand_in = matches!(byte, b'0'..=b'9' | b'@' | b'$' | b'!') as u64;
        let joint = matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=') as u64;
        let tap = matches!(byte, b'.' | b'-') as u64;
        lanes[byte as usize] = letter | stand_in << 16 | joint << 32 | tap << 48;
        byte += 1;
    }
    lanes
};

/// The kinds of bytes in `text`: one pass over two tables, without branches.
pub(crate) fn signs(text: &str) -> Signs {
    let mut found = Signs::default();
    let mut earlier = Step::default();
    let mut steps = text.as_bytes().chunks_exact(STEP);
    for step in &mut steps {
        let step = Step::new(step);
        found = found | step.signs(earlier);
        earlier = step;
    }
    let last = Step::new(steps.remainder());
    found | last.signs(earlier)
}

/// Where in a text its signs are, so that a view need not read all of a long text for one of them.
#[derive(Debug)]
pub(super) struct Places(Vec<Signs>);

impl Places {
    /// The places of a text's signs.
    pub(super) fn new(text: &str) -> Self {
        let mut earlier = Step::default();
        let signs = text.as_bytes().chunks(STEP).map(|bytes| {
            let step = Step::new(bytes);
            let signs = step.signs(earlier);
            earlier = step;
            signs
        });
        Self(signs.collect())
    }

    /// The parts of the text with one of these signs, with the steps around them.
    pub(super) fn ranges(&self, text: &str, gate: Signs) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for (at, _) in self.0.iter().enumerate().filter(|(_, signs)| signs.any(gate)) {
            let (start, end) = (at.saturating_sub(AROUND + 1) * STEP, (at + AROUND + 1) * STEP);
            match ranges.last_mut().filter(|last| last.end >= start) {
                Some(last) => last.end = end,
                None => ranges.push(start..end),
            }
        }
        for range in &mut ranges {
            *range = floor(text, range.start)..floor(text, range.end);
        }
        ranges
    }
}

/// What one step of the text holds: the kinds of its bytes, and a bit for each byte that is a letter, a digit or sign
/// that stands for one, one of `+/-_=`, a dot or dash.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    kinds: u32,
    letters: u64,
    stand_ins: u64,
    joints: u64,
    taps: u64,
}

impl Step {
    /// The step of [`STEP`] bytes, fewer at the end of a text.
    fn new(bytes: &[u8]) -> Self {
        let mut lanes = [0; 4];
        let mut kinds = 0;
        for (lane, bytes) in lanes.iter_mut().zip(bytes.chunks(STEP / 4)) {
            for &byte in bytes.iter().rev() {
                *lane = *lane << 1 | LANES[usize::from(byte)];
                kinds |= KINDS[usize::from(byte)];
            }
        }
        let gather = |shift: u32| lanes.iter().rev().fold(0, |all, lane| all << 16 | (lane >> shift & 0xFFFF));
        Self { kinds, letters: gather(0), stand_ins: gather(16), joints: gather(32), taps: gather(48) }
    }

    /// The signs of the step before, seen together with this one: what crosses the border counts there.
    fn signs(self, earlier: Self) -> Signs {
        let both = |mask: fn(&Self) -> u64| u128::from(mask(&earlier)) | u128::from(mask(&self)) << STEP;
        let letters = both(|step| step.letters);
        let lone = letters & !(letters << 1) & !(letters >> 1);
        // Prose has many letters that stand alone, but hardly one next to another.
        let spelt = lone & (lone >> 2 | lone >> 3 | lone >> 4 | lone >> 5);
        let stand_ins = both(|step| step.stand_ins);
        let mixed = letters << 1 & stand_ins & (letters >> 1 | stand_ins >> 1 & letters >> 2);
        let mut run = both(|step| step.letters | step.stand_ins | step.joints);
        let mut length = 1;
        while length < RUN {
            run &= run >> length;
            length *= 2;
        }
        Signs(self.kinds)
            | Signs::SPACED.when(spelt.count_ones() >= SPELT)
            | Signs::NUMBERS.when(self.stand_ins.count_ones() + earlier.stand_ins.count_ones() >= DIGITS)
            | Signs::DASHES.when(self.taps.count_ones() + earlier.taps.count_ones() >= TAPS)
            | Signs::MIXED.when(mixed != 0)
            | Signs::LONG.when(run != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_prose_calls_for_nothing() {
        assert_eq!(
            signs("The train leaves at nine. A cat and I wait for it, as we did last year; nobody minds."),
            Signs(0)
        );
        assert_eq!(signs(""), Signs(0));
    }

    #[test]
    fn runs_and_counts_are_found_across_steps() {
        for lead in 0..130 {
            let lead = " ".repeat(lead);
            assert!(signs(&format!("{lead}abcdefghijklmnop")).any(Signs::LONG));
            assert!(!signs(&format!("{lead}abcdefghijklmno")).any(Signs::LONG));
            assert!(signs(&format!("{lead}s a l u t e")).any(Signs::SPACED));
            assert!(signs(&format!("{lead}12 34 56 78 90 12")).any(Signs::NUMBERS));
            assert!(signs(&format!("{lead}h3llo")).any(Signs::MIXED));
            assert!(signs(&format!("{lead}h33lo")).any(Signs::MIXED));
        }
    }

    #[test]
    fn bytes_show_their_kind() {
        assert!(signs("a&b").any(Signs::ESCAPE));
        assert!(signs("a<b").any(Signs::MARKUP | Signs::ANGLE));
        assert!(signs("\u{E0041}").any(Signs::INVISIBLE));
        assert!(!signs("été").any(Signs::INVISIBLE));
    }
}
