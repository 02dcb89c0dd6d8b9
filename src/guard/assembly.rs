//! Phrases of many rules put together: the filters over their stems, and which phrases a stem calls for.
//!
//! Used by the program, for the user's rules, and by its build script, for ours.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::filter::{Filter, build};
use super::lexicon::{LONGEST, Lexicon};
use super::lists::Lists;
use super::phrase::{Need, Phrase};

/// In an anchor: a word has to end with the stem.
pub(crate) const WHOLE: u8 = 0x80;

/// What [`Assembly::new`] makes of phrases.
#[derive(Debug)]
pub(crate) struct Assembly {
    /// Of the phrases that words call for.
    pub(crate) words: WordTables,
    /// Of those that no word has to be in.
    pub(crate) loose: ByteTables,
    /// Of those that match no text of ASCII.
    pub(crate) foreign: ByteTables,
    /// Of all that are looked for where the gaps between words are lost.
    pub(crate) squeezed: ByteTables,
}

/// From words to sets to phrases.
#[derive(Debug)]
pub(crate) struct WordTables {
    pub(crate) lexicon: Lexicon,
    /// For each stem the sets that it is in, ascending.
    pub(crate) members: Lists,
    /// For each stem the phrases whose rarest set it is in.
    pub(crate) callers: Lists,
    /// For each phrase its sets in the order of the text, each with its gap behind it: at most so many words from the one
    /// before.
    pub(crate) needs: Lists,
    /// For each phrase which of its sets is the rarest.
    pub(crate) rarest: Cow<'static, [u8]>,
}

/// From stems that stand anywhere to sets to phrases.
#[derive(Debug)]
pub(crate) struct ByteTables {
    /// Of the stems that are ASCII.
    pub(crate) ascii: Filter,
    /// Of the others, numbered behind them.
    pub(crate) wide: Filter,
    /// For each stem its length if a word has to begin with it, else 0; and [`WHOLE`] if a word has to end with it.
    pub(crate) anchors: Cow<'static, [u8]>,
    /// For each stem the sets that it is in.
    pub(crate) members: Lists,
    /// For each set the phrases whose rarest it is.
    pub(crate) callers: Lists,
    /// For each phrase its sets in the order of the text.
    pub(crate) needs: Lists,
}

impl Assembly {
    /// Puts phrases together.
    ///
    /// # Errors
    /// When there are too many.
    pub(crate) fn new(phrases: &[Phrase]) -> Result<Self, String> {
        let words: Vec<Vec<Words>> = phrases.iter().map(words).collect();
        let squeezed: Vec<bool> = phrases.iter().map(|phrase| !phrase.squeezed.is_empty()).collect();
        let foreign: Vec<bool> = phrases.iter().map(is_foreign).collect();
        let loose: Vec<bool> = words.iter().zip(&foreign).map(|(words, foreign)| words.is_empty() && !foreign).collect();
        Ok(Self {
            words: WordTables::new(&words)?,
            loose: ByteTables::new(phrases, &loose)?,
            foreign: ByteTables::new(phrases, &foreign)?,
            squeezed: ByteTables::new(phrases, &squeezed)?,
        })
    }
}

/// Whether every text that matches has a letter beyond ASCII.
fn is_foreign(phrase: &Phrase) -> bool {
    phrase.needs.iter().any(|need| need.set.iter().all(|stem| !stem.is_ascii()))
}

/// A set of stems that are words or beginnings of words, and its gap.
struct Words {
    set: Vec<(String, bool)>,
    gap: u16,
    rarest: bool,
}

/// The sets of a phrase that are of words; none if it is of characters.
fn words(phrase: &Phrase) -> Vec<Words> {
    let mut found: Vec<Words> = Vec::new();
    let mut skipped = 0;
    for (number, Need { set, gap }) in phrase.needs.iter().enumerate().filter(|_| !phrase.unicode) {
        let gap = gap + skipped;
        match set.iter().map(|stem| word(stem)).collect::<Option<Vec<_>>>() {
            Some(mut set) => {
                set.sort_unstable();
                set.dedup();
                found.push(Words { set, gap, rarest: number == phrase.rarest });
                skipped = 0;
            }
            None => skipped = gap,
        }
    }
    if !found.iter().any(|words| words.rarest) {
        // What calls for the phrase then is the longest of its shortest words.
        let shortest = |words: &Words| words.set.iter().map(|(text, _)| text.len()).min();
        if let Some(longest) = (0..found.len()).max_by_key(|&number| shortest(&found[number])) {
            found[longest].rarest = true;
        }
    }
    found
}

/// The first word of a stem, and whether it ends where the word does.
fn word(stem: &str) -> Option<(String, bool)> {
    let text = stem.strip_prefix(' ')?;
    let end = text.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
    (end > 0 && end <= LONGEST && text.is_ascii()).then(|| (text[..end].to_owned(), end < text.len()))
}

impl WordTables {
    fn new(phrases: &[Vec<Words>]) -> Result<Self, String> {
        let mut stems: BTreeMap<(&str, bool), u16> = BTreeMap::new();
        let mut sets: BTreeMap<&[(String, bool)], u16> = BTreeMap::new();
        for words in phrases.iter().flatten() {
            sets.insert(&words.set, 0);
            stems.extend(words.set.iter().map(|(text, whole)| ((text.as_str(), *whole), 0)));
        }
        if stems.len() >= usize::from(u16::MAX) || sets.len() >= usize::from(u16::MAX) {
            return Err(TOO_MANY.into());
        }
        stems.values_mut().enumerate().for_each(|(number, stem)| *stem = number as u16);
        sets.values_mut().enumerate().for_each(|(number, set)| *set = number as u16);
        let number = |(text, whole): &(String, bool)| usize::from(stems[&(text.as_str(), *whole)]);
        let mut members = vec![Vec::new(); stems.len()];
        for (set, set_number) in &sets {
            set.iter().for_each(|stem| members[number(stem)].push(*set_number));
        }
        members.iter_mut().for_each(|sets| sets.sort_unstable());
        let mut callers = vec![Vec::new(); stems.len()];
        for (phrase, words) in phrases.iter().enumerate() {
            for stem in words.iter().filter(|words| words.rarest).flat_map(|words| &words.set) {
                callers[number(stem)].push(phrase as u16);
            }
        }
        let needs = |words: &Vec<Words>| words.iter().flat_map(|words| [sets[words.set.as_slice()], words.gap]).collect();
        let rarest = |words: &Vec<Words>| words.iter().position(|words| words.rarest).unwrap_or(0) as u8;
        let all: Vec<(&str, bool)> = stems.keys().copied().collect();
        Ok(Self {
            lexicon: Lexicon::new(&all)?,
            members: members.into_iter().collect(),
            callers: callers.into_iter().collect(),
            needs: phrases.iter().map(needs).collect(),
            rarest: phrases.iter().map(rarest).collect(),
        })
    }
}

impl ByteTables {
    /// Tables for those of the phrases that are `wanted`. Stems that are ASCII are numbered first.
    fn new(phrases: &[Phrase], wanted: &[bool]) -> Result<Self, String> {
        let wanted = |number: usize| wanted[number].then_some(phrases[number].needs.as_slice()).unwrap_or_default();
        let mut stems: BTreeMap<(bool, &str), u16> = BTreeMap::new();
        let mut sets: BTreeMap<&[String], u16> = BTreeMap::new();
        for need in (0..phrases.len()).flat_map(wanted) {
            sets.insert(&need.set, 0);
            stems.extend(need.set.iter().map(|stem| ((!stem.is_ascii(), stem.as_str()), 0)));
        }
        if stems.len() > usize::from(u16::MAX) || sets.len() > usize::from(u16::MAX) {
            return Err(TOO_MANY.into());
        }
        stems.values_mut().enumerate().for_each(|(number, stem)| *stem = number as u16);
        sets.values_mut().enumerate().for_each(|(number, set)| *set = number as u16);
        let mut members = vec![Vec::new(); stems.len()];
        for (set, number) in &sets {
            for stem in *set {
                members[usize::from(stems[&(!stem.is_ascii(), stem.as_str())])].push(*number);
            }
        }
        let needs: Lists = (0..phrases.len())
            .map(|number| wanted(number).iter().map(|need| sets[need.set.as_slice()]).collect())
            .collect();
        let mut callers = vec![Vec::new(); sets.len()];
        for (number, phrase) in phrases.iter().enumerate() {
            if let Some(&set) = needs.get(number as u16).get(phrase.rarest) {
                callers[usize::from(set)].push(number as u16);
            }
        }
        let texts: Vec<&str> = stems.keys().map(|(_, stem)| stem.trim()).collect();
        let anchor = |stem: &str| {
            let begins = if stem.starts_with(' ') { stem.trim().len() as u8 } else { 0 };
            begins | if stem.ends_with(' ') { WHOLE } else { 0 }
        };
        let anchors = stems.keys().map(|(_, stem)| anchor(stem)).collect();
        let ascii = stems.keys().take_while(|(wide, _)| !wide).count();
        let wide = build(&texts[ascii..])?.numbered_from(ascii);
        Ok(Self {
            ascii: build(&texts[..ascii])?,
            wide,
            anchors,
            members: members.into_iter().collect(),
            callers: callers.into_iter().collect(),
            needs,
        })
    }
}

const TOO_MANY: &str = "more than 65,535 literals";
