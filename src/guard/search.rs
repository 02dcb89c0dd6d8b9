//! The rules that match a text or one of its readings.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::assembly::ByteTables;
use super::boundary::floor;
use super::catalogue::{Catalogue, RuleId};
use super::effort::Effort;
use super::engine::Task;
use super::lexicon::is_separator;
use super::places::{self, Places, Starts, Stretch};
use super::reading::{Layers, Reading};
use super::verdict::Summary;
use super::view::{self, Budget, View};
use super::weight;
use super::words::{Candidate, Words};
use crate::rule::{Confidence, Sign};

/// How many decodings may lie over each other.
const LAYERS: usize = 2;

/// Largest text whose every word is looked at for ciphers and misspellings.
const SHORT: usize = 4096;

/// The shortest, which holds two words of three letters.
const SHORTEST: usize = 7;

/// Letters of an invisible text that are no accident.
const INVISIBLE: usize = 8;

/// Bytes on each side of a match that are weighed with it.
const AROUND: usize = 400;

/// Matches of a phrase in a text that may be excused.
const EXCUSED: usize = 16;

/// Texts of one payload that are weighed.
const WEIGHED: usize = 12;

/// Readings that are everywhere in harmless text: they say nothing of a will to hide.
const PLAIN: [&str; 6] = ["folded", "escapes", "markup", "squeezed words", "terminal", "underscored words"];

/// Letters of a match that is long.
const LONG: usize = 14;

/// Readings that make words of what was none, so that only long matches count in them.
const GUESSED: [&str; 7] = [
    "leet",
    "misspelt words",
    "reversed text",
    "reversed word order",
    "reversed words",
    "spelt words",
    "substitution cipher",
];

/// A match of a rule, in a payload's text.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// Bytes of the payload's text.
    pub(super) span: Range<usize>,
    /// The readings that it was found through, outermost first.
    pub(super) views: Vec<&'static str>,
    /// What matched, as it was read.
    pub(super) decoded: String,
    /// Words that weighed.
    pub(super) words: Vec<String>,
}

/// The texts of one payload, searched.
pub(super) struct Search<'c> {
    catalogue: &'c Catalogue,
    found: FxHashMap<RuleId, Place>,
    /// Room to work in, for each part of the catalogue.
    rooms: Vec<Room>,
    weighed: usize,
    heavy: Option<Place>,
    invisible: Option<Place>,
    /// What it has cost.
    pub(super) effort: Effort,
}

/// Room to work in for one part of a catalogue.
#[derive(Debug, Default)]
pub(super) struct Room {
    words: Words,
    candidates: Vec<Candidate>,
    loose: Places,
    foreign: Places,
    squeezed: Places,
}

impl<'c> Search<'c> {
    /// A search of so many bytes with room to work in, which [`Search::judged`] gives back.
    pub(super) fn new(catalogue: &'c Catalogue, bytes: usize, rooms: Option<Vec<Room>>) -> Self {
        let rooms = rooms.unwrap_or_else(|| catalogue.parts.iter().map(|_| Room::default()).collect());
        Self {
            catalogue,
            found: FxHashMap::default(),
            rooms,
            weighed: 0,
            heavy: None,
            invisible: None,
            effort: Effort::new(bytes),
        }
    }

    /// Searches a text as it stands, folded first if it has to be. `views` are the readings that led to it, and `base` is
    /// where the text that they were made from began in the payload's.
    pub(super) fn read(&mut self, text: &str, views: &[&View], squeezed: bool, base: usize) {
        match view::fold(text) {
            None => self.matches(text, squeezed, &Layers { views, base }),
            Some(folded) => {
                self.effort.add((text.len() + folded.text.len()) as u64, squeezed);
                let views: Vec<&View> = views.iter().copied().chain([&folded]).collect();
                self.matches(&folded.text, squeezed, &Layers { views: &views, base });
            }
        }
    }

    /// Whether a word that rules ask for lies over one of some places of a text.
    pub(super) fn has_word_at(&mut self, text: &str, places: &[usize]) -> bool {
        let work = &mut self.effort.work;
        let tables = self.catalogue.parts.iter().map(|part| &part.tables);
        !text.is_ascii()
            || places.iter().any(|&place| tables.clone().any(|tables| tables.has_word_at(text.as_bytes(), place, work)))
    }

    /// Searches every other reading of a text, and the readings of those. `over` are the readings that led to it.
    pub(super) fn views(&mut self, text: &str, over: &mut Vec<View>, base: usize, budget: &mut Budget) {
        let mut made = view::views(text, view::signs(text), budget);
        if (SHORTEST..=SHORT).contains(&text.len()) {
            made.extend(view::costly_views(text, budget));
        }
        if !text.is_ascii()
            && let Some(folded) = view::fold(text)
        {
            // Letters set apart by foreign signs, or look-alikes among spaced letters, show only when folded.
            let again = view::views(&folded.text, view::signs(&folded.text), budget);
            let again = again.into_iter().filter(|new| !made.iter().any(|old| old.text == new.text));
            for mut new in again.collect::<Vec<_>>() {
                new.map = new.map.then(&folded.map);
                made.push(new);
            }
        }
        for new in made {
            if self.is_over() {
                return;
            }
            let (hidden, squeezed) = (new.hidden, new.squeezed);
            over.push(new);
            let views: Vec<&View> = over.iter().collect();
            let inner = views[views.len() - 1].text.clone();
            if hidden && self.invisible.is_none() && inner.chars().filter(|c| c.is_alphabetic()).count() >= INVISIBLE {
                let layers = Layers { views: &views, base };
                self.invisible = Some(place(&layers, &inner, 0..inner.len()));
            }
            self.read(&inner, &views, squeezed, base);
            if over.len() < LAYERS && !squeezed {
                self.views(&inner, over, base, budget);
            }
            over.pop();
        }
    }

    /// Whether the work for the payload is enough, seen from what was found.
    pub(super) fn is_over(&mut self) -> bool {
        let Self { catalogue, found, effort, .. } = self;
        effort.is_over(|| Summary::of(found.keys().map(|rule| catalogue.head(*rule).confidence)).refuses())
    }

    /// The rules that match, those included that judge the matches of others.
    pub(super) fn judged(self) -> (Vec<(RuleId, Place)>, Vec<Room>) {
        let mut all: Vec<(RuleId, Place)> = self.found.into_iter().collect();
        let confidence = |rule: &RuleId| self.catalogue.head(*rule).confidence;
        all.sort_by_key(|(rule, place)| std::cmp::Reverse((place.span.start, *rule)));
        let mut signs: Vec<(Sign, Place)> = Vec::new();
        signs.extend(self.invisible.map(|place| (Sign::Invisible, place)));
        let hidden = all.iter().rev().find(|(rule, place)| {
            confidence(rule) == Confidence::Medium && place.views.iter().any(|view| !PLAIN.contains(view))
        });
        signs.extend(hidden.map(|(_, place)| (Sign::Encoded, place.clone())));
        signs.extend(self.heavy.map(|place| (Sign::Weighed, place)));
        let found = signs.into_iter().filter_map(|(sign, place)| Some((self.catalogue.sign(sign)?, place)));
        let found: Vec<_> = found.collect();
        all.extend(found);
        (all, self.rooms)
    }

    fn matches(&mut self, text: &str, squeezed: bool, layers: &Layers<'_>) {
        let guessed = layers.has(&GUESSED);
        let reading = Reading::new(text, squeezed, layers, guessed);
        let ascii = text.is_ascii();
        for number in 0..self.rooms.len() {
            let mut room = std::mem::take(&mut self.rooms[number]);
            let tables = &self.catalogue.parts[number].tables;
            for chunk in places::chunks(text.as_bytes(), squeezed) {
                if self.is_over() {
                    break;
                }
                if squeezed {
                    self.bytes(number, &tables.squeezed, &mut room.squeezed, chunk, &reading, ascii);
                    continue;
                }
                self.words(number, &mut room, chunk.clone(), &reading);
                self.bytes(number, &tables.loose, &mut room.loose, chunk.clone(), &reading, ascii);
                if !ascii {
                    self.bytes(number, &tables.foreign, &mut room.foreign, chunk, &reading, ascii);
                }
            }
            self.rooms[number] = room;
        }
    }

    /// Runs the phrases that words call for.
    fn words(&mut self, number: usize, room: &mut Room, chunk: Range<usize>, reading: &Reading<'_>) {
        let part = &self.catalogue.parts[number];
        room.candidates.clear();
        let bytes = reading.text.as_bytes();
        let skip = |phrase: u16| self.is_idle(number, phrase, reading);
        let compared = room.words.candidates(&part.tables.words, bytes, chunk.clone(), skip, &mut room.candidates);
        self.effort.add(chunk.len() as u64 + compared, false);
        room.candidates.sort_unstable();
        for same in room.candidates.chunk_by(|a, b| a.phrase == b.phrase) {
            if self.is_over() {
                return;
            }
            let phrase = same[0].phrase;
            let spec = &part.specs[usize::from(phrase)];
            let sides = part.tables.words.demands[usize::from(phrase)].sides;
            // One look at the whole spares a look at each of many parts.
            if same.len() * sides.iter().map(|side| usize::from(*side)).sum::<usize>() > chunk.len() {
                let whole = Stretch { starts: chunk.clone(), end: chunk.end };
                if !whole.has_landmark(part.landmarks(spec), reading.lower()) {
                    continue;
                }
            }
            let mut stretches = Vec::new();
            for candidate in same {
                candidate.stretch(bytes, sides, chunk.clone()).join(&mut stretches);
            }
            self.confirm(number, phrase, stretches, None, reading);
        }
    }

    /// Runs the phrases that stems call for.
    fn bytes(
        &mut self,
        number: usize,
        tables: &ByteTables,
        places: &mut Places,
        chunk: Range<usize>,
        reading: &Reading<'_>,
        ascii: bool,
    ) {
        places.fill(tables, reading.text.as_bytes(), chunk.clone(), reading.squeezed, ascii);
        self.effort.add(chunk.len() as u64, reading.squeezed);
        for phrase in places.called(tables) {
            if self.is_over() {
                return;
            }
            let needs = tables.needs.get(phrase);
            if places.has_all(needs) && !self.is_idle(number, phrase, reading) {
                let part = &self.catalogue.parts[number];
                let spec = &part.specs[usize::from(phrase)];
                if !reading.squeezed && part.signs(spec) & reading.signs() == 0 {
                    continue;
                }
                let (stretches, compared) = places.stretches(needs, spec, reading.squeezed, chunk.clone());
                self.effort.add(compared, reading.squeezed);
                let ends = needs.first().map(|&set| places.of(set)).filter(|_| !reading.squeezed);
                self.confirm(number, phrase, stretches, ends, reading);
            }
        }
    }

    /// Whether a match of a phrase in a text would say nothing new.
    fn is_idle(&self, number: usize, phrase: u16, reading: &Reading<'_>) -> bool {
        let part = &self.catalogue.parts[number];
        let spec = &part.specs[usize::from(phrase)];
        part.off[usize::from(spec.head)]
            || reading.squeezed && spec.squeezed.place.is_empty()
            || !self.found.is_empty() && self.found.contains_key(&RuleId { part: number, rule: spec.head })
            || reading.decoded && part.heads[usize::from(spec.head)].confidence == Confidence::Low
    }

    /// Runs a phrase in some stretches of a text. `ends` are the ends of the first stems that it needs, if they are known.
    fn confirm(
        &mut self,
        number: usize,
        phrase: u16,
        stretches: Vec<Stretch>,
        ends: Option<&[u32]>,
        reading: &Reading<'_>,
    ) {
        let part = &self.catalogue.parts[number];
        let spec = &part.specs[usize::from(phrase)];
        let rule = RuleId { part: number, rule: spec.head };
        let confidence = part.heads[usize::from(spec.head)].confidence;
        if self.is_idle(number, phrase, reading) {
            return;
        }
        let lower = reading.lower();
        let (automaton, edge) = if reading.squeezed { (&spec.squeezed, false) } else { (&spec.spaced, spec.edge) };
        let opening = part.opening(automaton, edge);
        let with_starts = |stretch: Stretch| {
            if !reading.squeezed && !stretch.has_landmark(part.landmarks(spec), lower) {
                return None;
            }
            let starts = stretch.starts(spec, opening, reading.text.as_bytes(), ends);
            (!starts.is_empty()).then_some((stretch, starts))
        };
        let mut stretches: Vec<(Stretch, Starts)> = stretches.into_iter().filter_map(with_starts).collect();
        let task = Task {
            automata: &part.automata,
            place: &automaton.place,
            opening,
            text: lower,
            squeezed: reading.squeezed,
        };
        let mut excused = 0;
        let span = loop {
            if stretches.is_empty() {
                return;
            }
            let (found, work) = part.engines.find(task, &stretches);
            self.effort.add(work, reading.squeezed);
            let Some(span) = found else { return };
            if reading.squeezed || excused == EXCUSED {
                break span;
            }
            let (is_excused, work) = part.excuses(spec, lower, &span);
            self.effort.add(work, reading.squeezed);
            if !is_excused {
                break span;
            }
            excused += 1;
            let behind = |(stretch, _): (Stretch, Starts)| stretch.from(span.start + 1).and_then(with_starts);
            stretches = stretches.into_iter().filter_map(behind).collect();
        };
        // A guess makes short words of anything.
        let text = reading.text;
        if reading.guessed && text.as_bytes()[span.clone()].iter().filter(|byte| !is_separator(**byte)).count() < LONG {
            return;
        }
        self.found.insert(rule, place(reading.layers, text, span.clone()));
        if confidence != Confidence::High {
            self.weigh(text, span, reading.layers);
        }
    }

    /// Weighs the words around a match.
    fn weigh(&mut self, text: &str, span: Range<usize>, layers: &Layers<'_>) {
        if self.heavy.is_some() || self.weighed == WEIGHED || self.catalogue.sign(Sign::Weighed).is_none() {
            return;
        }
        self.weighed += 1;
        let around = floor(text, span.start.saturating_sub(AROUND))..floor(text, span.end + AROUND);
        self.effort.add(around.len() as u64, false);
        let weighing = weight::weigh(&text[around]);
        if weighing.heavy {
            self.heavy = Some(Place { words: weighing.words, ..place(layers, text, span) });
        }
    }
}

/// The place of a match in the innermost of some readings.
fn place(layers: &Layers<'_>, text: &str, span: Range<usize>) -> Place {
    let decoded = text[floor(text, span.start)..floor(text, span.end)].to_owned();
    Place { span: layers.origin(span), views: layers.names(), decoded, words: Vec::new() }
}
