//! Names as whole words: `adminApiKeys`, `admin_api_keys` and `/admin-api-keys` are the same three words.

mod letter;
mod run;
mod stem;

use std::borrow::Cow;

pub use letter::LetterHash;
pub use run::{Origin, Run, Word};
pub use stem::{stem, stem_of};

use run::{Mark, run};

/// The lower-case words of a name. Words end where the letter case turns (`fooBar`, `HTTPServer`), at anything that
/// is neither letter nor digit, and after a digit that a capital follows. Digits stay with the word before them.
pub fn split(name: &str) -> Vec<String> {
    let mut words = Vec::with_capacity(4);
    each_word(name, |word| words.push(word.to_owned()));
    words
}

/// Calls `found` for each of these words.
pub(super) fn each_word(name: &str, mut found: impl FnMut(&str)) {
    let mut finish = |word: &str| {
        if word.bytes().all(is_small) {
            if !word.is_empty() {
                found(word);
            }
        } else if word.is_ascii() {
            found(&word.to_ascii_lowercase());
        } else {
            found(&word.chars().flat_map(char::to_lowercase).collect::<String>());
        }
    };
    // Where the word began, the letter before, and how many capitals stand in a row.
    let (mut start, mut before, mut run) = (0, None, 0);
    let mut at = 0;
    while let Some(character) = name[at..].chars().next() {
        let next = at + character.len_utf8();
        if !character.is_alphanumeric() {
            finish(&name[start..at]);
            (start, before, run) = (next, None, 0);
        } else if character.is_uppercase() {
            let next_is_lower = name[next..].chars().next().is_some_and(char::is_lowercase);
            let starts = match before {
                Some(last) if is_upper(last) => next_is_lower && !is_plural_end(&name[next..]),
                Some(_) => true,
                None => false,
            };
            if starts {
                finish(&name[start..at]);
                (start, run) = (at, 0);
            }
            (before, run) = (Some(character), run + 1);
        } else if run > 1 && character == 's' && is_upper(before.unwrap_or(' ')) {
            // The plural of an acronym, `URLs`, ends the word.
            finish(&name[start..next]);
            (start, before, run) = (next, None, 0);
        } else {
            (before, run) = (Some(character), 0);
            // Behind a small letter or digit others only go on with the word.
            at = next + name.as_bytes()[next..].iter().take_while(|byte| is_small(**byte)).count();
            continue;
        }
        at = next;
    }
    finish(&name[start..]);
}

/// Whether a byte is a small letter or a digit.
fn is_small(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_upper(character: char) -> bool {
    character.is_uppercase()
}

/// Whether what follows a capital is the `s` of an acronym's plural: `IDs`, `URLsOnly`.
fn is_plural_end(rest: &str) -> bool {
    let mut rest = rest.chars();
    rest.next() == Some('s') && rest.next().is_none_or(|after| !after.is_lowercase())
}

/// All words by which an operation or a field is known, in few pieces of memory: a path may have as many as it has letters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    letters: Box<str>,
    marks: Box<[Mark]>,
    /// Path segments in order, then the name; each with one past its last word.
    runs: Box<[(Origin, u32)]>,
    /// How many of them all paths of the document begin with.
    pub base: usize,
}

/// Words while they are found.
#[derive(Default)]
struct Writer {
    letters: String,
    marks: Vec<Mark>,
    runs: Vec<(Origin, u32)>,
}

impl Writer {
    fn run(&mut self, origin: Origin, text: &str) {
        each_word(text, |word| {
            let stem = stem_of(word);
            self.letters.push_str(word);
            let mut length = stem.len() as u32;
            if let Cow::Owned(other) = &stem {
                self.letters.push_str(other);
                length += Mark::BEHIND;
            }
            self.marks.push(Mark { end: self.letters.len() as u32, stem: length, sum: LetterHash::of(&stem).get() });
        });
        self.runs.push((origin, self.marks.len() as u32));
    }

    fn view(&self, number: usize) -> Run<'_> {
        run(&self.letters, &self.marks, &self.runs, number)
    }

    fn finish(self) -> Words {
        Words { letters: self.letters.into(), marks: self.marks.into(), runs: self.runs.into(), base: 0 }
    }
}

impl Words {
    /// The words of an operation.
    pub fn new(path: Option<&str>, name: Option<&str>) -> Self {
        let mut words = Writer::default();
        // Whether nothing but addresses came so far.
        let mut alone = true;
        let ending = path.unwrap_or_default().trim_end_matches('/');
        for segment in path.unwrap_or_default().split('/').filter(|segment| !segment.is_empty()) {
            if segment.starts_with('{') && segment.ends_with('}') {
                words.run(Origin::Parameter, segment);
                alone = false;
                continue;
            }
            if is_facet(segment) {
                continue;
            }
            let (fixed, parameter) = segment.find('{').map_or((segment, ""), |at| segment.split_at(at));
            let (parameter, method) = parameter.split_once("}:").unwrap_or((parameter, ""));
            // Names of formats belong to no name.
            let fixed = fixed.trim_end_matches(".json").trim_end_matches(".xml");
            // The methods of RPC-style paths stand behind a dot, custom methods behind a colon.
            let dotted = alone && ending.ends_with(segment);
            let dot = |c: char| c == ':' || (c == '.' && dotted);
            let before = words.runs.len();
            fixed.split(dot).filter(|part| !part.is_empty()).for_each(|part| words.run(Origin::Segment, part));
            if !parameter.is_empty() {
                words.run(Origin::Parameter, parameter);
            }
            if !method.is_empty() {
                words.run(Origin::Segment, method);
            }
            alone = alone && (before..words.runs.len()).all(|run| words.view(run).is_address());
        }
        if let Some(name) = name {
            words.run(Origin::Name, name);
        }
        words.finish()
    }

    fn single(origin: Origin, text: &str) -> Self {
        let mut words = Writer { letters: String::with_capacity(text.len() + 8), ..Writer::default() };
        words.run(origin, text);
        words.finish()
    }

    /// The words of one sentence.
    pub fn text(sentence: &str) -> Self {
        Self::single(Origin::Text, sentence)
    }

    /// The words of one field.
    pub fn field(name: &str) -> Self {
        Self::single(Origin::Field, name)
    }

    /// Path segments in order, then the name.
    pub fn runs(&self) -> impl DoubleEndedIterator<Item = Run<'_>> + ExactSizeIterator + Clone {
        (0..self.runs.len()).map(|number| self.run(number))
    }

    /// The run with this number.
    pub fn run(&self, number: usize) -> Run<'_> {
        run(&self.letters, &self.marks, &self.runs, number)
    }

    /// Whether the last fixed segment of the path, or the name, ends in the words of `thing`: what is given or taken is
    /// often wrapped in its own name.
    pub fn end_in(&self, thing: &str) -> bool {
        let wanted = Self::field(thing);
        let wanted = wanted.run(0);
        let ends = |run: Run<'_>| {
            let same = run.words().rev().zip(wanted.words().rev()).all(|(one, other)| one.stem() == other.stem());
            run.len() >= wanted.len() && same
        };
        let mut last = self.runs().rev().filter(|run| run.origin == Origin::Segment).take(1);
        let mut names = self.runs().filter(|run| run.origin == Origin::Name);
        !wanted.is_empty() && (last.any(ends) || names.any(ends))
    }

    /// All words that stand together, found once for many questions, unless they are too many to be kept.
    pub fn spread(&self) -> Spread<'_> {
        let few = self.marks.len() <= MOST_SPREAD;
        let mut spans = Vec::with_capacity(if few { self.marks.len() * 4 } else { 0 });
        if few {
            self.any_span(usize::MAX, |span, letters| {
                spans.push((span, letters));
                false
            });
        }
        Spread { words: self, spans: few.then_some(spans) }
    }
}

/// Words whose spans can be gone through.
pub trait Spans {
    /// The words.
    fn words(&self) -> &Words;

    /// Calls `accept` for words that stand together, with the number of their letters, until it says yes. Not for
    /// parameters of a path, and not for more than `longest` bytes of letters.
    fn any_span(&self, longest: usize, accept: impl FnMut(WordSpan, u64) -> bool) -> bool;
}

/// Most words whose spans are kept: there are as many as the square of these.
const MOST_SPREAD: usize = 64;

/// Words with all their spans, if these are not too many.
#[derive(Debug)]
pub struct Spread<'w> {
    words: &'w Words,
    spans: Option<Vec<(WordSpan, u64)>>,
}

impl Spans for Spread<'_> {
    fn words(&self) -> &Words {
        self.words
    }

    fn any_span(&self, longest: usize, mut accept: impl FnMut(WordSpan, u64) -> bool) -> bool {
        match &self.spans {
            Some(spans) => spans.iter().any(|&(span, letters)| accept(span, letters)),
            None => self.words.any_span(longest, accept),
        }
    }
}

impl Spans for Words {
    fn words(&self) -> &Words {
        self
    }

    fn any_span(&self, longest: usize, mut accept: impl FnMut(WordSpan, u64) -> bool) -> bool {
        let mut first = 0;
        for (number, &(origin, end)) in self.runs.iter().enumerate() {
            let marks = &self.marks[first..end as usize];
            first = end as usize;
            if origin == Origin::Parameter {
                continue;
            }
            for start in 0..marks.len() {
                let (mut letters, mut length) = (LetterHash::EMPTY, 0);
                for (end, mark) in marks.iter().enumerate().skip(start) {
                    let bytes = (mark.stem & !Mark::BEHIND) as usize;
                    length += bytes;
                    if length > longest {
                        break;
                    }
                    letters = letters.then(LetterHash::kept(mark.sum, bytes));
                    if accept(WordSpan { run: number, start, end: end + 1 }, letters.get()) {
                        return true;
                    }
                }
            }
        }
        false
    }
}

/// Words that stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordSpan {
    /// Index of the run of words.
    pub run: usize,
    /// First word.
    pub start: usize,
    /// One past the last word.
    pub end: usize,
}

/// Whether a segment only says which side of a thing is meant, as OData has it: `/members/$ref`.
pub fn is_facet(segment: &str) -> bool {
    matches!(segment, "$count" | "$links" | "$ref" | "$value")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_into_whole_words() {
        for (name, words) in [
            ("adminApiKeys", "admin api keys"),
            ("admin_api-keys", "admin api keys"),
            ("HTTPServerURLs", "http server urls"),
            ("listIDs", "list ids"),
            ("OAuth2Token", "o auth2 token"),
            ("getURLsById", "get urls by id"),
            ("line1", "line1"),
            ("2fa", "2fa"),
            ("Straße", "straße"),
            ("IPAddress", "ip address"),
            ("ISBNs", "isbns"),
            ("users.list", "users list"),
            ("", ""),
        ] {
            assert_eq!(split(name).join(" "), words, "{name}");
        }
    }
}
