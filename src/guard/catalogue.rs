//! The rules that a scan runs: ours, prepared when the program was built, and the user's.

use std::borrow::Cow;
use std::sync::Arc;

use super::assembly::Assembly;
use super::engine::{Engines, compile};
use super::filter::Filter;
use crate::rule::{Body, Confidence, Rule, Sign};

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

/// A phrase of a rule, and the sets of stems that it needs.
#[derive(Debug, Clone)]
pub(super) struct Spec {
    /// Index of the rule.
    pub(super) head: u16,
    pub(super) spaced: Text,
    /// Empty if it is not looked for where word gaps are lost.
    pub(super) squeezed: Text,
    pub(super) unicode: bool,
    /// Sets, in the order of the text.
    pub(super) needs: List<u16>,
    /// Bytes that a match may take, about.
    pub(super) reach: u16,
}

/// From stems to sets to phrases.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) ascii: Filter,
    pub(super) wide: Filter,
    /// For each stem its length if a word has to begin with it, else 0.
    pub(super) anchors: List<u8>,
    /// For each stem the sets that it is in.
    pub(super) members: List<List<u16>>,
    /// For each set the phrases whose rarest it is.
    pub(super) callers: List<List<u16>>,
}

/// Rules with their tables.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) heads: List<Head>,
    pub(super) specs: List<Spec>,
    pub(super) tables: Tables,
    pub(super) engines: Engines,
    /// Rules that are switched off.
    pub(super) off: Vec<bool>,
}

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

impl Part {
    fn new(heads: List<Head>, specs: List<Spec>, tables: Tables) -> Self {
        let off = vec![false; heads.len()];
        Self { heads, specs, tables, engines: Engines::default(), off }
    }

    fn custom(rules: &[Arc<Rule>]) -> Result<Self, String> {
        let (mut heads, mut owners, mut phrases) = (Vec::new(), Vec::new(), Vec::new());
        for rule in rules {
            let sign = match &rule.body {
                Body::Phrases(own) => {
                    owners.extend(own.iter().map(|_| heads.len() as u16));
                    phrases.extend(own.iter().cloned());
                    None
                }
                Body::Sign(sign) => Some(*sign),
                Body::Query(_) | Body::Check(_) => continue,
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
        for (phrase, &owner) in phrases.iter().zip(&owners) {
            for expression in [&phrase.spaced, &phrase.squeezed] {
                compile(expression, phrase.unicode)
                    .map_err(|why| format!("{}: {why}", heads[usize::from(owner)].id))?;
            }
        }
        let assembly = Assembly::new(&phrases)?;
        let specs: Vec<Spec> = phrases
            .into_iter()
            .zip(owners)
            .zip(assembly.needs)
            .map(|((phrase, head), needs)| Spec {
                head,
                spaced: phrase.spaced.into(),
                squeezed: phrase.squeezed.into(),
                unicode: phrase.unicode,
                needs: needs.into(),
                reach: phrase.reach,
            })
            .collect();
        let lists = |lists: Vec<Vec<u16>>| lists.into_iter().map(Cow::Owned).collect();
        let tables = Tables {
            ascii: assembly.ascii,
            wide: assembly.wide,
            anchors: assembly.anchors.into(),
            members: lists(assembly.members),
            callers: lists(assembly.callers),
        };
        Ok(Self::new(heads.into(), specs.into(), tables))
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
        Self { parts: vec![Part::new(Cow::Borrowed(HEADS), Cow::Borrowed(SPECS), shipped_tables())] }
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
    fn every_phrase_of_ours_compiles() {
        assert!(SPECS.len() > 100);
        for spec in SPECS {
            for text in [&spec.spaced, &spec.squeezed].into_iter().filter(|text| !text.is_empty()) {
                let outcome = compile(text, spec.unicode);
                assert!(outcome.is_ok(), "{}: {text}: {:?}", HEADS[usize::from(spec.head)].id, outcome.err());
            }
        }
    }
}
