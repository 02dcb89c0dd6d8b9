//! Facts put into the sentences of their rules.

use super::ask::Hit;
use super::check;
use crate::finding::{Finding, Match, Related, fill, suggestion};
use crate::rule::Rule;
use crate::surface::{Operation, Surface};

/// Fields that a sentence names; the report lists them all.
const MAX_NAMED: usize = 3;

/// One finding about several operations.
pub(super) fn document_match(number: usize, say: &str, surface: &Surface, operations: &[&Operation]) -> Match {
    let listed = Listed::new(operations);
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
pub(super) struct Listed {
    /// The first few, for a sentence.
    pub(super) named: String,
    /// All of them.
    pub(super) labels: Vec<String>,
    /// Where they stand.
    pub(super) related: Vec<Related>,
}

impl Listed {
    pub(super) fn new(operations: &[&Operation]) -> Self {
        let labels: Vec<String> = operations.iter().map(|operation| operation.label()).collect();
        let related = operations.iter().zip(&labels);
        Self {
            named: named(&labels),
            related: related.map(|(operation, label)| Related { span: operation.span, label: label.clone() }).collect(),
            labels,
        }
    }
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

/// One finding about an operation, or about fields of it.
pub(super) fn operation_match(
    number: usize,
    rule: &Rule,
    index: usize,
    operation: &Operation,
    hits: Vec<Hit>,
) -> Match {
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

/// What a check found.
pub(super) fn check_match(number: usize, rule: &Rule, surface: &Surface, found: check::Finding) -> Match {
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
