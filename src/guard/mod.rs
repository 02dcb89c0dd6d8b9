//! The guard: finds prompt injection in the arguments of tool calls.
//!
//! A call is taken apart into its texts; one pass over literals tells which phrases could match at all; only those run.
//! Texts with bytes that hide something are read in other ways too, and each reading is scanned like a text.

mod address;
mod assembly;
mod automata;
mod boundary;
mod catalogue;
mod effort;
mod engine;
mod filter;
mod judge;
mod lexicon;
mod lists;
mod location;
mod payload;
mod pieces;
mod places;
mod positions;
mod proof;
mod reading;
mod scan;
mod seam;
mod search;
mod steps;
mod verdict;
mod view;
mod weight;
mod weights;
mod words;

use crate::rule::phrase;

pub use catalogue::{Catalogue, Head};
pub use payload::{Fault, Payload, Shape};
pub use proof::prove;
pub use scan::{Guard, Options};
pub use verdict::{Decision, Found, Policy, Summary, Verdict};
