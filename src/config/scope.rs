//! What a configuration may say for all documents or for one: what of it is exposed, and what is checked.

use std::sync::Arc;

use super::{Fault, Word};
use crate::pack::Pack;
use crate::rule::{Body, Bridge, Check, Preset, Rule, Severity, nearest};
use crate::syntax::Node;

/// Choices that leave open what nobody chose.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Globs of what becomes tools.
    pub include: Option<Vec<Word>>,
    /// Globs of what does not.
    pub exclude: Option<Vec<Word>>,
    /// Most tools that a model should be given.
    pub max_tools: Option<usize>,
    /// Rules and presets to run.
    pub select: Option<Vec<Word>>,
    /// Rules and presets not to run.
    pub ignore: Option<Vec<Word>>,
    /// Severities by rule; of equal rules the first counts.
    pub severity: Vec<(Word, Severity)>,
    /// Further words for rules.
    pub options: Vec<Options>,
    /// The severity from which findings block; within, none if they never do.
    pub fail_on: Option<Option<Severity>>,
    /// Names and descriptions by operation; of equal operations the first counts.
    pub tools: Vec<ToolText>,
}

/// Further words for the vocabulary of a rule.
#[derive(Debug, Clone)]
pub struct Options {
    /// The rule.
    pub rule: Word,
    /// Phrases that name the hazard.
    pub words: Vec<Word>,
    /// Contexts in which a name is harmless.
    pub harmless: Vec<Word>,
    /// What makes the tools.
    pub bridge: Option<Bridge>,
}

/// What a bridge tells the model in the place of the document.
#[derive(Debug, Clone)]
pub struct ToolText {
    /// `METHOD /path`, or the operation's name.
    pub operation: Word,
    /// The name of the tool.
    pub name: Option<String>,
    /// Its description.
    pub description: Option<String>,
}

impl Scope {
    /// Reads the keys of a mapping that was held against its form.
    pub(super) fn read(node: Node<'_>) -> Self {
        let text = |node: Node<'_>, key| node.get(key).and_then(Node::as_scalar).map(|text| text.trim().to_owned());
        let severity = |name: &str| Severity::ALL.into_iter().find(|severity| severity.name() == name);
        Self {
            include: words(node, "include"),
            exclude: words(node, "exclude"),
            max_tools: node.get("max_tools").and_then(Node::as_u64).map(|count| count as usize),
            select: words(node, "select"),
            ignore: words(node, "ignore"),
            severity: node
                .get("severity")
                .into_iter()
                .flat_map(Node::members)
                .filter_map(|(rule, level)| Some((word(rule), severity(&level.text())?)))
                .collect(),
            options: node
                .get("options")
                .into_iter()
                .flat_map(Node::members)
                .map(|(rule, entry)| Options {
                    rule: word(rule),
                    words: words(entry, "words").unwrap_or_default(),
                    harmless: words(entry, "harmless").unwrap_or_default(),
                    bridge: text(entry, "bridge").and_then(|name| Bridge::named(&name)),
                })
                .collect(),
            fail_on: text(node, "fail_on").map(|name| severity(&name)),
            tools: node
                .get("tools")
                .into_iter()
                .flat_map(Node::members)
                .map(|(operation, texts)| ToolText {
                    operation: word(operation),
                    name: text(texts, "name"),
                    description: text(texts, "description"),
                })
                .collect(),
        }
    }

    /// These choices where any were made, else those of `below`. A list takes the place of the one below it; mappings
    /// are added to what stands below.
    #[must_use]
    pub fn over(self, below: &Self) -> Self {
        Self {
            include: self.include.or_else(|| below.include.clone()),
            exclude: self.exclude.or_else(|| below.exclude.clone()),
            max_tools: self.max_tools.or(below.max_tools),
            select: self.select.or_else(|| below.select.clone()),
            ignore: self.ignore.or_else(|| below.ignore.clone()),
            severity: self.severity.into_iter().chain(below.severity.iter().cloned()).collect(),
            options: self.options.into_iter().chain(below.options.iter().cloned()).collect(),
            fail_on: self.fail_on.or(below.fail_on),
            tools: self.tools.into_iter().chain(below.tools.iter().cloned()).collect(),
        }
    }

    /// The rules to run: those of the presets and ids in `select`, and `besides`, less those in `ignore`, each with the
    /// words and as bad as was chosen.
    ///
    /// # Errors
    /// A word that is neither a preset nor a rule id, with the nearest one that is; further words that a rule cannot take.
    pub fn rules(&self, pack: &Pack, besides: Option<&str>) -> Result<Vec<Arc<Rule>>, Fault> {
        let all = self.worded(pack)?;
        let recommended = [Word::flag(Preset::Recommended.name())];
        let select = self.select.as_deref().unwrap_or(&recommended);
        let ignore = self.ignore.as_deref().unwrap_or_default();
        let presets = [Preset::Core, Preset::Recommended, Preset::Strict];
        let mut known: Vec<&str> = pack.rules.iter().map(|rule| &*rule.id).collect();
        known.extend(presets.map(Preset::name));
        for word in select.iter().chain(ignore) {
            if !known.contains(&word.text.as_str()) {
                return Err(unknown(word, "neither a rule nor a preset", &known));
            }
        }
        for (rule, _) in &self.severity {
            known_rule(pack, rule)?;
        }
        let named = |words: &[Word], rule: &Rule| {
            words.iter().any(|word| {
                word.text == *rule.id
                    || presets.iter().any(|preset| preset.name() == word.text && rule.preset <= *preset)
            })
        };
        let chosen =
            all.iter().filter(|rule| (named(select, rule) || besides == Some(&*rule.id)) && !named(ignore, rule));
        Ok(chosen.map(|rule| self.weighed(rule)).collect())
    }

    /// The rules, with the further words that were chosen for them.
    fn worded(&self, pack: &Pack) -> Result<Vec<Arc<Rule>>, Fault> {
        let mut rules = pack.rules.clone();
        for Options { rule: id, words, harmless, bridge } in &self.options {
            let known = known_rule(pack, id)?;
            if bridge.is_some() {
                if !matches!(known.body, Body::Check(Check::ToolName)) {
                    let help = "`bridge` belongs to `tool-name`";
                    return Err(Fault::of(id, format!("`{}` is the same for every bridge", id.text), help));
                }
                if words.is_empty() && harmless.is_empty() {
                    continue;
                }
            }
            let Some(place) = rules.iter_mut().find(|known| *known.id == *id.text) else { continue };
            let mut rule = Rule::clone(place);
            let Body::Query(query) = &mut rule.body else { return Err(no_vocabulary(id)) };
            let mut wordings = query.wordings().peekable();
            if wordings.peek().is_none() {
                return Err(no_vocabulary(id));
            }
            for wording in wordings {
                for (vocabulary, phrases) in [(&mut wording.any, words), (&mut wording.unless, harmless)] {
                    for phrase in phrases {
                        vocabulary.add([phrase.text.as_str()]).map_err(|why| {
                            let help = "write whole words, such as `sign in`; CONTRIBUTING.md has all forms";
                            Fault::of(phrase, why, help)
                        })?;
                    }
                }
            }
            *place = Arc::new(rule);
        }
        Ok(rules)
    }

    /// What makes the tools, if anybody said.
    pub fn bridge(&self) -> Option<Bridge> {
        self.options.iter().find_map(|options| options.bridge)
    }

    fn weighed(&self, rule: &Arc<Rule>) -> Arc<Rule> {
        match self.severity.iter().find(|(id, _)| id.text == *rule.id) {
            Some(&(_, severity)) if severity != rule.severity => Arc::new(Rule { severity, ..Rule::clone(rule) }),
            _ => Arc::clone(rule),
        }
    }
}

fn no_vocabulary(id: &Word) -> Fault {
    let help = "`mcpsentry rules explain` says what it looks for";
    Fault::of(id, format!("`{}` does not go by words, so it takes no further ones", id.text), help)
}

/// The rule that a word names.
///
/// # Errors
/// There is none, with the nearest one that is.
pub(super) fn known_rule<'p>(pack: &'p Pack, word: &Word) -> Result<&'p Arc<Rule>, Fault> {
    pack.get(&word.text).ok_or_else(|| {
        let known: Vec<&str> = pack.rules.iter().map(|rule| &*rule.id).collect();
        unknown(word, "not a rule", &known)
    })
}

fn unknown(word: &Word, what: &str, known: &[&str]) -> Fault {
    let help = nearest(&word.text, known).map_or_else(
        || "`mcpsentry rules list` names them all".to_owned(),
        |nearest| format!("did you mean `{nearest}`?"),
    );
    Fault::of(word, format!("`{}` is {what}", word.text), help)
}

/// A scalar with its place.
pub(super) fn word(node: Node<'_>) -> Word {
    Word { text: node.text().trim().to_owned(), span: Some(node.span()) }
}

/// The texts of a list, or a text that stands alone; none if the key is not there.
pub(super) fn words(node: Node<'_>, key: &str) -> Option<Vec<Word>> {
    let value = node.get(key).filter(|value| !value.is_null())?;
    Some(if value.is_array() { value.items().map(word).collect() } else { vec![word(value)] })
}
