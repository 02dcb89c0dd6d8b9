//! Two locks: what is newly exposed, what is gone, what became riskier.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Comparison, Side};
use super::input::{self, InputChange, Turn};
use super::pair::{is_same, pairs};
use super::{Class, Found, Lock, Tool};
use crate::finding::Fingerprint;
use crate::rule::Severity;
use crate::surface::{Access, Effect, Fact, Requirement};

/// Compares what was exposed with what is. `same_judge` says that one program judged both, so that a finding that only
/// one side has comes from the document.
pub fn compare(old: &Lock, new: &Lock, same_judge: bool) -> Comparison {
    let shared: BTreeSet<&str> = old.rules.intersection(&new.rules).map(String::as_str).collect();
    let mut comparing = Comparing { shared, same_judge, comparison: Comparison::default() };
    comparing.note_rules(old, new);
    let pairs = pairs(&old.tools, &new.tools);
    for (old, new) in pairs {
        match (old, new) {
            (Some(old), Some(new)) => comparing.both(old, new),
            (None, Some(new)) => comparing.exposed(new),
            (Some(old), None) => comparing.removed(old),
            (None, None) => {}
        }
    }
    comparing.surface(old, new);
    let mut comparison = comparing.comparison;
    comparison.changes.sort_by(|a, b| {
        (b.level, a.class, &a.path, &a.method, &a.name).cmp(&(a.level, b.class, &b.path, &b.method, &b.name))
    });
    comparison
}

struct Comparing<'l> {
    /// Rules that judged both sides.
    shared: BTreeSet<&'l str>,
    same_judge: bool,
    comparison: Comparison,
}

impl Comparing<'_> {
    fn push(&mut self, class: Class, level: Severity, tool: &Tool, message: String, details: Vec<String>) {
        let side = if class == Class::Removed { Side::Old } else { Side::New };
        let (method, path) = (tool.method.as_deref().unwrap_or_default(), tool.path.as_deref().unwrap_or_default());
        let subject = if tool.path.is_none() { &*tool.name } else { "" };
        self.comparison.changes.push(Change {
            class,
            level,
            method: tool.method.clone(),
            path: tool.path.clone(),
            name: Some(tool.name.clone()),
            fingerprint: Fingerprint::new(class.name(), method, path, subject).to_string(),
            message,
            details,
            side,
            span: Some(tool.span),
            pointer: tool.pointer.clone(),
        });
    }

    fn note_rules(&mut self, old: &Lock, new: &Lock) {
        for (more, less, which) in [(new, old, "before"), (old, new, "after")] {
            let only: Vec<&str> = more.rules.difference(&less.rules).map(String::as_str).collect();
            if !only.is_empty() {
                let note = format!(
                    "rules that did not run {which}, so their findings are not compared: {}; write the lock anew",
                    only.join(", ")
                );
                self.comparison.notes.push(note);
            }
        }
    }

    fn exposed(&mut self, tool: &Tool) {
        let by_effect = match tool.effect {
            Some(Effect::Read) => Severity::Low,
            Some(Effect::Write) | None => Severity::Medium,
            Some(Effect::Destructive) => Severity::High,
        };
        let level = tool.findings.values().map(|found| found.severity).fold(by_effect, Severity::max);
        let effect = tool.effect.map_or("effect unknown", Effect::name);
        let access = match &tool.access {
            Fact::Known(access) if access.is_open() => ", no authentication",
            _ => "",
        };
        let message = format!("`{}` is newly exposed: {effect}{access}", tool.name);
        self.push(Class::Exposed, level, tool, message, findings(&tool.findings));
    }

    fn removed(&mut self, tool: &Tool) {
        let message = format!("`{}` is no longer exposed", tool.name);
        self.push(Class::Removed, Severity::Info, tool, message, Vec::new());
    }

    fn both(&mut self, old: &Tool, new: &Tool) {
        let before = self.comparison.changes.len();
        if old.name != new.name {
            let message = format!("`{}` is called `{}` now", old.name, new.name);
            self.push(Class::Renamed, Severity::Info, new, message, Vec::new());
        }
        self.effect(old, new);
        self.access(old, new);
        let changes = input::compare(&old.inputs, &new.inputs, old.more_inputs + new.more_inputs > 0);
        self.inputs(old, new, &changes);
        self.output(old, new);
        self.texts(old, new, &changes);
        self.findings(old, new);
        if self.comparison.changes.len() == before {
            self.comparison.unchanged += 1;
        }
    }

    fn effect(&mut self, old: &Tool, new: &Tool) {
        if old.effect == new.effect {
            return;
        }
        let word = |effect: Option<Effect>| effect.map_or("unknown", Effect::name);
        let message = format!("the effect of `{}` went from {} to {}", new.name, word(old.effect), word(new.effect));
        let (class, level) = match (old.effect, new.effect) {
            (Some(old), Some(new)) if new > old => (Class::EffectRaised, Severity::High),
            (None, Some(Effect::Read)) | (Some(_), Some(_)) => (Class::EffectLowered, Severity::Info),
            _ => (Class::EffectRaised, Severity::Medium),
        };
        self.push(class, level, new, message, Vec::new());
    }

    fn access(&mut self, old: &Tool, new: &Tool) {
        let (Fact::Known(before), Fact::Known(after)) = (&old.access, &new.access) else {
            if matches!((&old.access, &new.access), (Fact::Known(_), _)) && old.path.is_some() == new.path.is_some() {
                let message = format!("nothing says any more what a caller of `{}` has to show", new.name);
                self.push(Class::AuthWeakened, Severity::Medium, new, message, Vec::new());
            }
            return;
        };
        if before == after {
            return;
        }
        let details = vec![format!("before: {}", shown(before)), format!("after: {}", shown(after))];
        let weaker: Vec<String> = after.weaker_than(before).map(shown_way).collect();
        let (class, level, message) = if after.is_open() && !before.is_open() {
            (Class::AuthDropped, Severity::Critical, format!("`{}` may be called without credentials", new.name))
        } else if !weaker.is_empty() {
            let message = format!("`{}` lets in callers that it refused before: {}", new.name, weaker.join(" or "));
            (Class::AuthWeakened, Severity::High, message)
        } else {
            (Class::AuthTightened, Severity::Info, format!("`{}` asks its callers for more", new.name))
        };
        self.push(class, level, new, message, details);
    }

    fn inputs(&mut self, old: &Tool, new: &Tool, changes: &[InputChange]) {
        let of = |turn| -> Vec<String> {
            let these = changes.iter().filter(|change| change.turn == turn);
            these.map(|change| format!("{} {}", change.input, change.what)).collect()
        };
        let name = &new.name;
        for (turn, class, level, message) in [
            (Turn::Loosened, Class::InputLoosened, Severity::Medium, format!("the model may fill in more of `{name}`")),
            (Turn::Added, Class::InputAdded, Severity::Info, format!("`{name}` takes further inputs")),
            (Turn::Tightened, Class::InputTightened, Severity::Info, format!("the model may fill in less of `{name}`")),
        ] {
            let details = of(turn);
            if !details.is_empty() {
                self.push(class, level, new, message, details);
            }
        }
        let known = changes.iter().any(|change| change.turn != Turn::Retold);
        if old.takes != new.takes && !known && !old.takes.is_unknown() && !new.takes.is_unknown() {
            let message = format!("the input of `{name}` has another shape, beyond what can be listed");
            self.push(Class::InputChanged, Severity::Low, new, message, Vec::new());
        }
    }

    fn output(&mut self, old: &Tool, new: &Tool) {
        let (before, after) = (&old.gives, &new.gives);
        if before == after || before.is_unknown() || after.is_unknown() {
            return;
        }
        if after.known().is_none() {
            let message = format!("the response of `{}` is no longer described", new.name);
            self.push(Class::OutputLoosened, Severity::Low, new, message, Vec::new());
        } else {
            let message = format!("the response of `{}` has another shape", new.name);
            self.push(Class::OutputChanged, Severity::Info, new, message, Vec::new());
        }
    }

    fn texts(&mut self, old: &Tool, new: &Tool, changes: &[InputChange]) {
        let mut details = Vec::new();
        if old.says != new.says {
            let said = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("\"{text}\"") };
            details.push(format!("before: {}", said(&old.says)));
            details.push(format!("after: {}", said(&new.says)));
        } else if old.texts != new.texts {
            details.push("the rest of the description, a response that tells of an error, or a hint".into());
        }
        let retold = changes.iter().filter(|change| change.turn == Turn::Retold);
        details.extend(retold.map(|change| format!("{}: {}", change.input, change.what)));
        let parts = old.part_texts != new.part_texts;
        let moved = old.takes != new.takes || old.gives != new.gives;
        if details.is_empty() && parts && !moved {
            details.push("a text of a schema, a response or an example".into());
        }
        if !details.is_empty() {
            let message = format!("what the model is told about `{}` changed", new.name);
            self.push(Class::DescriptionChanged, Severity::Medium, new, message, details);
        } else if parts {
            // A part that came brought its text, one that went took it along.
            let message = format!("texts in the schemas of `{}` changed together with their shape", new.name);
            self.push(Class::DescriptionChanged, Severity::Info, new, message, details);
        }
    }

    fn findings(&mut self, old: &Tool, new: &Tool) {
        let reassessed = !self.same_judge && is_same(old, new);
        let none = Found { severity: Severity::Info, fields: BTreeSet::new() };
        for (rule, found) in &new.findings {
            if !self.shared.contains(rule.as_str()) {
                continue;
            }
            let before = old.findings.get(rule);
            let fields: Vec<&String> = found.fields.difference(&before.unwrap_or(&none).fields).collect();
            let (class, message) = match (before, fields.is_empty()) {
                (Some(_), true) => continue,
                (None, true) => (Class::NewFinding, format!("`{}` has a new finding: {rule}", new.name)),
                (_, false) => {
                    let named: Vec<String> = fields.iter().take(5).map(|field| format!("`{field}`")).collect();
                    let more = if fields.len() > 5 { format!(" and {} more", fields.len() - 5) } else { String::new() };
                    let message =
                        format!("`{}` has a field that {rule} objects to: {}{more}", new.name, named.join(", "));
                    (Class::NewField, message)
                }
            };
            let (class, level) = if reassessed { (Class::Reassessed, Severity::Info) } else { (class, found.severity) };
            self.push(class, level, new, message, Vec::new());
            if let Some(change) = self.comparison.changes.last_mut() {
                let (method, path) =
                    (new.method.as_deref().unwrap_or_default(), new.path.as_deref().unwrap_or_default());
                change.fingerprint =
                    Fingerprint::new(class.name(), method, path, &format!("{} {rule}", new.name)).to_string();
            }
        }
        let gone: Vec<&str> = old
            .findings
            .keys()
            .map(String::as_str)
            .filter(|rule| self.shared.contains(rule) && !new.findings.contains_key(*rule))
            .collect();
        if !gone.is_empty() {
            let class = if reassessed { Class::Reassessed } else { Class::FindingGone };
            let message = format!("`{}` no longer has: {}", new.name, gone.join(", "));
            self.push(class, Severity::Info, new, message, Vec::new());
        }
    }

    /// Findings about the surface as a whole.
    fn surface(&mut self, old: &Lock, new: &Lock) {
        for (rule, found) in &new.findings {
            if !self.shared.contains(rule.as_str()) || old.findings.contains_key(rule) {
                continue;
            }
            let same_tools = self.comparison.changes.is_empty();
            let (class, level) = if !self.same_judge && same_tools {
                (Class::Reassessed, Severity::Info)
            } else {
                (Class::NewFinding, found.severity)
            };
            self.comparison.changes.push(Change {
                class,
                level,
                method: None,
                path: None,
                name: None,
                message: format!("the surface as a whole has a new finding: {rule}"),
                details: Vec::new(),
                side: Side::New,
                span: None,
                pointer: String::new(),
                fingerprint: Fingerprint::new(class.name(), "", "", rule).to_string(),
            });
        }
    }
}

/// `exposed-admin (critical)`, `pii-in-response (high): email`.
fn findings(findings: &BTreeMap<String, Found>) -> Vec<String> {
    let mut all: Vec<_> = findings.iter().collect();
    all.sort_by(|a, b| (b.1.severity, a.0).cmp(&(a.1.severity, b.0)));
    all.into_iter()
        .map(|(rule, found)| {
            let fields: Vec<&str> = found.fields.iter().map(String::as_str).collect();
            let fields = if fields.is_empty() { String::new() } else { format!(": {}", fields.join(", ")) };
            format!("{rule} ({}){fields}", found.severity.name())
        })
        .collect()
}

/// The ways in, for people.
fn shown(access: &Access) -> String {
    access.0.iter().map(shown_way).collect::<Vec<_>>().join(" or ")
}

fn shown_way(way: &Requirement) -> String {
    if way.is_empty() {
        return "nothing".into();
    }
    let schemes = way.iter().map(|(scheme, scopes)| {
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        if scopes.is_empty() { scheme.clone() } else { format!("{scheme} with {}", scopes.join(", ")) }
    });
    schemes.collect::<Vec<_>>().join(" and ")
}
