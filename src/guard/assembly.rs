//! Phrases of many rules put together: one set of windows, one filter, and which phrases a window calls for.
//!
//! Used by the program, for the user's rules, and by its build script, for ours.

use std::collections::BTreeMap;

use super::filter::{Filter, build, window};
use super::phrase::{Phrase, frequency};

/// What [`Assembly::new`] makes of phrases.
pub struct Assembly {
    /// Of the windows that are ASCII.
    pub ascii: Filter,
    /// Of the others, numbered behind them.
    pub wide: Filter,
    /// How many windows there are.
    pub windows: usize,
    /// For each phrase its sets of windows, of each of which one must occur.
    pub needs: Vec<Vec<Vec<u16>>>,
    /// For each window the phrases that have it in their first set.
    pub callers: Vec<Vec<u16>>,
}

impl Assembly {
    /// Numbers the windows of the phrases, those that are ASCII first.
    ///
    /// # Errors
    /// When there are too many.
    pub fn new(phrases: &[Phrase]) -> Result<Self, String> {
        let mut numbers: BTreeMap<(bool, String), u16> = BTreeMap::new();
        let pieces = |phrase: &Phrase| -> Vec<Vec<(bool, String)>> {
            let piece = |literal: &String| {
                let piece = window(literal, frequency);
                (!piece.is_ascii(), piece)
            };
            phrase.needs.iter().map(|set| set.iter().map(piece).collect()).collect()
        };
        for piece in phrases.iter().flat_map(pieces).flatten() {
            numbers.insert(piece, 0);
        }
        for (number, place) in numbers.values_mut().enumerate() {
            *place = number as u16;
        }
        let windows: Vec<String> = numbers.keys().map(|(_, piece)| piece.clone()).collect();
        let ascii = windows.iter().take_while(|window| window.is_ascii()).count();
        let needs: Vec<Vec<Vec<u16>>> = phrases
            .iter()
            .map(|phrase| {
                let numbered = |set: Vec<(bool, String)>| {
                    let mut set: Vec<u16> = set.iter().map(|piece| numbers[piece]).collect();
                    set.sort_unstable();
                    set.dedup();
                    set
                };
                pieces(phrase).into_iter().map(numbered).collect()
            })
            .collect();
        let mut callers = vec![Vec::new(); windows.len()];
        for (phrase, sets) in needs.iter().enumerate() {
            for &window in sets.first().into_iter().flatten() {
                callers[usize::from(window)].push(phrase as u16);
            }
        }
        Ok(Self { ascii: build(&windows[..ascii])?, wide: build(&windows[ascii..])?.numbered_from(ascii), windows: windows.len(), needs, callers })
    }
}
