//! Phrases that name a hazard, and the contexts in which they do not.

use serde::{Deserialize, Serialize};

use crate::surface::effect::is_verb;
use crate::surface::words::{LetterHash, Origin, Run, WordSpan, Words, split, stem, stem_of};

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
/// | `/sessions` | they begin the path; what ends in a version, `api` and the holder, `{tenant}`, before them do not count |
/// | `password & reset` | both are there, in whatever order and place |
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Vocabulary {
    phrases: Vec<Phrase>,
    /// The numbers of the letters of first parts, in order, and the phrases that begin so.
    index: Vec<(u64, u32)>,
    /// Which numbers there are, by their first bits: most words begin no phrase.
    begun: [u64; 8],
    /// Letters of the longest first part.
    longest: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Phrase {
    first: Part,
    /// Parts that follow it, each beyond a segment boundary.
    rest: Vec<Part>,
    /// Nothing but a common prefix stands before it in the path.
    leads: bool,
    /// Nothing fixed follows in the path, but for a verb.
    last: bool,
    /// Nor a verb.
    closed: bool,
    /// Parts that must be there besides.
    besides: Vec<Part>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Part {
    letters: Box<str>,
    begins: bool,
    ends: bool,
    exact: bool,
}

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
        let phrases = phrases.into_iter();
        let count = phrases.size_hint().0;
        self.phrases.reserve(count);
        self.index.reserve(count);
        for text in phrases {
            let mut halves = text.split('&');
            let first = halves.next().unwrap_or_default();
            let (first, leads) = first.trim().strip_prefix('/').map_or((first, false), |rest| (rest, true));
            let (first, last) = first.trim_end().strip_suffix('/').map_or((first, false), |rest| (rest, true));
            let (first, closed) = first.strip_suffix('/').map_or((first, false), |rest| (rest, true));
            let mut parts = first.split('/').map(Part::new);
            let first = parts.next().unwrap_or_else(|| Part::new(""))?;
            let rest = parts.collect::<Result<Vec<_>, _>>()?;
            let besides = halves.map(Part::new).collect::<Result<Vec<_>, _>>()?;
            self.longest = self.longest.max(first.letters.len());
            let number = LetterHash::of(&first.letters).get();
            self.begun[(number >> 61) as usize] |= 1 << (number >> 55 & 63);
            self.index.push((number, self.phrases.len() as u32));
            self.phrases.push(Phrase { first, rest, besides, leads, last, closed });
        }
        self.index.sort_unstable();
        Ok(())
    }

    /// Whether it has no phrase.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Calls `accept` for each place where a phrase stands, until it says yes.
    pub fn find(&self, words: &Words, mut accept: impl FnMut(WordSpan) -> bool) -> bool {
        if self.phrases.is_empty() {
            return false;
        }
        words.any_span(self.longest, |hit, letters| self.stands(letters, words, hit) && accept(hit))
    }

    /// The numbers of the letters with which phrases begin.
    pub fn begins(&self) -> impl Iterator<Item = u64> {
        self.index.iter().map(|&(number, _)| number)
    }

    /// Bytes of the longest of these.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Whether a phrase stands at a place whose letters have this number.
    fn stands(&self, letters: u64, words: &Words, hit: WordSpan) -> bool {
        if self.begun[(letters >> 61) as usize] >> (letters >> 55 & 63) & 1 == 0 {
            return false;
        }
        let from = self.index.partition_point(|&(number, _)| number < letters);
        let mut candidates = self.index[from..].iter().take_while(|&&(number, _)| number == letters);
        candidates.any(|&(_, phrase)| self.phrases[phrase as usize].stands(words, hit))
    }
}

impl Phrase {
    fn stands(&self, words: &Words, hit: WordSpan) -> bool {
        let run = &words.runs[hit.run];
        self.first.stands(run, hit.start, hit.end)
            && self.first.end_from(run, hit.start) == Some(hit.end)
            && (!self.leads || leads(words, hit))
            && self.continues(words, hit)
            && self.besides.iter().all(|part| part.is_anywhere(words))
    }

    /// Whether the parts after the first begin the segments that follow.
    fn continues(&self, words: &Words, hit: WordSpan) -> bool {
        let rest = &self.rest;
        if rest.is_empty() && !self.last {
            return true;
        }
        let run = &words.runs[hit.run];
        if run.origin != Origin::Segment || hit.end != run.words.len() {
            return false;
        }
        let mut runs = words.runs[hit.run + 1..].iter().filter(|run| run.origin == Origin::Segment);
        let continues = rest.iter().enumerate().all(|(number, part)| {
            let Some(run) = runs.next() else { return false };
            let last = number + 1 == rest.len();
            part.end_from(run, 0).is_some_and(|end| (last || end == run.words.len()) && part.stands(run, 0, end))
        });
        let deed = |run: &Run| !self.closed && is_deed(run);
        continues && (!self.last || runs.next().is_none_or(|run| deed(run) && runs.next().is_none()))
    }
}

impl Part {
    fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (text, begins) = text.strip_prefix('^').map_or((text, false), |rest| (rest, true));
        let (text, exact) = text.strip_prefix('=').map_or((text, false), |rest| (rest, true));
        let (text, ends) = text.strip_suffix('$').map_or((text, false), |rest| (rest, true));
        if !is_simple(text) && !text.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '-') {
            return Err(format!("`{text}` is not a phrase: only letters, digits and spaces stand between ^ = and $"));
        }
        let letters = letters(text);
        if letters.is_empty() {
            return Err("a phrase without a word".into());
        }
        Ok(Self { letters: letters.into(), begins, ends, exact })
    }

    /// Whether the words from `start` to `end`, whose letters are this part's, stand as it wants.
    fn stands(&self, run: &Run, start: usize, end: usize) -> bool {
        let words = &run.words[start..end];
        (!self.begins || start == 0)
            && (!self.ends || end == run.words.len())
            && (!self.exact || words.iter().all(|word| *word.text == *word.stem()))
    }

    fn is_anywhere(&self, words: &Words) -> bool {
        words.runs.iter().filter(|run| run.origin != Origin::Parameter).any(|run| {
            (0..run.words.len()).any(|start| self.end_from(run, start).is_some_and(|end| self.stands(run, start, end)))
        })
    }

    /// Where the words from `start` on have spelled this part's letters, if they do.
    fn end_from(&self, run: &Run, start: usize) -> Option<usize> {
        let mut rest = &*self.letters;
        for (number, word) in run.words[start..].iter().enumerate() {
            rest = rest.strip_prefix(word.stem())?;
            if rest.is_empty() {
                return Some(start + number + 1);
            }
        }
        None
    }
}

/// Whether a segment only says what is done to what stands before it: `/orders/{id}/cancel`, `/items/bulk-create`.
fn is_deed(run: &Run) -> bool {
    run.words.iter().all(|word| is_verb(&word.text))
}

/// The letters of the words of a phrase, one after the other.
fn letters(text: &str) -> String {
    if is_simple(text) {
        let mut letters = String::with_capacity(text.len());
        text.split([' ', '-']).for_each(|word| letters.push_str(&stem_of(word)));
        return letters;
    }
    split(text).iter().map(|word| stem(word)).collect()
}

/// Whether a phrase is written as nearly all are; and all are read at every start.
fn is_simple(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b' ' | b'-'))
}

/// Whether only what paths commonly begin with stands before a hit.
fn leads(words: &Words, hit: WordSpan) -> bool {
    let before = &words.runs[..hit.run];
    // The product that has the version is part of the address: `/shop/v1/sessions`.
    let version = before.iter().rposition(Run::is_version);
    let before = &before[version.map_or(0, |at| at + 1)..];
    hit.start == 0
        && words.runs[hit.run].origin == Origin::Segment
        && before.iter().all(|run| run.is_address() || run.names_holder())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrase: &str, path: &str) -> bool {
        let words = Words::new(Some(path), None);
        Vocabulary::new([phrase]).expect("a phrase").find(&words, |_| true)
    }

    #[test]
    fn phrases_are_whole_words() {
        for (phrase, path, expected) in [
            ("auth", "/authors", false),
            ("auth", "/v1/auth/x", true),
            ("api key", "/apiKeys", true),
            ("api key", "/admin_api_keys", true),
            ("api key", "/apikey", true),
            ("api key", "/api/keys", false),
            ("sign in", "/signin", true),
            ("sign in", "/SigningKeys", false),
            ("oauth", "/OAuth2/x", true),
            ("=admin", "/admins", false),
            ("=admin", "/admin/users", true),
            ("^token$", "/token", true),
            ("^token$", "/token_types", false),
            ("reset$", "/password-reset", true),
            ("oauth/token", "/oauth/token/refresh", true),
            ("oauth/token", "/oauth/{id}/token", true),
            ("oauth/token", "/oauth/x/token", false),
            ("^token$/", "/oauth/token", true),
            ("^token$/", "/oauth/token/{id}", true),
            ("^token$/", "/token/keys", false),
            ("^token$/", "/token/{id}/revoke", true),
            ("^token$/", "/token.revoke", true),
            ("^token$/", "/v1/token:revoke", true),
            ("^token$/", "/Token.json", true),
            ("^token$/", "/Tokens({id})", true),
            ("^token$//", "/oauth/token/{id}", true),
            ("^token$//", "/token/{id}/revoke", false),
            ("auth/role$//", "/auth/roles/{id}", true),
            ("auth/role$//", "/auth/role/assume", false),
            ("/session", "/api/v2/sessions/{id}", true),
            ("/session", "/{tenant}/sessions", true),
            ("/session", "/chat/sessions", false),
            ("/session", "/shop/v1/sessions", true),
            ("/session", "/shop/v1/chat/sessions", false),
            ("/setting", "/{projectId}/settings", false),
            ("password & reset", "/users/{id}/reset/password", true),
            ("password & reset", "/users/{password}/reset", false),
        ] {
            assert_eq!(found(phrase, path), expected, "{phrase} in {path}");
        }
    }

    #[test]
    fn simple_phrases_have_the_letters_of_any_other() {
        for text in ["api keys", "sign-in", "oauth2", "  2fa  addresses ", "v2 x1y", "-"] {
            assert_eq!(letters(text), split(text).iter().map(|word| stem(word)).collect::<String>(), "{text}");
        }
    }

    #[test]
    fn a_phrase_without_words_is_refused() {
        assert!(Vocabulary::new(["^$"]).is_err());
        assert!(Vocabulary::new(["a*"]).is_err());
    }
}
