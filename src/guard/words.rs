//! The words of a text that phrases ask for, and the stretches of it in which a phrase could match.

use std::ops::Range;

use super::assembly::WordTables;
use super::lexicon::Hit;

/// Where a phrase could match.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) phrase: u16,
    /// Offsets of the first and of the last word that the phrase asks for.
    pub(super) words: (u32, u32),
}

/// Room for the words of a text.
#[derive(Debug, Default)]
pub(super) struct Words {
    hits: Vec<Hit>,
    /// Hits that the sets up to one could stand at, and those of the next set.
    chain: (Vec<u32>, Vec<u32>),
}

impl Words {
    /// The phrases of which every set stands in a stretch of a text, in order and near enough to each other; and how many
    /// words were compared.
    pub(super) fn candidates(
        &mut self,
        tables: &WordTables,
        text: &[u8],
        stretch: Range<usize>,
        found: &mut Vec<Candidate>,
    ) -> u64 {
        let mut hits = std::mem::take(&mut self.hits);
        hits.clear();
        tables.lexicon.scan(text, stretch, |hit| hits.push(hit));
        let mut work = 0;
        for (at, hit) in hits.iter().enumerate() {
            for &phrase in tables.callers.get(hit.stem) {
                let needs = tables.needs.get(phrase);
                let rarest = usize::from(tables.rarest[usize::from(phrase)]);
                work += 1;
                let before = (0..rarest).rev().map(|set| (needs[set * 2], needs[set * 2 + 3]));
                let Some(first) = self.follow(tables, &hits, at, Way::Back, before, &mut work) else { continue };
                let after = (rarest + 1..needs.len() / 2).map(|set| (needs[set * 2], needs[set * 2 + 1]));
                let Some(last) = self.follow(tables, &hits, at, Way::On, after, &mut work) else { continue };
                found.push(Candidate { phrase, words: (hits[first].start, hits[last].start) });
            }
        }
        self.hits = hits;
        work
    }

    /// The last of the hits that are reached from one hit by way of some sets, each at most its gap from the one before.
    fn follow(
        &mut self,
        tables: &WordTables,
        hits: &[Hit],
        from: usize,
        way: Way,
        sets: impl Iterator<Item = (u16, u16)>,
        work: &mut u64,
    ) -> Option<usize> {
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
                if here.word.abs_diff(hit(now[near] as usize).word) > u32::from(gap) {
                    if near + 1 == now.len() {
                        break;
                    }
                } else if tables.members.get(here.stem).binary_search(&set).is_ok() {
                    next.push(at as u32);
                }
            }
            if next.is_empty() {
                return None;
            }
            std::mem::swap(now, next);
        }
        now.last().map(|&number| turn(number as usize))
    }
}

/// Which way to follow the sets of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Back,
    On,
}
