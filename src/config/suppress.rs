//! Accepted findings: what a suppression covers, and what becomes of it.

use std::sync::Arc;

use super::day::Day;
use super::filter::Pattern;
use super::scope::{known_rule, word, words};
use super::{Fault, Word};
use crate::finding::{Acceptance, Finding};
use crate::pack::Pack;
use crate::source::{Source, Span};
use crate::surface::Operation;
use crate::syntax::Node;

/// The acceptance of the findings of one rule somewhere.
#[derive(Debug, Clone)]
pub struct Suppression {
    /// The rule.
    pub rule: Word,
    /// Why, by whom, until when.
    pub acceptance: Arc<Acceptance>,
    /// The last day on which it counts.
    pub expires: Option<Day>,
    /// Where it counts.
    reach: Reach,
    /// How many findings it covered.
    pub covered: usize,
}

/// Where a suppression counts.
#[derive(Debug, Clone)]
enum Reach {
    /// Within a part of a document.
    Part(Span),
    /// For operations that match everything that was chosen.
    Matching { path: Option<Box<Pattern>>, methods: Vec<String>, tool: Option<Box<Pattern>> },
}

/// What became of a suppression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It covers findings.
    Used,
    /// It would cover findings, but its day is over, and they are back.
    Expired,
    /// It covers nothing.
    Stale,
    /// Whether it covers anything was not looked at: its rule did not run, or its document was not audited.
    Idle,
}

impl State {
    /// The word for it in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Expired => "expired",
            Self::Stale => "stale",
            Self::Idle => "idle",
        }
    }
}

impl Suppression {
    /// A suppression that stands in a document and counts in a part of it.
    pub(super) fn part(rule: Word, acceptance: Arc<Acceptance>, expires: Option<Day>, part: Span) -> Self {
        Self { rule, acceptance, expires, reach: Reach::Part(part), covered: 0 }
    }

    /// The suppressions of a configuration that was held against its form, one for each rule that an entry names.
    pub(super) fn read(root: Node<'_>, source: &Source, faults: &mut Vec<Fault>) -> Vec<Self> {
        let mut all = Vec::new();
        for entry in root.get("suppress").into_iter().flat_map(Node::items) {
            let text = |key| entry.get(key).and_then(Node::as_scalar).map(|text| text.trim().to_owned());
            let mut pattern = |key| {
                let value = entry.get(key).filter(|value| !value.is_null())?;
                Pattern::new(&word(value)).map_err(|fault| faults.push(fault)).ok().map(Box::new)
            };
            let reach = Reach::Matching {
                path: pattern("path"),
                methods: words(entry, "method").unwrap_or_default().into_iter().map(|word| word.text).collect(),
                tool: pattern("tool"),
            };
            let expires = text("expires");
            let acceptance = Arc::new(Acceptance {
                reason: text("reason").unwrap_or_default(),
                owner: text("owner"),
                expires: expires.clone(),
                in_source: false,
                spot: source.spot(entry.span()),
            });
            all.extend(words(entry, "rule").unwrap_or_default().into_iter().map(|rule| Self {
                rule,
                acceptance: Arc::clone(&acceptance),
                expires: expires.as_deref().and_then(Day::parse),
                reach: reach.clone(),
                covered: 0,
            }));
        }
        all
    }

    /// Whether its rule is one that there is.
    ///
    /// # Errors
    /// There is none, with the nearest one that is.
    pub fn check(&self, pack: &Pack) -> Result<(), Fault> {
        known_rule(pack, &self.rule).map(|_| ())
    }

    /// Whether its day is over.
    pub fn is_over(&self, today: Day) -> bool {
        self.expires.is_some_and(|last| last < today)
    }

    /// Whether it stands in a document.
    pub fn in_source(&self) -> bool {
        self.acceptance.in_source
    }

    /// Whether it covers a finding as a whole.
    pub(super) fn covers(&self, finding: &Finding, operation: Option<&Operation>) -> bool {
        if *self.rule.text != *finding.rule.id {
            return false;
        }
        match (&self.reach, operation) {
            (Reach::Part(part), _) => {
                // A finding that can be told of its fields is covered field by field.
                let fields = if finding.rule.at_least().is_none() { &*finding.related } else { &[] };
                holds(*part, finding.span)
                    || (!fields.is_empty() && fields.iter().all(|field| holds(*part, field.span)))
            }
            (Reach::Matching { path, methods, tool }, Some(operation)) => {
                let method = operation.method.as_deref();
                path.as_ref().is_none_or(|path| path.matches(operation))
                    && tool.as_ref().is_none_or(|tool| tool.matches_name(&operation.name))
                    && (methods.is_empty()
                        || methods.iter().any(|wanted| method.is_some_and(|is| is.eq_ignore_ascii_case(wanted))))
            }
            (Reach::Matching { path, methods, tool }, None) => path.is_none() && methods.is_empty() && tool.is_none(),
        }
    }

    /// Whether it covers one field of a finding, by the place of the field.
    pub(super) fn covers_field(&self, finding: &Finding, field: Span) -> bool {
        match self.reach {
            Reach::Part(part) => *self.rule.text == *finding.rule.id && holds(part, field),
            Reach::Matching { .. } => false,
        }
    }
}

fn holds(part: Span, place: Span) -> bool {
    part.source == place.source && part.start <= place.start && place.end <= part.end
}
