//! The phrases of a guard rule: regular expressions over folded text, and the literals without which none can match.
//!
//! Used by the program and by its build script, so that what is shipped is prepared once, when it is built.

use regex_syntax::hir::{Hir, HirKind};

use super::landmark::landmarks;
pub use super::literal::Need;
use super::literal::{common, needs, stems};
use super::shape::{GAP, MOST_BREAKS, REACH, reach, signs};

/// Characters that stand between words: ASCII that is neither letter nor digit. Folding turns every other sign into one.
const SEPARATOR: &str = r"[\x00-/:-@\[-`{-\x7f]";

/// The same without what ends a sentence: a gap between words stays in one.
const PAUSE: &str = r"[\x00-\x20\x22-\x2d/:->@\[-`{-\x7f]";

/// Everything else, in bytes or characters.
const WORD: &str = r"[^\x00-/:-@\[-`{-\x7f]";

/// Shortest phrase, in letters, that is still looked for where the gaps between words are lost.
const MIN_SQUEEZED: usize = 14;

/// A phrase, ready to be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Regular expression over text with its word gaps.
    pub spaced: String,
    /// Regular expression over text that lost its word gaps; empty if the phrase is too short for that.
    pub squeezed: String,
    /// Whether the expressions are of characters and not of bytes.
    pub unicode: bool,
    /// Whether a match begins where a word does, or ends.
    pub edge: bool,
    /// Sets of stems in the order of the text: of each set one must occur, and behind one of the set before. A space at
    /// the front of a stem says that a word begins with it, one behind it that a word ends with it.
    pub needs: Vec<Need>,
    /// Sets of ASCII signs, a bit for each byte: it does not match without one of each.
    pub signs: [u128; 2],
    /// Strings with signs: it does not match without one of them, unless there are none.
    pub landmarks: String,
    /// Bytes that a match may take, about.
    pub reach: u16,
}

/// A named set of alternatives that phrases use as `<name>`.
pub type WordSet = (String, Vec<String>);

impl Phrase {
    /// Reads a phrase as rule files write it: a space is any run of separators, `<3>` up to three further words,
    /// `<name>` one of a set. `hints` replace the literals that would be found by looking at the phrase.
    ///
    /// # Errors
    /// What is wrong with it, in words for the rule's author.
    pub fn new(written: &str, sets: &[WordSet], hints: &[String]) -> Result<Self, String> {
        let text = substitute(written, sets)?;
        if let Some(c) = text.chars().find(|c| c.is_ascii_uppercase() || c.is_uppercase()) {
            let class = text.contains(&format!("\\{c}"));
            if !class {
                return Err(format!("`{c}` is a capital, but texts are matched in lower case"));
            }
        }
        let unicode = !text.is_ascii();
        let (spaced, outline) = expand(&text, true)?;
        let (squeezed, _) = expand(&text, false)?;
        let first = written.chars().next().ok_or("an empty phrase")?;
        let last = written.chars().next_back().ok_or("an empty phrase")?;
        let starts = first.is_ascii_alphanumeric() || "(<".contains(first);
        let ends = (last.is_ascii_alphanumeric() || ")?>]}".contains(last)) && !written.ends_with("]*");
        let edge = |wanted: bool| if wanted && !unicode { r"(?-u:\b)" } else { "" };
        let hir = regex_syntax::ParserBuilder::new()
            .unicode(unicode)
            .utf8(false)
            .dot_matches_new_line(true)
            .build()
            .parse(&outline)
            .map_err(|error| error.to_string())?;
        if hir.properties().minimum_len().is_none_or(|length| length < 3) {
            return Err("it matches texts of fewer than three characters".into());
        }
        let mut needs = if hints.is_empty() {
            needs(&hir, (starts && !unicode, ends && !unicode))
        } else {
            let set = stems(hints);
            vec![Need { common: common(&set), set, gap: MOST_BREAKS as u16, sides: [REACH; 2] }]
        };
        if unicode {
            // Words of other scripts take more bytes.
            needs.iter_mut().for_each(|need| need.sides = need.sides.map(|side| REACH.min(2 * side)));
        }
        if needs.is_empty() {
            return Err("no literal of two letters or more occurs in every text that it matches; add `hints`".into());
        }
        let signs = signs(&hir);
        let long = shortest(&hir) >= MIN_SQUEEZED;
        Ok(Self {
            spaced: format!("{}(?:{spaced}){}", edge(starts), edge(ends)),
            squeezed: if long { squeezed } else { String::new() },
            unicode,
            edge: starts && !unicode,
            needs,
            signs: std::array::from_fn(|set| signs.get(set).copied().unwrap_or(u128::MAX)),
            landmarks: if unicode { String::new() } else { landmarks(&hir) },
            reach: reach(std::slice::from_ref(&hir)),
        })
    }

    /// How many words at most lie between the beginning of a match and that of the word with the first stem it needs.
    pub fn lead(&self) -> u16 {
        self.needs.first().map_or(u16::MAX, |need| need.gap)
    }

    /// Bytes of a match before the first stem that it needs, and from the last one on, about.
    pub fn sides(&self) -> [u16; 2] {
        self.needs.first().zip(self.needs.last()).map_or([0; 2], |(first, last)| [first.sides[0], last.sides[1]])
    }
}

/// Contexts in which the matches of a rule do not count, as one expression.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unless {
    /// Regular expression over text with its word gaps; empty if there are no such contexts.
    pub expression: String,
    /// Whether it is of characters and not of bytes.
    pub unicode: bool,
}

impl Unless {
    /// Reads contexts as rule files write them, in the manner of phrases.
    ///
    /// # Errors
    /// Which of them is wrong, by its number, and what is wrong with it, in words for the rule's author.
    pub fn new(written: &[String], sets: &[WordSet]) -> Result<Self, (usize, String)> {
        // No filter looks for them, so they need no literals.
        let hints = ["unless".to_owned()];
        let read =
            |(number, written): (usize, &String)| Phrase::new(written, sets, &hints).map_err(|why| (number, why));
        let read = written.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        let each: Vec<&str> = read.iter().map(|phrase| phrase.spaced.as_str()).collect();
        Ok(Self { expression: each.join("|"), unicode: read.iter().any(|phrase| phrase.unicode) })
    }
}

/// Puts the sets in; sets may use sets.
fn substitute(written: &str, sets: &[WordSet]) -> Result<String, String> {
    let mut text = written.to_owned();
    for _ in 0..4 {
        for (name, list) in sets {
            let (mark, alternatives) = (format!("<{name}>"), format!("(?:{})", list.join("|")));
            // Sets of sets grow fast, so the size is known before the text is made.
            if text.len() + text.matches(&mark).count() * alternatives.len() > 1 << 16 {
                return Err("its word sets make it longer than 65,536 bytes".into());
            }
            text = text.replace(&mark, &alternatives);
        }
    }
    Ok(text)
}

/// The expression to match with, and an outline of it to look for literals in: there a separator run is a space.
fn expand(text: &str, spaced: bool) -> Result<(String, String), String> {
    let (mut regex, mut outline) = (String::new(), String::new());
    let mut characters = text.chars().peekable();
    let mut class = false;
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                for out in [&mut regex, &mut outline] {
                    out.push(c);
                    out.extend(characters.peek());
                }
                characters.next();
                continue;
            }
            '[' => class = true,
            ']' => class = false,
            ' ' if !class => {
                if spaced {
                    regex += SEPARATOR;
                    regex.push('+');
                }
                outline.push(' ');
                continue;
            }
            '<' if !class && characters.peek().is_some_and(char::is_ascii_digit) => {
                let digits: String = std::iter::from_fn(|| characters.next_if(char::is_ascii_digit)).collect();
                let count: u8 = digits.parse().map_err(|_| format!("`<{digits}>` is too many words"))?;
                if characters.next() != Some('>') || count > 16 {
                    return Err(format!("`<{digits}` is no gap: write `<3>` for up to three words, at most 16"));
                }
                if spaced {
                    regex += &format!("(?:{WORD}+(?:[.]{WORD}+)*{PAUSE}+){{0,{count}}}");
                } else {
                    regex += &format!("{WORD}{{0,{}}}", u16::from(count) * 8);
                }
                outline += &format!("{GAP}{{0,{count}}}");
                continue;
            }
            _ => {}
        }
        regex.push(c);
        outline.push(c);
    }
    Ok((regex, outline))
}

/// Letters and digits of the shortest text that matches.
fn shortest(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Literal(literal) => String::from_utf8_lossy(&literal.0)
            .chars()
            .filter(|c| c.is_alphanumeric())
            .map(|c| if c.is_ascii() { 1 } else { 3 })
            .sum(),
        HirKind::Class(_) => 1,
        HirKind::Repetition(repetition) => repetition.min as usize * shortest(&repetition.sub),
        HirKind::Capture(capture) => shortest(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(shortest).sum(),
        HirKind::Alternation(branches) => branches.iter().map(shortest).min().unwrap_or(0),
        HirKind::Empty | HirKind::Look(_) => 0,
    }
}
