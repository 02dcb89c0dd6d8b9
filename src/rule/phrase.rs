//! The phrases of a guard rule: regular expressions over folded text, and the literals without which none can match.
//!
//! Used by the program and by its build script, so that what is shipped is prepared once, when it is built.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Characters that stand between words: ASCII that is neither letter nor digit. Folding turns every other sign into one.
const SEPARATOR: &str = r"[\x00-/:-@\[-`{-\x7f]";

/// Everything else, in bytes or characters.
const WORD: &str = r"[^\x00-/:-@\[-`{-\x7f]";

/// Longest match that a phrase without a bound may have, in bytes.
const REACH: usize = 500;

/// Bytes of a stem.
const STEM: usize = 6;

/// Literals that one phrase may need; more make the filter large and the phrase common.
const MAX_LITERALS: usize = 80;

/// Longest literal that is kept while a phrase is taken apart.
const MAX_LENGTH: usize = 24;

/// Shortest phrase, in letters, that is still looked for where the gaps between words are lost.
const MIN_SQUEEZED: usize = 14;

/// A phrase, ready to be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Regular expression over text with its word gaps.
    pub spaced: String,
    /// Regular expression over text that lost its word gaps; empty if the phrase is too short for that.
    pub squeezed: String,
    /// Whether the expressions are of characters and not of bytes.
    pub unicode: bool,
    /// Sets of stems in the order of the text: of each set one must occur, and behind one of the set before. A space at
    /// the front of a stem says that a word begins with it.
    pub needs: Vec<Vec<String>>,
    /// Which set is the rarest.
    pub rarest: usize,
    /// Bytes that a match may take, about.
    pub reach: u16,
}

/// A named set of alternatives that phrases use as `<name>`.
pub type WordSet = (String, Vec<String>);

impl Phrase {
    /// Reads a phrase as rule files write it: a space is any run of separators, `<3>` up to three further words,
    /// `<name>` one of a set. `hints` replace the literals that would be found by looking at the phrase.
    ///
    /// # Errors
    /// What is wrong with it, in words for the rule's author.
    pub fn new(written: &str, sets: &[WordSet], hints: &[String]) -> Result<Self, String> {
        let text = substitute(written, sets)?;
        if let Some(c) = text.chars().find(|c| c.is_ascii_uppercase() || c.is_uppercase()) {
            let class = text.contains(&format!("\\{c}"));
            if !class {
                return Err(format!("`{c}` is a capital, but texts are matched in lower case"));
            }
        }
        let unicode = !text.is_ascii();
        let (spaced, outline) = expand(&text, true)?;
        let (squeezed, _) = expand(&text, false)?;
        let first = written.chars().next().ok_or("an empty phrase")?;
        let last = written.chars().next_back().ok_or("an empty phrase")?;
        let starts = first.is_ascii_alphanumeric() || "(<".contains(first);
        let ends = (last.is_ascii_alphanumeric() || ")?>]}".contains(last)) && !written.ends_with("]*");
        let edge = |wanted: bool| if wanted && !unicode { r"(?-u:\b)" } else { "" };
        let hir = regex_syntax::ParserBuilder::new()
            .unicode(unicode)
            .utf8(false)
            .dot_matches_new_line(true)
            .build()
            .parse(&outline)
            .map_err(|error| error.to_string())?;
        if hir.properties().minimum_len().is_none_or(|length| length < 3) {
            return Err("it matches texts of fewer than three characters".into());
        }
        let mut needs = if hints.is_empty() { needs(&hir, starts && !unicode) } else { vec![hints.to_vec()] };
        needs.iter_mut().for_each(|set| *set = stems(set));
        let common = |set: &Vec<String>| set.iter().map(|stem| frequency(stem)).sum::<u32>();
        let rarest = (0..needs.len()).min_by_key(|&set| common(&needs[set]));
        let rarest = rarest.ok_or("no literal of two letters or more occurs in every text that it matches; add `hints`")?;
        let longest = hir.properties().maximum_len().unwrap_or(REACH).min(REACH);
        let long = shortest(&hir) >= MIN_SQUEEZED;
        Ok(Self {
            spaced: format!("{}(?:{spaced}){}", edge(starts), edge(ends)),
            squeezed: if long { squeezed } else { String::new() },
            unicode,
            needs,
            rarest,
            reach: (longest * 2).clamp(160, 2 * REACH) as u16,
        })
    }
}

/// Puts the sets in; sets may use sets.
fn substitute(written: &str, sets: &[WordSet]) -> Result<String, String> {
    let mut text = written.to_owned();
    for _ in 0..4 {
        for (name, list) in sets {
            text = text.replace(&format!("<{name}>"), &format!("(?:{})", list.join("|")));
        }
        if text.len() > 1 << 16 {
            return Err("its word sets make it longer than 65,536 characters".into());
        }
    }
    Ok(text)
}

/// The expression to match with, and an outline of it to look for literals in: there a separator run is a space.
fn expand(text: &str, spaced: bool) -> Result<(String, String), String> {
    let (mut regex, mut outline) = (String::new(), String::new());
    let mut characters = text.chars().peekable();
    let mut class = false;
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                for out in [&mut regex, &mut outline] {
                    out.push(c);
                    out.extend(characters.peek());
                }
                characters.next();
                continue;
            }
            '[' => class = true,
            ']' => class = false,
            ' ' if !class => {
                if spaced {
                    regex += SEPARATOR;
                    regex.push('+');
                }
                outline.push(' ');
                continue;
            }
            '<' if !class && characters.peek().is_some_and(char::is_ascii_digit) => {
                let digits: String = std::iter::from_fn(|| characters.next_if(char::is_ascii_digit)).collect();
                let count: u8 = digits.parse().map_err(|_| format!("`<{digits}>` is too many words"))?;
                if characters.next() != Some('>') || count > 16 {
                    return Err(format!("`<{digits}` is no gap: write `<3>` for up to three words, at most 16"));
                }
                if spaced {
                    regex += &format!("(?:{WORD}+{SEPARATOR}+){{0,{count}}}");
                } else {
                    regex += &format!("{WORD}{{0,{}}}", u16::from(count) * 8);
                }
                outline += &format!(r"[\x00-\x7f]{{0,{}}}", u16::from(count) * 10);
                continue;
            }
            _ => {}
        }
        regex.push(c);
        outline.push(c);
    }
    Ok((regex, outline))
}

/// Letters and digits of the shortest text that matches.
fn shortest(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Literal(literal) => {
            String::from_utf8_lossy(&literal.0).chars().filter(|c| c.is_alphanumeric()).map(|c| if c.is_ascii() { 1 } else { 3 }).sum()
        }
        HirKind::Class(_) => 1,
        HirKind::Repetition(repetition) => repetition.min as usize * shortest(&repetition.sub),
        HirKind::Capture(capture) => shortest(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(shortest).sum(),
        HirKind::Alternation(branches) => branches.iter().map(shortest).min().unwrap_or(0),
        HirKind::Empty | HirKind::Look(_) => 0,
    }
}

/// What is known of the texts that a part of a phrase matches.
struct Part {
    /// All of them, if they are few.
    exact: Option<Vec<String>>,
    /// Sets of which one member is in each of them, in order.
    needs: Vec<Vec<String>>,
    /// Whether they end between words.
    gap: bool,
}

/// The sets of literals of which every match has one, in the order of the text. `begins` says that the phrase begins
/// with a word.
fn needs(hir: &Hir, begins: bool) -> Vec<Vec<String>> {
    let mut found = match hir.kind() {
        HirKind::Concat(parts) => concat(parts, begins).all(),
        _ => part(hir).all(),
    };
    let telling = |set: &Vec<String>, least| {
        !set.is_empty() && set.len() <= MAX_LITERALS && set.iter().all(|literal| weight(literal) >= least)
    };
    let least = if found.iter().any(|set| telling(set, 3)) { 3 } else { 2 };
    found.retain(|set| telling(set, least));
    if found.iter().any(|set| set.iter().all(|literal| frequency(&stem(literal)) < COMMON)) {
        found.retain(|set| set.iter().all(|literal| frequency(&stem(literal)) < COMMON));
    }
    found
}

/// The beginnings of literals, which the forms of a word share.
fn stems(set: &[String]) -> Vec<String> {
    let mut stems: Vec<String> = set.iter().map(|literal| stem(literal)).collect();
    stems.sort_unstable();
    // A stem that another one begins with finds all that the longer one finds.
    let all = stems.clone();
    stems.retain(|long| !all.iter().any(|short| short.len() < long.len() && long.starts_with(short.as_str())));
    stems.dedup();
    stems
}

fn stem(literal: &str) -> String {
    let word = literal.trim_start_matches(' ');
    let end = word.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|&end| end <= STEM).last();
    let mark = if literal.len() > word.len() && word.starts_with(|c: char| c.is_ascii_alphanumeric()) { " " } else { "" };
    format!("{mark}{}", &word[..end.unwrap_or(0)])
}

impl Part {
    fn exactly(texts: Vec<String>) -> Self {
        Self { exact: Some(texts), needs: Vec::new(), gap: false }
    }

    fn unknown() -> Self {
        Self { exact: None, needs: Vec::new(), gap: false }
    }

    /// Every set, the whole text's included.
    fn all(self) -> Vec<Vec<String>> {
        let mut sets = self.needs;
        sets.extend(self.exact);
        sets
    }
}

fn part(hir: &Hir) -> Part {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Part::exactly(vec![String::new()]),
        HirKind::Literal(literal) => match String::from_utf8(literal.0.to_vec()) {
            Err(_) => Part::unknown(),
            // Words are looked for one by one, since anything may stand between them.
            Ok(text) if text.contains(' ') => {
                let words = text.split(' ').enumerate().filter(|(_, word)| !word.is_empty());
                let marked = words.map(|(number, word)| vec![if number > 0 { format!(" {word}") } else { word.to_owned() }]);
                Part { exact: None, needs: marked.collect(), gap: text.ends_with(' ') }
            }
            Ok(text) => Part::exactly(vec![text]),
        },
        HirKind::Class(class) => {
            few(class).filter(|texts| !texts.iter().any(|text| text == " ")).map_or_else(Part::unknown, Part::exactly)
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
                    Part { exact, needs: Vec::new(), gap: false }
                }
                (0, _) => Part::unknown(),
                _ => Part { exact: None, gap: inner.gap, needs: inner.all() },
            }
        }
        HirKind::Alternation(branches) => alternation(branches),
        HirKind::Concat(parts) => concat(parts, false),
    }
}

fn alternation(branches: &[Hir]) -> Part {
    let parts: Vec<Part> = branches.iter().map(part).collect();
    let exact: Option<Vec<String>> = parts
        .iter()
        .map(|part| part.exact.clone())
        .collect::<Option<Vec<_>>>()
        .map(|texts| texts.concat())
        .filter(|texts| texts.len() <= MAX_LITERALS);
    if exact.is_some() {
        return Part { exact, needs: Vec::new(), gap: false };
    }
    let gap = parts.iter().all(|part| part.gap);
    let common = |set: &Vec<String>| set.iter().map(|literal| rank(literal)).max();
    let rarest = |part: Part| part.all().into_iter().min_by_key(common);
    let needs = parts.into_iter().map(rarest).collect::<Option<Vec<_>>>().map(|sets| sets.concat());
    Part { exact: None, needs: needs.into_iter().collect(), gap }
}

fn concat(parts: &[Hir], begins: bool) -> Part {
    let fresh = |gap: bool| vec![if gap { " ".to_owned() } else { String::new() }];
    let mut run = fresh(begins);
    let mut sets: Vec<Vec<String>> = Vec::new();
    let mut whole = !begins;
    let mut gap = false;
    for piece in parts {
        let piece = part(piece);
        let Some(texts) = piece.exact else {
            sets.push(std::mem::replace(&mut run, fresh(piece.gap)));
            sets.extend(piece.needs);
            (whole, gap) = (false, piece.gap);
            continue;
        };
        gap = false;
        let fits = run.len() * texts.len() <= MAX_LITERALS
            && run.iter().map(String::len).max().unwrap_or(0) + texts.iter().map(String::len).max().unwrap_or(0) <= MAX_LENGTH;
        if fits {
            run = run.iter().flat_map(|head| texts.iter().map(move |tail| format!("{head}{tail}"))).collect();
        } else {
            sets.push(std::mem::replace(&mut run, texts));
            whole = false;
        }
    }
    if whole {
        return Part { exact: Some(run), needs: sets, gap };
    }
    sets.push(run);
    Part { exact: None, needs: sets, gap }
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

/// How much a literal tells: its bytes.
fn weight(literal: &str) -> usize {
    literal.trim().len()
}

/// How common a literal is to be taken for, the short ones above all.
fn rank(literal: &str) -> u32 {
    if weight(literal) < 3 { u32::MAX } else { frequency(&stem(literal)) }
}

/// Stems that so many of a thousand texts have say little.
const COMMON: u32 = 120;

/// Of a thousand ordinary texts, how many have a word that begins with this stem: measured for common stems, and one for
/// every other.
fn frequency(stem: &str) -> u32 {
    let word = stem.trim_start();
    COMMON_STEMS.iter().find(|(known, _)| *known == word).map_or(1, |known| known.1)
}

/// Counted over benign texts and tool calls.
const COMMON_STEMS: &[(&str, u32)] = &include!("stems.in");
