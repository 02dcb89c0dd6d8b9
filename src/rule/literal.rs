//! The literals without which a phrase cannot match, and how common they are.

use std::ops::Range;

use regex_syntax::hir::{Class, Hir, HirKind};

/// Bytes of a stem.
const STEM: usize = 6;

/// Literals that one phrase may need; more make the filter large and the phrase common.
const MAX_LITERALS: usize = 120;

/// Longest literal that is kept while a phrase is taken apart.
const MAX_LENGTH: usize = 24;

/// A set of literals of which one has to occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The literals; once they are in a phrase, the stems of them.
    pub set: Vec<String>,
    /// How many words at most lie between the beginning of the word that the set before stands in and that of this one.
    pub gap: u16,
}

/// A set of literals, and the pieces of a concatenation that it was found in.
type Placed = (Vec<String>, Range<usize>);

/// Words from which on a gap is as good as none.
const MOST_BREAKS: usize = 200;

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
    found.retain(|(set, _)| {
        !set.is_empty() && set.len() <= MAX_LITERALS && set.iter().all(|literal| literal.trim().len() >= MIN_LITERAL)
    });
    let common = |set: &[String]| stems(set).iter().map(|stem| frequency(stem)).sum::<u32>();
    let least = found.iter().map(|(set, _)| common(set)).min().unwrap_or(0);
    found.retain(|(set, _)| common(set) <= COMMON.max(least));
    // The rarest few tell nearly all; each more costs every text that has it.
    while let Some(most) = (0..found.len()).max_by_key(|&set| common(&found[set].0)).filter(|_| found.len() > MAX_SETS) {
        found.remove(most);
    }
    let breaks: Vec<usize> = pieces.iter().map(breaks).collect();
    let mut before = None;
    let with_gap = |(set, place): Placed| {
        let from = before.replace(place.start).unwrap_or(place.end);
        Need { set, gap: breaks[from..place.end].iter().sum::<usize>().min(MOST_BREAKS) as u16 }
    };
    found.into_iter().map(with_gap).collect()
}

/// How many words at most begin inside a text that matches.
fn breaks(hir: &Hir) -> usize {
    let separates = |byte: u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    let count = match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().filter(|byte| separates(**byte)).count(),
        HirKind::Class(Class::Bytes(class)) => {
            usize::from(class.iter().any(|range| (range.start()..=range.end()).any(separates)))
        }
        HirKind::Class(Class::Unicode(class)) => usize::from(
            class.iter().any(|range| (range.start()..=range.end().min('\x7f')).any(|c| separates(c as u8))),
        ),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.map_or(MOST_BREAKS, |most| most as usize);
            breaks(&repetition.sub).saturating_mul(most)
        }
        HirKind::Capture(capture) => breaks(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(breaks).sum(),
        HirKind::Alternation(branches) => branches.iter().map(breaks).max().unwrap_or(0),
        HirKind::Empty | HirKind::Look(_) => 0,
    };
    count.min(MOST_BREAKS)
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

/// The beginning of a literal; a space on either side says that a word begins or ends there.
fn stem(literal: &str) -> String {
    let word = literal.trim();
    let end = word.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|&end| end <= STEM).last().unwrap_or(0);
    let side = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let before = if literal.starts_with(' ') && side(word.chars().next()) { " " } else { "" };
    let whole = end == word.len() && literal.ends_with(' ') && side(word.chars().next_back());
    format!("{before}{}{}", &word[..end], if whole { " " } else { "" })
}

impl Part {
    fn exactly(texts: Vec<String>) -> Self {
        Self { exact: Some(texts), ..Self::default() }
    }

    /// Every set, in order.
    fn all(self) -> Vec<Placed> {
        let exact = self.exact.map(|set| (set, 0..1));
        exact.into_iter().chain(self.first).chain(self.needs).chain(self.last).collect()
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
        HirKind::Class(class) => {
            few(class).filter(|texts| !texts.iter().any(|text| text == " ")).map_or_else(Part::default, Part::exactly)
        }
        HirKind::Capture(capture) => part(&capture.sub),
        HirKind::Repetition(repetition) => {
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
    let side = |of: fn(&Part) -> Option<&Placed>| -> Option<Vec<String>> {
        let sets = parts.iter().map(|part| part.exact.as_ref().or(of(part).map(|(set, _)| set)).cloned());
        sets.collect::<Option<Vec<_>>>().map(|sets| sets.concat())
    };
    let (first, last) = (side(|part| part.first.as_ref()), side(|part| part.last.as_ref()));
    let common = |(set, _): &Placed| set.iter().map(|literal| rank(literal)).max();
    // What stands in `first` or `last` is not needed a second time.
    let telling = |side: &Option<Vec<String>>| {
        side.as_ref().is_some_and(|set| set.iter().all(|literal| literal.trim().len() >= MIN_LITERAL))
    };
    let sided = telling(&first) || telling(&last);
    let rarest = |part: Part| if sided { part.needs } else { part.all() }.into_iter().min_by_key(common);
    let needs: Option<Vec<Placed>> = parts.into_iter().map(rarest).collect();
    let joined = needs.map(|sets| (sets.into_iter().flat_map(|(set, _)| set).collect(), 0..1));
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
    for (number, piece) in parts.iter().enumerate() {
        let piece = part(piece).piece(number);
        if let Some(texts) = piece.exact {
            match product(&run, &texts) {
                Some(longer) => run = longer,
                None => {
                    sets.push((std::mem::replace(&mut run, texts), start..number));
                    (opening, start) = (false, number);
                }
            }
            continue;
        }
        let joined = piece.first.as_ref().and_then(|(first, _)| product(&run, first));
        let known = joined.is_some();
        let set = (joined.unwrap_or_else(|| run.clone()), start..number + 1);
        if opening && known && !begins {
            first = Some(set);
        } else {
            sets.push(set);
            sets.extend(piece.first.filter(|_| !known));
        }
        opening = false;
        sets.extend(piece.needs);
        (run, start) = piece.last.map_or_else(|| (edge(false), number + 1), |(set, _)| (set, number));
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
    if literal.trim().len() < MIN_LITERAL { u32::MAX } else { frequency(&stem(literal)) }
}

/// Letters of the shortest literal that is looked for.
const MIN_LITERAL: usize = 2;

/// Literals that together so many of a thousand texts have say little.
const COMMON: u32 = 1500;

/// Sets of literals that one phrase is called by.
const MAX_SETS: usize = 5;

/// Of a thousand ordinary texts, how many have a word that begins with this stem, or is it where a space follows: measured
/// for common stems, and one for every other.
pub(super) fn frequency(stem: &str) -> u32 {
    let word = stem.trim_start();
    let known = COMMON_STEMS.binary_search_by(|known| known.0.cmp(word));
    known.map_or(1, |index| COMMON_STEMS[index].1)
}

/// Counted over benign texts and tool calls, sorted.
const COMMON_STEMS: &[(&str, u32)] = &include!("stems.in");
