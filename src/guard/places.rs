//! Where the stems of phrases stand in a text, and the stretches of it in which a phrase could match.

use std::ops::Range;

use super::assembly::{ByteTables, FAR, WHOLE};
use super::catalogue::Spec;
use super::lexicon::is_separator;
use super::positions::Positions;
use super::words::back;

/// Bytes of text that are looked at together; of text without gaps, where nearly every letter may begin a stem, fewer.
const CHUNK: usize = 1 << 16;
const SQUEEZED: usize = 1 << 13;

/// Bytes that two chunks share: more than any phrase takes.
const SHARED: usize = 2048;

/// The parts of a text that are looked at one by one.
pub(super) fn chunks(text: &[u8], squeezed: bool) -> impl Iterator<Item = Range<usize>> {
    let chunk = if squeezed { SQUEEZED } else { CHUNK };
    let count = text.len().saturating_sub(SHARED).div_ceil(chunk - SHARED).max(1);
    let length = text.len();
    (0..count).map(move |number| {
        let start = number * (chunk - SHARED);
        start..length.min(start + chunk)
    })
}

/// More bytes than a stem has.
const STEM: u32 = 8;

/// A part of a text in which a phrase could match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Offsets at which a match can begin.
    pub(super) starts: Range<usize>,
    /// Where it ends at the latest.
    pub(super) end: usize,
}

impl Stretch {
    /// Where a match of a phrase can begin, judged by the byte there and the one before. `ends` are the ends of the first
    /// stems that it needs, if they tell anything of where it begins.
    pub(super) fn starts(&self, spec: &Spec, opening: Opening<'_>, text: &[u8], ends: Option<&[u32]>) -> Starts {
        let Some(ends) = ends.filter(|_| spec.lead <= FAR) else {
            return Starts::at(opening.places(self.starts.clone(), text));
        };
        let mut starts = Starts::at(std::iter::empty());
        let from = ends.partition_point(|&end| end as usize <= self.starts.start);
        let mut floor = self.starts.start;
        for end in ends[from..].iter().map(|&end| end as usize).take_while(|&end| end <= self.end) {
            let word = text[floor..end].iter().rposition(|&byte| is_separator(byte)).map_or(floor, |at| floor + at + 1);
            starts.add(opening.places(back(text, word, spec.lead, floor)..end.min(self.starts.end), text));
            floor = floor.max(end.min(self.starts.end));
            if starts.count > FEW {
                break;
            }
        }
        starts
    }

    /// What is left of it from an offset on.
    pub(super) fn from(mut self, offset: usize) -> Option<Self> {
        self.starts.start = self.starts.start.max(offset);
        (!self.starts.is_empty()).then_some(self)
    }

    /// Whether one of the landmarks of a phrase stands in it; a phrase without any passes. The text is in lower case.
    pub(super) fn has_landmark(&self, landmarks: &str, text: &[u8]) -> bool {
        if landmarks.is_empty() {
            return true;
        }
        // Signs are rarer than letters, so those with one sign are looked for where that stands.
        let text = &text[self.starts.start..self.end];
        let mut left = landmarks.as_bytes();
        while let Some(at) = left.iter().position(|byte| is_separator(*byte)) {
            let sign = left[at];
            let (same, others) = left.split_at(memchr::memchr(b'\n', left).unwrap_or(left.len()));
            let stands = |mark: &[u8], at: usize| {
                let start = mark.iter().position(|byte| *byte == sign).and_then(|before| at.checked_sub(before));
                start.is_some_and(|start| text[start..].starts_with(mark))
            };
            if memchr::memchr_iter(sign, text).any(|at| same.split(|byte| *byte == b' ').any(|mark| stands(mark, at))) {
                return true;
            }
            left = others.get(1..).unwrap_or_default();
        }
        false
    }

    /// Adds this one to others, joined with the last of them where they overlap.
    pub(super) fn join(self, stretches: &mut Vec<Self>) {
        match stretches.last_mut() {
            Some(last) if self.starts.start <= last.end => {
                last.starts.start = last.starts.start.min(self.starts.start);
                last.starts.end = last.starts.end.max(self.starts.end);
                last.end = last.end.max(self.end);
            }
            _ => stretches.push(self),
        }
    }
}

/// Places at which a match could begin that are tried one by one; with more of them one search over all costs less.
const FEW: usize = 16;

/// Where in a stretch a match could begin.
#[derive(Debug)]
pub(super) struct Starts {
    places: [u32; FEW],
    /// How many places there are, at least.
    count: usize,
}

impl Starts {
    /// Some places.
    pub(super) fn at(places: impl Iterator<Item = usize>) -> Self {
        let mut starts = Self { places: [0; FEW], count: 0 };
        starts.add(places);
        starts
    }

    /// Adds some places.
    fn add(&mut self, places: impl Iterator<Item = usize>) {
        for at in places {
            if self.count == FEW {
                self.count += 1;
                return;
            }
            self.places[self.count] = at as u32;
            self.count += 1;
        }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The places, if they are few.
    pub(super) fn few(&self) -> Option<impl Iterator<Item = usize> + Clone> {
        self.places.get(..self.count).map(|places| places.iter().map(|&at| at as usize))
    }
}

/// What can stand at the first places of a match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opening<'a> {
    /// Sets of bytes, a bit for each.
    pub(super) sets: [&'a [u64; 4]; 3],
    /// Whether a word begins or ends at the first one.
    pub(super) edge: bool,
}

impl Opening<'_> {
    /// Where in a stretch of a text a match could begin.
    pub(super) fn places(self, stretch: Range<usize>, text: &[u8]) -> impl Iterator<Item = usize> + Clone {
        stretch.filter(move |&at| {
            let byte = text[at].to_ascii_lowercase();
            let opens = || at.checked_sub(1).is_none_or(|before| is_word(text[before]) != is_word(byte));
            let goes_on =
                |by: usize| text.get(at + by).is_none_or(|next| has(self.sets[by], next.to_ascii_lowercase()));
            has(self.sets[0], byte) && (!self.edge || opens()) && goes_on(1) && goes_on(2)
        })
    }
}

/// Whether a byte is in a set of a bit for each.
fn has(set: &[u64; 4], byte: u8) -> bool {
    set[usize::from(byte / 64)] >> (byte % 64) & 1 == 1
}

/// What `\b` takes for a part of a word.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The sets of stems that a text has, each with the offsets behind them.
#[derive(Debug, Default)]
pub(super) struct Places {
    ends: Positions,
    hits: Vec<(u16, u32)>,
}

impl Places {
    /// Looks for stems in a stretch of a text; `squeezed` if it has no gaps between words.
    pub(super) fn fill(
        &mut self,
        tables: &ByteTables,
        text: &[u8],
        stretch: Range<usize>,
        squeezed: bool,
        ascii: bool,
    ) {
        self.ends.begin(tables.callers.len());
        self.hits.clear();
        let Self { hits, .. } = self;
        for filter in [Some(&tables.ascii), Some(&tables.wide).filter(|_| !ascii)].into_iter().flatten() {
            filter.scan(&text[stretch.clone()], |stem, end| {
                let end = end + stretch.start;
                let anchor = tables.anchors[usize::from(stem)];
                let length = usize::from(anchor & !WHOLE);
                let begins = length == 0 || end == length || is_separator(text[end - length - 1]);
                let ends = anchor & WHOLE == 0 || text.get(end).is_none_or(|&next| is_separator(next));
                if squeezed || begins && ends {
                    hits.push((stem, end as u32));
                }
            });
        }
        if !ascii {
            self.hits.sort_by_key(|hit| hit.1);
        }
        for &(stem, end) in &self.hits {
            tables.members.get(stem).iter().for_each(|&set| self.ends.add(set, end));
        }
    }

    /// The phrases whose rarest set has a place, in order.
    pub(super) fn called(&self, tables: &ByteTables) -> Vec<u16> {
        let sets = self.ends.seen().iter().map(|&set| tables.callers.get(set));
        let mut called: Vec<u16> = sets.flat_map(|phrases| phrases.iter().copied()).collect();
        called.sort_unstable();
        called
    }

    /// Whether each set that a phrase needs has a place.
    pub(super) fn has_all(&self, needs: &[u16]) -> bool {
        needs.iter().all(|&set| !self.of(set).is_empty())
    }

    /// The places of a set.
    pub(super) fn of(&self, set: u16) -> &[u32] {
        self.ends.of(set)
    }

    /// The stretches in which the sets of a phrase follow each other closely enough for a match, joined where they
    /// overlap. The second number is how many places were compared.
    pub(super) fn stretches(
        &self,
        needs: &[u16],
        spec: &Spec,
        squeezed: bool,
        within: Range<usize>,
    ) -> (Vec<Stretch>, u64) {
        let reach = u32::from(spec.reach);
        // Offsets are those behind stems.
        let [before, behind] = if squeezed { [reach; 2] } else { spec.sides.map(|side| u32::from(side) + STEM) };
        let mut work = 0;
        let mut chains: Vec<(u32, u32)> = Vec::new();
        for (number, &set) in needs.iter().enumerate() {
            let places = self.of(set);
            work += places.len() as u64;
            if number == 0 {
                chains.extend(places.iter().map(|&end| (end, end)));
                continue;
            }
            let mut before = 0;
            let mut next = Vec::new();
            for &end in places {
                while before < chains.len() && chains[before].1 <= end {
                    before += 1;
                }
                if let Some(&(start, last)) = before.checked_sub(1).map(|index| &chains[index])
                    && end - last <= reach
                {
                    next.push((start, end));
                }
            }
            chains = next;
        }
        let mut stretches = Vec::new();
        for (start, end) in chains {
            let start = (start.saturating_sub(before) as usize).max(within.start);
            let end = ((end + behind) as usize).min(within.end);
            Stretch { starts: start..end, end }.join(&mut stretches);
        }
        (stretches, work)
    }
}
