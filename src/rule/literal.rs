//! The literals without which a phrase cannot match, and how common they are.

use std::cmp::Ordering;
use std::ops::Range;

use regex_syntax::hir::{Class, Hir, HirKind};

use super::shape::{MOST_BREAKS, breaks, closes, filled, is_gap, is_separator, reach};

/// Bytes of a stem.
const STEM: usize = 6;

/// Literals that one phrase may need; more make the filter large and the phrase common.
const MAX_LITERALS: usize = 120;

/// Longest literal that is kept while a phrase is taken apart.
const MAX_LENGTH: usize = 24;

/// A set of literals of which one has to occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Their stems.
    pub set: Vec<String>,
    /// Of a thousand ordinary texts, how many have one of them, counted for each stem by itself.
    pub common: u32,
    /// How many words at most lie between the beginning of the word that the set before stands in, or that of the phrase,
    /// and that of this one.
    pub gap: u16,
    /// Bytes of a match before that word, and from its beginning on, about.
    pub sides: [u16; 2],
}

/// In front of a literal: it stands at the very beginning of its part.
const FROM_START: &str = "\x02";

/// In a literal: some character that separates words.
const GAP: char = '\x03';

/// A set of literals, and the pieces of a concatenation that it was found in.
type Placed = (Vec<String>, Range<usize>);

/// What is known of the texts that a part of a phrase matches.
#[derive(Default)]
struct Part {
    /// All of them, if they are few.
    exact: Option<Vec<String>>,
    /// What they begin with, up to the end of a word.
    first: Option<Placed>,
    /// Sets of which one member is in each of them, in order.
    needs: Vec<Placed>,
    /// What they end with, from the beginning of a word.
    last: Option<Placed>,
}

/// The sets of literals of which every match has one, in the order of the text. `edges` says whether the phrase begins
/// and ends with a whole word.
pub(super) fn needs(hir: &Hir, edges: (bool, bool)) -> Vec<Need> {
    let pieces = match hir.kind() {
        HirKind::Concat(pieces) => pieces.as_slice(),
        _ => std::slice::from_ref(hir),
    };
    let mut found = concat(pieces, edges).all();
    for (set, _) in &mut found {
        set.iter_mut().for_each(|text| *text = text.trim_start_matches(FROM_START).to_owned());
        *set = stems(set);
    }
    found.retain(|(set, _)| {
        !set.is_empty() && set.len() <= MAX_LITERALS && set.iter().all(|stem| stem.trim().len() >= MIN_LITERAL)
    });
    found.dedup_by(|(next, _), (set, _)| next.iter().map(|stem| stem.trim()).eq(set.iter().map(|stem| stem.trim())));
    // Sets of words come first, for they are found at once; of them the rarest few tell nearly all.
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_cached_key(|&set| (!found[set].0.iter().all(|stem| is_word(stem)), common(&found[set].0)));
    let least = order.first().map_or(0, |&set| common(&found[set].0));
    order.retain(|&set| common(&found[set].0) <= COMMON.max(least));
    order.truncate(MAX_SETS);
    order.sort_unstable();
    let breaks: Vec<usize> = pieces.iter().map(breaks).collect();
    let mut before = None;
    let with_gap = |(set, place): Placed| {
        let from = before.replace(place.start).unwrap_or(0);
        let gap = breaks[from..place.end].iter().sum::<usize>().min(MOST_BREAKS) as u16;
        Need { common: common(&set), set, gap, sides: [reach(&pieces[..place.end]), reach(&pieces[place.start..])] }
    };
    order.into_iter().map(|set| found[set].clone()).map(with_gap).collect()
}

/// How common a set of stems is.
pub(super) fn common(set: &[String]) -> u32 {
    set.iter().map(|stem| frequency(stem)).sum()
}

/// The beginnings of literals, which the forms of a word share.
pub(super) fn stems(set: &[String]) -> Vec<String> {
    let mut stems: Vec<String> = set.iter().map(|literal| stem(literal)).collect();
    stems.sort_unstable();
    // A stem that another one begins with finds all that the longer one finds.
    let all = stems.clone();
    stems.retain(|long| !all.iter().any(|short| short.len() < long.len() && long.starts_with(short.as_str())));
    stems.dedup();
    stems
}

/// The beginning of the longest word in a literal; a space on either side says that a word begins or ends there.
fn stem(literal: &str) -> String {
    let literal = literal.trim_start_matches(FROM_START);
    let longest = literal.split(GAP).max_by_key(|word| word.trim().len()).unwrap_or_default();
    let from = literal.find(longest).unwrap_or(0);
    let (before, behind) = (literal[..from].ends_with(GAP), literal[from + longest.len()..].starts_with(GAP));
    let word = longest.trim();
    let end = word.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|&end| end <= STEM).last().unwrap_or(0);
    let side = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let begins = (before || longest.starts_with(' ')) && side(word.chars().next());
    let whole = end == word.len() && (behind || longest.ends_with(' ')) && side(word.chars().next_back());
    format!("{}{}{}", if begins { " " } else { "" }, &word[..end], if whole { " " } else { "" })
}

/// Whether a word or the beginning of one can be told from a stem.
fn is_word(stem: &str) -> bool {
    stem.starts_with(' ') || stem.bytes().zip(stem.bytes().skip(1)).any(|(a, b)| is_separator(a) && !is_separator(b))
}

impl Part {
    fn exactly(texts: Vec<String>) -> Self {
        Self { exact: Some(texts), ..Self::default() }
    }

    /// Every set, in order.
    fn all(self) -> Vec<Placed> {
        let exact = self.exact.map(|set| (set, 0..1));
        let mut opening: Vec<Placed> = exact.into_iter().chain(self.first).collect();
        opening.iter_mut().flat_map(|(set, _)| set).for_each(|text| text.insert_str(0, FROM_START));
        opening.into_iter().chain(self.needs).chain(self.last).collect()
    }

    /// The same as one piece of a concatenation.
    fn piece(mut self, number: usize) -> Self {
        for (_, place) in self.first.iter_mut().chain(&mut self.needs).chain(&mut self.last) {
            *place = number..number + 1;
        }
        self
    }
}

fn part(hir: &Hir) -> Part {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Part::exactly(vec![String::new()]),
        HirKind::Literal(literal) => match String::from_utf8(literal.0.to_vec()) {
            Err(_) => Part::default(),
            // A gap between words.
            Ok(text) if text.contains('\x01') => Part::default(),
            // Words are looked for one by one, since anything may stand between them.
            Ok(text) if text.contains(' ') => {
                let words: Vec<&str> = text.split(' ').collect();
                let inner = words[1..words.len() - 1].iter().filter(|word| !word.is_empty());
                Part {
                    exact: None,
                    first: Some((vec![format!("{} ", words[0])], 0..1)),
                    needs: inner.map(|word| (vec![format!(" {word} ")], 0..1)).collect(),
                    last: Some((vec![format!(" {}", words[words.len() - 1])], 0..1)),
                }
            }
            Ok(text) => Part::exactly(vec![text]),
        },
        HirKind::Class(_) if is_gap(hir) => Part::exactly(vec![GAP.into()]),
        HirKind::Class(class) => few(class).map_or_else(Part::default, Part::exactly),
        HirKind::Capture(capture) => part(&capture.sub),
        HirKind::Repetition(repetition) => {
            if is_gap(&repetition.sub) {
                let none = (repetition.min == 0).then(String::new);
                return Part::exactly(none.into_iter().chain([GAP.into()]).collect());
            }
            let inner = part(&repetition.sub);
            match (repetition.min, repetition.max) {
                (1, Some(1)) => inner,
                (0, Some(1)) => {
                    let exact = inner.exact.map(|mut texts| {
                        texts.push(String::new());
                        texts
                    });
                    Part { exact, ..Part::default() }
                }
                (0, _) => Part::default(),
                _ => Part { needs: inner.all(), ..Part::default() },
            }
        }
        HirKind::Alternation(branches) => alternation(branches),
        HirKind::Concat(parts) => concat(parts, (false, false)),
    }
}

fn alternation(branches: &[Hir]) -> Part {
    let parts: Vec<Part> = branches.iter().map(part).collect();
    let few = |texts: &Vec<String>| texts.len() <= MAX_LITERALS;
    let exact: Option<Vec<Vec<String>>> = parts.iter().map(|part| part.exact.clone()).collect();
    if let Some(exact) = exact.map(|texts| texts.concat()).filter(few) {
        return Part::exactly(exact);
    }
    let side = |mark: &str, of: fn(&Part) -> Option<&Placed>| -> Option<Vec<String>> {
        let set = |part: &Part| match &part.exact {
            Some(texts) => Some(texts.iter().map(|text| format!("{mark}{text}")).collect()),
            None => of(part).map(|(set, _)| set.clone()),
        };
        parts.iter().map(set).collect::<Option<Vec<_>>>().map(|sets| sets.concat())
    };
    let (first, last) = (side("", |part| part.first.as_ref()), side(FROM_START, |part| part.last.as_ref()));
    let common = |(set, _): &Placed| set.iter().map(|literal| rank(literal)).max();
    // Of each branch the rarest, which may stand anywhere in it.
    let rarest: Option<Vec<Placed>> = parts.into_iter().map(|part| part.all().into_iter().min_by_key(common)).collect();
    let joined = rarest.map(|sets| (sets.into_iter().flat_map(|(set, _)| set).collect(), 0..1));
    Part {
        exact: None,
        first: first.filter(few).map(|set| (set, 0..1)),
        needs: joined.into_iter().collect(),
        last: last.filter(few).map(|set| (set, 0..1)),
    }
}

/// Every text of one list followed by every text of the other, if they are few.
fn product(heads: &[String], tails: &[String]) -> Option<Vec<String>> {
    let longest = |texts: &[String]| texts.iter().map(String::len).max().unwrap_or(0);
    let fits = heads.len() * tails.len() <= MAX_LITERALS && longest(heads) + longest(tails) <= MAX_LENGTH;
    fits.then(|| heads.iter().flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}"))).collect())
}

fn concat(parts: &[Hir], (begins, ends): (bool, bool)) -> Part {
    let edge = |edge: bool| vec![if edge { " ".to_owned() } else { String::new() }];
    // The literals that the last pieces end with, and the first of those pieces.
    let (mut run, mut start) = (edge(begins), 0);
    let mut sets: Vec<Placed> = Vec::new();
    // Whether the run still holds all since the beginning.
    let mut opening = true;
    let mut first = None;
    let mark = |set: &mut Vec<String>, opening: bool| {
        if opening && !begins {
            set.iter_mut().for_each(|text| text.insert_str(0, FROM_START));
        }
    };
    for (number, whole) in parts.iter().enumerate() {
        let mut piece = part(whole).piece(number);
        let before = if run.iter().all(|text| text.bytes().next_back().is_some_and(is_separator)) {
            " "
        } else if opening && run.iter().all(String::is_empty) {
            // What stands before is known to whoever asked.
            FROM_START
        } else {
            ""
        };
        if let Some(texts) = piece.exact {
            match product(&run, &texts) {
                Some(longer) => run = longer,
                None => {
                    let texts = texts.into_iter().map(|text| format!("{before}{text}")).collect();
                    let mut set = std::mem::replace(&mut run, texts);
                    mark(&mut set, opening);
                    sets.push((set, start..number));
                    (opening, start) = (false, number);
                }
            }
            continue;
        }
        for text in piece.needs.iter_mut().chain(&mut piece.last).flat_map(|(set, _)| set) {
            if let Some(rest) = text.strip_prefix(FROM_START) {
                *text = format!("{before}{rest}");
            }
        }
        let joined = piece.first.as_ref().and_then(|(first, _)| product(&run, first));
        let known = joined.is_some();
        let mut set = joined.unwrap_or_else(|| run.clone());
        if opening && known && !begins {
            first = Some((set, start..number + 1));
        } else {
            mark(&mut set, opening);
            sets.push((set, start..number + 1));
            sets.extend(piece.first.filter(|_| !known));
        }
        opening = false;
        sets.extend(piece.needs);
        // Behind a gap a word begins, and behind words that may be left out if it would begin without them.
        let behind = match (closes(whole), filled(whole)) {
            (true, true) => " ",
            (true, false) => before,
            (false, _) => "",
        };
        (run, start) = piece.last.map_or_else(|| (vec![behind.to_owned()], number + 1), |(set, _)| (set, number));
    }
    if opening && !begins && !ends {
        return Part::exactly(run);
    }
    let run = if ends { run.into_iter().map(|literal| literal + " ").collect() } else { run };
    Part { exact: None, first, needs: sets, last: Some((run, start..parts.len())) }
}

/// The characters of a small class.
fn few(class: &Class) -> Option<Vec<String>> {
    let characters: Vec<char> = match class {
        Class::Unicode(class) => class.iter().flat_map(|range| range.start()..=range.end()).take(9).collect(),
        Class::Bytes(class) => {
            class.iter().flat_map(|range| range.start()..=range.end()).map(char::from).take(9).collect()
        }
    };
    (characters.len() <= 8).then(|| characters.into_iter().map(String::from).collect())
}

/// How common a literal is to be taken for, the short ones above all.
fn rank(literal: &str) -> u32 {
    if literal.trim_start_matches(FROM_START).trim().len() < MIN_LITERAL { u32::MAX } else { frequency(&stem(literal)) }
}

/// Letters of the shortest literal that is looked for.
const MIN_LITERAL: usize = 2;

/// Literals that together so many of a thousand texts have say little.
const COMMON: u32 = 1500;

/// Sets of literals that one phrase is called by.
const MAX_SETS: usize = 6;

/// Of a thousand ordinary texts, how many have a word that begins with this stem, or is it where a space follows: measured
/// for common stems, and one for every other.
pub(super) fn frequency(stem: &str) -> u32 {
    let word = stem.trim_start().as_bytes();
    let mut lines = COMMON_STEMS.as_bytes();
    while !lines.is_empty() {
        let middle = lines.len() / 2;
        let start = memchr::memrchr(b'\n', &lines[..middle]).map_or(0, |end| end + 1);
        let end = memchr::memchr(b'\n', &lines[middle..]).map_or(lines.len(), |end| middle + end);
        let line = &lines[start..end];
        let stop = memchr::memchr(b'\t', line).unwrap_or(line.len());
        match line[..stop].cmp(word) {
            Ordering::Equal => return number(&line[stop..]),
            Ordering::Less => lines = lines.get(end + 1..).unwrap_or_default(),
            Ordering::Greater => lines = &lines[..start],
        }
    }
    1
}

/// The digits of a text as a number.
fn number(text: &[u8]) -> u32 {
    text.iter().filter(|byte| byte.is_ascii_digit()).fold(0, |number, digit| 10 * number + u32::from(digit - b'0'))
}

/// Counted over benign texts and tool calls, sorted: a stem, a tab and its number a line. As one text, since a list of
/// texts would be in the memory of every run, whether it asks for them or not.
const COMMON_STEMS: &str = include_str!("stems.tsv");
