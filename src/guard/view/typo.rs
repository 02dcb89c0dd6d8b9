//! Text with the letters of its telling words shuffled, doubled or left out.

use std::ops::Range;

use super::View;
use super::replace::Replace;

/// Near misses close together that are more than a slip.
const COUNT: usize = 2;
/// Bytes between two near misses that belong together.
const NEAR: usize = 120;

/// Words that orders to a model are made of. Those of four letters are known by a shuffle only: too many words are one
/// letter away.
const WORDS: &[&str] = &[
    "your",
    "mode",
    "show",
    "tell",
    "ignore",
    "previous",
    "instructions",
    "instruction",
    "system",
    "prompt",
    "reveal",
    "disregard",
    "override",
    "forget",
    "everything",
    "restrictions",
    "restriction",
    "guidelines",
    "rules",
    "developer",
    "unrestricted",
    "password",
    "print",
    "repeat",
    "bypass",
    "secret",
    "hidden",
    "above",
    "prior",
    "earlier",
    "output",
    "display",
    "execute",
    "assistant",
    "safety",
    "policy",
    "filters",
    "limitations",
    "credentials",
    "administrator",
    "admin",
    "configuration",
    "confidential",
    "command",
    "commands",
    "message",
    "messages",
    "pretend",
    "initial",
];

/// Words that are one slip away from one of those, and right.
const RIGHT: &[&str] =
    &["revel", "pint", "rueful", "hiden", "ignores", "mood", "tells", "shows", "policy", "abode", "riles"];

/// A letter's share in a word's signature, in either case, and 0 for what is no letter: the sum does not depend on the
/// order.
pub(super) static SHARES: [u32; 256] = {
    let mut shares = [0; 256];
    let mut state: u64 = 0x2545_F491_4F6C_DD1D;
    let mut letter = b'a';
    while letter <= b'z' {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        assert!(state >> 32 != 0);
        shares[letter as usize] = (state >> 32) as u32;
        shares[letter.to_ascii_uppercase() as usize] = (state >> 32) as u32;
        letter += 1;
    }
    shares
};

const SLOTS: usize = 4096;
static TABLE: [(u32, u8); SLOTS] = table();

const fn table() -> [(u32, u8); SLOTS] {
    let mut table = [(0, 0); SLOTS];
    let mut word = 0;
    while word < WORDS.len() {
        let letters = WORDS[word].as_bytes();
        let (first, last) = (letters[0], letters[letters.len() - 1]);
        let mut sum = 0_u32;
        let mut at = 0;
        while at < letters.len() {
            sum = sum.wrapping_add(SHARES[letters[at] as usize]);
            at += 1;
        }
        table = with(table, signature(first, last, sum), word);
        at = 1;
        while at < letters.len() - 1 && letters.len() > 4 {
            let share = SHARES[letters[at] as usize];
            table = with(table, signature(first, last, sum.wrapping_sub(share)), word);
            table = with(table, signature(first, last, sum.wrapping_add(share)), word);
            at += 1;
        }
        word += 1;
    }
    table
}

const fn with(mut table: [(u32, u8); SLOTS], signature: u32, word: usize) -> [(u32, u8); SLOTS] {
    let mut slot = signature as usize % SLOTS;
    while table[slot].0 != 0 && table[slot].0 != signature {
        slot = (slot + 1) % SLOTS;
    }
    if table[slot].0 == 0 {
        table[slot] = (signature, word as u8);
    }
    table
}

const fn signature(first: u8, last: u8, sum: u32) -> u32 {
    let ends = (first as u32) << 8 | last as u32;
    (sum ^ ends.wrapping_mul(0x9E37_79B9)) | 1
}

/// The near misses of a text.
#[derive(Debug, Default)]
pub(super) struct Typos {
    found: Vec<(Range<usize>, usize)>,
    close: usize,
    enough: bool,
}

impl Typos {
    /// Looks at a word of at least four letters; `sum` is the sum of its letters' shares.
    pub(super) fn see(&mut self, text: &str, word: Range<usize>, sum: u32) {
        let bytes = text.as_bytes();
        let (first, last) = (bytes[word.start] | 0x20, bytes[word.end - 1] | 0x20);
        let signature = signature(first, last, sum);
        let mut slot = signature as usize % SLOTS;
        while TABLE[slot].0 != 0 {
            if TABLE[slot].0 == signature {
                return self.meet(text, word, usize::from(TABLE[slot].1));
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    fn meet(&mut self, text: &str, word: Range<usize>, known: usize) {
        let written = &text[word.clone()];
        if written.eq_ignore_ascii_case(WORDS[known]) || RIGHT.iter().any(|right| written.eq_ignore_ascii_case(right)) {
            return;
        }
        let near = self.found.last().is_some_and(|(last, _)| word.start - last.end <= NEAR);
        self.close = if near { self.close + 1 } else { 1 };
        self.enough |= self.close >= COUNT;
        self.found.push((word, known));
    }

    /// The text with its near misses put right.
    pub(super) fn view(self, text: &str) -> Option<View> {
        if !self.enough {
            return None;
        }
        let mut view = Replace::new(text);
        for (word, known) in self.found {
            view.put(word, WORDS[known]);
        }
        view.finish("misspelt words")
    }
}
