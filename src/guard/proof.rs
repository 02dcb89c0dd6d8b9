//! A guard rule's own cases, run through the engine that scans.

use std::sync::Arc;

use serde_json::Value;

use super::{Catalogue, Guard, Options, Verdict};
use crate::rule::{Body, Case, Failure, Rule};
use crate::source::{Source, SourceId};
use crate::syntax::{self, Kind, Node};

/// Runs the cases of one rule. `text` is the rule's file.
pub fn prove(rule: &Arc<Rule>, text: &str) -> Vec<Failure> {
    let source = Source::new(SourceId(0), rule.origin.as_str(), text);
    let Ok(tree) = syntax::parse(&source) else { return Vec::new() };
    // A sign is about what the other rules find.
    let catalogue = match rule.body {
        Body::Sign(_) => Catalogue::shipped(),
        _ => match Catalogue::of(std::slice::from_ref(rule)) {
            Ok(catalogue) => catalogue,
            Err(message) => {
                return vec![Failure { rule: Arc::clone(&rule.id), file: rule.origin.clone(), line: 1, message }];
            }
        },
    };
    let guard = Guard::new(catalogue, Options::default());
    let fires = |case: &Case| {
        let verdict = verdict(&guard, tree.node(case.node));
        verdict.matches.iter().any(|found| found.head.id == *rule.id)
    };
    let failure = |case: &Case, message: &str| Failure {
        rule: Arc::clone(&rule.id),
        file: rule.origin.clone(),
        line: case.line,
        message: message.to_owned(),
    };
    let missed =
        rule.cases.bad.iter().filter(|case| !fires(case)).map(|case| failure(case, "bad case: the rule found nothing"));
    let wrong =
        rule.cases.good.iter().filter(|case| fires(case)).map(|case| failure(case, "good case: the rule fires"));
    missed.chain(wrong).collect()
}

fn verdict(guard: &Guard, case: Node<'_>) -> Verdict {
    match case.as_scalar() {
        Some(text) => guard.scan_any(text),
        None => guard.scan_any(value(case).to_string()),
    }
}

/// The case as JSON, which its file may have written as YAML.
fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => node.as_bool().into(),
        Kind::Number => serde_json::from_str(&node.text()).unwrap_or(Value::Null),
        Kind::String => node.text().into_owned().into(),
        Kind::Array => node.items().map(value).collect(),
        Kind::Object => node
            .members()
            .map(|(key, member)| (key.text().into_owned(), value(member)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}
