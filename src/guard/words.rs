//! The words of a text that phrases ask for, and the stretches of it in which a phrase could match.

use std::ops::Range;

use super::assembly::{ANY, CALLER, FAR, WordTables};
use super::lexicon::{Hit, Seen, is_separator};
use super::lists::Lists;
use super::places::Stretch;

/// Words that are as good as any number of words.
const UNBOUNDED: u16 = 100;

/// Where a phrase could match.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) phrase: u16,
    /// Offsets of words that the phrase asks for: of the first one the earliest and the latest, and of the last one.
    pub(super) words: [u32; 3],
    /// How many words before the first of them a match begins at most.
    lead: u16,
}

impl Candidate {
    /// The part of a text in which a match would lie. It reaches so many bytes beyond the words on either side.
    pub(super) fn stretch(&self, text: &[u8], [before, behind]: [u16; 2], within: Range<usize>) -> Stretch {
        let [early, late, last] = self.words;
        let floor = (early.saturating_sub(before.into()) as usize).max(within.start);
        let end = ((last + u32::from(behind)) as usize).min(within.end);
        if self.lead >= UNBOUNDED {
            return Stretch { starts: floor..end, end };
        }
        Stretch { starts: back(text, early as usize, self.lead, floor)..late as usize + 1, end }
    }
}

/// Where the word begins that stands so many words before another one, but not before `floor`. Words are counted as
/// [`Hit::word`] counts them.
pub(super) fn back(text: &[u8], from: usize, words: u16, floor: usize) -> usize {
    let (mut at, mut left) = (from, words);
    loop {
        let gap = at;
        while at > floor && is_separator(text[at - 1]) {
            at -= 1;
        }
        let dot = gap == at + 1 && text[at] == b'.';
        if at == floor || left == 0 && !dot {
            return if at == floor { floor } else { gap };
        }
        left -= u16::from(!dot);
        while at > floor && !is_separator(text[at - 1]) {
            at -= 1;
        }
    }
}

/// Room for the words of a text.
#[derive(Debug, Default)]
pub(super) struct Words {
    hits: Vec<Hit>,
    known: Seen,
    watched: Watched,
    /// Hits that the sets up to one could stand at, and those of the next set.
    chain: (Vec<u32>, Vec<u32>),
}

impl Words {
    /// The phrases of which every set stands in a stretch of a text, in order and near enough to each other; and how many
    /// words were compared. Those to `skip` are left out.
    pub(super) fn candidates(
        &mut self,
        tables: &WordTables,
        text: &[u8],
        stretch: Range<usize>,
        skip: impl Fn(u16) -> bool,
        found: &mut Vec<Candidate>,
    ) -> u64 {
        let mut hits = std::mem::take(&mut self.hits);
        hits.clear();
        let signs = tables.lexicon.scan(text, stretch, &mut self.known, |hit| hits.push(hit));
        let mut watched = std::mem::take(&mut self.watched);
        watched.begin(tables.watched, hits.last().map_or(0, |hit| hit.word));
        hits.iter().for_each(|hit| watched.see(hit.word, hit.stem));
        watched.spread(&tables.watched_members);
        let mut work = hits.len() as u64;
        for (at, hit) in hits.iter().enumerate() {
            let callers = tables.callers.get(hit.stem).as_chunks::<CALLER>().0;
            work += callers.len() as u64;
            for &[phrase, first, first_near, second, second_near] in callers {
                let near = |set, near| watched.has(set, hit.word, near);
                if !(near(first, first_near) && near(second, second_near)) || skip(phrase) {
                    continue;
                }
                let demand = &tables.demands[usize::from(phrase)];
                if demand.signs.iter().any(|set| tables.signs[usize::from(*set)] & signs == 0) {
                    continue;
                }
                let needs = tables.needs.get(phrase);
                let rarest = usize::from(demand.rarest);
                let before = (0..rarest).rev().map(|set| (needs[set * 2], needs[set * 2 + 3]));
                let Some(first) = self.follow(tables, &hits, (at, Way::Back, demand.reach), before, &mut work) else {
                    continue;
                };
                let after = (rarest + 1..needs.len() / 2).map(|set| (needs[set * 2], needs[set * 2 + 1]));
                let Some(last) = self.follow(tables, &hits, (at, Way::On, demand.reach), after, &mut work) else {
                    continue;
                };
                let words = [first.1, first.0, last.1].map(|number| hits[number].start);
                // The word that was found first may not be the first one that the phrase asks for.
                let near = (1..=rarest).all(|set| needs[set * 2 + 1] <= FAR);
                found.push(Candidate { phrase, words, lead: if near { needs[1] } else { UNBOUNDED } });
            }
        }
        watched.forget(&tables.watched_members);
        (self.hits, self.watched) = (hits, watched);
        work
    }

    /// The nearest and the farthest of the hits that are reached from one hit by way of some sets, each at most its gap from
    /// the one before.
    fn follow(
        &mut self,
        tables: &WordTables,
        hits: &[Hit],
        (from, way, reach): (usize, Way, u16),
        sets: impl Iterator<Item = (u16, u16)>,
        work: &mut u64,
    ) -> Option<(usize, usize)> {
        let turn = |number: usize| if way == Way::Back { hits.len() - 1 - number } else { number };
        let hit = |number: usize| hits[turn(number)];
        let (now, next) = &mut self.chain;
        now.clear();
        now.push(turn(from) as u32);
        for (set, gap) in sets {
            next.clear();
            let mut first = now[0] as usize;
            while first > 0 && hit(first - 1).start == hit(first).start {
                first -= 1;
            }
            // Most often there is but one way to the next set.
            if let &mut [only] = &mut now[..]
                && gap <= FAR
            {
                let word = hit(only as usize).word;
                for at in first..hits.len() {
                    *work += 1;
                    let here = &hits[turn(at)];
                    if here.word.abs_diff(word) > u32::from(gap) {
                        break;
                    }
                    if tables.is_member(here.stem, set) {
                        next.push(at as u32);
                    }
                }
                if next.is_empty() {
                    return None;
                }
                std::mem::swap(now, next);
                continue;
            }
            // The farthest of the hits that may come before the one that is looked at.
            let mut near = 0;
            for at in first..hits.len() {
                *work += 1;
                let here = hit(at);
                let passed = |number: u32| {
                    let start = hit(number as usize).start;
                    if way == Way::Back { start >= here.start } else { start <= here.start }
                };
                while now.get(near + 1).is_some_and(|&number| passed(number)) {
                    near += 1;
                }
                let last = hit(now[near] as usize);
                let beyond = if gap <= FAR {
                    here.word.abs_diff(last.word) > u32::from(gap)
                } else {
                    here.start.abs_diff(last.start) > u32::from(reach)
                };
                if beyond {
                    if near + 1 == now.len() {
                        break;
                    }
                } else if tables.is_member(here.stem, set) {
                    next.push(at as u32);
                }
            }
            if next.is_empty() {
                return None;
            }
            std::mem::swap(now, next);
        }
        now.first().zip(now.last()).map(|(&near, &far)| (turn(near as usize), turn(far as usize)))
    }
}

/// Where about in a text the sets that are watched stand.
#[derive(Debug, Default)]
struct Watched {
    /// For each set a bit for each of the parts of the text, all of as many words.
    sets: Vec<u64>,
    /// The same for each stem; most texts repeat a few.
    stems: Vec<u64>,
    /// The stems that the text has.
    seen: Vec<u16>,
    /// Binary logarithm of the words of a part.
    shift: u32,
}

impl Watched {
    /// Begins with a text whose last word has this number.
    fn begin(&mut self, sets: u16, last: u32) {
        self.sets.resize(usize::from(sets), 0);
        self.shift = (u32::BITS - last.leading_zeros()).saturating_sub(u64::BITS.trailing_zeros());
    }

    /// Sees a stem at a word.
    fn see(&mut self, word: u32, stem: u16) {
        if self.stems.len() <= usize::from(stem) {
            self.stems.resize(usize::from(stem) + 1, 0);
        }
        let parts = &mut self.stems[usize::from(stem)];
        if *parts == 0 {
            self.seen.push(stem);
        }
        *parts |= 1 << (word >> self.shift);
    }

    /// Goes on from the stems that were seen to the sets that they are in.
    fn spread(&mut self, members: &Lists) {
        for &stem in &self.seen {
            for &set in members.get(stem) {
                if let Some(parts) = self.sets.get_mut(usize::from(set)) {
                    *parts |= self.stems[usize::from(stem)];
                }
            }
        }
    }

    /// Forgets the text.
    fn forget(&mut self, members: &Lists) {
        for stem in self.seen.drain(..) {
            self.stems[usize::from(stem)] = 0;
            for &set in members.get(stem) {
                if let Some(parts) = self.sets.get_mut(usize::from(set)) {
                    *parts = 0;
                }
            }
        }
    }

    /// Whether a set may stand so near to a word, as [`near`](super::assembly) says; one that is not watched may.
    fn has(&self, set: u16, word: u32, near: u16) -> bool {
        let Some(parts) = self.sets.get(usize::from(set)) else { return true };
        let [before, behind] = near.to_le_bytes();
        let first = if before == ANY { 0 } else { word.saturating_sub(before.into()) >> self.shift };
        let last = if behind == ANY { u64::BITS } else { (word + u32::from(behind)) >> self.shift };
        parts & u64::MAX << first & u64::MAX >> (u64::BITS - 1).saturating_sub(last) != 0
    }
}

/// Which way to follow the sets of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Back,
    On,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_seen_near_a_word() {
        let members: Lists = [vec![1], vec![0]].into_iter().collect();
        let mut watched = Watched::default();
        watched.begin(2, 40);
        watched.see(10, 1);
        watched.spread(&members);
        let any = u16::from(ANY);
        for (word, near, seen) in [
            (12, 2, true),
            (12, 1, false),
            (9, 1 << 8, true),
            (11, 9 << 8, false),
            (40, any, true),
            (5, any << 8, true),
        ] {
            assert_eq!(watched.has(0, word, near), seen, "{word} {near}");
            assert!(!watched.has(1, word, near) && watched.has(2, word, near));
        }
        watched.forget(&members);
        assert!(!watched.has(0, 12, 2));
    }

    #[test]
    fn parts_of_a_long_text_hold_many_words() {
        let mut watched = Watched::default();
        watched.begin(1, 64_000);
        watched.see(30_000, 0);
        watched.spread(&[vec![0]].into_iter().collect());
        assert!(watched.has(0, 30_500, 3) && watched.has(0, 30_003, 3) && !watched.has(0, 40_000, 3));
        assert!(watched.has(0, 64_000, u16::from(ANY)) && !watched.has(0, 64_000, u16::from(ANY) << 8));
    }
}
