//! What a user asked for: which operations become tools, which rules run, what blocks.

use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::rule::{Limits, Pack, Persona, Preset, Rule, Severity, nearest};
use crate::surface::{Exposure, Operation, Surface};

/// The choices of one run.
#[derive(Debug, Clone)]
pub struct Config {
    /// Which operations become tools.
    pub filter: Filter,
    /// Most tools that a model should be given.
    pub limits: Limits,
    /// Who reads the report.
    pub persona: Persona,
    /// The severity from which a finding blocks; none if nothing does.
    pub fail_on: Option<Severity>,
}

/// Anchored globs over paths, and over names where there is no path.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    include: Option<GlobSet>,
    exclude: Option<GlobSet>,
}

impl Filter {
    /// Operations that match an `include` glob, if there is any, and no `exclude` glob. `*` matches across `/`;
    /// braces stand for themselves, so that `/users/{id}` can be named.
    ///
    /// # Errors
    /// The glob that cannot be read, and why.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, String> {
        let set = |globs: &[String]| -> Result<Option<GlobSet>, String> {
            if globs.is_empty() {
                return Ok(None);
            }
            let mut builder = GlobSetBuilder::new();
            for glob in globs {
                let literal = glob.replace('{', "[{]").replace('}', "[}]");
                let parsed = GlobBuilder::new(&literal).literal_separator(false).backslash_escape(true).build();
                builder.add(parsed.map_err(|error| format!("`{glob}` is not a glob: {}", error.kind()))?);
            }
            builder.build().map(Some).map_err(|error| error.to_string())
        };
        Ok(Self { include: set(include)?, exclude: set(exclude)? })
    }

    /// Takes operations out of a surface; they stay listed, with the reason.
    pub fn apply(&self, surface: &mut Surface) {
        for operation in &mut surface.operations {
            if operation.exposure != Exposure::Exposed {
                continue;
            }
            let names = names(operation);
            let matches = |set: &GlobSet| names.iter().any(|name| set.is_match(name));
            if self.include.as_ref().is_some_and(|set| !matches(set)) {
                operation.exposure = Exposure::Excluded("not matched by --include".into());
            } else if self.exclude.as_ref().is_some_and(matches) {
                operation.exposure = Exposure::Excluded("matched by --exclude".into());
            }
        }
    }
}

/// What a glob may match: the path, also behind its base path; the name where there is no path.
fn names(operation: &Operation) -> Vec<String> {
    match &operation.path {
        Some(path) if operation.base.is_empty() => vec![path.to_string()],
        Some(path) => vec![path.to_string(), format!("{}{path}", operation.base)],
        None => vec![operation.name.to_string()],
    }
}

/// The rules to run: those of the presets and ids in `select`, less those in `ignore`.
///
/// # Errors
/// A word that is neither a preset nor a rule id, with the nearest one that is.
pub fn select_rules(pack: &Pack, select: &[String], ignore: &[String]) -> Result<Vec<Arc<Rule>>, String> {
    let presets = [Preset::Core, Preset::Recommended, Preset::Strict];
    let named = |words: &[String], rule: &Rule| {
        words.iter().any(|word| {
            *word == *rule.id || presets.iter().any(|preset| preset.name() == word && rule.preset <= *preset)
        })
    };
    let mut known: Vec<&str> = pack.rules.iter().map(|rule| &*rule.id).collect();
    known.extend(presets.map(Preset::name));
    for word in select.iter().chain(ignore) {
        if !known.contains(&word.as_str()) {
            let hint = nearest(word, &known).map_or_else(
                || "see `mcpsentry rules list`".to_owned(),
                |nearest| format!("did you mean `{nearest}`?"),
            );
            return Err(format!("`{word}` is neither a rule nor a preset; {hint}"));
        }
    }
    Ok(pack.rules.iter().filter(|rule| named(select, rule) && !named(ignore, rule)).cloned().collect())
}
