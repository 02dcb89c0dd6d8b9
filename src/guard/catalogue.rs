//! The rules that a scan runs: ours, prepared when the program was built, and the user's.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::assembly::{Assembly, ByteTables, Demand, WordTables};
use super::automata::{Automata, Automaton, Writer};
use super::engine::{Engines, Task};
use super::filter::Filter;
use super::lexicon::Lexicon;
use super::lists::{Lists, keep, number};
use super::phrase::{Phrase, Unless};
use super::places::{Opening, Starts, Stretch};
use crate::rule::{Body, Confidence, Rule, Sign};

/// Bytes on each side of a match in which a context is looked for, and how far behind its start.
const BESIDE: usize = 48;
const JUDGED: usize = 320;

type List<T> = Cow<'static, [T]>;
type Text = Cow<'static, str>;

/// What a match says of its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The rule's id.
    pub id: Text,
    /// The topic it belongs to: the folder of its file.
    pub category: Text,
    /// What a match counts in the decision.
    pub confidence: Confidence,
    /// What a matching text does, in a few words.
    pub label: Text,
    /// What it notices, if it has no phrases.
    pub sign: Option<Sign>,
}

/// A rule of a [`Catalogue`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RuleId {
    pub(super) part: usize,
    pub(super) rule: u16,
}

/// A phrase of a rule.
#[derive(Debug, Clone)]
pub(super) struct Spec {
    /// Index of the rule.
    pub(super) head: u16,
    /// Its automaton.
    pub(super) spaced: Automaton,
    /// The one for text without gaps between words; empty if it is not looked for there.
    pub(super) squeezed: Automaton,
    /// Whether a match begins where a word does, or ends.
    pub(super) edge: bool,
    /// Where its landmarks stand: strings with signs, of which every match has one, a line for each sign; empty if there are
    /// none.
    pub(super) landmarks: Range<u32>,
    /// Bytes that a match may take, about.
    pub(super) reach: u16,
    /// Bytes of it before the first stem that it needs, and from the last one on.
    pub(super) sides: [u16; 2],
    /// How many words at most lie between the beginning of a match and that of the word with the first stem it needs.
    pub(super) lead: u16,
    /// Which set of ASCII signs every match has one of.
    signs: u16,
}

/// Rules with their tables.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) heads: List<Head>,
    pub(super) specs: List<Spec>,
    /// For each rule the automaton of the contexts in which its matches do not count; empty if there are none.
    unless: List<Automaton>,
    /// Sets of ASCII signs, a bit for each byte.
    signs: List<u128>,
    /// What the phrases match.
    pub(super) automata: Automata,
    /// The landmarks of all phrases.
    landmarks: Text,
    pub(super) tables: Assembly,
    pub(super) engines: Engines,
    /// Rules that are switched off.
    pub(super) off: Vec<bool>,
}

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

impl Part {
    /// Whether a match of a phrase does not count, for what it says or what stands around it; and how many bytes it takes to
    /// tell. The text is in lower case.
    pub(super) fn excuses(&self, spec: &Spec, text: &[u8], found: &Range<usize>) -> (bool, u64) {
        let contexts = &self.unless[usize::from(spec.head)];
        let (place, opening) = (&contexts.place, self.opening(contexts, false));
        let task = Task { automata: &self.automata, place, opening, text, squeezed: false };
        let end = text.len().min(found.end + BESIDE).min(found.start + JUDGED);
        let (mut start, mut work) = (found.start.saturating_sub(BESIDE), 0);
        while !place.is_empty() {
            let starts = Starts::at(opening.places(start..end, text));
            let (context, bytes) = self.engines.find(task, &[(Stretch { starts: start..end, end }, starts)]);
            work += bytes;
            match context {
                Some(context) if context.start < found.end && context.end > found.start => return (true, work),
                Some(context) => start = context.start + 1,
                None => break,
            }
        }
        (false, work)
    }

    /// A set of ASCII signs, a bit for each byte: a phrase does not match without one of them.
    pub(super) fn signs(&self, spec: &Spec) -> u128 {
        self.signs[usize::from(spec.signs)]
    }

    /// How the matches of an automaton begin; `edge` says whether with a word.
    pub(super) fn opening(&self, automaton: &Automaton, edge: bool) -> Opening<'_> {
        Opening { sets: automaton.opening.map(|set| &self.automata.sets[usize::from(set)]), edge }
    }

    /// The landmarks of a phrase.
    pub(super) fn landmarks(&self, spec: &Spec) -> &str {
        &self.landmarks[spec.landmarks.start as usize..spec.landmarks.end as usize]
    }

    fn custom(rules: &[Arc<Rule>]) -> Result<Self, String> {
        let (mut heads, mut owners, mut phrases, mut unless) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for rule in rules {
            let sign = match &rule.body {
                Body::Phrases(own, contexts) => {
                    owners.extend(own.iter().map(|_| heads.len() as u16));
                    phrases.extend(own.iter().cloned());
                    unless.push(contexts.clone());
                    None
                }
                Body::Sign(sign) => {
                    unless.push(Unless::default());
                    Some(*sign)
                }
                Body::Query(_) | Body::Check(_) | Body::Parts(_) => continue,
            };
            heads.push(Head {
                id: rule.id.to_string().into(),
                category: rule.category().to_owned().into(),
                confidence: rule.confidence,
                label: rule.say.clone().into(),
                sign,
            });
        }
        // What cannot be compiled would never match, and nobody would know.
        let mut writer = Writer::default();
        for (phrase, &owner) in phrases.iter().zip(&owners) {
            for expression in [&phrase.spaced, &phrase.squeezed] {
                writer
                    .add(expression, phrase.unicode)
                    .map_err(|why| format!("{}: {why}", heads[usize::from(owner)].id))?;
            }
        }
        for (contexts, head) in unless.iter().zip(&heads) {
            writer.add(&contexts.expression, contexts.unicode).map_err(|why| format!("{}: {why}", head.id))?;
        }
        let (automata, mut places) = writer.finish()?;
        let unless = places.split_off(2 * phrases.len());
        let tables = Assembly::new(&phrases)?;
        let (mut landmarks, mut signs) = (String::new(), Vec::new());
        let spec = |((phrase, head), places): ((&Phrase, u16), &[Automaton])| Spec {
            head,
            spaced: places[0].clone(),
            squeezed: places[1].clone(),
            edge: phrase.edge,
            landmarks: keep(&mut landmarks, &phrase.landmarks),
            reach: phrase.reach,
            sides: phrase.sides(),
            lead: phrase.lead(),
            signs: number(&mut signs, phrase.signs[0]),
        };
        let specs: Vec<Spec> = phrases.iter().zip(owners).zip(places.chunks(2)).map(spec).collect();
        Ok(Self {
            off: vec![false; heads.len()],
            heads: heads.into(),
            specs: specs.into(),
            unless: unless.into(),
            signs: signs.into(),
            automata,
            landmarks: landmarks.into(),
            tables,
            engines: Engines::default(),
        })
    }
}

/// All rules of a run.
#[derive(Debug)]
pub struct Catalogue {
    pub(super) parts: Vec<Part>,
}

impl Catalogue {
    /// Our own rules.
    pub fn shipped() -> Self {
        Self {
            parts: vec![Part {
                heads: HEADS.into(),
                specs: SPECS.into(),
                unless: UNLESS.into(),
                signs: SIGNS.into(),
                automata: shipped_automata(),
                landmarks: LANDMARKS.into(),
                tables: shipped_tables(),
                engines: Engines::default(),
                off: vec![false; HEADS.len()],
            }],
        }
    }

    /// Only these rules; those that are no guard rules are passed over.
    ///
    /// # Errors
    /// When a phrase is too large, or all have more literals than one filter can hold.
    pub fn of(rules: &[Arc<Rule>]) -> Result<Self, String> {
        Ok(Self { parts: vec![Part::custom(rules)?] })
    }

    /// Adds the user's guard rules.
    ///
    /// # Errors
    /// When a phrase is too large, or all have more literals than one filter can hold.
    pub fn extend(&mut self, rules: &[Arc<Rule>]) -> Result<(), String> {
        self.parts.push(Part::custom(rules)?);
        Ok(())
    }

    /// Switches rules off, or all rules of a topic. Says which of the words are neither.
    pub fn ignore<'i>(&mut self, words: &'i [String]) -> Vec<&'i str> {
        let mut unknown = Vec::new();
        for word in words {
            let mut known = false;
            for part in &mut self.parts {
                for (head, off) in part.heads.iter().zip(&mut part.off) {
                    if head.id == **word || head.category == **word {
                        (*off, known) = (true, true);
                    }
                }
            }
            if !known {
                unknown.push(word.as_str());
            }
        }
        unknown
    }

    /// What a rule says of itself.
    pub(super) fn head(&self, id: RuleId) -> &Head {
        &self.parts[id.part].heads[usize::from(id.rule)]
    }

    /// The rule for a sign, unless it is switched off.
    pub(super) fn sign(&self, sign: Sign) -> Option<RuleId> {
        self.parts.iter().enumerate().find_map(|(part, rules)| {
            let mut heads = rules.heads.iter().zip(&rules.off);
            let rule = heads.position(|(head, off)| head.sign == Some(sign) && !off)?;
            Some(RuleId { part, rule: rule as u16 })
        })
    }

    /// What every rule says of itself, switched off or not.
    pub fn heads(&self) -> impl Iterator<Item = &Head> {
        self.parts.iter().flat_map(|part| part.heads.iter())
    }

    /// How many rules run.
    pub fn len(&self) -> usize {
        self.parts.iter().flat_map(|part| &part.off).filter(|off| !**off).count()
    }

    /// Whether no rule runs.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_of_ours_has_automata() {
        assert!(SPECS.len() > 100);
        let automata = shipped_automata();
        for spec in SPECS {
            assert!(automata.get(&spec.spaced.place).is_some(), "{}", HEADS[usize::from(spec.head)].id);
            assert!(spec.squeezed.place.is_empty() || automata.get(&spec.squeezed.place).is_some());
        }
    }
}
