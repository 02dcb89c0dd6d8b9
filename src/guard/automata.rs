//! The automata of phrases, written down: what a phrase matches, without the expression that would have to be read and
//! compiled when the phrase is first needed.
//!
//! Most states of an automaton look like many others once their targets are counted from where they stand. So an
//! automaton is a row of numbers, one for each state, and what they mean is kept once for all automata. Those of our own
//! rules are written by the build script.

use std::borrow::Cow;
use std::ops::Range;

use regex_automata::nfa::thompson::{self, Builder, Compiler, NFA, State, Transition, WhichCaptures};
use regex_automata::util::look::Look;
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;
use rustc_hash::FxHashMap;

use super::lists::Lists;

/// Bytes of the largest automaton, as it lies in memory.
const LARGEST: usize = 4 << 20;

/// What a state does: the first number of its meaning.
pub(super) mod kind {
    /// Reads a byte. Follow, for each way on, the first and the last byte in one number, and the target.
    pub(crate) const READ: u16 = 0;
    /// Looks at what stands around. Follow what it looks for and the target.
    pub(crate) const LOOK: u16 = 1;
    /// Goes several ways, the first before the others. Follow the targets.
    pub(crate) const SPLIT: u16 = 2;
    /// Notes where the match begins. Follows the target.
    pub(crate) const BEGIN: u16 = 3;
    /// Notes where it ends. Follows the target.
    pub(crate) const END: u16 = 4;
    /// Has matched.
    pub(crate) const MATCH: u16 = 5;
    /// Goes nowhere.
    pub(crate) const FAIL: u16 = 6;
}

/// Automata, end to end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Automata {
    /// What each number means: a kind, and what belongs to it. Targets are counted from the state itself.
    pub(crate) states: Lists,
    /// For each automaton its two starts and its states; small numbers take one byte.
    pub(crate) rows: Cow<'static, [u8]>,
    /// Sets of bytes, a bit for each: what can stand at one of the first places of a match.
    pub(crate) sets: Cow<'static, [[u64; 4]]>,
}

impl Automata {
    /// The two starts of an automaton, for a match at one place and for one anywhere behind it, and what its states mean.
    pub(crate) fn row(&self, place: &Range<u32>) -> Option<([u32; 2], Vec<u16>)> {
        let mut row = self.rows.get(place.start as usize..place.end as usize)?;
        let starts = [number(&mut row)?, number(&mut row)?];
        let mut states = Vec::with_capacity(row.len());
        while !row.is_empty() {
            states.push(u16::try_from(number(&mut row)?).ok()?);
        }
        Some((starts, states))
    }

    /// Reads an automaton.
    pub(crate) fn get(&self, place: &Range<u32>) -> Option<NFA> {
        let (starts, states) = self.row(place)?;
        let mut builder = Builder::new();
        builder.set_utf8(false);
        builder.start_pattern().ok()?;
        for (at, meaning) in states.into_iter().enumerate() {
            state(&mut builder, at, self.states.get(meaning))?;
        }
        let [anchored, unanchored] = starts.map(|start| StateID::new(start as usize).ok());
        builder.finish_pattern(anchored?).ok()?;
        builder.build(anchored?, unanchored?).ok()
    }
}

/// Adds a state to an automaton.
fn state(builder: &mut Builder, at: usize, meaning: &[u16]) -> Option<StateID> {
    let target = |number: &u16| StateID::new(at.wrapping_add_signed(isize::from(*number as i16))).ok();
    let way = |pair: &[u16]| {
        let [start, end] = pair[0].to_be_bytes();
        Some(Transition { start, end, next: target(&pair[1])? })
    };
    let added = match meaning {
        [kind::READ, bytes, next] => builder.add_range(way(&[*bytes, *next])?),
        [kind::READ, ways @ ..] => builder.add_sparse(ways.chunks_exact(2).map(way).collect::<Option<_>>()?),
        [kind::LOOK, look, next] => builder.add_look(target(next)?, Look::from_repr(u32::from(*look))?),
        [kind::SPLIT, ways @ ..] => builder.add_union(ways.iter().map(target).collect::<Option<_>>()?),
        [kind::BEGIN, next] => builder.add_capture_start(target(next)?, 0, None),
        [kind::END, next] => builder.add_capture_end(target(next)?, 0),
        [kind::MATCH] => builder.add_match(),
        _ => builder.add_fail(),
    };
    added.ok()
}

/// Takes a number from the front of a row: seven bits a byte, the lowest first.
fn number(row: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    for shift in (0..u32::BITS).step_by(7) {
        let (&byte, rest) = row.split_first()?;
        *row = rest;
        number |= u32::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Adds a number to the end of a row.
fn push(row: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        row.push(number as u8 | 0x80);
        number >>= 7;
    }
    row.push(number as u8);
}

/// Where an automaton stands, and how its matches begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Automaton {
    /// Its place in [`Automata::rows`]; empty if there is none.
    pub(crate) place: Range<u32>,
    /// How its matches begin.
    pub(crate) opening: Opening,
}

/// Which of [`Automata::sets`] can stand at the first places of a match; the set of all bytes if it can be shorter.
pub(crate) type Opening = [u16; 3];

/// Writes automata down.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    /// Meanings, each with its number and how often it was needed.
    known: FxHashMap<Vec<u16>, (u32, u32)>,
    /// Starts and numbers of each automaton.
    rows: Vec<([u32; 2], Vec<u32>)>,
    openings: Vec<[[u64; 4]; 3]>,
}

impl Writer {
    /// Adds the automaton of an expression; an empty expression has none.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn add(&mut self, expression: &str, unicode: bool) -> Result<(), String> {
        if expression.is_empty() {
            self.rows.push(([0; 2], Vec::new()));
            self.openings.push(Default::default());
            return Ok(());
        }
        let nfa = compile(expression, unicode)?;
        let starts = [nfa.start_anchored(), nfa.start_unanchored()].map(|start| start.as_u32());
        let mut row = Vec::with_capacity(nfa.states().len());
        for (at, state) in nfa.states().iter().enumerate() {
            let next = self.known.len() as u32;
            let (number, count) = self.known.entry(meaning(at, state)?).or_insert((next, 0));
            *count += 1;
            row.push(*number);
        }
        self.rows.push((starts, row));
        self.openings.push(opening(&nfa));
        Ok(())
    }

    /// The automata, and where each of them stands, in the order in which they were added.
    ///
    /// # Errors
    /// When their states are too many.
    pub(crate) fn finish(self) -> Result<(Automata, Vec<Automaton>), String> {
        let mut states: Vec<(Vec<u16>, (u32, u32))> = self.known.into_iter().collect();
        if states.len() > usize::from(u16::MAX) {
            return Err("more than 65,535 kinds of states".into());
        }
        // What is needed often gets the numbers that take few bytes. Among those that take as many, what belongs together
        // stands together, so that a text calls for few pages of memory.
        states.sort_unstable_by_key(|(_, (number, count))| (std::cmp::Reverse(*count), *number));
        let mut from = 0;
        for bits in [7, 14, 21] {
            let to = states.len().min(1 << bits);
            states[from..to].sort_unstable_by_key(|(_, (number, _))| *number);
            from = to;
        }
        let mut renumbered = vec![0; states.len()];
        for (new, (_, (old, _))) in states.iter().enumerate() {
            renumbered[*old as usize] = new as u32;
        }
        let (mut rows, mut sets, mut numbers) = (Vec::new(), Vec::new(), FxHashMap::default());
        let places = self.rows.into_iter().zip(self.openings).map(|((starts, row), opening)| {
            let from = rows.len() as u32;
            if !row.is_empty() {
                starts.into_iter().for_each(|start| push(&mut rows, start));
                row.into_iter().for_each(|number| push(&mut rows, renumbered[number as usize]));
            }
            let opening = opening.map(|set| {
                *numbers.entry(set).or_insert_with(|| {
                    sets.push(set);
                    sets.len() as u16 - 1
                })
            });
            Automaton { place: from..rows.len() as u32, opening }
        });
        let places = places.collect();
        if sets.len() > usize::from(u16::MAX) {
            return Err("more than 65,535 ways to begin".into());
        }
        let states = states.into_iter().map(|(meaning, _)| meaning).collect();
        Ok((Automata { states, rows: rows.into(), sets: sets.into() }, places))
    }
}

/// The automaton of an expression of a phrase.
fn compile(expression: &str, unicode: bool) -> Result<NFA, String> {
    let syntax = syntax::Config::new().unicode(unicode).utf8(false).dot_matches_new_line(true);
    let config =
        thompson::Config::new().utf8(false).which_captures(WhichCaptures::Implicit).nfa_size_limit(Some(LARGEST));
    Compiler::new().syntax(syntax).configure(config).build(expression).map_err(|error| error.to_string())
}

/// What a state means, told from where it stands.
fn meaning(at: usize, state: &State) -> Result<Vec<u16>, String> {
    let target = |next: StateID| {
        let step = next.as_usize() as i64 - at as i64;
        i16::try_from(step).map(|step| step as u16).map_err(|_| "it is too large".to_owned())
    };
    let mut found = Vec::new();
    let way = |found: &mut Vec<u16>, way: &Transition| -> Result<(), String> {
        found.extend([u16::from_be_bytes([way.start, way.end]), target(way.next)?]);
        Ok(())
    };
    match state {
        State::ByteRange { trans } => {
            found.push(kind::READ);
            way(&mut found, trans)?;
        }
        State::Sparse(ways) => {
            found.push(kind::READ);
            ways.transitions.iter().try_for_each(|next| way(&mut found, next))?;
        }
        State::Dense(_) => return Err("it has states that are tables".into()),
        State::Look { look, next } => found.extend([kind::LOOK, look.as_repr() as u16, target(*next)?]),
        State::Union { alternates } => {
            found.push(kind::SPLIT);
            alternates.iter().try_for_each(|next| target(*next).map(|next| found.push(next)))?;
        }
        State::BinaryUnion { alt1, alt2 } => found.extend([kind::SPLIT, target(*alt1)?, target(*alt2)?]),
        State::Capture { next, slot, .. } => {
            found.extend([if slot.as_usize() == 0 { kind::BEGIN } else { kind::END }, target(*next)?]);
        }
        State::Match { .. } => found.push(kind::MATCH),
        State::Fail => found.push(kind::FAIL),
    }
    Ok(found)
}

/// What a match can begin with.
fn opening(nfa: &NFA) -> [[u64; 4]; 3] {
    let mut open = vec![nfa.start_anchored()];
    let mut short = false;
    std::array::from_fn(|_| {
        let (mut bytes, behind) = next(nfa, std::mem::take(&mut open));
        short |= bytes == [u64::MAX; 4];
        if short {
            bytes = [u64::MAX; 4];
        }
        open = behind;
        bytes
    })
}

/// The bytes that are read next from some states, and the states behind those.
fn next(nfa: &NFA, mut open: Vec<StateID>) -> ([u64; 4], Vec<StateID>) {
    let (mut bytes, mut behind) = ([0; 4], Vec::new());
    let mut seen = vec![false; nfa.states().len()];
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut seen[id.as_usize()], true) {
            continue;
        }
        let mut add = |way: &Transition| {
            (way.start..=way.end).for_each(|byte| bytes[usize::from(byte / 64)] |= 1 << (byte % 64));
            behind.push(way.next);
        };
        match nfa.state(id) {
            State::ByteRange { trans } => add(trans),
            State::Sparse(ways) => ways.transitions.iter().for_each(add),
            State::Look { next, .. } | State::Capture { next, .. } => open.push(*next),
            State::Union { alternates } => open.extend(alternates.iter()),
            State::BinaryUnion { alt1, alt2 } => open.extend([alt1, alt2]),
            State::Match { .. } | State::Dense(_) => bytes = [u64::MAX; 4],
            State::Fail => {}
        }
    }
    (bytes, behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn automata_come_back_as_they_were() {
        let expressions = [
            (r"(?-u:\b)(?:open|close|shut) (?:the )?do{1,2}r(?-u:\b)", false),
            (r"(?:[^a-z]+x){0,12}|.{2,}", false),
            ("(?:открой|закрой)[ ]?[^a-z]{0,4}дверь", true),
            ("", false),
            ("^a$|b*?", false),
        ];
        let mut writer = Writer::default();
        expressions.iter().for_each(|(text, unicode)| writer.add(text, *unicode).expect("an expression"));
        let (automata, places) = writer.finish().expect("few states");
        for ((text, unicode), automaton) in expressions.iter().zip(&places) {
            assert_eq!(text.is_empty(), automaton.place.is_empty());
            if !text.is_empty() {
                let (read, made) = (automata.get(&automaton.place).expect("an automaton"), compile(text, *unicode));
                assert_eq!(format!("{read:?}"), format!("{:?}", made.expect("an automaton")), "{text}");
            }
        }
    }

    #[test]
    fn openings_are_known() {
        let can = |text: &str, place: usize, byte: u8| {
            let mut writer = Writer::default();
            writer.add(text, false).expect("an expression");
            let (automata, places) = writer.finish().expect("few states");
            automata.sets[usize::from(places[0].opening[place])][usize::from(byte / 64)] >> (byte % 64) & 1 == 1
        };
        let words = r"(?-u:\b)(?:[ ]?open|shut)";
        assert!(can(words, 0, b' ') && can(words, 0, b'o') && can(words, 0, b's') && !can(words, 0, b'x'));
        assert!(can(words, 1, b'o') && can(words, 1, b'p') && can(words, 1, b'h') && !can(words, 1, b's'));
        assert!(can(words, 2, b'p') && can(words, 2, b'e') && can(words, 2, b'u') && !can(words, 2, b'o'));
        assert!(can("x*", 0, b'y') && can("x*", 2, b'y') && can("ab?", 1, b'y'));
        assert!(!can("abc?", 1, b'y') && can("abc?", 2, b'y'));
    }

    #[test]
    fn what_is_broken_is_no_automaton() {
        let broken = Automata { rows: vec![0, 0, 0xFF].into(), ..Automata::default() };
        assert!(broken.get(&(0..3)).is_none() && broken.get(&(0..9)).is_none());
    }
}
