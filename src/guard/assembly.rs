//! Phrases of many rules put together: one set of stems, one filter over them, and which phrases a stem calls for.
//!
//! Used by the program, for the user's rules, and by its build script, for ours.

use std::collections::BTreeMap;

use super::filter::{Filter, build};
use super::phrase::Phrase;

/// In an anchor: a word has to end with the stem.
pub(crate) const WHOLE: u8 = 0x80;

/// What [`Assembly::new`] makes of phrases.
pub(crate) struct Assembly {
    /// Of the stems that are ASCII.
    pub(crate) ascii: Filter,
    /// Of the others, numbered behind them.
    pub(crate) wide: Filter,
    /// For each stem its length if a word has to begin with it, else 0; and [`WHOLE`] if a word has to end with it.
    pub(crate) anchors: Vec<u8>,
    /// For each stem the sets that it is in.
    pub(crate) members: Vec<Vec<u16>>,
    /// For each set the phrases whose rarest it is.
    pub(crate) callers: Vec<Vec<u16>>,
    /// For each phrase its sets.
    pub(crate) needs: Vec<Vec<u16>>,
}

impl Assembly {
    /// Numbers the stems and the sets of the phrases, stems that are ASCII first.
    ///
    /// # Errors
    /// When there are too many.
    pub(crate) fn new(phrases: &[Phrase]) -> Result<Self, String> {
        let mut stems: BTreeMap<(bool, &str), u16> = BTreeMap::new();
        let mut sets: BTreeMap<&[String], u16> = BTreeMap::new();
        for set in phrases.iter().flat_map(|phrase| &phrase.needs) {
            sets.insert(set, 0);
            stems.extend(set.iter().map(|stem| ((!stem.is_ascii(), stem.as_str()), 0)));
        }
        if stems.len() > usize::from(u16::MAX) || sets.len() > usize::from(u16::MAX) {
            return Err("more than 65,535 literals".into());
        }
        stems.values_mut().enumerate().for_each(|(number, stem)| *stem = number as u16);
        sets.values_mut().enumerate().for_each(|(number, set)| *set = number as u16);
        let mut members = vec![Vec::new(); stems.len()];
        for (set, number) in &sets {
            for stem in *set {
                members[usize::from(stems[&(!stem.is_ascii(), stem.as_str())])].push(*number);
            }
        }
        let needs: Vec<Vec<u16>> =
            phrases.iter().map(|phrase| phrase.needs.iter().map(|set| sets[set.as_slice()]).collect()).collect();
        let mut callers = vec![Vec::new(); sets.len()];
        for (number, (phrase, sets)) in phrases.iter().zip(&needs).enumerate() {
            callers[usize::from(sets[phrase.rarest])].push(number as u16);
        }
        let texts: Vec<&str> = stems.keys().map(|(_, stem)| stem.trim()).collect();
        let anchor = |stem: &str| {
            let begins = if stem.starts_with(' ') { stem.trim().len() as u8 } else { 0 };
            begins | if stem.ends_with(' ') { WHOLE } else { 0 }
        };
        let anchors = stems.keys().map(|(_, stem)| anchor(stem)).collect();
        let ascii = stems.keys().take_while(|(wide, _)| !wide).count();
        let wide = build(&texts[ascii..])?.numbered_from(ascii);
        Ok(Self { ascii: build(&texts[..ascii])?, wide, anchors, members, callers, needs })
    }
}
