//! A source is parsed to a tree, a tree is read as a surface, rules match facts of the surface, matches become
//! findings, findings become reports.
//!
//! The modules stand in that order, and each uses only those above it.

pub mod source;
pub mod syntax;

pub mod surface;

pub mod rule;

pub mod pack;

pub mod finding;

pub mod audit;

pub mod guard;

pub mod config;

pub mod lock;

pub mod report;
