//! The phrases of a guard rule: regular expressions over folded text, and the literals without which none can match.
//!
//! Used by the program and by its build script, so that what is shipped is prepared once, when it is built.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Characters that stand between words: ASCII that is neither letter nor digit. Folding turns every other sign into one.
const SEPARATOR: &str = r"[\x00-/:-@\[-`{-\x7f]";

/// Everything else, in bytes or characters.
const WORD: &str = r"[^\x00-/:-@\[-`{-\x7f]";

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
    /// Sets of literals; of each set one must occur. A space stands for any run of separators, even none.
    pub needs: Vec<Vec<String>>,
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
        let needs = if hints.is_empty() { needs(&hir) } else { vec![hints.to_vec()] };
        if needs.is_empty() {
            return Err("no literal of two letters or more occurs in every text that it matches; add `hints`".into());
        }
        let long = shortest(&hir) >= MIN_SQUEEZED;
        Ok(Self {
            spaced: format!("{}(?:{spaced}){}", edge(starts), edge(ends)),
            squeezed: if long { squeezed } else { String::new() },
            unicode,
            needs,
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
                outline += r"[\x00-\x7f]*";
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
    /// Sets of which one member is in each of them, rarest first.
    needs: Vec<Vec<String>>,
}

/// At most two sets of literals of which every match has one, the rarest first.
fn needs(hir: &Hir) -> Vec<Vec<String>> {
    let mut found = part(hir).all();
    found.sort_by(|a, b| commonness(a).total_cmp(&commonness(b)));
    let telling = |set: &Vec<String>, least| set.len() <= MAX_LITERALS && set.iter().all(|literal| weight(literal) >= least);
    let least = if found.iter().any(|set| telling(set, 3)) { 3 } else { 2 };
    found.retain(|set| telling(set, least));
    let Some(first) = found.first().cloned() else { return found };
    let second = found.iter().skip(1).find(|set| !set.iter().any(|literal| first.iter().any(|other| other.contains(literal.as_str()) || literal.contains(other.as_str()))));
    second.cloned().map_or_else(|| vec![first.clone()], |second| vec![first.clone(), second])
}

impl Part {
    fn exactly(texts: Vec<String>) -> Self {
        Self { exact: Some(texts), needs: Vec::new() }
    }

    fn unknown() -> Self {
        Self { exact: None, needs: Vec::new() }
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
            Ok(text) if text.contains(' ') => Part {
                exact: None,
                needs: text.split(' ').filter(|word| !word.is_empty()).map(|word| vec![word.to_owned()]).collect(),
            },
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
                    Part { exact, needs: Vec::new() }
                }
                (0, _) => Part::unknown(),
                _ => Part { exact: None, needs: inner.all() },
            }
        }
        HirKind::Alternation(branches) => alternation(branches),
        HirKind::Concat(parts) => concat(parts),
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
        return Part { exact, needs: Vec::new() };
    }
    let rarest = |part: Part| part.all().into_iter().min_by(|a, b| commonness(a).total_cmp(&commonness(b)));
    let needs = parts.into_iter().map(rarest).collect::<Option<Vec<_>>>().map(|sets| sets.concat());
    Part { exact: None, needs: needs.into_iter().collect() }
}

fn concat(parts: &[Hir]) -> Part {
    let mut run: Vec<String> = vec![String::new()];
    let mut sets: Vec<Vec<String>> = Vec::new();
    let mut whole = true;
    for piece in parts {
        let piece = part(piece);
        sets.extend(piece.needs);
        let Some(texts) = piece.exact else {
            sets.push(std::mem::replace(&mut run, vec![String::new()]));
            whole = false;
            continue;
        };
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
        return Part { exact: Some(run), needs: sets };
    }
    sets.push(run);
    Part { exact: None, needs: sets }
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

/// How much a literal tells: the bytes of its longest word.
fn weight(literal: &str) -> usize {
    literal.split(' ').map(str::len).max().unwrap_or(0)
}

/// How often one of the literals is to be expected in ordinary text: an estimate that ranks sets, no more.
fn commonness(set: &[String]) -> f64 {
    let rate = |word: &str| word.bytes().take(6).map(|byte| f64::from(frequency(byte)) / 1000.0).product::<f64>();
    set.iter().map(|literal| literal.split(' ').map(rate).fold(1.0, f64::min)).sum()
}

/// Occurrences of a byte in a thousand of English text; what is not a letter is taken to be rare.
pub(crate) fn frequency(byte: u8) -> u16 {
    match byte.to_ascii_lowercase() {
        b'e' => 102,
        b't' => 75,
        b'a' | b'o' => 65,
        b'i' | b'n' => 57,
        b's' | b'r' | b'h' => 51,
        b'd' | b'l' => 33,
        b'u' | b'c' => 23,
        b'm' | b'f' | b'w' | b'y' | b'g' | b'p' => 17,
        b'b' | b'v' => 10,
        b'k' => 6,
        byte if byte.is_ascii() => 4,
        // A byte of a longer character says little on its own.
        _ => 120,
    }
}
