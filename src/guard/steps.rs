//! An automaton followed step by step, from where the build script wrote it: nothing has to be built first.
//!
//! The bounded backtracking of the crate `regex-automata` over [`Automata`] in the place of an `NFA`, which would have to
//! be built anew for nearly every text: texts differ in the phrases that they call for.

use std::ops::Range;

use regex_automata::util::look::{Look, LookMatcher};

use super::automata::{Automata, kind};

/// Bits of the largest search that is followed step by step: one for each state at each byte.
const NOTED: usize = 1 << 21;

/// The states of an automaton, by what they mean.
#[derive(Debug)]
pub(super) struct Steps {
    start: u32,
    states: Box<[u16]>,
}

/// Room for a search.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// A bit for each state that goes several ways, at each byte: whether it was there. All zero between searches.
    been: Vec<u64>,
    /// Which numbers of `been` are not zero.
    marked: Vec<u32>,
    /// States that are still to be tried, each with its offset; the last one first.
    open: Vec<(u32, u32)>,
    /// States that were entered, in all searches.
    pub(super) entered: u64,
}

impl Trail {
    /// Sets a bit; `false` if it was set.
    fn mark(&mut self, bit: usize) -> bool {
        let Some(bits) = self.been.get_mut(bit / 64) else { return false };
        let mask = 1 << (bit % 64);
        if *bits & mask != 0 {
            return false;
        }
        if *bits == 0 {
            self.marked.push((bit / 64) as u32);
        }
        *bits |= mask;
        true
    }
}

impl Steps {
    /// Reads an automaton.
    pub(super) fn read(automata: &Automata, place: &Range<u32>) -> Option<Self> {
        let ([start, _], states) = automata.row(place)?;
        Some(Self { start, states: states.into() })
    }

    /// Bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        size_of_val(&*self.states)
    }

    /// Whether a search over so many bytes is small enough.
    pub(super) fn reaches(&self, bytes: usize) -> bool {
        self.states.len() * (bytes + 1) <= NOTED
    }

    /// The first match that begins at one of some places of a text, which are ascending and no farther from its end than
    /// [`Self::reaches`] says.
    pub(super) fn find(
        &self,
        automata: &Automata,
        text: &[u8],
        places: impl Iterator<Item = usize>,
        trail: &mut Trail,
    ) -> Option<Range<usize>> {
        let mut places = places.peekable();
        let base = *places.peek()?;
        let bits = self.states.len() * (text.len() + 1 - base);
        if trail.been.len() < bits.div_ceil(64) {
            // Zeros that are asked for take no memory where no bit is set.
            trail.been = vec![0; bits.div_ceil(64)];
        }
        let found = places.find_map(|start| Some(start..self.follow(automata, text, (base, start), trail)?));
        for marked in trail.marked.drain(..) {
            trail.been[marked as usize] = 0;
        }
        found
    }

    /// Where the match ends that begins at a place.
    fn follow(
        &self,
        automata: &Automata,
        text: &[u8],
        (base, start): (usize, usize),
        trail: &mut Trail,
    ) -> Option<usize> {
        let looks = LookMatcher::new();
        let width = text.len() + 1 - base;
        trail.open.clear();
        trail.open.push((self.start, start as u32));
        while let Some((mut state, at)) = trail.open.pop() {
            let mut at = at as usize;
            loop {
                trail.entered += 1;
                let meaning = automata.states.get(*self.states.get(state as usize)?);
                let to = |step: u16| state.wrapping_add_signed(i32::from(step as i16));
                match *meaning {
                    [kind::READ, ref ways @ ..] => {
                        let Some(step) = text.get(at).and_then(|&byte| read(ways, byte)) else { break };
                        state = to(step);
                        at += 1;
                    }
                    [kind::LOOK, look, next] => {
                        let look = Look::from_repr(u32::from(look))?;
                        if !looks.matches(look, text, at) {
                            break;
                        }
                        state = to(next);
                    }
                    [kind::SPLIT, first, ref others @ ..] => {
                        if !trail.mark(state as usize * width + at - base) {
                            break;
                        }
                        // Of many words hardly one begins with what stands here, so the others are not even put down.
                        let goes_on = |state: &u32| match self.states.get(*state as usize) {
                            Some(&meaning) => match *automata.states.get(meaning) {
                                [kind::READ, ref ways @ ..] => {
                                    text.get(at).is_some_and(|&byte| read(ways, byte).is_some())
                                }
                                _ => true,
                            },
                            None => false,
                        };
                        let others = others.iter().rev().map(|&step| to(step)).filter(goes_on);
                        trail.open.extend(others.map(|state| (state, at as u32)));
                        state = to(first);
                    }
                    [kind::BEGIN | kind::END, next] => state = to(next),
                    [kind::MATCH] => return Some(at),
                    _ => break,
                }
            }
        }
        None
    }
}

/// The step that a state makes that reads a byte, if one of its ways does.
#[inline]
fn read(ways: &[u16], byte: u8) -> Option<u16> {
    let reads = |way: &&[u16; 2]| {
        let [first, last] = way[0].to_be_bytes();
        (first..=last).contains(&byte)
    };
    ways.as_chunks::<2>().0.iter().find(reads).map(|way| way[1])
}

#[cfg(test)]
mod tests {
    use regex_automata::Input;
    use regex_automata::nfa::thompson::pikevm::PikeVM;

    use super::*;
    use crate::guard::automata::Writer;

    #[test]
    fn matches_are_those_of_the_crate() {
        let expressions = [
            (r"(?-u:\b)(?:open|close|shut)[^a-z]+(?:the )?do{1,2}r(?-u:\b)", false),
            (r"(?:[^a-z]+x){0,12}y|.{2,4}z", false),
            (r"(?:(?:[a-z]+)*[a-z]+)*!", false),
            ("(?:открой|закрой)[ ]?[^a-z]{0,4}дверь", true),
            ("^a$|b*?c", false),
            ("(?:open|open the) door", false),
        ];
        let texts = [
            "",
            "a",
            "bbbc",
            "please open the door, close  the dor, shut door",
            "reopen the door and open the doors",
            "xx x x xy abz",
            "сейчас открой дверь и закрой  дверь",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ?",
        ];
        let mut writer = Writer::default();
        expressions.iter().for_each(|(text, unicode)| writer.add(text, *unicode).expect("an expression"));
        let (automata, places) = writer.finish().expect("few states");
        let mut trail = Trail::default();
        for ((expression, _), automaton) in expressions.iter().zip(&places) {
            let steps = Steps::read(&automata, &automaton.place).expect("an automaton");
            let oracle = PikeVM::new_from_nfa(automata.get(&automaton.place).expect("an automaton")).expect("small");
            for text in texts {
                assert!(steps.reaches(text.len()));
                for from in 0..=text.len() {
                    let expected = oracle.find(&mut oracle.create_cache(), Input::new(text).range(from..));
                    let found = steps.find(&automata, text.as_bytes(), from..=text.len(), &mut trail);
                    assert_eq!(found, expected.map(|found| found.range()), "{expression} in {text:?} from {from}");
                }
            }
        }
    }

    #[test]
    fn what_is_broken_matches_nothing() {
        let broken = Automata { rows: vec![0, 0, 0x7F].into(), ..Automata::default() };
        let steps = Steps::read(&broken, &(0..3)).expect("a row");
        assert_eq!(steps.find(&broken, b"text", 0..4, &mut Trail::default()), None);
        assert!(Steps::read(&broken, &(0..9)).is_none());
    }
}
