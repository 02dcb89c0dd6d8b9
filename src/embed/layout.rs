//! Where the linker puts functions: those that few audits and scans run stand behind all others.
//!
//! The kernel maps a program in pieces of 64 KB and more around each function that runs. With those that do not run in
//! between, nearly all of it would lie in memory, which is half of what a small audit takes.

use std::path::Path;
use std::{env, fs, io};

/// Functions that seldom run, by the crate, module or type they belong to. Some of the first ones do run in small audits:
/// they stand next to all others.
const SELDOM: &[&str] = &[
    "aho_corasick",
    "core::slice::sort",
    "core::fmt::Debug",
    "std::backtrace_rs",
    "std::sys::process",
    "addr2line::function",
    "gimli::read",
    "miniz_oxide::inflate",
    "rustc_demangle::v0",
    "clap_builder::error",
    "clap_builder::output::help_template",
    "clap_complete",
    "clap_mangen",
    "globset",
    "icu_segmenter",
    "ignore",
    "miette",
    "owo_colors",
    "regex_automata",
    "regex_syntax",
    "serde_json::de",
    "serde_json::value",
    "serde_sarif",
    "strsim",
    "textwrap",
    "walkdir",
    "mcpsentry::surface::contract",
    "mcpsentry::surface::listing",
    "mcpsentry::surface::manifest",
    "mcpsentry::surface::mcp",
    "mcpsentry::surface::spring",
    "mcpsentry::rule::literal",
    "mcpsentry::rule::phrase",
    "mcpsentry::rule::read",
    "mcpsentry::rule::shape",
    "mcpsentry::guard::assembly::ByteTables::new",
    "mcpsentry::guard::assembly::WordTables::new",
    "mcpsentry::guard::automata::Writer",
    "mcpsentry::guard::payload",
    "mcpsentry::guard::proof",
    "mcpsentry::config::baseline",
    "mcpsentry::config::file",
    "mcpsentry::config::form",
    "mcpsentry::config::mark",
    "mcpsentry::config::schema",
    "mcpsentry::lock",
    "mcpsentry::report::agent",
    "mcpsentry::report::diff",
    "mcpsentry::report::github",
    "mcpsentry::report::html",
    "mcpsentry::report::junit",
    "mcpsentry::report::lock",
    "mcpsentry::report::markdown",
    "mcpsentry::report::markup",
    "mcpsentry::report::sarif",
    "mcpsentry::report::suggest",
    "mcpsentry::report::tools",
    "mcpsentry::report::verdict",
    "mcpsentry::command::diff",
    "mcpsentry::command::export",
    "mcpsentry::command::init",
    "mcpsentry::command::lock",
    "mcpsentry::command::manual",
    "mcpsentry::command::rules",
    "mcpsentry::command::scan",
    "mcpsentry::command::tools",
];

/// Tells the linker, where it is one that can be told.
pub(super) fn arrange(out: &Path) -> io::Result<()> {
    if !can_be_told() {
        return Ok(());
    }
    let script = out.join("layout.ld");
    let sections: String = SELDOM.iter().map(|path| sections(path)).collect();
    let sections = format!("*(.text.unlikely .text.unlikely.*)\n{sections}");
    fs::write(&script, format!("SECTIONS {{ .text.seldom : {{\n{sections}}} }} INSERT AFTER .text;\n"))?;
    println!("cargo::rustc-link-arg-bins=-T{}", script.display());
    Ok(())
}

/// Whether the program is built to be used, for a system whose usual linkers can put sections between those that they know,
/// and by such a linker.
fn can_be_told() -> bool {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let own = env::var_os("RUSTC_LINKER").is_some()
        || env::var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("link"));
    is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && !own
}

/// The sections of the functions below a path: each has one that bears its name, in which every word stands behind its
/// length; or, where the function belongs to a trait, the path of the type it is for, with dots.
fn sections(path: &str) -> String {
    let lengths: String = path.split("::").map(|word| format!("{}{word}", word.len())).collect();
    format!("*(.text.*{lengths}* .text.*_$LT$*{}..*)\n", path.replace("::", ".."))
}
