//! The files that `init` writes.

use std::fmt::Write;

use mcpsentry::config::{NAMES, SCHEMA_URL};

use crate::cli::Part;

/// The file of a repository that is built by GitLab.
pub(super) const GITLAB: &str = ".gitlab-ci.yml";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit that a release was built from: actions are best pinned by commit.
const COMMIT: Option<&str> = option_env!("MCPSENTRY_COMMIT");

/// A file to write.
pub(super) struct Draft {
    pub(super) part: Part,
    pub(super) path: &'static str,
    /// What it may be called; there must not be two.
    pub(super) names: &'static [&'static str],
    pub(super) text: String,
    /// Whether the text of a file that is there holds what is needed.
    pub(super) enough: fn(&str) -> bool,
    /// What to do when it does not.
    pub(super) todo: String,
}

/// All of them, for these documents.
pub(super) fn drafts(documents: &[String]) -> [Draft; 3] {
    let inputs = documents.iter().fold(String::new(), |mut list, name| {
        // Writing to a string cannot fail.
        let _ = writeln!(list, "  - {}", scalar(name));
        list
    });
    let hook = include_str!("pre-commit.yaml").replace("{version}", VERSION);
    let workflow = include_str!("workflow.yml").replace("{reference}", &reference(COMMIT));
    let (job, _) = workflow.rsplit_once("      - uses: mcpsentry").unwrap_or(("", ""));
    let step = &workflow[job.len()..];
    [
        Draft {
            part: Part::Config,
            path: "mcpsentry.yaml",
            names: &NAMES,
            text: include_str!("mcpsentry.yaml").replace("{schema}", SCHEMA_URL).replace("{inputs}\n", &inputs),
            enough: |_| false,
            todo: format!("its `inputs` should name\n\n{inputs}"),
        },
        Draft {
            part: Part::Workflow,
            path: ".github/workflows/mcpsentry.yml",
            names: &[".github/workflows/mcpsentry.yml", ".github/workflows/mcpsentry.yaml"],
            enough: |text| text.contains("mcpsentry/mcpsentry@"),
            todo: format!("a job of it needs the step\n\n{step}"),
            text: workflow,
        },
        Draft {
            part: Part::PreCommit,
            path: ".pre-commit-config.yaml",
            names: &[".pre-commit-config.yaml"],
            text: format!("repos:\n{hook}"),
            enough: |text| text.lines().any(|line| line.trim_start().starts_with("- id: mcpsentry")),
            todo: format!("add to its `repos`\n\n{hook}"),
        },
    ]
}

/// What to do where GitLab builds.
pub(super) fn gitlab_job() -> String {
    let job = include_str!("gitlab.yml").replace("{version}", VERSION);
    format!("add to {GITLAB}\n\n{job}")
}

/// How a workflow names our action.
fn reference(commit: Option<&str>) -> String {
    match commit {
        Some(commit) => format!("{commit} # v{VERSION}"),
        None => format!("v{VERSION}"),
    }
}

/// A text as YAML: plain if nothing in it could mean something else.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.contains('.')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/'));
    // What is JSON is YAML as well.
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::{reference, scalar};

    #[test]
    fn a_release_pins_its_commit() {
        assert!(reference(None).starts_with('v'));
        assert!(reference(Some("0123")).starts_with("0123 # v"));
    }

    #[test]
    fn odd_names_are_quoted() {
        assert_eq!(scalar("specs/openapi-v1.json"), "specs/openapi-v1.json");
        assert_eq!(scalar("#a: \"b\".json"), r##""#a: \"b\".json""##);
        assert_eq!(scalar("-a.json"), r#""-a.json""#);
    }
}
