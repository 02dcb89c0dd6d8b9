//! Suppressions that stand in documents: `# mcpsentry: ignore[rule-id] reason` in YAML, and `x-mcpsentry-ignore`.

use std::sync::Arc;

use memchr::memmem;
use rustc_hash::FxHashSet;

use super::Word;
use super::day::Day;
use super::scope::known_rule;
use super::suppress::Suppression;
use crate::finding::Acceptance;
use crate::pack::Pack;
use crate::source::{Source, Span, Spot};
use crate::surface::Documents;
use crate::syntax::Node;

/// What a comment begins with.
const COMMENT: &str = "mcpsentry:";

/// The extension.
const KEY: &str = "x-mcpsentry-ignore";

/// The keys of the extension.
const KEYS: [&str; 4] = ["rule", "reason", "expires", "owner"];

/// Most suppressions in the documents of one run.
const MAX_MARKS: usize = 10_000;

/// Something that was meant as a suppression and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Where it is.
    pub spot: Spot,
    /// What is wrong, and what to do.
    pub why: String,
}

/// The suppressions in all documents that were read, and what was only meant as one.
pub(super) fn marks(documents: &Documents, pack: &Pack) -> (Vec<Suppression>, Vec<Broken>) {
    let mut reader = MarkReader { pack, found: Vec::new(), broken: Vec::new() };
    for tree in documents.trees() {
        let root = tree.root();
        documents.with_sources(|sources| {
            let source = sources.get(root.source());
            // Hardly any document has one.
            if memmem::find(source.text.as_bytes(), b"mcpsentry").is_some() {
                reader.document(root, source);
            }
        });
    }
    (reader.found, reader.broken)
}

/// A key with its value, or an element of a list.
#[derive(Clone, Copy)]
struct Entry {
    start: u32,
    end: u32,
}

struct MarkReader<'p> {
    pack: &'p Pack,
    found: Vec<Suppression>,
    broken: Vec<Broken>,
}

impl MarkReader<'_> {
    fn document(&mut self, root: Node<'_>, source: &Source) {
        let mut entries = Vec::new();
        let mut scalars = Vec::new();
        let mut seen = FxHashSet::default();
        let mut waiting = vec![(root, root.span())];
        while let Some((node, part)) = waiting.pop() {
            if !seen.insert(node.index()) {
                continue;
            }
            if !node.is_object() && !node.is_array() {
                scalars.push(node.span());
            }
            for (key, value) in node.members() {
                scalars.push(key.span());
                let mut span = key.span();
                // An alias leads back to what stands before it.
                if value.span().start >= span.end {
                    span.end = span.end.max(value.span().end);
                }
                entries.push(Entry { start: span.start, end: span.end });
                if key.is(KEY) {
                    self.extension(value, key.span(), part, source);
                } else {
                    waiting.push((value, span));
                }
            }
            for item in node.items() {
                entries.push(Entry { start: item.span().start, end: item.span().end });
                waiting.push((item, item.span()));
            }
        }
        scalars.sort_by_key(|scalar| scalar.start);
        // The widest of those that begin at one place comes first.
        entries.sort_by_key(|entry| (entry.start, std::cmp::Reverse(entry.end)));
        self.comments(&entries, &scalars, source);
    }

    /// A mapping, or a list of such.
    fn extension(&mut self, value: Node<'_>, key: Span, part: Span, source: &Source) {
        let list: Vec<Node<'_>> = if value.is_array() { value.items().collect() } else { vec![value] };
        for entry in list {
            let spot = source.spot(if value.is_array() { entry.span() } else { key });
            let text = |key| entry.get(key).and_then(Node::as_scalar).map(|text| text.trim().to_owned());
            let unknown = entry.members().find(|(key, _)| !KEYS.iter().any(|known| key.is(known)));
            let rules = match entry.get("rule") {
                Some(rules) if rules.is_array() => {
                    rules.items().filter_map(Node::as_scalar).map(String::from).collect()
                }
                _ => text("rule").into_iter().collect::<Vec<_>>(),
            };
            if let Some((key, _)) = unknown {
                let why = format!("`{}` is unknown in {KEY}; its keys are {}", key.text(), KEYS.join(", "));
                self.broken.push(Broken { spot: spot.clone(), why });
            } else if rules.is_empty() {
                let why = format!("{KEY} names no rule; write `rule` and `reason`, or a list of such mappings");
                self.broken.push(Broken { spot: spot.clone(), why });
            } else {
                let terms = Terms { reason: text("reason"), owner: text("owner"), expires: text("expires") };
                self.add(rules, terms, spot.clone(), part);
            }
        }
    }

    fn comments(&mut self, entries: &[Entry], scalars: &[Span], source: &Source) {
        let text = &*source.text;
        for at in memmem::find_iter(text.as_bytes(), COMMENT) {
            let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let Some(before) = text[line..at].trim_end().strip_suffix('#') else { continue };
            let sign = (line + before.len()) as u32;
            let is_comment = before.is_empty() || before.ends_with([' ', '\t']);
            let text_before = scalars[..scalars.partition_point(|scalar| scalar.start <= sign)].last();
            if !is_comment || text_before.is_some_and(|scalar| sign < scalar.end) {
                continue;
            }
            let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
            let spot = source.spot(Span { source: source.id, start: sign, end: end as u32 });
            let first = entries.partition_point(|entry| entry.start < line as u32);
            let beside = entries[first..].first().filter(|entry| entry.start < sign);
            let next = || entries[entries.partition_point(|entry| entry.start < end as u32)..].first();
            let own_line = before.trim().is_empty();
            let part = beside.or_else(|| if own_line { next() } else { None });
            let (rules, terms) = match written(&text[at + COMMENT.len()..end]) {
                Ok(read) => read,
                Err(why) => {
                    self.broken.push(Broken { spot, why });
                    continue;
                }
            };
            let Some(part) = part else {
                let why = "nothing stands beside or below this comment for it to be about; move it".into();
                self.broken.push(Broken { spot, why });
                continue;
            };
            let part = Span { source: source.id, start: part.start, end: part.end };
            self.add(rules, terms, spot, part);
        }
    }

    fn add(&mut self, rules: Vec<String>, terms: Terms, spot: Spot, part: Span) {
        let mut broken = |why: String| self.broken.push(Broken { spot: spot.clone(), why });
        let Some(reason) = terms.reason.filter(|reason| !reason.is_empty()) else {
            return broken("it gives no reason, so it does not count; say why this is accepted".into());
        };
        let expires = match &terms.expires {
            None => None,
            Some(text) => match Day::parse(text) {
                Some(day) => Some(day),
                None => {
                    return broken(format!("`{text}` is no day, so it does not count; write one such as 2027-01-31"));
                }
            },
        };
        let acceptance = Arc::new(Acceptance {
            reason,
            owner: terms.owner,
            expires: terms.expires,
            in_source: true,
            spot: spot.clone(),
        });
        for rule in rules {
            if self.found.len() >= MAX_MARKS {
                return broken(format!("documents hold more than {MAX_MARKS}; move them to the configuration"));
            }
            let word = Word::flag(rule.trim());
            match known_rule(self.pack, &word) {
                Ok(_) => self.found.push(Suppression::part(word, Arc::clone(&acceptance), expires, part)),
                Err(fault) => broken(format!("{}; {}", fault.message, fault.help)),
            }
        }
    }
}

/// What may stand beside a rule.
struct Terms {
    reason: Option<String>,
    owner: Option<String>,
    expires: Option<String>,
}

/// The rules of a comment, and what stands beside them: ` ignore[a, b] expires=2027-01-31 owner=team reason`.
fn written(text: &str) -> Result<(Vec<String>, Terms), String> {
    let help = || "it is not understood; write `# mcpsentry: ignore[rule-id] reason`".to_owned();
    let rest = text.trim().strip_prefix("ignore").ok_or_else(help)?.trim_start();
    let (rules, mut rest) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(help)?;
    let rules: Vec<String> =
        rules.split(',').map(|rule| rule.trim().to_owned()).filter(|rule| !rule.is_empty()).collect();
    if rules.is_empty() {
        return Err(help());
    }
    let mut terms = Terms { reason: None, owner: None, expires: None };
    loop {
        rest = rest.trim_start_matches([':', '-', '\u{2013}', '\u{2014}', ' ', '\t']);
        let key = rest.split_once('=').filter(|(key, _)| is_key(key));
        let Some((key, value)) = key else { break };
        let place = match key {
            "owner" => &mut terms.owner,
            "expires" => &mut terms.expires,
            _ => return Err(format!("`{key}=` is unknown in it; known are `expires=2027-01-31` and `owner=team`")),
        };
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or_else(|| format!("the quote behind `{key}=` does not end"))?,
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if value.is_empty() {
            return Err(format!("nothing stands behind `{key}=`"));
        }
        if place.replace(value.to_owned()).is_some() {
            return Err(format!("`{key}=` stands twice; remove one of the two"));
        }
        rest = after;
    }
    terms.reason = Some(rest.trim().to_owned());
    Ok((rules, terms))
}

/// Whether a word before an equals sign is meant as a key, and not as a part of the reason.
fn is_key(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())
}
