//! Every key of the configuration, its form, and what editors say of it.

use super::form::{Form, Key};

const TEXTS: Form = Form::List(&Form::Text);

const SEVERITIES: Form = Form::Map(&Form::OneOf(&["critical", "high", "medium", "low", "info"]));

const INCLUDE: Key = Key::new(
    "include",
    TEXTS,
    "Only operations that match one of these globs become tools. A glob is a path with * (also across /), ? and [a-z]; \
     a method may stand before it: `GET /orders/*`.",
);

const EXCLUDE: Key = Key::new(
    "exclude",
    TEXTS,
    "Operations that match one of these globs do not become tools; written as in `include`.",
);

const MAX_TOOLS: Key = Key::new(
    "max_tools",
    Form::Count,
    "Most tools that a model should be given; more are audited all the same, and are a finding.",
);

const SELECT: Key =
    Key::new("select", TEXTS, "Rules or presets to run: core, recommended (the default), strict, or ids of rules.");

const IGNORE: Key = Key::new("ignore", TEXTS, "Rules or presets not to run.");

const SEVERITY: Key = Key::new("severity", SEVERITIES, "How bad the findings of a rule are, by the rule's id.");

const OPTIONS: Key = Key::new(
    "options",
    Form::Map(&Form::Keys(&[
        Key::new("words", TEXTS, "Further phrases that name the hazard."),
        Key::new("harmless", TEXTS, "Further contexts in which a name is harmless."),
        Key::new(
            "bridge",
            Form::OneOf(&["fastmcp", "fastapi-mcp", "openapi-mcp-generator", "agentgateway"]),
            "Of tool-name: what makes tools of the operations, so that names are judged as it makes them.",
        ),
    ])),
    "Further words for the vocabulary of a rule, or its bridge, by the rule's id.",
);

const FAIL_ON: Key = Key::new(
    "fail_on",
    Form::OneOf(&["critical", "high", "medium", "low", "never"]),
    "The severity from which findings block; critical if left out.",
);

const TOOLS: Key = Key::new(
    "tools",
    Form::Map(&Form::Keys(&[
        Key::new("name", Form::Text, "The name under which the operation is exposed."),
        Key::new("description", Form::Text, "The description that the model is given."),
    ])),
    "What your bridge tells the model in the place of the document, by `METHOD /path` or by the operation's name.",
);

/// The keys of the file.
pub(super) const FILE: &[Key] = &[
    Key::new("$schema", Form::Text, "Where editors find the description of this file; the program does not read it."),
    Key::new(
        "inputs",
        Form::List(&Form::TextOr(&[
            Key::new("path", Form::Text, "A file, folder or glob, from the folder of this file.").required(),
            INCLUDE,
            EXCLUDE,
            MAX_TOOLS,
            SELECT,
            IGNORE,
            SEVERITY,
            OPTIONS,
            FAIL_ON,
            TOOLS,
        ])),
        "The documents that `mcpsentry audit` audits when none is named: files, folders or globs, from the folder of this \
         file. A mapping says for them what differs from the rest of this file.",
    ),
    INCLUDE,
    EXCLUDE,
    MAX_TOOLS,
    SELECT,
    IGNORE,
    SEVERITY,
    OPTIONS,
    Key::new(
        "rules",
        TEXTS,
        "Folders with rule files of your own, for audits and scans, from the folder of this file.",
    ),
    Key::new(
        "persona",
        Form::OneOf(&["regular", "pedantic", "auditor"]),
        "Who reads the report: findings for stricter readers are only counted.",
    ),
    FAIL_ON,
    TOOLS,
    Key::new(
        "suppress",
        Form::List(&Form::Keys(&[
            Key::new("rule", Form::Some(&Form::Text), "The rule, or a list of rules.").required(),
            Key::new("reason", Form::Text, "Say why this is accepted.").required(),
            Key::new("path", Form::Text, "Only operations whose path matches this glob."),
            Key::new("method", Form::Some(&Form::Text), "Only operations of this method, or of one of these."),
            Key::new("tool", Form::Text, "Only the tool whose name matches this glob."),
            Key::new("expires", Form::Day, "The last day on which this counts; the findings come back after it."),
            Key::new("owner", Form::Text, "Who answers for it."),
        ])),
        "Findings that were looked at and accepted, each with its reason. They are counted and listed.",
    ),
    Key::new("baseline", Form::Text, "A file with the findings that were there before, from the folder of this file."),
    Key::new(
        "guard",
        Form::Keys(&[
            Key::new(
                "policy",
                Form::OneOf(&["block", "alert", "log"]),
                "What is done with a call that is to be blocked.",
            ),
            Key::new("ignore", TEXTS, "Guard rules or topics not to run."),
            Key::new("max_bytes", Form::Count, "Largest payload; a larger one is refused."),
            Key::new("max_depth", Form::Count, "Deepest nesting of JSON, up to 512 levels; what is deeper is refused."),
            Key::new("excerpts", Form::Truth, "Whether reports repeat the text that matched."),
        ]),
        "Settings of `mcpsentry scan`.",
    ),
];
