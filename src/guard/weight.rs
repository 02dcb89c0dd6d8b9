//! The weighing of words: a linear model over words and word pairs, trained on labelled texts.
//!
//! The model is a table of features and integer weights, `rules/model/injection.tsv`, made by the script beside it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use super::boundary::floor;
use super::lexicon::is_separator;
use super::weights::{Weights, body};

const TABLE: &str = include_str!("../../rules/model/injection.tsv");

/// Where the hash of a feature leads, made by the build script.
const SLOTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/weights.table"));

/// Tokens that are weighed together, and how far the next such window is.
const WINDOW: usize = 64;
const STRIDE: usize = 32;

/// Bytes of a token; more are cut.
const TOKEN: usize = 24;

/// Words that an explanation names.
const NAMED: usize = 5;

/// What the weighing of a text came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Weighing {
    /// The sum of the heaviest window.
    pub(super) score: i32,
    /// Whether that is the weight of an attack.
    pub(super) heavy: bool,
    /// The words and pairs that weighed most, heaviest first.
    pub(super) words: Vec<String>,
}

/// Weighs a folded text.
pub(super) fn weigh(text: &str) -> Weighing {
    let model = Model::get();
    let tokens = Tokens::new(text);
    let known = tokens.known(&model.weights);
    let count = tokens.places.len();
    let mut best = (i32::MIN, Vec::new());
    let mut start = 0;
    loop {
        let end = count.min(start + WINDOW);
        let features = features(&known, start..end);
        let score = model.bias + features.iter().map(|feature| feature.1).sum::<i32>();
        if score > best.0 {
            best = (score, features);
        }
        if start + WINDOW >= count {
            break;
        }
        start += STRIDE;
    }
    let (score, mut features) = best;
    features.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let heaviest = features.into_iter().filter(|feature| feature.1 > 0).take(NAMED);
    Weighing { score, heavy: score >= model.threshold, words: heaviest.map(|feature| feature.0.to_owned()).collect() }
}

/// A token or a pair of tokens that the model knows.
#[derive(Debug, Clone, Copy)]
struct Known<'t> {
    /// The first of its tokens, and the one behind its last.
    tokens: (usize, usize),
    name: &'t str,
    weight: i32,
}

/// The features of a window that the model knows, each once.
fn features<'t>(known: &[Known<'t>], window: Range<usize>) -> Vec<(&'t str, i32)> {
    let from = known.partition_point(|known| known.tokens.0 < window.start);
    let inside = known[from..].iter().take_while(|known| known.tokens.0 < window.end);
    let whole = inside.filter(|known| known.tokens.1 <= window.end);
    let mut features: Vec<_> = whole.map(|known| (known.name, known.weight)).collect();
    features.sort_unstable();
    features.dedup();
    features
}

/// The table, and the numbers at its head.
struct Model {
    bias: i32,
    threshold: i32,
    weights: Weights,
}

impl Model {
    fn get() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| {
            let (head, lines) = TABLE.split_at(body(TABLE));
            let number = |key: &str| {
                let mut lines = head.lines().filter_map(|line| line.strip_prefix("# ")?.split_once(' '));
                lines.find(|line| line.0 == key).and_then(|line| line.1.parse().ok()).unwrap_or(0)
            };
            let weights = Weights { lines, slots: Cow::Borrowed(SLOTS) };
            Self { bias: number("bias"), threshold: number("threshold"), weights }
        })
    }
}

/// The tokens of a text with single spaces between, so that a pair is a piece of it too.
struct Tokens {
    text: String,
    places: Vec<Range<usize>>,
}

impl Tokens {
    /// The tokens of a folded text: runs of ASCII letters, digits and apostrophes, runs of other letters, and single
    /// characters of scripts that are written without spaces. A number is `0`.
    fn new(text: &str) -> Self {
        let mut found = Self { text: String::with_capacity(text.len()), places: Vec::with_capacity(text.len() / 4) };
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let run: usize = if is_word(first) {
                rest.bytes().take_while(|&byte| is_word(char::from(byte))).count()
            } else if first.is_ascii() {
                rest.bytes().take_while(|&byte| is_separator(byte) && byte != b'\'').count()
            } else if is_alone(first) {
                first.len_utf8()
            } else {
                rest.chars().take_while(|&c| !c.is_ascii() && !is_alone(c)).map(char::len_utf8).sum()
            };
            let (word, after) = rest.split_at(run.max(1));
            rest = after;
            let word = word.trim_matches('\'');
            if word.is_empty() || is_separator(word.as_bytes()[0]) {
                continue;
            }
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                found.push("0");
            } else {
                found.push(&word[..floor(word, TOKEN)]);
            }
        }
        found
    }

    fn push(&mut self, token: &str) {
        if !self.places.is_empty() {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(token);
        self.text[start..].make_ascii_lowercase();
        self.places.push(start..self.text.len());
    }

    /// The tokens and pairs that have a weight, in the order of the text.
    fn known(&self, weights: &Weights) -> Vec<Known<'_>> {
        let mut known = Vec::new();
        for (at, place) in self.places.iter().enumerate() {
            let pair = self.places.get(at + 1).map(|next| (at + 2, next.end));
            for (behind, end) in [(at + 1, place.end)].into_iter().chain(pair) {
                let name = &self.text[place.start..end];
                known.extend(weights.get(name).map(|weight| Known { tokens: (at, behind), name, weight }));
            }
        }
        known
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '\''
}

/// Whether a character is of a script that is written without spaces.
fn is_alone(c: char) -> bool {
    matches!(u32::from(c),
        0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF
            | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scores_are_those_of_the_training_script() {
        let vectors = include_str!("../../rules/model/vectors.json");
        let vectors: serde_json::Value = serde_json::from_str(vectors).expect("JSON");
        let vectors = vectors.as_array().expect("a list");
        assert!(vectors.len() >= 6);
        for vector in vectors {
            let Some(text) = vector["input"].as_str() else { continue };
            let folded = super::super::view::fold(text).map_or_else(|| text.to_owned(), |view| view.text);
            let weighing = weigh(&folded);
            assert_eq!(i64::from(weighing.score), vector["score"].as_i64().expect("a score"), "{text}");
            assert_eq!(weighing.heavy, vector["fires"].as_bool().expect("a truth"), "{text}");
        }
    }

    #[test]
    fn the_table_is_sorted() {
        let names: Vec<&str> =
            Model::get().weights.lines.lines().map(|line| line.split_once('\t').expect("a tab").0).collect();
        assert!(names.len() > 1000);
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
