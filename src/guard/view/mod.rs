//! Other readings of a text: what a model, but not a plain pattern, would read in it.
//!
//! Every function here makes one step (one decoding, one clean-up). Whoever matches patterns asks again for the views
//! of a view, which is how a base64 text inside a percent-encoded one is found.

mod alphabet;
mod base32;
mod base64;
mod base85;
mod bidi;
mod budget;
mod class;
mod concat;
mod costly;
mod draft;
mod escapes;
mod flip;
mod fold;
mod hex;
mod leet;
mod letters;
mod look_alike;
mod map;
mod markup;
mod morse;
mod numbers;
mod prose;
mod replace;
mod signs;
mod slice;
mod squeeze;
mod tags;
mod terminal;
mod turned;
mod typo;
mod underscore;
mod vocabulary;
mod zero_width;

pub(crate) use budget::Budget;
pub(crate) use costly::costly_views;
pub(crate) use fold::fold;
pub(crate) use map::Map;
use signs::Places;
pub(crate) use signs::{Signs, signs};
pub(crate) use slice::slices;

use std::ops::Range;

/// One reading of a text.
#[derive(Debug, Clone)]
pub(crate) struct View {
    /// What was done to the text, a noun for messages.
    pub(crate) name: &'static str,
    /// The reading.
    pub(crate) text: String,
    /// From bytes of the reading to bytes of the text it was made from.
    pub(crate) map: Map,
    /// Whether the gaps between words are lost.
    pub(crate) squeezed: bool,
    /// Whether a person could not see this text.
    pub(crate) hidden: bool,
}

/// Makes views of those parts of a text that call for them.
type Local = fn(&str, &[Range<usize>]) -> Vec<View>;

/// The readings that the bytes of `text` call for, apart from [`fold()`] and [`costly_views`].
pub(crate) fn views(text: &str, signs: Signs, budget: &mut Budget) -> Vec<View> {
    let mut views = Views { text, signs, budget, made: Vec::new() };
    if signs == Signs::default() {
        return views.made;
    }
    views.one(Signs::INVISIBLE, tags::tags);
    views.one(Signs::INVISIBLE, tags::selectors);
    views.one(Signs::INVISIBLE, zero_width::zero_width);
    views.one(Signs::PUNCTUATION, bidi::bidi);
    views.one(Signs::TURNED, turned::turned);
    views.one(Signs::ALPHABET, alphabet::alphabets);
    views.one(Signs::ESCAPE, escapes::escapes);
    views.one(Signs::CONTROL, terminal::terminal);
    views.one(Signs::MARKUP, markup::markup);
    views.one(Signs::QUOTE, concat::concat);
    views.one(Signs::ANGLE, base85::base85);
    if signs.any(Signs::SPACED | Signs::MIXED | Signs::LONG | Signs::NUMBERS | Signs::DASHES) {
        let places = Places::new(text);
        let mut locally = |gate, makers: &[Local]| {
            if signs.any(gate) {
                let ranges = places.ranges(text, gate);
                makers.iter().for_each(|make| views.many(gate, |text| make(text, &ranges)));
            }
        };
        locally(Signs::SPACED, &[|text, places| letters::letters(text, places).into_iter().collect()]);
        locally(Signs::MIXED, &[leet::leet]);
        locally(
            Signs::LONG,
            &[
                |text, places| squeeze::squeeze(text, places).into_iter().collect(),
                |text, places| underscore::underscores(text, places).into_iter().collect(),
                |text, places| base64::base64(text, places).into_iter().collect(),
                |text, places| base32::base32(text, places).into_iter().collect(),
                |text, places| hex::hex(text, places).into_iter().collect(),
            ],
        );
        locally(Signs::NUMBERS, &[|text, places| numbers::numbers(text, places).into_iter().collect()]);
        locally(Signs::DASHES, &[|text, places| morse::morse(text, places).into_iter().collect()]);
    }
    views.made
}

/// The views made so far, and what they may still cost.
struct Views<'a> {
    text: &'a str,
    signs: Signs,
    budget: &'a mut Budget,
    made: Vec<View>,
}

impl Views<'_> {
    fn one(&mut self, gate: Signs, make: fn(&str) -> Option<View>) {
        self.many(gate, |text| make(text).into_iter().collect());
    }

    fn many(&mut self, gate: Signs, make: impl Fn(&str) -> Vec<View>) {
        if !self.signs.any(gate) || self.budget.exhausted {
            return;
        }
        self.budget.read(self.text.len());
        for view in make(self.text) {
            if self.budget.spend(view.text.len()) {
                self.made.push(view);
            }
        }
    }
}

#[cfg(test)]
mod tests;
