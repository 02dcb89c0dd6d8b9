//! Rules over a surface: facts in, matches out.

mod ask;
mod candidate;
mod check;
mod entered;
mod field;
mod inquiry;
mod judgement;
mod part;
mod proof;
mod sentence;
mod value;
mod vicinity;

use std::cell::OnceCell;
use std::sync::Arc;

use crate::finding::Match;
use crate::rule::{Body, Judge, Limits, Query, Rule};
use crate::surface::{Documents, Operation, Surface};

pub use proof::prove;

/// What the rules found, and where they could not tell.
#[derive(Debug)]
pub struct Outcome<T = Match> {
    /// What was made of the facts, by rule and then in the order of operations.
    pub matches: Vec<T>,
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

/// Runs every rule over every exposed operation. There may be millions of facts, so `keep` makes of each what is kept of
/// it, if anything is, as soon as it is found.
pub fn run<T>(rules: &[Arc<Rule>], context: &Context<'_>, keep: impl Fn(Match) -> Option<T>) -> Outcome<T> {
    let surface = context.surface;
    let mut outcome = Outcome { matches: Vec::new(), not_assessed: Vec::new(), visits: 0 };
    let queries: Vec<&Query> = rules.iter().flat_map(|rule| rule.queries()).collect();
    let results = inquiry::all(&queries, context, &mut outcome.visits);
    // What grows step by step is there twice at each step.
    outcome.matches.reserve_exact(results.iter().map(inquiry::Result::count).sum());
    let mut results = results.into_iter();
    let wrong = OnceCell::new();
    for (number, rule) in rules.iter().enumerate() {
        let matches = &mut outcome.matches;
        let open = match &rule.body {
            Body::Query(_) => {
                let result = results.next().unwrap_or_default();
                match result.together {
                    Some(say) => {
                        let operations: Vec<&Operation> =
                            result.found.iter().map(|&(index, _)| &surface.operations[index as usize]).collect();
                        matches.extend(keep(sentence::document_match(number, say, surface, &operations)));
                    }
                    None => {
                        matches.extend(result.found.into_iter().filter_map(|(index, hits)| {
                            let index = index as usize;
                            keep(sentence::operation_match(number, index, &surface.operations[index], hits))
                        }));
                    }
                }
                result.open
            }
            body => {
                let mut found = |found| matches.extend(keep(sentence::check_match(number, rule, surface, found)));
                match body {
                    Body::Parts(parts) => part::meeting(parts, surface, &mut results, &mut found),
                    Body::Check(check) => check::run(*check, context, &wrong, &mut found),
                    // The others are about calls, not about an API.
                    _ => Vec::new(),
                }
            }
        };
        if !open.is_empty() {
            outcome.not_assessed.push(NotAssessed { rule: number, operations: open });
        }
    }
    outcome
}
