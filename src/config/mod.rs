//! What a user asked for, in a file or with flags: a filter over surfaces and findings. It never names a rule.

mod day;
mod discover;
mod fault;
mod file;
mod filter;
mod form;
mod keys;
mod schema;
mod scope;
mod tool;

pub use day::Day;
pub use discover::NAMES;
pub use fault::{ConfigError, Fault, Word};
pub use file::{File, GuardSettings, Input, Options};
pub use filter::Filter;
pub use schema::{SCHEMA_URL, schema};
pub use scope::{Scope, ToolText, adapt};
