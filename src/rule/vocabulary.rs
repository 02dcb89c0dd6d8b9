//! Phrases that name a hazard, and the contexts in which they do not.

#[cfg(test)]
mod tests;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::surface::effect::is_verb;
use crate::surface::words::{LetterHash, Origin, Run, Spans, WordSpan, Words, split, stem_of};

/// A list of phrases. Each names whole words: `api key` is found in `apiKey`, `API_KEYS` and `/api-keys`, never in
/// `monkey`. The plural counts as the singular, but after `=`; digits at a word's end do not count.
///
/// | phrase | is found where |
/// | --- | --- |
/// | `sign in` | these words stand together, joined or apart |
/// | `^debug` | they begin a path segment or name |
/// | `reset$` | they end one |
/// | `^token$` | they are all of one |
/// | `=admin` | they stand exactly so, not in the plural |
/// | `oauth/token` | the words end one path segment and begin the next; parameters between do not count |
/// | `^token$/` | no further fixed segment of the path follows, but for a verb |
/// | `^token$//` | nor a verb |
/// | `/sessions` | they begin the path; a version, `api`, `{tenant}` and what the whole document begins with do not count |
/// | `password & reset` | both are there, in whatever order and place |
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Vocabulary {
    /// The letters of all parts, end to end.
    letters: String,
    parts: Vec<Part>,
    /// In the order of their numbers.
    phrases: Vec<Phrase>,
    /// Which numbers there are, by their first bits: most words begin no phrase.
    begun: [u64; 8],
    /// Letters of the longest first part.
    longest: usize,
}

#[derive(Debug, Clone, Copy)]
struct Phrase {
    /// The number of the letters of its first part.
    number: u64,
    /// The index of its first part.
    first: u32,
    /// How many parts follow that one, each beyond a segment boundary.
    rest: u8,
    /// How many parts stand behind these that must be there besides.
    besides: u8,
    /// Nothing but a common prefix stands before it in the path.
    leads: bool,
    behind: Behind,
}

/// What may follow a phrase in the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    Anything,
    /// Nothing fixed but a verb.
    Verb,
    Nothing,
}

#[derive(Debug, Clone, Copy)]
struct Part {
    /// Where its letters begin.
    start: u32,
    /// How many they are.
    length: u8,
    begins: bool,
    ends: bool,
    exact: bool,
}

/// Most letters of a part, and most parts of a phrase: there are thousands of both.
const MOST: usize = u8::MAX as usize;

impl Vocabulary {
    /// Reads the phrases.
    ///
    /// # Errors
    /// The phrase that cannot be read, and why.
    pub fn new<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut vocabulary = Self::default();
        vocabulary.add(phrases)?;
        Ok(vocabulary)
    }

    /// Takes further phrases in.
    ///
    /// # Errors
    /// The phrase that cannot be read, and why.
    pub fn add<'a>(&mut self, phrases: impl IntoIterator<Item = &'a str>) -> Result<(), String> {
        for text in phrases {
            let mut halves = text.split('&');
            let first = halves.next().unwrap_or_default();
            let (first, leads) = first.trim().strip_prefix('/').map_or((first, false), |rest| (rest, true));
            let (first, last) = first.trim_end().strip_suffix('/').map_or((first, false), |rest| (rest, true));
            let (first, closed) = first.strip_suffix('/').map_or((first, false), |rest| (rest, true));
            let (before, mut rest, mut besides) = (self.parts.len(), 0, 0);
            for (number, part) in first.split('/').enumerate() {
                self.add_part(part)?;
                rest = number;
            }
            for part in halves {
                self.add_part(part)?;
                besides += 1;
            }
            let behind = Behind::of(last, closed);
            let first = before as u32;
            if rest + besides > MOST {
                return Err(format!("a phrase of more than {MOST} parts"));
            }
            self.phrases.push(Phrase { number: 0, first, rest: rest as u8, besides: besides as u8, leads, behind });
        }
        self.number();
        self.phrases.sort_by_key(|phrase| phrase.number);
        // Its parts in the order of the phrases, as they are written.
        *self = Self::from(Written::from(std::mem::take(self)));
        Ok(())
    }

    fn add_part(&mut self, text: &str) -> Result<(), String> {
        let text = text.trim();
        let (text, begins) = text.strip_prefix('^').map_or((text, false), |rest| (rest, true));
        let (text, exact) = text.strip_prefix('=').map_or((text, false), |rest| (rest, true));
        let (text, ends) = text.strip_suffix('$').map_or((text, false), |rest| (rest, true));
        if !text.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '-') {
            return Err(format!("`{text}` is not a phrase: only letters, digits and spaces stand between ^ = and $"));
        }
        let start = self.letters.len();
        split(text).iter().for_each(|word| self.letters.push_str(&stem_of(word)));
        if start == self.letters.len() {
            return Err("a phrase without a word".into());
        }
        let length =
            u8::try_from(self.letters.len() - start).map_err(|_| format!("more than {MOST} letters in a row"))?;
        self.parts.push(Part { start: start as u32, length, begins, ends, exact });
        Ok(())
    }

    /// Works out what follows from the letters.
    fn number(&mut self) {
        for phrase in &mut self.phrases {
            let part = self.parts[phrase.first as usize];
            phrase.number = LetterHash::of(&self.letters[part.letters()]).get();
            self.longest = self.longest.max(usize::from(part.length));
            self.begun[(phrase.number >> 61) as usize] |= 1 << (phrase.number >> 55 & 63);
        }
    }

    /// Whether it has no phrase.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Calls `accept` for each place where a phrase stands, until it says yes.
    pub fn find(&self, words: &impl Spans, mut accept: impl FnMut(WordSpan) -> bool) -> bool {
        if self.phrases.is_empty() {
            return false;
        }
        words.any_span(self.longest, |hit, letters| {
            self.may_begin(letters) && self.stands(letters, words.words(), hit) && accept(hit)
        })
    }

    /// The numbers of the letters with which phrases begin.
    pub fn begins(&self) -> impl Iterator<Item = u64> {
        self.phrases.iter().map(|phrase| phrase.number)
    }

    /// Bytes of the longest of these.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Whether a phrase may begin with letters of this number.
    #[inline]
    fn may_begin(&self, letters: u64) -> bool {
        self.begun[(letters >> 61) as usize] >> (letters >> 55 & 63) & 1 == 1
    }

    /// Whether a phrase stands at a place whose letters have this number.
    fn stands(&self, letters: u64, words: &Words, hit: WordSpan) -> bool {
        let from = self.phrases.partition_point(|phrase| phrase.number < letters);
        let mut candidates = self.phrases[from..].iter().take_while(|phrase| phrase.number == letters);
        candidates.any(|phrase| self.phrase_stands(phrase, words, hit))
    }

    fn phrase_stands(&self, phrase: &Phrase, words: &Words, hit: WordSpan) -> bool {
        let run = words.run(hit.run);
        let (first, rest) = (phrase.first as usize, phrase.first as usize + 1);
        let besides = rest + phrase.rest as usize;
        let part = &self.parts[first];
        part.stands(run, hit.start, hit.end)
            && self.end_from(part, run, hit.start) == Some(hit.end)
            && (!phrase.leads || leads(words, hit))
            && self.continues(phrase, &self.parts[rest..besides], words, hit)
            && self.parts[besides..besides + phrase.besides as usize].iter().all(|part| self.is_anywhere(part, words))
    }

    /// Whether the parts after the first begin the segments that follow, and nothing follows those that must not.
    fn continues(&self, phrase: &Phrase, rest: &[Part], words: &Words, hit: WordSpan) -> bool {
        if rest.is_empty() && phrase.behind == Behind::Anything {
            return true;
        }
        let run = words.run(hit.run);
        if run.origin != Origin::Segment || hit.end != run.len() {
            return false;
        }
        let mut runs = words.runs().skip(hit.run + 1).filter(|run| run.origin == Origin::Segment);
        let continues = rest.iter().enumerate().all(|(number, part)| {
            let Some(run) = runs.next() else { return false };
            let ends = number + 1 == rest.len();
            self.end_from(part, run, 0).is_some_and(|end| (ends || end == run.len()) && part.stands(run, 0, end))
        });
        continues
            && match phrase.behind {
                Behind::Anything => true,
                Behind::Verb => runs.next().is_none_or(|run| is_deed(run) && runs.next().is_none()),
                Behind::Nothing => runs.next().is_none(),
            }
    }

    fn is_anywhere(&self, part: &Part, words: &Words) -> bool {
        words.runs().filter(|run| run.origin != Origin::Parameter).any(|run| {
            (0..run.len()).any(|start| self.end_from(part, run, start).is_some_and(|end| part.stands(run, start, end)))
        })
    }

    /// Where the words from `start` on have spelled the letters of a part, if they do.
    fn end_from(&self, part: &Part, run: Run<'_>, start: usize) -> Option<usize> {
        let mut rest = &self.letters[part.letters()];
        for (number, word) in run.words_from(start).enumerate() {
            rest = rest.strip_prefix(word.stem())?;
            if rest.is_empty() {
                return Some(start + number + 1);
            }
        }
        None
    }
}

impl Phrase {
    /// How many parts it has.
    fn parts(&self) -> usize {
        1 + usize::from(self.rest) + usize::from(self.besides)
    }
}

impl Behind {
    fn of(last: bool, closed: bool) -> Self {
        match (last, closed) {
            (false, _) => Self::Anything,
            (true, false) => Self::Verb,
            (true, true) => Self::Nothing,
        }
    }
}

impl Part {
    /// Where its letters stand.
    fn letters(&self) -> Range<usize> {
        let start = self.start as usize;
        start..start + usize::from(self.length)
    }

    /// Whether the words from `start` to `end`, whose letters are this part's, stand as it wants.
    fn stands(&self, run: Run<'_>, start: usize, end: usize) -> bool {
        let mut words = run.words_from(start).take(end - start);
        (!self.begins || start == 0)
            && (!self.ends || end == run.len())
            && (!self.exact || words.all(|word| word.text == word.stem()))
    }
}

/// A vocabulary as the build script writes it: all are read at every start.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Written {
    letters: String,
    /// For each phrase its signs, how many parts follow the first and how many must be there besides; then, for each part, its
    /// signs and how many letters it has.
    numbers: Vec<u32>,
}

impl From<Vocabulary> for Written {
    fn from(vocabulary: Vocabulary) -> Self {
        let mut numbers = Vec::new();
        let mut letters = String::new();
        for phrase in &vocabulary.phrases {
            let (last, closed) = (phrase.behind != Behind::Anything, phrase.behind == Behind::Nothing);
            let signs = u32::from(closed) << 2 | u32::from(phrase.leads) << 1 | u32::from(last);
            numbers.push(u32::from(phrase.rest) << 11 | u32::from(phrase.besides) << 3 | signs);
            let parts = &vocabulary.parts[phrase.first as usize..][..phrase.parts()];
            for part in parts {
                let signs = u32::from(part.begins) << 2 | u32::from(part.ends) << 1 | u32::from(part.exact);
                numbers.push(u32::from(part.length) << 3 | signs);
                letters.push_str(&vocabulary.letters[part.letters()]);
            }
        }
        Self { letters, numbers }
    }
}

impl From<Written> for Vocabulary {
    fn from(written: Written) -> Self {
        let mut numbers = written.numbers.iter().copied();
        let count = written.numbers.len() / 2;
        let mut vocabulary = Self { letters: written.letters, ..Self::default() };
        vocabulary.parts.reserve(count);
        vocabulary.phrases.reserve(count);
        let mut start = 0;
        while let Some(head) = numbers.next() {
            let behind = Behind::of(head & 1 != 0, head & 4 != 0);
            let phrase = Phrase {
                number: 0,
                first: vocabulary.parts.len() as u32,
                rest: (head >> 11) as u8,
                besides: (head >> 3) as u8,
                leads: head & 2 != 0,
                behind,
            };
            vocabulary.parts.extend(numbers.by_ref().take(phrase.parts()).map(|part| {
                let (length, begin) = ((part >> 3) as u8, start);
                start += u32::from(length);
                Part { start: begin, length, begins: part & 4 != 0, ends: part & 2 != 0, exact: part & 1 != 0 }
            }));
            vocabulary.phrases.push(phrase);
        }
        vocabulary.number();
        vocabulary
    }
}

/// Whether a segment only says what is done to what stands before it: `/orders/{id}/cancel`, `/items/bulk-create`.
fn is_deed(run: Run<'_>) -> bool {
    run.words().all(|word| is_verb(word.text))
}

/// Whether only what paths commonly begin with stands before a hit.
fn leads(words: &Words, hit: WordSpan) -> bool {
    let before = words.runs().take(hit.run);
    // The product that has the version is part of the address: `/shop/v1/sessions`.
    let version = before.clone().rposition(Run::is_version);
    hit.start == 0
        && words.run(hit.run).origin == Origin::Segment
        && before.skip(version.map_or(0, |at| at + 1).max(words.base)).all(|run| run.is_address() || run.names_holder())
}
