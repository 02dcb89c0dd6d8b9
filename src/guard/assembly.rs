//! Phrases of many rules put together: the filters over their stems, and which phrases a stem calls for.
//!
//! Used by the program, for the user's rules, and by its build script, for ours.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::filter::{Filter, build};
use super::lexicon::{LONGEST, Lexicon, Word, is_separator};
use super::lists::Lists;
use super::phrase::{Need, Phrase};

/// Words that a set may lie away from the next one; if it may lie farther, bytes are counted.
pub(crate) const FAR: u16 = 20;

/// Half of what [`near`] gives: any number of words.
pub(crate) const ANY: u8 = u8::MAX;

/// Numbers of a caller in [`WordTables::callers`].
pub(crate) const CALLER: usize = 5;

/// Bytes on each side of a place within which a word begins and ends that lies over it.
const WORD: usize = 64;

/// Numbers of 64 bits in [`WordTables::pairs`].
const PAIRS: usize = 1 << 13;

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
    /// By [`pair`] of a stem and a set that it is in: a bit. It tells most of those that it is not in.
    pub(crate) pairs: Cow<'static, [u64]>,
    /// The sets of `members` that are watched, by a number of their own.
    pub(crate) watched_members: Lists,
    /// How many sets are watched: those that have to stand near the rarest set of some phrase.
    pub(crate) watched: u16,
    /// For each stem the phrases whose rarest set it is in, each with two more sets that it needs: the number of each among
    /// those watched, or the one behind the last, and its [`near`].
    pub(crate) callers: Lists,
    /// For each phrase its sets in the order of the text, each with its gap behind it: at most so many words from the one
    /// before, or from the beginning of the phrase.
    pub(crate) needs: Lists,
    /// For each phrase what a text must have anywhere.
    pub(crate) demands: Cow<'static, [Demand]>,
    /// Sets of signs, a bit for each byte of ASCII.
    pub(crate) signs: Cow<'static, [u128]>,
}

/// What a text must have anywhere for a phrase to match: looked at first, since it costs least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Demand {
    /// Two sets of signs of which it needs one each.
    pub(crate) signs: [u16; 2],
    /// Which set of the phrase is the rarest.
    pub(crate) rarest: u8,
    /// Bytes that a match may take, about.
    pub(crate) reach: u16,
    /// Bytes of it before the first of the words, and from the last one on.
    pub(crate) sides: [u16; 2],
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
        let loose: Vec<bool> =
            words.iter().zip(&foreign).map(|(words, foreign)| words.is_empty() && !foreign).collect();
        Ok(Self {
            words: WordTables::new(phrases, &words)?,
            loose: ByteTables::new(phrases, &loose)?,
            foreign: ByteTables::new(phrases, &foreign)?,
            squeezed: ByteTables::new(phrases, &squeezed)?,
        })
    }
}

impl Assembly {
    /// Whether a word that phrases ask for lies over a place of an ASCII text, and not only before it. Adds to `work` how many
    /// bytes were looked at: what has no gap near the place is no word, and looking for the end of it at each of many
    /// places would cost what the text is long.
    pub(crate) fn has_word_at(&self, text: &[u8], place: usize, work: &mut u64) -> bool {
        let around = place.saturating_sub(WORD)..text.len().min(place + WORD);
        let gap = text[around.start..place].iter().rposition(|byte| is_separator(*byte));
        let start = gap.map(|at| around.start + at + 1).or((around.start == 0).then_some(0));
        let end = text[place..around.end].iter().position(|byte| is_separator(*byte));
        let end = end.map_or(around.end, |length| place + length);
        let lexicon = &self.words.lexicon;
        let mut found = start.is_some_and(|start| {
            *work += (end - start) as u64;
            lexicon.any_stem(text, start..end, |stem| lexicon.reaches(stem, place - start))
        });
        let near = place.saturating_sub(LONGEST)..text.len().min(place + LONGEST);
        *work += near.len() as u64;
        self.loose.ascii.scan(&text[near.clone()], |_, end| found |= near.start + end > place);
        found
    }
}

/// Whether every text that matches has a letter beyond ASCII.
fn is_foreign(phrase: &Phrase) -> bool {
    phrase.needs.iter().any(|need| need.set.iter().all(|stem| !stem.is_ascii()))
}

/// A set of words or beginnings of words, and its gap.
struct Words {
    set: Vec<Word>,
    gap: u16,
    common: u32,
    sides: [u16; 2],
}

/// The sets of a phrase that are of words; none if it is of characters.
fn words(phrase: &Phrase) -> Vec<Words> {
    let mut found: Vec<Words> = Vec::new();
    let mut skipped = 0;
    for Need { set, gap, common, sides } in phrase.needs.iter().filter(|_| !phrase.unicode) {
        let gap = gap + skipped;
        match set.iter().map(|stem| word(stem)).collect::<Option<Vec<_>>>() {
            Some(mut set) => {
                set.sort_unstable();
                set.dedup();
                found.push(Words { set, gap, common: *common, sides: *sides });
                skipped = 0;
            }
            None => skipped = gap,
        }
    }
    found
}

/// The longest word or beginning of a word that a stem has.
fn word(stem: &str) -> Option<Word> {
    let bytes = stem.as_bytes();
    let mut longest: Option<Word> = None;
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(|byte| !is_separator(*byte)).map(|gap| at + gap) {
        let end =
            bytes[start..].iter().position(|byte| is_separator(*byte)).map_or(bytes.len(), |length| start + length);
        let beside = |index: Option<usize>| index.and_then(|index| bytes.get(index)).copied();
        let (lead, trail) = (beside(start.checked_sub(1)), beside(Some(end)));
        if lead.is_some() && longest.as_ref().is_none_or(|known| known.text.len() < end - start) {
            let sign = |byte: Option<u8>| byte.filter(|byte| *byte != b' ').unwrap_or(0);
            longest = Some(Word {
                text: stem[start..end].to_owned(),
                whole: trail.is_some(),
                lead: sign(lead),
                trail: sign(trail),
            });
        }
        at = end;
    }
    longest.filter(|word| word.text.is_ascii())
}

impl WordTables {
    fn new(origins: &[Phrase], phrases: &[Vec<Words>]) -> Result<Self, String> {
        let mut stems: BTreeMap<&Word, u16> = BTreeMap::new();
        let mut sets: BTreeMap<&[Word], u16> = BTreeMap::new();
        for words in phrases.iter().flatten() {
            sets.insert(&words.set, 0);
            stems.extend(words.set.iter().map(|word| (word, 0)));
        }
        if stems.len() >= usize::from(u16::MAX) || sets.len() >= usize::from(u16::MAX) {
            return Err(TOO_MANY.into());
        }
        stems.values_mut().enumerate().for_each(|(number, stem)| *stem = number as u16);
        sets.values_mut().enumerate().for_each(|(number, set)| *set = number as u16);
        let number = |word: &Word| usize::from(stems[word]);
        let mut members = vec![Vec::new(); stems.len()];
        for (set, set_number) in &sets {
            set.iter().for_each(|stem| members[number(stem)].push(*set_number));
        }
        members.iter_mut().for_each(|sets| sets.sort_unstable());
        let mut callers = vec![Vec::new(); stems.len()];
        let mut watched = BTreeSet::new();
        let mut signs = BTreeMap::new();
        let mut demands = Vec::new();
        for (phrase, words) in phrases.iter().enumerate() {
            let mut order: Vec<usize> = (0..words.len()).collect();
            order.sort_by_key(|&set| words[set].common);
            let rarest = order.first().copied().unwrap_or(0);
            let mut others =
                order.iter().skip(1).map(|&set| (sets[words[set].set.as_slice()], near(words, rarest, set)));
            let others: [Option<(u16, u16)>; 2] = std::array::from_fn(|_| others.next());
            for stem in order.first().into_iter().flat_map(|&set| &words[set].set) {
                callers[number(stem)].push((phrase as u16, others));
            }
            watched.extend(others.into_iter().flatten().map(|(set, _)| set));
            demands.push(Demand {
                signs: origins[phrase].signs.map(|set| {
                    let next = signs.len() as u16;
                    *signs.entry(set).or_insert(next)
                }),
                rarest: rarest as u8,
                reach: origins[phrase].reach,
                sides: words.first().zip(words.last()).map_or([0; 2], |(first, last)| [first.sides[0], last.sides[1]]),
            });
        }
        let needs =
            |words: &Vec<Words>| words.iter().flat_map(|words| [sets[words.set.as_slice()], words.gap]).collect();
        let needs = phrases.iter().map(needs).collect();
        let watched: Vec<u16> = watched.into_iter().collect();
        let watch = |set: &u16| watched.binary_search(set).ok().map(|number| number as u16);
        let watched_members = members.iter().map(|sets| sets.iter().filter_map(watch).collect()).collect();
        let caller = |(phrase, others): (u16, [Option<(u16, u16)>; 2])| {
            let none = (watched.len() as u16, 0);
            let others = others.map(|other| other.and_then(|(set, near)| Some((watch(&set)?, near))).unwrap_or(none));
            [phrase, others[0].0, others[0].1, others[1].0, others[1].1]
        };
        let callers: Lists =
            callers.into_iter().map(|callers: Vec<_>| callers.into_iter().flat_map(caller).collect()).collect();
        let mut pairs = vec![0; PAIRS];
        for (sets, stem) in members.iter().zip(0..) {
            for bit in sets.iter().map(|&set| pair(stem, set)) {
                pairs[bit / 64] |= 1 << (bit % 64);
            }
        }
        let mut masks: Vec<(u128, u16)> = signs.into_iter().collect();
        masks.sort_unstable_by_key(|(_, number)| *number);
        Ok(Self {
            lexicon: Lexicon::new(&stems.into_keys().collect::<Vec<_>>())?,
            members: members.into_iter().collect(),
            pairs: pairs.into(),
            watched_members,
            watched: watched.len() as u16,
            callers,
            needs,
            demands: demands.into(),
            signs: masks.into_iter().map(|(set, _)| set).collect(),
        })
    }
}

impl WordTables {
    /// Whether a stem is in a set.
    pub(crate) fn is_member(&self, stem: u16, set: u16) -> bool {
        let bit = pair(stem, set);
        self.pairs[bit / 64] >> (bit % 64) & 1 == 1 && self.members.get(stem).binary_search(&set).is_ok()
    }
}

/// The bit of a stem in a set.
fn pair(stem: u16, set: u16) -> usize {
    let number = u64::from(stem) << 16 | u64::from(set);
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize % (PAIRS * 64)
}

/// Between which words another set of a phrase stands, seen from its rarest one: how many before it in the lower byte, how
/// many behind it in the upper one.
fn near(words: &[Words], rarest: usize, other: usize) -> u16 {
    let between = &words[rarest.min(other) + 1..=rarest.max(other)];
    let any = u16::from(ANY);
    let all = between.iter().fold(0, |all, words| if words.gap > FAR { any } else { any.min(all + words.gap) });
    if other < rarest { all } else { all << 8 }
}

impl ByteTables {
    /// Tables for those of the phrases that are `wanted`. Stems that are ASCII are numbered first.
    fn new(phrases: &[Phrase], wanted: &[bool]) -> Result<Self, String> {
        let wanted = |number: usize| -> &[Need] { if wanted[number] { &phrases[number].needs } else { &[] } };
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
            let rarest = (0..phrase.needs.len()).min_by_key(|&set| phrase.needs[set].common).unwrap_or(0);
            if let Some(&set) = needs.get(number as u16).get(rarest) {
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
