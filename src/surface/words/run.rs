//! Words that stand together, as they are read.

use super::letter::LetterHash;

/// One word in two forms: as written, and without plural and counting digits, which is what phrases compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'w> {
    /// As written, lower case.
    pub text: &'w str,
    stem: &'w str,
    sum: u64,
}

impl<'w> Word<'w> {
    /// Singular, without digits at its end.
    pub fn stem(self) -> &'w str {
        self.stem
    }

    /// The stem as a number.
    pub fn hash(self) -> LetterHash {
        LetterHash::kept(self.sum, self.stem.len())
    }
}

/// Where a run of words comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A fixed segment of the path.
    Segment,
    /// A parameter in the path, `{id}`.
    Parameter,
    /// The operation's name.
    Name,
    /// The name of a field or parameter.
    Field,
    /// A sentence.
    Text,
}

/// Words that stand together: a path segment, a name.
#[derive(Debug, Clone, Copy)]
pub struct Run<'w> {
    /// Where they come from.
    pub origin: Origin,
    letters: &'w str,
    /// Where the letters of the first word begin.
    start: u32,
    marks: &'w [Mark],
}

/// A word among the letters of all: it begins where the one before it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Where its letters end.
    pub(super) end: u32,
    /// Bytes of the stem; of one that the word does not begin with, and which stands behind it, so many more.
    pub(super) stem: u32,
    /// The number of the stem.
    pub(super) sum: u64,
}

impl Mark {
    /// What is added where the stem stands behind the word.
    pub(super) const BEHIND: u32 = 1 << 31;
}

/// A run of words by its number.
pub(super) fn run<'w>(letters: &'w str, marks: &'w [Mark], runs: &[(Origin, u32)], number: usize) -> Run<'w> {
    let (origin, end) = runs[number];
    let first = number.checked_sub(1).map_or(0, |before| runs[before].1 as usize);
    let start = first.checked_sub(1).map_or(0, |before| marks[before].end);
    Run { origin, letters, start, marks: &marks[first..end as usize] }
}

/// Words of such parameters.
const HOLDERS: [&str; 16] = [
    "account",
    "api",
    "base",
    "company",
    "domain",
    "enterprise",
    "env",
    "environment",
    "locale",
    "org",
    "organization",
    "realm",
    "region",
    "tenant",
    "version",
    "workspace",
];

/// `v2`, `1.0`, `2010-04-01`
fn is_version(word: Word<'_>) -> bool {
    let number = word.text.strip_prefix('v').unwrap_or(word.text);
    number.chars().all(|c| c.is_ascii_digit())
}

impl PartialEq for Run<'_> {
    /// Whether the same words come from the same kind of place.
    fn eq(&self, other: &Self) -> bool {
        self.origin == other.origin && self.words().eq(other.words())
    }
}

impl<'w> Run<'w> {
    /// How many words there are.
    pub fn len(self) -> usize {
        self.marks.len()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.marks.is_empty()
    }

    /// The words in order.
    pub fn words(self) -> impl DoubleEndedIterator<Item = Word<'w>> + ExactSizeIterator {
        (0..self.marks.len()).map(move |number| self.word(number))
    }

    /// The words from one with this number on.
    pub fn words_from(self, first: usize) -> impl Iterator<Item = Word<'w>> {
        (first..self.marks.len()).map(move |number| self.word(number))
    }

    /// The word with this number, if there are so many.
    pub fn get(self, number: usize) -> Option<Word<'w>> {
        (number < self.marks.len()).then(|| self.word(number))
    }

    /// The last word.
    pub fn last(self) -> Option<Word<'w>> {
        self.get(self.marks.len().checked_sub(1)?)
    }

    /// The only word; none if there are more.
    pub fn only(self) -> Option<Word<'w>> {
        if self.marks.len() == 1 { self.get(0) } else { None }
    }

    fn word(self, number: usize) -> Word<'w> {
        let Mark { end, stem, sum } = self.marks[number];
        let start = number.checked_sub(1).map_or(self.start, |before| self.marks[before].end);
        let letters = &self.letters[start as usize..end as usize];
        let (text, stem) = match stem.checked_sub(Mark::BEHIND) {
            Some(behind) => letters.split_at(letters.len() - behind as usize),
            None => (letters, &letters[..stem as usize]),
        };
        Word { text, stem, sum }
    }

    /// Whether it is a segment that says no more than that a service is here, and in which version.
    pub fn is_address(self) -> bool {
        let address = |word: Word<'_>| matches!(word.text, "api" | "rest" | "rpc" | "xrpc") || is_version(word);
        self.origin == Origin::Segment && self.words().all(address)
    }

    /// Whether it is a segment that is the number of a version.
    pub fn is_version(self) -> bool {
        self.origin == Origin::Segment && !self.is_empty() && self.words().all(is_version)
    }

    /// Whether it is a parameter of a path that says to whom a service belongs, so that what follows is the service's own.
    pub fn names_holder(self) -> bool {
        self.origin == Origin::Parameter && self.words().any(|word| HOLDERS.contains(&word.stem))
    }
}
