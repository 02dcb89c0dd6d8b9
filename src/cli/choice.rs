//! Flags that several commands take, and what may stand behind them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What keeps an audit from passing.
#[derive(Debug, Args)]
pub(crate) struct Gate {
    /// The severity from which findings block [default: critical]
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Gate")]
    pub(crate) fail_on: Option<Threshold>,
    /// Exit with 0 although a part could not be checked
    #[arg(long, help_heading = "Gate")]
    pub(crate) allow_unchecked: bool,
    /// A file of known findings: only others block
    #[arg(long, value_name = "FILE", help_heading = "Gate")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the findings to a file of known ones; with --baseline, only what is left of that
    #[arg(long, value_name = "FILE", help_heading = "Gate")]
    pub(crate) write_baseline: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    Text,
    Json,
    Sarif,
    Markdown,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Input {
    /// Files, folders or globs; `-` for standard input [default: `inputs` of the configuration]
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    /// What to call standard input in reports
    #[arg(long, value_name = "NAME", default_value = "<stdin>", help_heading = "Input")]
    pub(crate) stdin_name: String,
}

/// Which configuration holds. A flag takes the place of the key of the same name; `--rules` adds to it.
#[derive(Debug, Args)]
pub(crate) struct ConfigChoice {
    /// The configuration [default: mcpsentry.yaml, from here up to the root of the repository]
    #[arg(long, value_name = "PATH", help_heading = "Configuration")]
    pub(crate) config: Option<PathBuf>,
    /// Look for no configuration
    #[arg(long, conflicts_with = "config", help_heading = "Configuration")]
    pub(crate) no_config: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Surface {
    /// Only paths that match this glob become tools, perhaps of one method ("GET /users/*"); may be repeated. `*`
    /// matches across `/`
    #[arg(long, value_name = "GLOB", help_heading = "Surface")]
    pub(crate) include: Vec<String>,
    /// Paths that match this glob do not become tools; may be repeated
    #[arg(long, value_name = "GLOB", help_heading = "Surface")]
    pub(crate) exclude: Vec<String>,
    /// Most tools that a model should be given; more are audited all the same, and reported as `tool-budget`
    /// [default: 40]
    #[arg(long, value_name = "N", help_heading = "Surface")]
    pub(crate) max_tools: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct RuleChoice {
    /// Rules or presets to run (core, recommended, strict) [default: recommended]
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) select: Vec<String>,
    /// Rules or presets not to run
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) ignore: Vec<String>,
    /// Who reads the report: findings for stricter readers are only counted [default: regular]
    #[arg(long, value_enum, value_name = "PERSONA", help_heading = "Rules")]
    pub(crate) persona: Option<Reader>,
    /// A folder with rule files of your own; may be repeated
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    pub(crate) rules: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// The summary of a job
    Markdown,
    /// Test results
    Junit,
    /// A page to read and to keep
    Html,
    /// One line a finding
    Agent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Threshold {
    Critical,
    High,
    Medium,
    Low,
    /// Findings never block
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reader {
    Regular,
    Pedantic,
    Auditor,
}

/// A report and the file it goes to.
#[derive(Debug, Clone)]
pub(crate) struct Output<F> {
    pub(crate) format: F,
    pub(crate) path: PathBuf,
}

/// Reads `FORMAT=PATH`.
pub(super) fn output<F: ValueEnum>(text: &str) -> Result<Output<F>, String> {
    let (format, path) = text.split_once('=').ok_or("write FORMAT=PATH, such as sarif=audit.sarif")?;
    let format = F::from_str(format, false).map_err(|_| {
        let known = F::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let known: Vec<String> = known.map(|value| value.get_name().to_owned()).collect();
        format!("`{format}` is none of {}", known.join(", "))
    })?;
    if path.is_empty() {
        return Err("the path is missing behind `=`".into());
    }
    if path == "-" {
        return Err("standard output is for --format".into());
    }
    Ok(Output { format, path: path.into() })
}
