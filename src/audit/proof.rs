//! A rule's own cases, run through the engine that audits.

use std::sync::Arc;

use super::{Context, run};
use crate::finding::{self, Match};
use crate::rule::{Body, Bridge, Case, Failure, Judge, Limits, Persona, Rule};
use crate::surface::{Documents, case_surface};
use crate::syntax::Node;

/// Runs the cases of one rule. `text` is the rule's file; `judge` judges texts as in an audit.
pub fn prove(rule: &Arc<Rule>, text: &str, judge: &dyn Judge) -> Vec<Failure> {
    let documents = Documents::default();
    let mut failures = Vec::new();
    let fail = |case: &Case, message: String| Failure {
        rule: Arc::clone(&rule.id),
        file: rule.origin.clone(),
        line: case.line,
        message,
    };
    let Ok(root) = documents.open_bytes(&rule.origin, text.as_bytes().to_vec()) else { return failures };
    let expected =
        rule.cases.bad.iter().map(|case| (case, true)).chain(rule.cases.good.iter().map(|case| (case, false)));
    for (case, bad) in expected {
        let node = documents.node((root.source(), case.node));
        let (surface, max_tools) = match case_surface(&documents, node) {
            Ok(read) => read,
            Err(message) => {
                failures.push(fail(case, message));
                continue;
            }
        };
        let named = node.get("routes").and_then(|_| node.get("bridge")).and_then(Node::as_scalar);
        let bridge = named.as_deref().and_then(Bridge::named);
        if let Some(name) = named.filter(|_| bridge.is_none()) {
            failures.push(fail(case, format!("`{name}` is not a bridge")));
            continue;
        }
        let limits = Limits { max_tools, bridge, ..Limits::default() };
        let context = Context { surface: &surface, documents: &documents, limits, judge };
        let judge = |found: Match| {
            let operation = found.operation.map(|index| &surface.operations[index]);
            Some(finding::judge(rule, found, 0, operation, Persona::Auditor))
        };
        let outcome = run(std::slice::from_ref(rule), &context, judge);
        let routes = surface.operations.iter().map(|operation| operation.label()).collect::<Vec<_>>().join(", ");
        match (bad, outcome.matches.first()) {
            (true, None) => {
                let open = if outcome.not_assessed.is_empty() { "" } else { " (a fact that it needs is not given)" };
                failures.push(fail(case, format!("bad case {routes}: the rule found nothing{open}")));
            }
            (false, Some(found)) => {
                failures.push(fail(case, format!("good case {routes}: the rule says \"{}\"", found.message())));
            }
            (false, None) if !outcome.not_assessed.is_empty() && matches!(rule.body, Body::Query(_)) => {
                let message = format!("good case {routes}: the rule could not judge it; give the fact that it needs");
                failures.push(fail(case, message));
            }
            _ => {}
        }
    }
    failures
}
