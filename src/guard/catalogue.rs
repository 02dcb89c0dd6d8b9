//! The rules that a scan runs: ours, prepared when the program was built, and the user's.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use regex::bytes::{Regex, RegexBuilder};

use super::assembly::Assembly;
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

/// A phrase of a rule, and the windows that call for it.
#[derive(Debug, Clone)]
pub(super) struct Spec {
    /// Index of the rule.
    pub(super) head: u16,
    pub(super) spaced: Text,
    /// Empty if it is not looked for where word gaps are lost.
    pub(super) squeezed: Text,
    pub(super) unicode: bool,
    /// Sets of windows; one of each must occur.
    pub(super) needs: List<List<u16>>,
}

/// Rules with their filter.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) heads: List<Head>,
    pub(super) specs: List<Spec>,
    pub(super) ascii: Filter,
    pub(super) wide: Filter,
    pub(super) windows: usize,
    /// For each window the phrases that have it in their first set.
    pub(super) callers: List<List<u16>>,
    /// Expressions, compiled when they are first needed: most runs need none.
    spaced: Vec<OnceLock<Option<Regex>>>,
    squeezed: Vec<OnceLock<Option<Regex>>>,
    /// Rules that are switched off.
    off: Vec<bool>,
}

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

impl Part {
    fn new(
        heads: List<Head>,
        specs: List<Spec>,
        (ascii, wide): (Filter, Filter),
        windows: usize,
        callers: List<List<u16>>,
    ) -> Self {
        let empty = || (0..specs.len()).map(|_| OnceLock::new()).collect();
        let off = vec![false; heads.len()];
        Self { spaced: empty(), squeezed: empty(), heads, specs, ascii, wide, windows, callers, off }
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
                needs: needs.into_iter().map(Cow::Owned).collect(),
            })
            .collect();
        let callers = assembly.callers.into_iter().map(Cow::Owned).collect();
        Ok(Self::new(heads.into(), specs.into(), (assembly.ascii, assembly.wide), assembly.windows, callers))
    }

    /// The expression of a phrase; none if it is not looked for in this form.
    pub(super) fn regex(&self, number: usize, squeezed: bool) -> Option<&Regex> {
        let spec = &self.specs[number];
        let (slot, text) =
            if squeezed { (&self.squeezed[number], &spec.squeezed) } else { (&self.spaced[number], &spec.spaced) };
        if text.is_empty() || self.off[usize::from(spec.head)] {
            return None;
        }
        // An expression that cannot be compiled is refused when its rule is read, and never gets here.
        slot.get_or_init(|| compile(text, spec.unicode).ok()).as_ref()
    }
}

/// Compiles an expression of a [`Phrase`].
///
/// # Errors
/// What is wrong with it.
pub(super) fn compile(text: &str, unicode: bool) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text)
        .unicode(unicode)
        // Texts outside ASCII are folded already.
        .case_insensitive(!unicode)
        .dot_matches_new_line(true)
        .size_limit(1 << 22)
        .build()
}

/// All rules of a run.
#[derive(Debug)]
pub struct Catalogue {
    pub(super) parts: Vec<Part>,
}

impl Catalogue {
    /// Our own rules.
    pub fn shipped() -> Self {
        Self { parts: vec![shipped()] }
    }

    /// Only these rules; those that are no guard rules are passed over.
    ///
    /// # Errors
    /// When they have more literals than one filter can hold.
    pub fn of(rules: &[Arc<Rule>]) -> Result<Self, String> {
        Ok(Self { parts: vec![Part::custom(rules)?] })
    }

    /// Adds the user's guard rules.
    ///
    /// # Errors
    /// When they have more literals than one filter can hold.
    pub fn extend(&mut self, rules: &[Arc<Rule>]) -> Result<(), String> {
        self.parts.push(Part::custom(rules)?);
        Ok(())
    }

    /// Switches rules off. Says which of the ids no rule has.
    pub fn ignore<'i>(&mut self, ids: &'i [String]) -> Vec<&'i str> {
        let mut unknown = Vec::new();
        for id in ids {
            let mut known = false;
            for part in &mut self.parts {
                for (head, off) in part.heads.iter().zip(&mut part.off) {
                    if head.id == **id || head.category == **id {
                        (*off, known) = (true, true);
                    }
                }
            }
            if !known {
                unknown.push(id.as_str());
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
