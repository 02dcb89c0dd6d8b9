//! Flags and help of each command.

mod choice;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use choice::output;
pub(crate) use choice::{
    Color, ConfigChoice, DiffFormat, Format, Gate, Input, Listing, Output, Reader, RuleChoice, Surface, Threshold,
};

/// Says what a language model could do with your API, before it can.
#[derive(Debug, Parser)]
#[command(name = "mcpsentry", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Audit API descriptions: OpenAPI, Swagger, route manifests, MCP tools/list
    #[command(after_help = EXIT_CODES)]
    Audit(Audit),
    /// List the tools that would be exposed
    #[command(after_help = EXIT_CODES)]
    Tools(Tools),
    /// Write down the tools that are exposed, so that changes of them can be reviewed
    #[command(after_help = EXIT_CODES)]
    Lock(Lock),
    /// Say what a change newly exposes, removes, or makes riskier
    #[command(after_help = DIFF_EXIT_CODES)]
    Diff(Diff),
    /// Scan the arguments of tool calls for prompt injection
    #[command(after_help = SCAN_EXIT_CODES)]
    Scan(Scan),
    /// Print a script that writes the routes of a framework as a route manifest
    #[command(after_help = EXPORT_USE)]
    Export(Export),
    /// List, explain and test rules
    #[command(subcommand)]
    Rules(Rules),
    /// Check the configuration, print its JSON Schema
    #[command(subcommand)]
    Config(Config),
    /// Write a configuration, a GitHub workflow and a pre-commit entry for this repository; overwrites nothing
    #[command(after_help = INIT_EXIT_CODES)]
    Init(Init),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, in the format of man(1)
    Man(Man),
}

const EXPORT_USE: &str = "\
How to run the scripts, where the application runs:
  mcpsentry export fastapi > fastapi_routes.py && python fastapi_routes.py shop.main:app routes.json
  mcpsentry export flask > flask_routes.py && python flask_routes.py shop:create_app routes.json
  mcpsentry export django > django_routes.py && python django_routes.py routes.json
  mcpsentry export express > express_routes.cjs && node express_routes.cjs ./app.js routes.json
  mcpsentry export rails > rails_routes.rb && bin/rails runner rails_routes.rb routes.json
Then: mcpsentry audit routes.json";

const SCAN_EXIT_CODES: &str = "\
Exit codes:
  0  allowed
  1  blocked
  2  wrong usage, unreadable input, broken rule
Anything but 0 means: do not forward the call.";

const INIT_EXIT_CODES: &str = "\
Exit codes:
  0  everything is in place
  2  wrong usage, or a file that cannot be written
  3  no API description was found, or a file was left as it is: what is to be added is printed";

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing at or above --fail-on
  1  blockers
  2  wrong usage, unreadable or invalid input, broken rule
  3  nothing to audit, or a part that could not be checked and might hide a blocker";

#[derive(Debug, Args)]
pub(crate) struct Audit {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) config: ConfigChoice,
    #[command(flatten)]
    pub(crate) surface: Surface,
    /// Most tokens of a model's context that the tools should take, by estimate; more are reported as `tool-budget`
    /// [default: 20000]
    #[arg(long, value_name = "N", help_heading = "Surface")]
    pub(crate) max_tokens: Option<usize>,
    /// What to print on standard output
    #[arg(long, short, value_enum, default_value_t = Format::Text, help_heading = "Report")]
    pub(crate) format: Format,
    /// Write a report to a file as well; may be repeated
    #[arg(long, short, value_name = "FORMAT=PATH", value_parser = output::<Format>, help_heading = "Report")]
    pub(crate) output: Vec<Output<Format>>,
    /// Print the exclusions that remove the blockers in the place of the report: for mcpsentry.yaml (config), FastMCP
    /// (fastmcp), fastapi_mcp (fastapi-mcp), or as an OpenAPI Overlay (overlay); all of them if none is named
    #[arg(
        long,
        value_name = "FORM",
        num_args = 0..=1,
        default_missing_value = "",
        conflicts_with_all = ["format", "show_source"],
        help_heading = "Report"
    )]
    pub(crate) suggest: Option<String>,
    /// Show the source beside each finding
    #[arg(long, help_heading = "Report")]
    pub(crate) show_source: bool,
    /// List the findings that were accepted, with the reasons; in `agent`, known ones too
    #[arg(long, help_heading = "Report")]
    pub(crate) show_suppressed: bool,
    #[command(flatten)]
    pub(crate) gate: Gate,
    #[command(flatten)]
    pub(crate) rules: RuleChoice,
}

const DIFF_EXIT_CODES: &str = "\
Exit codes:
  0  nothing that --fail-on names
  1  newly exposed or riskier
  2  wrong usage, unreadable or invalid input, broken rule
  3  nothing to compare, or a part that could not be checked and might hide a change";

#[derive(Debug, Args)]
pub(crate) struct Lock {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) config: ConfigChoice,
    #[command(flatten)]
    pub(crate) surface: Surface,
    /// Write the lock to a file [default: standard output]
    #[arg(long, short, value_name = "PATH", help_heading = "Report")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 0 although a part could not be checked
    #[arg(long, help_heading = "Gate")]
    pub(crate) allow_unchecked: bool,
    #[command(flatten)]
    pub(crate) rules: RuleChoice,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// What was: a lock, a document, a folder or a glob; `-` for standard input
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// What is, in the same forms [default: `inputs` of the configuration]
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<String>,
    /// What to call standard input in reports
    #[arg(long, value_name = "NAME", default_value = "<stdin>", help_heading = "Input")]
    pub(crate) stdin_name: String,
    #[command(flatten)]
    pub(crate) config: ConfigChoice,
    #[command(flatten)]
    pub(crate) surface: Surface,
    /// What to print on standard output
    #[arg(long, short, value_enum, default_value_t = DiffFormat::Text, help_heading = "Report")]
    pub(crate) format: DiffFormat,
    /// Write a report to a file as well; may be repeated
    #[arg(long, short, value_name = "FORMAT=PATH", value_parser = output::<DiffFormat>, help_heading = "Report")]
    pub(crate) output: Vec<Output<DiffFormat>>,
    /// What fails: a level (critical, high, medium, low, never), and kinds of change such as `exposed` or
    /// `description-changed` [default: low, which is whatever is newly exposed or riskier]
    #[arg(long, value_name = "LEVEL|CHANGE", value_delimiter = ',', help_heading = "Gate")]
    pub(crate) fail_on: Vec<String>,
    /// Exit with 0 although a part could not be checked
    #[arg(long, help_heading = "Gate")]
    pub(crate) allow_unchecked: bool,
    #[command(flatten)]
    pub(crate) rules: RuleChoice,
}

#[derive(Debug, Args)]
pub(crate) struct Tools {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) config: ConfigChoice,
    #[command(flatten)]
    pub(crate) surface: Surface,
    /// How to print
    #[arg(long, short, value_enum, default_value_t = Listing::Text, help_heading = "Report")]
    pub(crate) format: Listing,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The framework
    #[arg(value_enum)]
    pub(crate) framework: Framework,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Framework {
    /// FastAPI and Starlette
    Fastapi,
    Flask,
    /// Django and Django REST framework
    Django,
    /// Express 4 and 5
    Express,
    Rails,
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// Files with one payload each; `-` for standard input
    #[arg(value_name = "INPUT", default_value = "-")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Read one payload a line until the end of the input, and answer each at once
    #[arg(long, help_heading = "Input")]
    pub(crate) stream: bool,
    /// Largest payload; a larger one is refused [default: 4194304]
    #[arg(long, value_name = "BYTES", help_heading = "Input")]
    pub(crate) max_bytes: Option<usize>,
    /// Deepest nesting of JSON, up to 512 levels; what is deeper is refused [default: 128]
    #[arg(long, value_name = "LEVELS", help_heading = "Input")]
    pub(crate) max_depth: Option<usize>,
    #[command(flatten)]
    pub(crate) config: ConfigChoice,
    /// What to print on standard output
    #[arg(long, short, value_enum, default_value_t = Answer::Text, help_heading = "Report")]
    pub(crate) format: Answer,
    /// Do not repeat the text that matched
    #[arg(long, help_heading = "Report")]
    pub(crate) no_excerpts: bool,
    /// Append one line of JSON for each call: time, tool, decision, rules; never what the call says
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(crate) log: Option<PathBuf>,
    /// What is done with a call that is to be blocked [default: block]
    #[arg(long, value_enum, value_name = "POLICY", help_heading = "Gate")]
    pub(crate) policy: Option<Policy>,
    /// Run a shell command for each call that is refused, with the decision as JSON on its standard input
    #[arg(long, value_name = "CMD", help_heading = "Gate")]
    pub(crate) on_block: Option<String>,
    /// Run a shell command for each call that passes with a warning or an alert
    #[arg(long, value_name = "CMD", help_heading = "Gate")]
    pub(crate) on_alert: Option<String>,
    /// Guard rules or topics not to run
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) ignore: Vec<String>,
    /// A folder with rule files of your own; may be repeated
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    pub(crate) rules: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Answer {
    Text,
    Json,
    /// The result of the call, as an MCP client shows it
    Mcp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    /// Refuse it
    Block,
    /// Let it through and say so on standard error
    Alert,
    /// Let it through; only the report and the log tell
    Log,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// List all rules
    List {
        /// A folder with rule files of your own; may be repeated
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
        /// How to print
        #[arg(long, short, value_enum, default_value_t = Listing::Text)]
        format: Listing,
        #[command(flatten)]
        config: ConfigChoice,
    },
    /// Say what a rule looks for, why, and what to do about it
    Explain {
        /// The rule
        id: String,
        /// A folder with rule files of your own; may be repeated
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
        #[command(flatten)]
        config: ConfigChoice,
    },
    /// Run the cases of every rule
    Test {
        /// A folder with rule files [default: the rules that are part of the program]
        dir: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Say which configuration holds here, and whether it can be used
    Check {
        #[command(flatten)]
        config: ConfigChoice,
    },
    /// Print the JSON Schema of the configuration, for editors
    Schema,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The API descriptions, files or folders [default: those found below the working directory]
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    /// Show the files, and write none
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write these only
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub(crate) only: Vec<Part>,
}

/// What `init` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// mcpsentry.yaml
    Config,
    /// .github/workflows/mcpsentry.yml
    Workflow,
    /// .pre-commit-config.yaml
    PreCommit,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The command to describe, such as `audit` or `rules list` [default: the program]
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    pub(crate) command: Vec<String>,
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
