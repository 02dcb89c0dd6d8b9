//! The weighing of words: a linear model over words and word pairs, trained on labelled texts.
//!
//! The model is a table of features and integer weights, `rules/model/injection.tsv`, made by the script beside it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::lexicon::is_separator;

const TABLE: &str = include_str!("../../rules/model/injection.tsv");

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
    let tokens = tokens(text);
    let mut best = (i32::MIN, Vec::new());
    let mut start = 0;
    loop {
        let window = &tokens[start..tokens.len().min(start + WINDOW)];
        let features = features(window, model);
        let score = model.bias + features.iter().map(|feature| feature.1).sum::<i32>();
        if score > best.0 {
            best = (score, features);
        }
        if start + WINDOW >= tokens.len() {
            break;
        }
        start += STRIDE;
    }
    let (score, mut features) = best;
    features.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let words = features.into_iter().filter(|feature| feature.1 > 0).take(NAMED).map(|feature| feature.0).collect();
    Weighing { score, heavy: score >= model.threshold, words }
}

/// The features of a window that the model knows, each once.
fn features(tokens: &[String], model: &Model) -> Vec<(String, i32)> {
    let pairs = tokens.windows(2).map(|pair| pair.join(" "));
    let all: BTreeSet<String> = tokens.iter().cloned().chain(pairs).collect();
    all.into_iter().filter_map(|feature| model.weight(&feature).map(|weight| (feature, weight))).collect()
}

/// The table, and the numbers at its head.
struct Model {
    bias: i32,
    threshold: i32,
    /// Lines of feature, tab and weight, by the bytes of the feature.
    lines: &'static str,
}

impl Model {
    fn get() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| {
            let body = TABLE.lines().take_while(|line| line.starts_with('#')).map(|line| line.len() + 1).sum();
            let number = |key: &str| {
                let mut lines = TABLE[..body].lines().filter_map(|line| line.strip_prefix("# ")?.split_once(' '));
                lines.find(|line| line.0 == key).and_then(|line| line.1.parse().ok()).unwrap_or(0)
            };
            Self { bias: number("bias"), threshold: number("threshold"), lines: &TABLE[body..] }
        })
    }

    /// Looks a feature up by halving the table.
    fn weight(&self, feature: &str) -> Option<i32> {
        let bytes = self.lines.as_bytes();
        let (mut low, mut high) = (0, bytes.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let start = memchr::memrchr(b'\n', &bytes[low..middle]).map_or(low, |at| low + at + 1);
            let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at);
            let (name, weight) = self.lines[start..end].split_once('\t')?;
            match feature.cmp(name) {
                std::cmp::Ordering::Equal => return weight.trim_end().parse().ok(),
                std::cmp::Ordering::Less => high = start,
                std::cmp::Ordering::Greater => low = end + 1,
            }
        }
        None
    }
}

/// The tokens of a folded text: runs of ASCII letters, digits and apostrophes, runs of other letters, and single
/// characters of scripts that are written without spaces. A number is `0`.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
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
            found.push("0".to_owned());
            continue;
        }
        let end = word.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|&end| end <= TOKEN).last();
        found.push(word[..end.unwrap_or(0)].to_ascii_lowercase());
    }
    found
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
        let names: Vec<&str> = Model::get().lines.lines().map(|line| line.split_once('\t').expect("a tab").0).collect();
        assert!(names.len() > 1000);
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
