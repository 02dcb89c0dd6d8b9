//! Queries asked of all operations: one walk over the surface answers them all.

use super::Context;
use super::ask::{Answer, Asked, Hit, ask, holds};
use super::candidate::MOST;
use super::field::Fields;
use crate::rule::{Need, Query};
use crate::surface::Surface;
use crate::surface::detail::Details;

/// What a query says of a surface.
#[derive(Default)]
pub(super) struct Result<'q> {
    /// The exposed operations that match, by their places, and which of their fields do: there may be as many as operations.
    pub(super) found: Vec<(u32, Box<[Hit]>)>,
    /// The operations of which the input does not say enough.
    pub(super) open: Vec<usize>,
    /// The sentence about the whole document, if one finding says it all.
    pub(super) together: Option<&'q str>,
}

impl Result<'_> {
    /// How many findings it makes.
    pub(super) fn count(&self) -> usize {
        if self.together.is_some() { 1 } else { self.found.len() }
    }
}

/// The results of queries, in their order. Adds to `visits` how many schemas were entered.
pub(super) fn all<'q>(queries: &[&'q Query], context: &Context<'_>, visits: &mut usize) -> Vec<Result<'q>> {
    let surface = context.surface;
    let mut results = Vec::with_capacity(queries.len());
    for batch in queries.chunks(MOST) {
        let mut fields = Fields::new(batch, surface, Details::new(surface, context.documents));
        let mut answered: Vec<Result<'q>> = batch.iter().map(|_| Result::default()).collect();
        for (index, operation) in surface.exposed_with_index() {
            let mut asked = Asked::new(operation, &fields);
            for (number, result) in answered.iter_mut().enumerate() {
                match ask(number, &mut asked, &mut fields) {
                    Answer::No => {}
                    Answer::Open => result.open.push(index),
                    Answer::Yes(hits) => result.found.push((index as u32, hits.into())),
                }
            }
        }
        for (number, (result, query)) in answered.iter_mut().zip(batch).enumerate() {
            if let Some(common) = query.among_many(result.found.len(), surface.exposed().count()) {
                result.found.retain(|&(index, _)| common.find(&surface.operations[index as usize].words, |_| true));
            }
            result.together = together(number, query, surface, &mut fields, result.found.len());
        }
        *visits += fields.visits();
        results.append(&mut answered);
    }
    results
}

/// The sentence about the whole document, if one finding says it all of those that were found.
fn together<'q>(
    number: usize,
    query: &'q Query,
    surface: &Surface,
    fields: &mut Fields<'_>,
    found: usize,
) -> Option<&'q str> {
    let together = query.together.as_ref().filter(|_| found > 0)?;
    let always = !together.always.is_empty()
        && surface.exposed().all(|operation| {
            let mut asked = Asked::new(operation, fields);
            together.always.iter().all(|&need| match &query.needs[need] {
                // A login takes a password, and says nothing of whether the rest asks who is calling.
                Need::Authenticated(wanted) => fields.details().is_secured(operation) == Some(*wanted),
                need => holds(need, number, &mut asked, fields) == Some(true),
            })
        });
    let many = together.over.is_some_and(|most| found > most) && {
        let others = query.needs.iter().enumerate().filter(|(place, _)| !together.always.contains(place));
        let others: Vec<&Need> = others.map(|(_, need)| need).collect();
        let like = surface.exposed().filter(|operation| {
            let mut asked = Asked::new(operation, fields);
            others.iter().all(|need| holds(need, number, &mut asked, fields) == Some(true))
        });
        together.share == 0 || found * 100 >= like.count() * together.share
    };
    (always || many).then_some(&together.say)
}
