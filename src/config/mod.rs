//! What a user asked for, in a file or with flags: a filter over surfaces and findings. It never names a rule.

mod baseline;
mod day;
mod discover;
mod exception;
mod fault;
mod file;
mod filter;
mod form;
mod keys;
mod mark;
mod schema;
mod scope;
mod suppress;
mod tool;

pub use baseline::{Baseline, Entry};
pub use day::Day;
pub use discover::NAMES;
pub use exception::{Exceptions, Notice};
pub use fault::{ConfigError, Fault, Word};
pub use file::{File, GuardSettings, Input};
pub use filter::{Filter, Named};
pub use mark::Broken;
pub use schema::{SCHEMA_URL, schema};
pub use scope::{Options, Scope, ToolText};
pub use suppress::{State, Suppression};
