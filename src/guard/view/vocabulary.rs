//! Words that give a text away, and how they look enciphered.

/// The place of a word in a phrase, by which a text in reverse order is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// None that tells.
    Any,
    /// What orders are called.
    Noun,
    /// What stands before such a noun.
    Before,
    /// What is done to it.
    Verb,
}

use Role::{Any, Before, Noun, Verb};

/// Frequent English words and words that orders to a model are made of.
pub(super) const WORDS: &[(&str, Role)] = &[
    ("the", Any),
    ("and", Any),
    ("you", Any),
    ("with", Any),
    ("this", Any),
    ("that", Any),
    ("for", Any),
    ("from", Any),
    ("have", Any),
    ("will", Any),
    ("must", Any),
    ("what", Any),
    ("only", Any),
    ("please", Any),
    ("user", Any),
    ("admin", Any),
    ("mode", Any),
    ("without", Any),
    ("secret", Any),
    ("password", Any),
    ("respond", Any),
    ("answer", Any),
    ("words", Any),
    ("everything", Any),
    ("following", Any),
    ("instead", Any),
    ("instructions", Noun),
    ("instruction", Noun),
    ("prompt", Noun),
    ("rules", Noun),
    ("messages", Noun),
    ("guidelines", Noun),
    ("restrictions", Noun),
    ("orders", Noun),
    ("directions", Noun),
    ("context", Noun),
    ("previous", Before),
    ("prior", Before),
    ("above", Before),
    ("earlier", Before),
    ("all", Before),
    ("any", Before),
    ("your", Before),
    ("these", Before),
    ("system", Before),
    ("safety", Before),
    ("hidden", Before),
    ("initial", Before),
    ("ignore", Verb),
    ("disregard", Verb),
    ("forget", Verb),
    ("reveal", Verb),
    ("print", Verb),
    ("show", Verb),
    ("tell", Verb),
    ("repeat", Verb),
    ("bypass", Verb),
    ("override", Verb),
    ("output", Verb),
    ("write", Verb),
    ("say", Verb),
    ("send", Verb),
    ("execute", Verb),
];

/// How a word was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cipher {
    /// Every letter moved on by this many places; 0 is no cipher.
    Shift(u8),
    /// The alphabet backwards.
    Mirror,
    /// The word backwards.
    Reverse,
}

/// Number of ciphers.
pub(super) const CIPHERS: usize = 28;

impl Cipher {
    /// The cipher with this number.
    pub(super) const fn of(number: u8) -> Self {
        match number {
            26 => Self::Mirror,
            27 => Self::Reverse,
            shift => Self::Shift(shift),
        }
    }

    /// Its number, below [`CIPHERS`].
    pub(super) const fn number(self) -> usize {
        match self {
            Self::Shift(shift) => shift as usize,
            Self::Mirror => 26,
            Self::Reverse => 27,
        }
    }

    const fn letter(self, letter: u8) -> u8 {
        match self {
            Self::Shift(shift) => (letter - b'a' + shift) % 26 + b'a',
            Self::Mirror => b'z' - (letter - b'a'),
            Self::Reverse => letter,
        }
    }

    /// The plain letter of an enciphered one, in its case; anything else stays.
    pub(super) fn plain(self, byte: u8) -> u8 {
        if !byte.is_ascii_alphabetic() {
            return byte;
        }
        let back = match self {
            Self::Shift(shift) => Self::Shift((26 - shift % 26) % 26),
            other => other,
        };
        let letter = back.letter(byte.to_ascii_lowercase());
        if byte.is_ascii_uppercase() { letter.to_ascii_uppercase() } else { letter }
    }
}

/// The first eight letters of a word, which is enough to know it by.
pub(super) const KEY: usize = 8;

const SLOTS: usize = 8192;

/// Every word under every cipher, by its key: some bits of the key's hash, and a number for cipher and word; 0 for none.
static TABLE: [(u16, u16); SLOTS] = table();

const fn table() -> [(u16, u16); SLOTS] {
    let mut table = [(0, 0); SLOTS];
    let mut cipher = 0;
    while cipher < CIPHERS {
        let mut word = 0;
        while word < WORDS.len() {
            let key = key(WORDS[word].0.as_bytes(), Cipher::of(cipher as u8));
            let (mut slot, tag) = slot(key);
            while table[slot].1 != 0 && !is_key(table[slot].1, key) {
                slot = (slot + 1) % SLOTS;
            }
            // Plain words come first and stay: what is a word already is no cipher.
            if table[slot].1 == 0 {
                table[slot] = (tag, (1 + cipher * WORDS.len() + word) as u16);
            }
            word += 1;
        }
        cipher += 1;
    }
    table
}

/// The cipher and the word that a number other than 0 stands for.
const fn entry(number: u16) -> (Cipher, usize) {
    let number = number as usize - 1;
    (Cipher::of((number / WORDS.len()) as u8), number % WORDS.len())
}

/// Whether a number stands for the cipher and the word that have a key.
const fn is_key(number: u16, wanted: u64) -> bool {
    let (cipher, word) = entry(number);
    key(WORDS[word].0.as_bytes(), cipher) == wanted
}

/// A bit for each slot of the table that is taken: most words of ordinary text are told by this alone, which is small.
static TAKEN: [u64; SLOTS / 64] = {
    let mut taken = [0; SLOTS / 64];
    let mut slot = 0;
    while slot < SLOTS {
        taken[slot / 64] |= ((TABLE[slot].1 != 0) as u64) << (slot % 64);
        slot += 1;
    }
    taken
};

const fn key(word: &[u8], cipher: Cipher) -> u64 {
    let mut key = 0;
    let mut at = 0;
    while at < word.len() && at < KEY {
        let from = if matches!(cipher, Cipher::Reverse) { word.len() - 1 - at } else { at };
        key = key << 8 | cipher.letter(word[from]) as u64;
        at += 1;
    }
    key
}

/// Where a key stands first, and further bits of its hash.
const fn slot(key: u64) -> (usize, u16) {
    let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((hash >> 51) as usize, (hash >> 35) as u16)
}

/// The cipher and the word that a key, the first letters in lower case, stands for.
pub(super) fn find(key: u64) -> Option<(Cipher, usize)> {
    let (mut slot, wanted) = slot(key);
    if TAKEN[slot / 64] >> (slot % 64) & 1 == 0 {
        return None;
    }
    loop {
        let (tag, number) = TABLE[slot];
        if number == 0 {
            return None;
        }
        if tag == wanted && is_key(number, key) {
            return Some(entry(number));
        }
        slot = (slot + 1) % SLOTS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(word: &str) -> Option<(Cipher, &'static str)> {
        let key = word.bytes().take(KEY).fold(0, |key, byte| key << 8 | u64::from(byte));
        find(key).map(|(cipher, word)| (cipher, WORDS[word].0))
    }

    #[test]
    fn words_are_known_in_every_cipher() {
        assert_eq!(look("the"), Some((Cipher::Shift(0), "the")));
        assert_eq!(look("gur"), Some((Cipher::Shift(13), "the")));
        assert_eq!(look("bzhvdw"), None);
        assert_eq!(look("hbhgvn"), Some((Cipher::Mirror, "system")));
        assert_eq!(look("snoitcurtsni"), Some((Cipher::Reverse, "instructions")));
    }

    #[test]
    fn letters_come_back() {
        assert_eq!(Cipher::Shift(3).plain(b'D'), b'A');
        assert_eq!(Cipher::Shift(0).plain(b'd'), b'd');
        assert_eq!(Cipher::Mirror.plain(b'z'), b'a');
        assert_eq!(Cipher::Shift(13).plain(b'!'), b'!');
    }
}
