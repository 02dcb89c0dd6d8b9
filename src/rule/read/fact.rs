//! The facts that a rule asks for.

use super::{Outcome, RuleReader};
use crate::rule::query::{Given, Inside, MAX_DEPTH, Wording};
use crate::rule::{Need, Query, Subject, Vocabulary};
use crate::surface::detail::Mark;
use crate::surface::{Change, Effect, Scope, Types};
use crate::syntax::Node;

/// Every kind of change, by the word that rule files use.
const CHANGES: [(&str, Change); 5] = [
    ("none", Change::None),
    ("create", Change::Create),
    ("amend", Change::Amend),
    ("update", Change::Update),
    ("remove", Change::Remove),
];

impl RuleReader<'_> {
    pub(super) fn query(&self, root: Node<'_>, when: Node<'_>, subject: Subject) -> Outcome<Query> {
        let known: &[&str] = match subject {
            Subject::Operation => &[
                "method",
                "effect",
                "change",
                "scope",
                "described",
                "specified",
                "authenticated",
                "mark",
                "lists",
                "paged",
                "words",
            ],
            _ => &["method", "effect", "change", "scope", "operation", "words", "types", "typed", "listed", "open"],
        };
        self.keys(when, known)?;
        let mut needs = Vec::new();
        for (key, value) in when.members() {
            needs.push(match &*key.text() {
                "method" => Need::Method(self.list(value)?),
                "effect" => Need::Effect(self.names(value, &Effect::ALL.map(|effect| (effect.name(), effect)))?),
                "change" => Need::Change(self.names(value, &CHANGES)?),
                "scope" => Need::Scope(self.names(value, &Scope::ALL.map(|scope| (scope.name(), scope)))?),
                "described" => Need::Described(self.truth(value)?),
                "specified" => Need::Specified(self.truth(value)?),
                "typed" => Need::Typed(self.truth(value)?),
                "listed" => Need::Listed(self.truth(value)?),
                "open" => Need::Open(self.truth(value)?),
                "authenticated" => Need::Authenticated(self.truth(value)?),
                "mark" => Need::Mark(self.names(value, &Mark::ALL.map(|mark| (mark.name(), mark)))?),
                "lists" => Need::Lists(self.truth(value)?),
                "paged" => Need::Paged(self.truth(value)?),
                "operation" => Need::Operation(Box::new(self.wording(value, Subject::Operation)?)),
                "types" => {
                    let mut types = Types::default();
                    for item in value.items() {
                        let name = item.text();
                        types = types.with(Types::named(&name).ok_or_else(|| {
                            self.fault(
                                item,
                                format!("`{name}` is no JSON type"),
                                "use string, integer, number, boolean, object or array",
                            )
                        })?);
                    }
                    Need::Types(types)
                }
                _ => Need::Words(Box::new(self.wording(value, subject)?)),
            });
        }
        if needs.is_empty() {
            return Err(self.fault(when, "`when` says nothing, so every operation would match".into(), "add a fact"));
        }
        let at_least = self.number(root, "at_least", 1)?.unwrap_or(1) as usize;
        let depth = self.number(root, "depth", 0)?.map_or(MAX_DEPTH, |depth| (depth as u32).min(MAX_DEPTH));
        let together = root.get("together").map(|node| self.together(node, when)).transpose()?;
        Ok(Query { subject, at_least, depth, needs, together })
    }

    pub(super) fn wording(&self, node: Node<'_>, subject: Subject) -> Outcome<Wording> {
        let known: &[&str] = match subject {
            Subject::Operation => &["any", "unless", "summary", "tags", "given", "common"],
            _ => &["any", "sent", "unless", "tail", "inside", "outside", "beneath", "formats"],
        };
        self.keys(node, known)?;
        let phrases = |key| node.get(key).map_or(Ok(Vocabulary::default()), |list| self.vocabulary(list));
        let mut inside = Vec::new();
        for group in node.get("inside").into_iter().flat_map(Node::items) {
            self.keys(group, &["owners", "operation", "change", "except", "any"])?;
            let part = |key| group.get(key).map_or(Ok(Vocabulary::default()), |list| self.vocabulary(list));
            let change = group.get("change").map_or(Ok(Vec::new()), |list| self.names(list, &CHANGES))?;
            inside.push(Inside {
                owners: part("owners")?,
                operation: part("operation")?,
                change,
                except: part("except")?,
                any: part("any")?,
            });
        }
        let mut given = Vec::new();
        for group in node.get("given").into_iter().flat_map(Node::items) {
            self.keys(group, &["any", "inputs", "without", "change", "alone", "beside"])?;
            let part = |key| group.get(key).map_or(Ok(Vocabulary::default()), |list| self.vocabulary(list));
            let change = group.get("change").map_or(Ok(Vec::new()), |list| self.names(list, &CHANGES))?;
            let alone = group.get("alone").map_or(Ok(false), |value| self.truth(value))?;
            let (any, inputs) = (part("any")?, part("inputs")?);
            given.push(Given { any, inputs, without: part("without")?, change, alone, beside: part("beside")? });
        }
        Ok(Wording {
            any: phrases("any")?,
            sent: phrases("sent")?,
            unless: phrases("unless")?,
            tail: node.get("tail").map(|list| self.vocabulary(list)).transpose()?,
            inside,
            outside: phrases("outside")?,
            beneath: phrases("beneath")?,
            formats: node.get("formats").map_or(Ok(Vec::new()), |list| self.list(list))?,
            summary: phrases("summary")?,
            tags: phrases("tags")?,
            given,
            common: phrases("common")?,
        })
    }

    pub(super) fn vocabulary(&self, list: Node<'_>) -> Outcome<Vocabulary> {
        let phrases = self.scalars(list)?;
        Vocabulary::new(phrases.iter().map(|phrase| &**phrase))
            .map_err(|message| self.fault(list, message, "see CONTRIBUTING.md for how phrases are written"))
    }
}
