//! The fix, written for the user: what keeps the operations with blockers from the model, in the form that the user's
//! stack reads.

mod config;
mod fastapi_mcp;
mod fastmcp;
mod overlay;

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::escape::escape;
use super::tools::count;
use super::{Document, Report};
use crate::finding::Finding;
use crate::rule::nearest;
use crate::surface::Operation;

/// A form that some stack reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Our configuration.
    Config,
    /// FastMCP route maps, Python.
    FastMcp,
    /// The `exclude_operations` of `fastapi_mcp`, Python.
    FastApiMcp,
    /// An OpenAPI Overlay 1.0 that sets `x-mcp: false`.
    Overlay,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Config, Self::FastMcp, Self::FastApiMcp, Self::Overlay];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::FastMcp => "fastmcp",
            Self::FastApiMcp => "fastapi-mcp",
            Self::Overlay => "overlay",
        }
    }

    /// The form with this name.
    ///
    /// # Errors
    /// What is known instead.
    pub fn parse(word: &str) -> Result<Self, String> {
        let plain = word.to_ascii_lowercase().replace('_', "-");
        let names = Self::ALL.map(Self::name);
        Self::ALL.into_iter().find(|form| form.name() == plain).ok_or_else(|| {
            let hint = nearest(&plain, &names)
                .map_or_else(|| format!("known are {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
            format!("`{word}` is no form of a suggestion; {hint}")
        })
    }
}

/// An operation to be kept from the model.
struct Exclusion<'r> {
    operation: &'r Operation,
    document: &'r Document,
    /// The name that the document declares; none if it declares none.
    declared: Option<&'r str>,
    /// Whether another operation, which is to stay, has the same declared name.
    shared: bool,
    /// The rules that say so, for the comment.
    rules: String,
}

/// What the forms are made of.
struct Plan<'r> {
    exclusions: Vec<Exclusion<'r>>,
    /// Blockers that no exclusion of an operation removes.
    left: Vec<&'r Finding>,
}

/// The names that documents declare for their operations, by document and operation.
pub type Declared = Vec<Vec<Option<String>>>;

/// Writes the exclusions that remove the blockers, in every form that was asked for.
///
/// # Errors
/// What `out` fails with.
pub fn suggest(report: &Report, declared: &Declared, forms: &[Form], out: &mut dyn Write) -> io::Result<()> {
    let plan = plan(report, declared);
    for (number, form) in forms.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        if forms.len() > 1 {
            writeln!(out, "# --- {} ---", form.name())?;
        }
        match form {
            Form::Config => config::render(&plan, out)?,
            Form::FastMcp => fastmcp::render(&plan, out)?,
            Form::FastApiMcp => fastapi_mcp::render(&plan, out)?,
            Form::Overlay => overlay::render(&plan, out)?,
        }
    }
    Ok(())
}

/// What the forms cannot remove, as sentences for the user; empty if applying any of them leaves no blocker.
pub fn suggest_gaps(report: &Report, declared: &Declared, forms: &[Form]) -> Vec<String> {
    let plan = plan(report, declared);
    let mut gaps: Vec<String> = plan
        .left
        .iter()
        .map(|finding| {
            format!("{} is about the whole surface, so no exclusion of an operation removes it", finding.rule.id)
        })
        .collect();
    for form in forms {
        let unfit: Vec<String> = plan
            .exclusions
            .iter()
            .filter(|exclusion| !fits(*form, exclusion))
            .map(|exclusion| exclusion.operation.label())
            .collect();
        if !unfit.is_empty() {
            let named = unfit.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
            let more = if unfit.len() > 3 { ", …" } else { "" };
            let operations = count(unfit.len(), "operation");
            gaps.push(format!("{} has no way to name {operations}: {named}{more}", form.name()));
        }
    }
    gaps
}

/// Whether a form can name an operation.
fn fits(form: Form, exclusion: &Exclusion<'_>) -> bool {
    match form {
        Form::Config => true,
        Form::FastMcp => exclusion.operation.path.is_some(),
        Form::FastApiMcp => exclusion.declared.is_some(),
        Form::Overlay => overlay::target(exclusion).is_some(),
    }
}

fn plan<'r>(report: &'r Report, declared: &'r Declared) -> Plan<'r> {
    let blockers: Vec<&Finding> = report.findings.iter().filter(|finding| report.blocks(finding)).collect();
    let places: BTreeSet<(usize, usize)> =
        blockers.iter().filter_map(|finding| Some((finding.document, finding.operation?))).collect();
    let name = |document: usize, index: usize| declared.get(document)?.get(index)?.as_deref();
    let exclusions = places.iter().map(|&(number, index)| {
        let document = &report.documents[number];
        let of = |finding: &&&Finding| finding.document == number && finding.operation == Some(index);
        let rules: Vec<&str> = blockers.iter().filter(of).map(|finding| &*finding.rule.id).collect();
        let own = name(number, index);
        let others = 0..document.surface.operations.len();
        Exclusion {
            operation: &document.surface.operations[index],
            document,
            declared: own,
            shared: own.is_some()
                && others.into_iter().any(|other| !places.contains(&(number, other)) && name(number, other) == own),
            rules: rules.join(", "),
        }
    });
    Plan {
        exclusions: exclusions.collect(),
        left: blockers.iter().filter(|finding| finding.operation.is_none()).copied().collect(),
    }
}

impl Exclusion<'_> {
    /// Which operation it is and why, safe behind `#`.
    fn comment(&self) -> String {
        format!("{}: {}", escape(&self.operation.label()), self.rules)
    }
}

/// A text as a string of Python, whatever is in it.
fn python(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                literal.push('\\');
                literal.push(character);
            }
            ' '..='~' => literal.push(character),
            c if (c as u32) < 0x1_0000 => literal.push_str(&format!("\\u{:04x}", c as u32)),
            c => literal.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    literal.push('"');
    literal
}
