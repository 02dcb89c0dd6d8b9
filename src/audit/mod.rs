//! Rules over a surface: facts in, matches out.

mod check;
mod field;
mod part;
mod proof;

use std::sync::Arc;

use crate::finding::{Finding, Match, Related, fill, suggestion};
use crate::rule::{Body, Judge, Limits, Need, Query, Rule, Subject, Wording};
use crate::source::Span;
use crate::surface::detail::Details;
use crate::surface::{Documents, Exposure, Fact, Operation, Parameter, SchemaId, Surface, Words};

use field::{Direction, Fields};
pub use proof::prove;

/// Fields that a sentence names; the report lists them all.
const MAX_NAMED: usize = 3;

/// What the rules found, and where they could not tell.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Facts, by rule and then in the order of operations.
    pub matches: Vec<Match>,
    /// Rules that lacked a fact.
    pub not_assessed: Vec<NotAssessed>,
    /// How many schemas were entered, for tests of what an audit costs.
    pub visits: usize,
}

/// A rule that could not judge some operations, because the input leaves the fact open that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAssessed {
    /// Index of the rule.
    pub rule: usize,
    /// The operations.
    pub operations: Vec<usize>,
}

/// What an audit has to go by.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// The operations.
    pub surface: &'c Surface,
    /// The documents that they were read from.
    pub documents: &'c Documents,
    /// The user's choices.
    pub limits: Limits,
    /// Who judges the texts that a model would read.
    pub judge: &'c dyn Judge,
}

/// Runs every rule over every exposed operation.
pub fn run(rules: &[Arc<Rule>], context: &Context<'_>) -> Outcome {
    let surface = context.surface;
    let mut outcome = Outcome::default();
    let mut fields = Fields::new(surface, Details::new(surface, context.documents));
    for (number, rule) in rules.iter().enumerate() {
        match &rule.body {
            Body::Query(query) => {
                let (found, open) = over_operations(query, surface, &mut fields);
                match together(query, surface, &mut fields, &found) {
                    Some(say) => outcome.matches.push(document_match(number, say, surface, &found)),
                    None => {
                        outcome.matches.extend(found.into_iter().map(|(index, hits)| {
                            operation_match(number, rule, index, &surface.operations[index], hits)
                        }))
                    }
                }
                outcome.leave_open(number, open);
            }
            Body::Parts(parts) => {
                let answer = part::meeting(parts, surface, &mut fields);
                outcome
                    .matches
                    .extend(answer.findings.into_iter().map(|found| check_match(number, rule, surface, found)));
                outcome.leave_open(number, answer.open);
            }
            Body::Check(check) => {
                let answer = check::run(*check, context);
                outcome
                    .matches
                    .extend(answer.findings.into_iter().map(|found| check_match(number, rule, surface, found)));
                outcome.leave_open(number, answer.open);
            }
            // These are about calls, not about an API.
            Body::Phrases(_) | Body::Sign(_) => {}
        }
    }
    outcome.visits = fields.visits();
    outcome
}

impl Outcome {
    fn leave_open(&mut self, rule: usize, operations: Vec<usize>) {
        if !operations.is_empty() {
            self.not_assessed.push(NotAssessed { rule, operations });
        }
    }
}

/// The exposed operations that match a query, and those of which the input does not say enough.
fn over_operations(query: &Query, surface: &Surface, fields: &mut Fields<'_>) -> (Vec<(usize, Vec<Hit>)>, Vec<usize>) {
    let (mut found, mut open) = (Vec::new(), Vec::new());
    fields.begin_rule();
    for (index, operation) in surface.operations.iter().enumerate() {
        if operation.exposure != Exposure::Exposed {
            continue;
        }
        match ask(query, operation, fields) {
            Answer::No => {}
            Answer::Open => open.push(index),
            Answer::Yes(hits) => found.push((index, hits)),
        }
    }
    (found, open)
}

/// The sentence about the whole document, if one finding says it all.
fn together<'q>(
    query: &'q Query,
    surface: &Surface,
    fields: &mut Fields<'_>,
    found: &[(usize, Vec<Hit>)],
) -> Option<&'q str> {
    let together = query.together.as_ref().filter(|_| !found.is_empty())?;
    let always = !together.always.is_empty()
        && surface.exposed().all(|operation| {
            together.always.iter().all(|&need| match &query.needs[need] {
                // A login takes a password, and says nothing of whether the rest asks who is calling.
                Need::Authenticated(wanted) => fields.details().is_secured(operation) == Some(*wanted),
                need => holds(need, operation, false, fields) == Some(true),
            })
        });
    let many = together.over.is_some_and(|most| found.len() > most) && {
        let others = query.needs.iter().enumerate().filter(|(place, _)| !together.always.contains(place));
        let others: Vec<&Need> = others.map(|(_, need)| need).collect();
        let like = surface
            .exposed()
            .filter(|operation| others.iter().all(|need| holds(need, operation, false, fields) == Some(true)));
        together.share == 0 || found.len() * 100 >= like.count() * together.share
    };
    (always || many).then_some(&together.say)
}

/// One finding about several operations.
fn document_match(number: usize, say: &str, surface: &Surface, found: &[(usize, Vec<Hit>)]) -> Match {
    let operations: Vec<&Operation> = found.iter().map(|(index, _)| &surface.operations[*index]).collect();
    let listed = Listed::new(&operations);
    let values = [
        ("count", operations.len().to_string()),
        ("tools", surface.exposed().count().to_string()),
        ("operations", listed.named),
    ];
    Match {
        rule: number,
        operation: None,
        subject: String::new(),
        message: fill(say, &values),
        span: surface.head,
        pointer: surface.head_pointer.clone(),
        fields: listed.labels,
        related: listed.related,
    }
}

/// Operations as a finding about several of them names them.
struct Listed {
    /// The first few, for a sentence.
    named: String,
    /// All of them.
    labels: Vec<String>,
    /// Where they stand.
    related: Vec<Related>,
}

impl Listed {
    fn new(operations: &[&Operation]) -> Self {
        let labels: Vec<String> = operations.iter().map(|operation| operation.label()).collect();
        let related = operations.iter().zip(&labels);
        Self {
            named: named(&labels),
            related: related.map(|(operation, label)| Related { span: operation.span, label: label.clone() }).collect(),
            labels,
        }
    }
}

/// What a query says of one operation.
enum Answer {
    Yes(Vec<Hit>),
    No,
    /// The input does not say.
    Open,
}

/// A parameter or field that matched: its path from the body, and where its name is written.
#[derive(Debug, Clone)]
struct Hit {
    name: String,
    span: Span,
}

fn ask(query: &Query, operation: &Operation, fields: &mut Fields<'_>) -> Answer {
    let is_field = query.subject != Subject::Operation;
    let mut open = false;
    for need in &query.needs {
        match holds(need, operation, is_field, fields) {
            Some(true) => {}
            Some(false) => return Answer::No,
            None => open = true,
        }
    }
    if !is_field {
        return if open { Answer::Open } else { Answer::Yes(Vec::new()) };
    }
    let mut hits = Vec::new();
    if matches!(query.subject, Subject::Parameter | Subject::Input | Subject::Body | Subject::Data) {
        match &operation.parameters {
            Fact::Unknown => open = true,
            Fact::Missing => {}
            Fact::Known(parameters) => {
                let body = query.subject == Subject::Body;
                for parameter in parameters.iter().filter(|parameter| !body || parameter.place.is_body()) {
                    match parameter_matches(query, parameter, &operation.words, fields) {
                        Some(true) => hits.push(Hit { name: parameter.name.to_string(), span: parameter.span }),
                        Some(false) => {}
                        None => open = true,
                    }
                }
            }
        }
    }
    let roots = |body: &Fact<Vec<SchemaId>>| -> Vec<_> {
        body.known().into_iter().flatten().map(|&schema| (None, schema)).collect()
    };
    if matches!(query.subject, Subject::Input | Subject::Body | Subject::Data) {
        open |= operation.request.is_unknown();
        let mut taken = roots(&operation.request);
        // A parameter may be an object with fields of its own.
        let parameters = operation.parameters.known().into_iter().flatten();
        taken.extend(parameters.filter_map(|parameter| Some((Some(&parameter.name), *parameter.schema.known()?))));
        hits.extend(fields.find(query, operation, taken, Direction::Request).iter().cloned());
    }
    if matches!(query.subject, Subject::Output | Subject::Data) {
        open |= operation.response.is_unknown();
        let given = fields.find(query, operation, roots(&operation.response), Direction::Response);
        hits.extend(given.iter().cloned());
    }
    // What was found counts even if more might be there.
    match hits.len() {
        count if count >= query.at_least => Answer::Yes(hits),
        _ if open => Answer::Open,
        _ => Answer::No,
    }
}

/// Whether an operation satisfies a need; none if the input does not say. Needs of fields are not asked here.
fn holds(need: &Need, operation: &Operation, is_field: bool, fields: &mut Fields<'_>) -> Option<bool> {
    match need {
        Need::Method(methods) => {
            operation.method.as_ref().map(|method| methods.iter().any(|wanted| wanted.eq_ignore_ascii_case(method)))
        }
        Need::Effect(effects) => operation.effect.map(|effect| effects.contains(&effect)),
        Need::Change(changes) => operation.change().map(|change| changes.contains(&change)),
        Need::Scope(scopes) => operation.scope(fields.schemas()).map(|scope| scopes.contains(&scope)),
        Need::Described(wanted) => operation.described().map(|described| described == *wanted),
        Need::Specified(wanted) => operation.specified().map(|specified| specified == *wanted),
        Need::Authenticated(wanted) => fields.details().authenticated(operation).map(|known| known == *wanted),
        Need::Mark(marks) => {
            fields.details().mark(operation).map(|mark| mark.is_some_and(|mark| marks.contains(&mark)))
        }
        Need::Lists(wanted) => fields.details().lists(operation).map(|known| known == *wanted),
        Need::Paged(wanted) => fields.details().paged(operation).map(|known| known == *wanted),
        Need::Operation(wording) => has_wording(wording, operation, fields),
        Need::Words(wording) if !is_field => has_wording(wording, operation, fields),
        Need::Words(_) | Need::Types(_) | Need::Typed(_) | Need::Listed(_) | Need::Open(_) => Some(true),
    }
}

/// Whether an operation has the wording, in its path, its name, or the first sentence of its text.
fn has_wording(wording: &Wording, operation: &Operation, fields: &mut Fields<'_>) -> Option<bool> {
    if wording.is_harmless(&operation.words) {
        return Some(false);
    }
    if wording.is_exception() || wording.matches(&operation.words) {
        return Some(true);
    }
    if !wording.summary.is_empty() {
        let gist = Words::text(operation.gist());
        if wording.summary.find(&gist, |_| true) && !wording.is_harmless(&gist) {
            return Some(true);
        }
    }
    let mut open = false;
    for given in wording.given.iter().filter(|given| given.any.find(&operation.words, |_| true)) {
        if !given.change.is_empty() && !operation.change().is_some_and(|change| given.change.contains(&change)) {
            continue;
        }
        if given.inputs.is_empty() || fields.takes(operation, &given.inputs) {
            return Some(true);
        }
        open |= operation.parameters.is_unknown() || operation.request.is_unknown();
    }
    (!open).then_some(false)
}

fn parameter_matches(query: &Query, parameter: &Parameter, operation: &Words, fields: &mut Fields<'_>) -> Option<bool> {
    let mut open = false;
    for need in &query.needs {
        let holds = match need {
            Need::Words(wording) => Some(fields.parameter_has(wording, parameter, operation)),
            Need::Types(types) => match parameter.schema {
                Fact::Known(schema) => Some(fields.has_type(schema, *types)),
                Fact::Missing | Fact::Unknown => Some(true),
            },
            Need::Typed(wanted) => match parameter.schema {
                Fact::Known(schema) => Some((parameter.default || fields.is_typed(schema)) == *wanted),
                Fact::Missing => Some(parameter.default == *wanted),
                Fact::Unknown if parameter.default => Some(*wanted),
                Fact::Unknown => None,
            },
            Need::Listed(wanted) => match parameter.schema {
                Fact::Known(schema) => Some(fields.is_listed(schema) == *wanted),
                Fact::Missing | Fact::Unknown => Some(!*wanted),
            },
            Need::Open(wanted) => match parameter.schema {
                Fact::Known(schema) => Some(fields.is_open(schema) == *wanted),
                Fact::Missing | Fact::Unknown => Some(!*wanted),
            },
            _ => Some(true),
        };
        match holds {
            Some(true) => {}
            Some(false) => return Some(false),
            None => open = true,
        }
    }
    (!open).then_some(true)
}

/// What a finding about fields says of some of them only.
pub fn about(finding: &Finding, operation: &Operation, fields: &[usize]) -> Finding {
    let related: Vec<Related> = fields.iter().filter_map(|&index| finding.related.get(index).cloned()).collect();
    let hits: Vec<Hit> = related.iter().map(|hit| Hit { name: hit.label.clone(), span: hit.span }).collect();
    let mut values = vec![("count", hits.len().to_string()), ("fields", named(hits.iter().map(|hit| &hit.name)))];
    values.extend(operation.placeholders());
    let fields: Vec<String> = hits.into_iter().map(|hit| hit.name).collect();
    Finding {
        message: fill(&finding.rule.say, &values),
        suggestion: suggestion(&finding.rule, Some(operation), &fields),
        fields,
        related,
        ..finding.clone()
    }
}

fn operation_match(number: usize, rule: &Rule, index: usize, operation: &Operation, hits: Vec<Hit>) -> Match {
    let mut values = vec![("count", hits.len().to_string()), ("fields", named(hits.iter().map(|hit| &hit.name)))];
    values.extend(operation.placeholders());
    Match {
        rule: number,
        operation: Some(index),
        subject: String::new(),
        message: fill(&rule.say, &values),
        span: operation.span,
        pointer: operation.pointer.clone(),
        related: hits.iter().map(|hit| Related { span: hit.span, label: hit.name.clone() }).collect(),
        fields: hits.into_iter().map(|hit| hit.name).collect(),
    }
}

fn check_match(number: usize, rule: &Rule, surface: &Surface, found: check::Finding) -> Match {
    let operation = found.operation.map(|index| &surface.operations[index]);
    let say = rule.say_document.as_ref().filter(|_| operation.is_none()).unwrap_or(&rule.say);
    let mut values = found.values;
    if let Some(operation) = operation {
        values.extend(operation.placeholders());
    }
    let (span, pointer) = found.place.unwrap_or_else(|| {
        operation.map_or_else(
            || (surface.head, surface.head_pointer.clone()),
            |operation| (operation.span, operation.pointer.clone()),
        )
    });
    Match {
        rule: number,
        operation: found.operation,
        subject: found.subject,
        message: fill(say, &values),
        span,
        pointer,
        fields: found.fields,
        related: found.related,
    }
}

/// `a`, `b`, `c` and 4 more.
fn named<'n>(names: impl IntoIterator<Item = &'n String, IntoIter: ExactSizeIterator>) -> String {
    let names = names.into_iter();
    let count = names.len();
    let shown: Vec<String> = names.take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
    let more = count - shown.len();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}
