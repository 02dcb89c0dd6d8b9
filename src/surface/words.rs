//! Names as whole words: `adminApiKeys`, `admin_api_keys` and `/admin-api-keys` are the same three words.

use std::borrow::Cow;

/// The lower-case words of a name. Words end where the letter case turns (`fooBar`, `HTTPServer`), at anything that
/// is neither letter nor digit, and after a digit that a capital follows. Digits stay with the word before them.
pub fn split(name: &str) -> Vec<String> {
    let mut words = Vec::with_capacity(4);
    each_word(name, |word| words.push(word.to_owned()));
    words
}

/// Calls `found` for each of these words.
fn each_word(name: &str, mut found: impl FnMut(&str)) {
    let mut finish = |word: &str| {
        if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
            if !word.is_empty() {
                found(word);
            }
        } else {
            found(&word.chars().flat_map(char::to_lowercase).collect::<String>());
        }
    };
    let mut characters = name.char_indices().peekable();
    // Where the word began, the letter before, and how many capitals stand in a row.
    let (mut start, mut before, mut run) = (0, None, 0);
    while let Some((at, character)) = characters.next() {
        if !character.is_alphanumeric() {
            finish(&name[start..at]);
            (start, before, run) = (at + character.len_utf8(), None, 0);
            continue;
        }
        if character.is_uppercase() {
            let next_is_lower = characters.peek().is_some_and(|(_, next)| next.is_lowercase());
            let starts = match before {
                Some(last) if is_upper(last) => next_is_lower && !is_plural_end(&name[at + character.len_utf8()..]),
                Some(_) => true,
                None => false,
            };
            if starts {
                finish(&name[start..at]);
                (start, run) = (at, 0);
            }
            run += 1;
        } else if run > 1 && character == 's' && is_upper(before.unwrap_or(' ')) {
            // The plural of an acronym, `URLs`, ends the word.
            finish(&name[start..=at]);
            (start, before, run) = (at + 1, None, 0);
            continue;
        } else {
            run = 0;
        }
        before = Some(character);
    }
    finish(&name[start..]);
}

fn is_upper(character: char) -> bool {
    character.is_uppercase()
}

/// Whether what follows a capital is the `s` of an acronym's plural: `IDs`, `URLsOnly`.
fn is_plural_end(rest: &str) -> bool {
    let mut rest = rest.chars();
    rest.next() == Some('s') && rest.next().is_none_or(|after| !after.is_lowercase())
}

/// One word in two forms: as written, and without plural and counting digits, which is what phrases compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As written, lower case.
    pub text: Box<str>,
    stem: Stem,
    /// The stem as a number.
    pub hash: LetterHash,
}

/// A stem: nearly always so many bytes from the beginning of the word.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stem {
    Start(u32),
    Other(Box<str>),
}

/// A number for letters, such that the number of two words that stand together follows from those of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LetterHash {
    sum: u64,
    /// The base to the power of how many bytes there are.
    shift: u64,
}

impl LetterHash {
    /// No letters.
    pub const EMPTY: Self = Self { sum: 0, shift: 1 };

    /// An odd number without a pattern.
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

    /// The number of some letters.
    pub fn of(letters: &str) -> Self {
        letters.bytes().fold(Self::EMPTY, |hash, byte| Self {
            sum: hash.sum.wrapping_mul(Self::BASE).wrapping_add(u64::from(byte) + 1),
            shift: hash.shift.wrapping_mul(Self::BASE),
        })
    }

    /// The number of these letters with others behind them.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self {
            sum: self.sum.wrapping_mul(next.shift).wrapping_add(next.sum),
            shift: self.shift.wrapping_mul(next.shift),
        }
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.sum
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Where they come from.
    pub origin: Origin,
    /// The words in order.
    pub words: Vec<Word>,
}

/// All words by which an operation or a field is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// Path segments in order, then the name.
    pub runs: Vec<Run>,
    /// How many of them all paths of the document begin with.
    pub base: usize,
}

impl Words {
    /// The words of an operation.
    pub fn new(path: Option<&str>, name: Option<&str>) -> Self {
        let mut runs = Vec::new();
        for segment in path.unwrap_or_default().split('/').filter(|segment| !segment.is_empty()) {
            if segment.starts_with('{') && segment.ends_with('}') {
                runs.push(Run::new(Origin::Parameter, segment));
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
            let alone = path.is_some_and(|path| path.trim_end_matches('/').ends_with(segment))
                && runs.iter().all(Run::is_address);
            let dot = |c: char| c == ':' || (c == '.' && alone);
            runs.extend(fixed.split(dot).filter(|part| !part.is_empty()).map(|part| Run::new(Origin::Segment, part)));
            if !parameter.is_empty() {
                runs.push(Run::new(Origin::Parameter, parameter));
            }
            if !method.is_empty() {
                runs.push(Run::new(Origin::Segment, method));
            }
        }
        if let Some(name) = name {
            runs.push(Run::new(Origin::Name, name));
        }
        runs.shrink_to_fit();
        Self { runs, base: 0 }
    }

    /// The words of one sentence.
    pub fn text(sentence: &str) -> Self {
        Self { runs: vec![Run::new(Origin::Text, sentence)], base: 0 }
    }

    /// The words of one field.
    pub fn field(name: &str) -> Self {
        Self { runs: vec![Run::new(Origin::Field, name)], base: 0 }
    }

    /// Whether the last fixed segment of the path, or the name, ends in the words of `thing`: what is given or taken is
    /// often wrapped in its own name.
    pub fn end_in(&self, thing: &str) -> bool {
        let thing = Run::new(Origin::Field, thing).words;
        let same = |(one, other): (&Word, &Word)| one.stem() == other.stem();
        let ends =
            |run: &Run| run.words.len() >= thing.len() && run.words.iter().rev().zip(thing.iter().rev()).all(same);
        let mut last = self.runs.iter().rev().filter(|run| run.origin == Origin::Segment).take(1);
        let mut names = self.runs.iter().filter(|run| run.origin == Origin::Name);
        !thing.is_empty() && (last.any(ends) || names.any(ends))
    }

    /// Calls `accept` for words that stand together, with the number of their letters, until it says yes. Not for
    /// parameters of a path, and not for more than `longest` bytes of letters.
    pub fn any_span(&self, longest: usize, mut accept: impl FnMut(WordSpan, u64) -> bool) -> bool {
        for (number, run) in self.runs.iter().enumerate() {
            if run.origin == Origin::Parameter {
                continue;
            }
            for start in 0..run.words.len() {
                let (mut letters, mut length) = (LetterHash::EMPTY, 0);
                for (end, word) in run.words.iter().enumerate().skip(start) {
                    letters = letters.then(word.hash);
                    length += word.stem().len();
                    if length > longest {
                        break;
                    }
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

impl Word {
    fn new(text: &str) -> Self {
        let stem = stem_of(text);
        let hash = LetterHash::of(&stem);
        let stem = match stem {
            Cow::Borrowed(start) => Stem::Start(start.len() as u32),
            Cow::Owned(other) => Stem::Other(other.into()),
        };
        Self { text: text.into(), stem, hash }
    }

    /// Singular, without digits at its end.
    pub fn stem(&self) -> &str {
        match &self.stem {
            Stem::Start(length) => &self.text[..*length as usize],
            Stem::Other(other) => other,
        }
    }
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

/// Whether a segment only says which side of a thing is meant, as OData has it: `/members/$ref`.
pub fn is_facet(segment: &str) -> bool {
    matches!(segment, "$count" | "$links" | "$ref" | "$value")
}

/// `v2`, `1.0`, `2010-04-01`
fn is_version(word: &Word) -> bool {
    let number = word.text.strip_prefix('v').unwrap_or(&word.text);
    number.chars().all(|c| c.is_ascii_digit())
}

impl Run {
    /// Whether it is a segment that says no more than that a service is here, and in which version.
    pub fn is_address(&self) -> bool {
        let address = |word: &Word| matches!(&*word.text, "api" | "rest" | "rpc" | "xrpc") || is_version(word);
        self.origin == Origin::Segment && self.words.iter().all(address)
    }

    /// Whether it is a segment that is the number of a version.
    pub fn is_version(&self) -> bool {
        self.origin == Origin::Segment && !self.words.is_empty() && self.words.iter().all(is_version)
    }

    /// Whether it is a parameter of a path that says to whom a service belongs, so that what follows is the service's own.
    pub fn names_holder(&self) -> bool {
        self.origin == Origin::Parameter && self.words.iter().any(|word| HOLDERS.contains(&word.stem()))
    }

    fn new(origin: Origin, text: &str) -> Self {
        let mut words = Vec::new();
        each_word(text, |word| words.push(Word::new(word)));
        words.shrink_to_fit();
        Self { origin, words }
    }
}

/// A word without its plural ending and without digits at its end, so that `addresses` and `address2` are `address`.
pub fn stem(word: &str) -> String {
    stem_of(word).into_owned()
}

/// The same without a copy, where the word begins with its stem.
pub fn stem_of(word: &str) -> Cow<'_, str> {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = if letters.chars().nth(1).is_some() { letters } else { word };
    let length = word.len();
    if !word.ends_with('s') {
        return Cow::Borrowed(word);
    }
    if length >= 5 && word.ends_with("ies") {
        return Cow::Owned(format!("{}y", &word[..length - 3]));
    }
    if length >= 5 && ["sses", "xes", "ches", "shes", "tuses"].iter().any(|ending| word.ends_with(ending)) {
        return Cow::Borrowed(&word[..length - 2]);
    }
    if length >= 4 && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) {
        return Cow::Borrowed(&word[..length - 1]);
    }
    Cow::Borrowed(word)
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
        ] {
            assert_eq!(split(name).join(" "), words, "{name}");
        }
    }

    #[test]
    fn the_number_of_words_together_is_that_of_their_letters() {
        let [api, key, both] = ["api", "key", "apikey"].map(LetterHash::of);
        assert_eq!(LetterHash::EMPTY.then(api).then(key), both);
        assert_ne!(key.then(api), both);
    }

    #[test]
    fn stems_are_singular_and_without_digits() {
        for (word, expected) in [
            ("addresses", "address"),
            ("address2", "address"),
            ("keys", "key"),
            ("status", "status"),
            ("statuses", "status"),
            ("identities", "identity"),
            ("access", "access"),
            ("v2", "v2"),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
