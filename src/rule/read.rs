//! Reading one rule file, with the place of whatever is wrong in it.

use std::borrow::Cow;
use std::path::Path;

use super::phrase::{Phrase, WordSet};
use super::query::{Given, Inside, MAX_DEPTH, Wording};
use super::{
    Body, Case, Cases, Check, Confidence, Need, Part, Persona, Preset, Query, Rule, RuleError, Severity, Sign, Subject,
    Together, Vocabulary, nearest,
};
use crate::source::Source;
use crate::surface::detail::Mark;
use crate::surface::{Change, Effect, Scope, Types};
use crate::syntax::Node;

/// The keys of a rule file.
const KEYS: [&str; 23] = [
    "id",
    "title",
    "severity",
    "confidence",
    "persona",
    "preset",
    "since",
    "why",
    "fix",
    "references",
    "on",
    "when",
    "at_least",
    "depth",
    "together",
    "parts",
    "check",
    "words",
    "match",
    "hints",
    "say",
    "say_document",
    "cases",
];

/// Every kind of change, by the word that rule files use.
const CHANGES: [(&str, Change); 5] = [
    ("none", Change::None),
    ("create", Change::Create),
    ("amend", Change::Amend),
    ("update", Change::Update),
    ("remove", Change::Remove),
];

const PHRASE_HELP: &str = "see CONTRIBUTING.md for how phrases of guard rules are written";

/// Reads one rule file and says where it is wrong.
pub(super) struct RuleReader<'s> {
    pub(super) source: &'s Source,
    pub(super) custom: bool,
    /// Whether the file has its cases: those that the program was built with are left out where nobody runs them.
    pub(super) proven: bool,
}

type Outcome<T> = Result<T, RuleError>;

impl RuleReader<'_> {
    pub(super) fn rule(&self, root: Node<'_>) -> Outcome<Rule> {
        self.keys(root, &KEYS)?;
        let id = self.text(root, "id")?;
        let stem = Path::new(&self.source.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let kebab = id
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
        let at = root.get("id").unwrap_or(root);
        if !kebab {
            return Err(self.fault(
                at,
                format!("`{id}` is not a rule id"),
                "use lower-case words with hyphens between",
            ));
        }
        if id != stem {
            return Err(self.fault(at, format!("the id `{id}` is not the file's name `{stem}`"), "make them the same"));
        }
        Ok(Rule {
            id: id.into(),
            title: self.text(root, "title")?,
            severity: self.choice(root, "severity", &Severity::ALL.map(|severity| (severity.name(), severity)))?,
            confidence: self.choice_or(
                root,
                "confidence",
                &[Confidence::Low, Confidence::Medium, Confidence::High].map(|level| (level.name(), level)),
                Confidence::High,
            )?,
            persona: self.choice_or(
                root,
                "persona",
                &[Persona::Regular, Persona::Pedantic, Persona::Auditor].map(|persona| (persona.name(), persona)),
                Persona::Regular,
            )?,
            preset: self.choice_or(
                root,
                "preset",
                &[Preset::Core, Preset::Recommended, Preset::Strict].map(|preset| (preset.name(), preset)),
                Preset::Recommended,
            )?,
            since: root.get("since").map_or(Ok(String::new()), |_| self.text(root, "since"))?,
            why: self.text(root, "why")?,
            fix: self.text(root, "fix")?,
            references: self.texts(root, "references")?,
            say: self.text(root, "say")?,
            say_document: root.get("say_document").map(|_| self.text(root, "say_document")).transpose()?,
            body: self.body(root)?,
            cases: self.cases(root)?,
            origin: self.source.name.clone(),
            custom: self.custom,
        })
    }

    fn body(&self, root: Node<'_>) -> Outcome<Body> {
        if root.get("on").is_some_and(|on| on.is("text")) {
            return self.text_body(root);
        }
        if let Some(stray) = ["words", "match", "hints"].iter().find_map(|key| root.entry(key)) {
            let message = format!("`{}` belongs to rules that are `on: text`", stray.0.text());
            return Err(self.fault(stray.0, message, "what an operation's words must be stands under `when`"));
        }
        let subject = self.choice(root, "on", &Subject::NAMES)?;
        if let Some((key, list)) = root.entry("parts") {
            if subject != Subject::Surface || root.get("when").or_else(|| root.get("check")).is_some() {
                let help = "`parts` needs `on: surface`, and neither `when` nor `check`";
                return Err(self.fault(key, "`parts` does not fit together with the rest".into(), help));
            }
            return Ok(Body::Parts(self.parts(list)?));
        }
        match (root.get("when"), root.get("check")) {
            (Some(when), None) if subject != Subject::Surface => Ok(Body::Query(self.query(root, when, subject)?)),
            (None, Some(_)) if subject == Subject::Surface => {
                Ok(Body::Check(self.choice(root, "check", &Check::NAMES)?))
            }
            _ => {
                let at = root.get("on").unwrap_or(root);
                let help = "`on: surface` needs `check` or `parts`, every other `on` needs `when`";
                Err(self.fault(at, "`on`, `when` and `check` do not fit together".into(), help))
            }
        }
    }

    /// A guard rule: `match`, with `words` and `hints`, or a `check` that is a sign.
    fn text_body(&self, root: Node<'_>) -> Outcome<Body> {
        if let Some(stray) = ["when", "at_least", "depth", "together", "parts"].iter().find_map(|key| root.entry(key)) {
            let message = format!("`{}` does not go with `on: text`", stray.0.text());
            return Err(self.fault(stray.0, message, "a rule about texts has `match`"));
        }
        let list = match (root.get("match"), root.get("check")) {
            (Some(list), None) => list,
            (None, Some(_)) => return Ok(Body::Sign(self.choice(root, "check", &Sign::NAMES)?)),
            _ => return Err(self.fault(root, "`on: text` needs either `match` or `check`".into(), "give one of them")),
        };
        let sets = root.get("words").into_iter().flat_map(Node::members);
        let sets: Vec<WordSet> =
            sets.map(|(name, list)| Ok((name.text().into_owned(), self.list(list)?))).collect::<Outcome<_>>()?;
        let hints = self.texts(root, "hints")?;
        let phrases = list.items().zip(self.list(list)?).map(|(node, written)| {
            Phrase::new(&written, &sets, &hints)
                .map_err(|why| self.fault(node, format!("`{written}` is not a phrase: {why}"), PHRASE_HELP))
        });
        let phrases = phrases.collect::<Outcome<Vec<_>>>()?;
        if phrases.is_empty() {
            return Err(self.fault(list, "`match` says nothing, so the rule would never fire".into(), "add a phrase"));
        }
        Ok(Body::Phrases(phrases))
    }

    /// The kinds of operations of a rule that is about their meeting.
    fn parts(&self, list: Node<'_>) -> Outcome<Vec<Part>> {
        let parts = list.items().map(|part| {
            self.keys(part, &["name", "any"])?;
            let queries = part.get("any").into_iter().flat_map(Node::items).map(|one| {
                self.keys(one, &["on", "when", "at_least", "depth"])?;
                let subject = self.choice(one, "on", &Subject::NAMES)?;
                let when = one.get("when").filter(|_| subject != Subject::Surface).ok_or_else(|| {
                    self.fault(one, "no `when` of an operation".into(), "give `on: operation` and `when`")
                })?;
                self.query(one, when, subject)
            });
            let any = queries.collect::<Outcome<Vec<_>>>()?;
            if any.is_empty() {
                return Err(self.fault(part, "`any` says nothing, so the rule would never fire".into(), "add one"));
            }
            Ok(Part { name: self.text(part, "name")?, any })
        });
        let parts = parts.collect::<Outcome<Vec<_>>>()?;
        if parts.len() < 2 {
            return Err(self.fault(list, "less than two `parts`".into(), "with one alone use `on: operation`"));
        }
        Ok(parts)
    }

    /// When one finding about the document takes the place of many.
    fn together(&self, node: Node<'_>, when: Node<'_>) -> Outcome<Together> {
        self.keys(node, &["always", "over", "share", "say"])?;
        let names: Vec<String> = when.members().map(|(key, _)| key.text().into_owned()).collect();
        let always = node.get("always").into_iter().flat_map(Node::items).map(|item| {
            let place = names.iter().position(|name| item.is(name));
            place
                .ok_or_else(|| self.fault(item, format!("`{}` is not in `when`", item.text()), "name one of its facts"))
        });
        let always = always.collect::<Outcome<Vec<_>>>()?;
        let over = self.number(node, "over", 0)?.map(|count| count as usize);
        let share = self.number(node, "share", 0)?.unwrap_or(0) as usize;
        Ok(Together { always, over, share, say: self.text(node, "say")? })
    }

    fn number(&self, root: Node<'_>, key: &str, least: u64) -> Outcome<Option<u64>> {
        root.get(key).map_or(Ok(None), |value| {
            let number = value.as_u64().filter(|&number| number >= least && number < 1000).map(Some);
            let message = format!("`{key}` is not a number from {least} up");
            number.ok_or_else(|| self.fault(value, message, "give a whole number"))
        })
    }

    fn query(&self, root: Node<'_>, when: Node<'_>, subject: Subject) -> Outcome<Query> {
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

    fn wording(&self, node: Node<'_>, subject: Subject) -> Outcome<Wording> {
        let known: &[&str] = match subject {
            Subject::Operation => &["any", "unless", "summary", "given"],
            _ => &["any", "unless", "tail", "inside", "outside", "beneath", "formats"],
        };
        self.keys(node, known)?;
        let phrases = |key| node.get(key).map_or(Ok(Vocabulary::default()), |list| self.vocabulary(list));
        let mut inside = Vec::new();
        for group in node.get("inside").into_iter().flat_map(Node::items) {
            self.keys(group, &["owners", "operation", "except", "any"])?;
            let part = |key| group.get(key).map_or(Ok(Vocabulary::default()), |list| self.vocabulary(list));
            inside.push(Inside {
                owners: part("owners")?,
                operation: part("operation")?,
                except: part("except")?,
                any: part("any")?,
            });
        }
        let mut given = Vec::new();
        for group in node.get("given").into_iter().flat_map(Node::items) {
            self.keys(group, &["any", "inputs", "change"])?;
            let part = |key| group.get(key).map_or(Ok(Vocabulary::default()), |list| self.vocabulary(list));
            let change = group.get("change").map_or(Ok(Vec::new()), |list| self.names(list, &CHANGES))?;
            given.push(Given { any: part("any")?, inputs: part("inputs")?, change });
        }
        Ok(Wording {
            any: phrases("any")?,
            unless: phrases("unless")?,
            tail: node.get("tail").map(|list| self.vocabulary(list)).transpose()?,
            inside,
            outside: phrases("outside")?,
            beneath: phrases("beneath")?,
            formats: node.get("formats").map_or(Ok(Vec::new()), |list| self.list(list))?,
            summary: phrases("summary")?,
            given,
        })
    }

    fn vocabulary(&self, list: Node<'_>) -> Outcome<Vocabulary> {
        let phrases = self.scalars(list)?;
        Vocabulary::new(phrases.iter().map(|phrase| &**phrase))
            .map_err(|message| self.fault(list, message, "see CONTRIBUTING.md for how phrases are written"))
    }

    fn cases(&self, root: Node<'_>) -> Outcome<Cases> {
        if !self.proven {
            return Ok(Cases::default());
        }
        let help = "every rule proves itself: give `cases` with at least one `bad` and one `good` route";
        let Some(node) = root.get("cases") else { return Err(self.fault(root, "no `cases`".into(), help)) };
        self.keys(node, &["bad", "good"])?;
        let side = |key: &str| -> Outcome<Vec<Case>> {
            let list = node.get(key).filter(|list| list.items().next().is_some());
            let list = list.ok_or_else(|| self.fault(node, format!("no `{key}` case"), help))?;
            Ok(list
                .items()
                .map(|case| Case { node: case.index(), line: self.source.position(case.span().start).line })
                .collect())
        };
        Ok(Cases { bad: side("bad")?, good: side("good")? })
    }

    fn keys(&self, node: Node<'_>, known: &[&str]) -> Outcome<()> {
        if !node.is_object() {
            return Err(self.fault(
                node,
                "a mapping belongs here".into(),
                &format!("its keys are {}", known.join(", ")),
            ));
        }
        let mut seen: Vec<String> = Vec::new();
        for (key, _) in node.members() {
            let name = key.text();
            if !known.contains(&&*name) {
                let help = match nearest(&name, known) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => format!("the keys here are {}", known.join(", ")),
                };
                return Err(self.fault(key, format!("unknown key `{name}`"), &help));
            }
            if seen.iter().any(|earlier| *earlier == name) {
                return Err(self.fault(key, format!("the key `{name}` stands twice"), "remove one of the two"));
            }
            seen.push(name.into_owned());
        }
        Ok(())
    }

    fn text(&self, root: Node<'_>, key: &str) -> Outcome<String> {
        let value = root.get(key).ok_or_else(|| self.fault(root, format!("no `{key}`"), "every rule has one"))?;
        let text = value.as_scalar().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        text.ok_or_else(|| self.fault(value, format!("`{key}` is not a text"), "write a sentence"))
    }

    fn texts(&self, root: Node<'_>, key: &str) -> Outcome<Vec<String>> {
        root.get(key).map_or(Ok(Vec::new()), |list| self.list(list))
    }

    fn list(&self, list: Node<'_>) -> Outcome<Vec<String>> {
        Ok(self.scalars(list)?.into_iter().map(Cow::into_owned).collect())
    }

    fn scalars<'t>(&self, list: Node<'t>) -> Outcome<Vec<Cow<'t, str>>> {
        if !list.is_array() {
            return Err(self.fault(list, "a list belongs here".into(), "write `[a, b]`, or one `- a` a line"));
        }
        list.items()
            .map(|item| {
                item.as_scalar().ok_or_else(|| {
                    self.fault(item, "a text belongs here".into(), "put it in quotes if it is a special word of YAML")
                })
            })
            .collect()
    }

    fn names<T: Copy>(&self, list: Node<'_>, known: &[(&str, T)]) -> Outcome<Vec<T>> {
        if !list.is_array() {
            return Err(self.fault(list, "a list belongs here".into(), "write `[a, b]`"));
        }
        list.items().map(|item| self.named(item, known)).collect()
    }

    fn choice<T: Copy>(&self, root: Node<'_>, key: &str, known: &[(&str, T)]) -> Outcome<T> {
        let value = root.get(key).ok_or_else(|| self.fault(root, format!("no `{key}`"), "every rule has one"))?;
        self.named(value, known)
    }

    fn choice_or<T: Copy>(&self, root: Node<'_>, key: &str, known: &[(&str, T)], default: T) -> Outcome<T> {
        root.get(key).map_or(Ok(default), |value| self.named(value, known))
    }

    fn named<T: Copy>(&self, value: Node<'_>, known: &[(&str, T)]) -> Outcome<T> {
        let text = value.text();
        known.iter().find(|(name, _)| *name == text).map(|&(_, value)| value).ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            self.fault(value, format!("`{text}` is not known here"), &format!("use one of {}", names.join(", ")))
        })
    }

    fn truth(&self, value: Node<'_>) -> Outcome<bool> {
        value.as_bool().ok_or_else(|| self.fault(value, "true or false belongs here".into(), "write true or false"))
    }

    fn fault(&self, at: Node<'_>, message: String, help: &str) -> RuleError {
        RuleError {
            file: self.source.name.clone(),
            text: self.source.text.as_str().into(),
            span: Some(at.span()),
            message,
            help: help.into(),
        }
    }
}
