//! Reading one rule file, with the place of whatever is wrong in it.

mod fact;
mod value;

use std::path::Path;
use std::sync::Arc;

use super::phrase::{Phrase, Unless, WordSet};
use super::{Body, Case, Cases, Check, Confidence, Part, Persona, Preset, Rule, Severity, Sign, Subject, Together};
use crate::source::{Source, Span};
use crate::syntax::Node;

/// The keys of a rule file.
const KEYS: [&str; 24] = [
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
    "unless",
    "hints",
    "say",
    "say_document",
    "cases",
];

const PHRASE_HELP: &str = "see CONTRIBUTING.md for how phrases of guard rules are written";

/// What is wrong with a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// The file.
    pub file: String,
    /// Its text, if it was read.
    pub text: Arc<str>,
    /// Where in it, if the fault has a place.
    pub span: Option<Span>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Reads one rule file and says where it is wrong.
#[derive(Debug)]
pub struct RuleReader<'s> {
    /// The file.
    pub source: &'s Source,
    /// Whether it is the user's.
    pub custom: bool,
}

type Outcome<T> = Result<T, RuleError>;

impl RuleReader<'_> {
    /// The rule of a file's tree.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn rule(&self, root: Node<'_>) -> Outcome<Rule> {
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
        if let Some(stray) = ["words", "match", "unless", "hints"].iter().find_map(|key| root.entry(key)) {
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

    /// A guard rule: `match`, with `words`, `unless` and `hints`, or a `check` that is a sign.
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
        let contexts = self.texts(root, "unless")?;
        let unless = Unless::new(&contexts, &sets).map_err(|(number, why)| {
            let at = root.get("unless").and_then(|list| list.items().nth(number)).unwrap_or(root);
            self.fault(at, format!("`{}` is not a phrase: {why}", contexts[number]), PHRASE_HELP)
        })?;
        Ok(Body::Phrases(phrases, unless))
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

    fn cases(&self, root: Node<'_>) -> Outcome<Cases> {
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
}
