//! The faces of one report: `tests/formats/NAME.args` are arguments, `tests/formats/expected/NAME.EXTENSION` is what
//! each format makes of them, with rules of the folder's own.
//!
//! `UPDATE_FORMATS=1 cargo test --test formats` writes what is expected.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mcpsentry::audit::{self, Context};
use mcpsentry::config::Exceptions;
use mcpsentry::finding::{self, Acceptance, Status};
use mcpsentry::guard::{Catalogue, Guard, Options};
use mcpsentry::pack;
use mcpsentry::report::{self, Document, Format, Look, Report};
use mcpsentry::rule::{Limits, Persona, Severity};
use mcpsentry::source::{Position, Spot};
use mcpsentry::surface::{Documents, READERS};
use support::{Run, Scratch, program, run_in};

/// Every format, and the extension of its files.
const FORMATS: [(&str, &str); 6] = [
    ("text", "txt"),
    ("github", "log"),
    ("markdown", "md"),
    ("junit", "xml"),
    ("html", "html"),
    ("agent", "agent.txt"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats")
}

fn audit(arguments: &str, format: &str) -> Run {
    let mut all = vec!["audit", "--no-config", "--rules", "rules", "--select", "open-door,loud-bell,faint-light"];
    all.extend(["--format", format]);
    all.extend(arguments.split_whitespace());
    run_in(&folder(), &all)
}

/// The arguments of every case, by name.
fn cases() -> BTreeMap<String, String> {
    let files = std::fs::read_dir(folder()).expect("the folder").map(|entry| entry.expect("a file").path());
    let cases = files.filter(|path| path.extension().is_some_and(|extension| extension == "args"));
    cases
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("arguments"))
        })
        .collect()
}

/// Without what changes with every release, and without the style, which has no findings in it.
fn lasting(text: &str) -> String {
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let Some((before, rest)) = text.split_once("<style>") else { return text };
    let after = rest.split_once("</style>").expect("the end of the style").1;
    let hash = before.split_once("sha256-").and_then(|(_, rest)| rest.split_once('\'')).expect("a hash").0;
    // One element a line, so that a change can be read.
    format!("{}<style></style>{after}", before.replace(hash, "HASH")).replace("><", ">\n<")
}

#[test]
fn every_format_says_what_is_expected() {
    let mut wrong = Vec::new();
    for (name, arguments) in cases() {
        for (format, extension) in FORMATS {
            let shown = lasting(&audit(&arguments, format).stdout);
            let file = folder().join(format!("expected/{name}.{extension}"));
            if std::env::var_os("UPDATE_FORMATS").is_some() {
                std::fs::write(&file, &shown).expect("written");
            } else if std::fs::read_to_string(&file).unwrap_or_default() != shown {
                wrong.push(format!("{}:\n{shown}", file.display()));
            }
        }
    }
    let hint = "look at the difference, then run `UPDATE_FORMATS=1 cargo test --test formats`";
    assert!(wrong.is_empty(), "{}\n{hint}", wrong.join("\n"));
}

#[test]
fn every_format_has_the_same_gate() {
    for (name, arguments) in cases() {
        let json = audit(&arguments, "json");
        let verdict = json.json()["verdict"].as_str().expect("a verdict").to_owned();
        for (format, _) in FORMATS {
            let run = audit(&arguments, format);
            assert_eq!(run.code, json.code, "{name} as {format}");
            let said = run.stdout.to_lowercase();
            assert!(said.contains(&verdict), "{name} as {format} does not say {verdict}: {said}");
        }
        let junit = audit(&arguments, "junit").stdout;
        let document = roxmltree::Document::parse(&junit).expect("XML");
        let root = document.root_element();
        let fails = ["failures", "errors"].iter().any(|word| root.attribute(*word) != Some("0"));
        assert_eq!(fails, json.code != 0, "{name}: {junit}");
    }
}

#[test]
fn junit_counts_its_cases() {
    for (name, arguments) in cases() {
        let junit = audit(&arguments, "junit").stdout;
        let document = roxmltree::Document::parse(&junit).expect("XML");
        for suite in document.descendants().filter(|node| node.has_tag_name("testsuite")) {
            let cases = || suite.children().filter(|node| node.has_tag_name("testcase"));
            let number = |inside: &str| {
                cases().filter(|case| case.children().any(|node| node.has_tag_name(inside))).count().to_string()
            };
            let told = |word: &str| suite.attribute(word).unwrap_or_default().to_owned();
            assert_eq!(told("tests"), cases().count().to_string(), "{name}");
            assert_eq!(
                [told("failures"), told("errors"), told("skipped")],
                [number("failure"), number("error"), number("skipped")],
                "{name}"
            );
            assert!(cases().all(|case| case.attribute("classname").is_some_and(|class| class.contains('.'))), "{name}");
        }
    }
}

#[test]
fn nothing_of_a_hostile_description_breaks_out() {
    for (format, _) in FORMATS.into_iter().chain([("json", ""), ("sarif", "")]) {
        let out = audit("hostile.yaml --show-source --persona auditor", format).stdout;
        let hidden = |c: char| {
            (c.is_control() && c != '\n') || matches!(c, '\u{200b}' | '\u{2028}' | '\u{202e}' | '\u{fffe}' | '\u{feff}')
        };
        assert!(!out.contains(hidden), "{format}: {out:?}");
        assert!(!out.contains("##["), "{format}: {out}");
        let commands: Vec<&str> = out.lines().map(str::trim_start).filter(|line| line.starts_with("::")).collect();
        if format != "github" {
            assert!(commands.is_empty(), "{format}: {commands:?}");
        }
        if matches!(format, "html" | "markdown" | "junit") {
            for markup in ["<script", "<img", "<b>\"", "<i>|", "</code></details></style>"] {
                assert!(!out.contains(markup), "{format} holds {markup}");
            }
        }
    }
}

#[test]
fn a_runner_reads_nothing_but_our_commands() {
    let out = audit("hostile.yaml", "github").stdout;
    let mut seen = 0;
    for line in out.lines().filter(|line| line.trim_start().starts_with("::")) {
        let (head, text) = line[2..].split_once("::").expect("a command");
        let (word, properties) = head.split_once(' ').unwrap_or((head, ""));
        assert!(["error", "warning", "notice", "group", "endgroup"].contains(&word), "{line}");
        let keys: Vec<&str> = properties.split(',').filter_map(|pair| pair.split('=').next()).collect();
        if !properties.is_empty() {
            assert!(keys == ["title"] || keys == ["file", "line", "endLine", "col", "endColumn", "title"], "{line}");
        }
        // A percent sign in what is shown is an escape of ours.
        for at in text.match_indices('%').map(|(at, _)| at) {
            assert!(["%25", "%0A"].contains(&&text[at..at + 3]), "{line}");
        }
        seen += 1;
    }
    assert!(seen > 5, "{out}");
}

#[test]
fn rows_of_markdown_have_the_cells_of_their_head() {
    for (name, arguments) in cases() {
        let page = audit(&arguments, "markdown").stdout;
        let mut columns = 0;
        for line in page.lines() {
            let bars = line.matches('|').count();
            if columns > 0 && bars > 0 {
                assert_eq!(bars, columns, "{name}: {line}");
            }
            columns = bars;
            assert!(!line.contains('@'), "{name}: {line}");
        }
    }
}

#[test]
fn annotations_keep_to_what_is_shown() {
    let scratch = Scratch::new();
    let paths = |word: &str, method: &str| {
        (0..15)
            .map(|n| format!("\"/{word}/{n}\": {{\"{method}\": {{\"description\": \"Does it.\"}}}}"))
            .collect::<Vec<_>>()
    };
    let paths = [paths("items", "delete"), paths("login", "get")].concat().join(",");
    scratch.write("a.json", format!("{{\"openapi\": \"3.0.0\", \"paths\": {{{paths}}}}}"));
    let select = ["audit", "a.json", "--select", "exposed-auth,destructive-operation", "--format", "github"];
    let run = run_in(scratch.path(), &select);
    let number = |head: &str| run.stdout.lines().filter(|line| line.starts_with(head)).count();
    assert_eq!((number("::error "), number("::warning "), number("::notice ")), (10, 10, 1), "{}", run.stdout);
    assert!(run.stdout.starts_with("::error file=a.json"), "the worst comes first");
    assert!(run.stdout.contains("10 more stand in the log only"), "{}", run.stdout);
    assert_eq!(number("a.json:"), 10, "the log has the others");
}

#[test]
fn a_summary_stays_below_the_limit_and_says_so() {
    let scratch = Scratch::new();
    let long = "x".repeat(400);
    let paths: Vec<String> =
        (0..4000).map(|n| format!("\"/login/{n}/{long}\": {{\"get\": {{\"description\": \"Logs in.\"}}}}")).collect();
    scratch.write("a.json", format!("{{\"openapi\": \"3.0.0\", \"paths\": {{{}}}}}", paths.join(",")));
    let run = run_in(scratch.path(), &["audit", "a.json", "--select", "exposed-auth", "--format", "markdown"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.len() < 1 << 20, "{}", run.stdout.len());
    let rows = run.stdout.lines().filter(|line| line.starts_with("| critical | exposed")).count();
    assert!(run.stdout.contains(&format!("**{} more are left out", 4000 - rows)), "{rows}");
}

#[test]
fn a_workflow_links_to_its_commit() {
    let scratch = Scratch::new();
    scratch.write("api/a b.json", r#"{"openapi": "3.0.0", "paths": {"/login": {"get": {"description": "Logs in."}}}}"#);
    let root = scratch.path().canonicalize().expect("the folder");
    let run = |format: &str| {
        let mut command = program(&root.join("api"));
        command.args(["audit", "a b.json", "--select", "exposed-auth", "--format", format]);
        command.env("GITHUB_WORKSPACE", &root).env("GITHUB_SERVER_URL", "https://github.com");
        command.env("GITHUB_REPOSITORY", "ada/shop").env("GITHUB_SHA", "0f1e");
        Run::from(command.output().expect("the program starts")).stdout
    };
    assert!(run("markdown").contains("](<https://github.com/ada/shop/blob/0f1e/api/a%20b.json#L1>)"));
    assert!(run("github").starts_with("::error file=api/a b.json,line=1,"));
    assert!(run("sarif").contains("\"uri\": \"api/a%20b.json\""));
}

#[test]
fn what_was_set_aside_is_shown_and_does_not_count() {
    let report = set_aside();
    assert!(rendered(&report, Format::Text).contains("1 suppressed · 1 baselined"));
    for format in
        [Format::Json, Format::Sarif, Format::Github, Format::Markdown, Format::Junit, Format::Html, Format::Agent]
    {
        let out = rendered(&report, format);
        assert!(out.contains("agreed with"), "{format:?}: {out}");
        assert!(out.contains("aselined") || out.contains("unchanged"), "{format:?}: {out}");
    }
    let agent = rendered(&report, Format::Agent);
    let words: Vec<&str> = agent.lines().map(|line| line.split(' ').nth(1).expect("a word")).collect();
    assert_eq!(words, ["medium", "suppressed", "baselined", "passed:"], "{agent}");
    let junit = rendered(&report, Format::Junit);
    assert!(junit.starts_with("<?xml") && junit.contains("failures=\"0\" errors=\"0\" skipped=\"2\""), "{junit}");
    assert!(!rendered(&report, Format::Github).contains("::error"));
}

fn rendered(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    report::render(report, format, Look { suppressed: true, ..Look::default() }, &mut out).expect("memory takes it");
    String::from_utf8(out).expect("UTF-8")
}

/// A report in which one finding was accepted and one was there before.
fn set_aside() -> Report {
    let documents = Documents::default();
    let root = documents.open(&folder().join("house.yaml")).expect("a document");
    let reader = READERS.iter().find(|reader| reader.recognises(root)).expect("a reader");
    let surface = reader.read(&documents, root);
    let rules = pack::load_folder(&folder().join("rules")).expect("the rules").rules;
    let guard = Guard::new(Catalogue::shipped(), Options::default());
    let context = Context { surface: &surface, documents: &documents, limits: Limits::default(), judge: &guard };
    let judge = |found: finding::Match| {
        let operation = found.operation.map(|index| &surface.operations[index]);
        Some(finding::judge(&rules[found.rule], found, 0, operation, Persona::Regular))
    };
    let mut findings = audit::run(&rules, &context, judge).matches;
    findings.retain(|found| found.pointer().contains("door") || found.pointer().contains("bell"));
    findings.retain(|finding| finding.severity > Severity::Low);
    finding::arrange(&mut findings);
    findings[0].status = Status::Suppressed(Arc::new(Acceptance {
        reason: "agreed with <b>@ada</b> | ::error::x".into(),
        owner: Some("the porter".into()),
        expires: Some("2099-12-31".into()),
        in_source: true,
        spot: Spot { file: "house.yaml".into(), position: Position { line: 4, column: 3 } },
    }));
    findings[1].status = Status::Baselined;
    Report {
        sources: documents.into_sources(),
        documents: vec![Document { name: "house.yaml".into(), surface, fail_on: None }],
        rules,
        findings,
        below_persona: 0,
        exceptions: Exceptions::default(),
        not_checked: Vec::new(),
        fail_on: Some(Severity::Critical),
        failed: false,
        accepts_gaps: false,
    }
}

#[test]
fn a_report_keeps_to_the_width_of_the_terminal() {
    let report = set_aside();
    for width in [40, 80, 120] {
        let look = Look { width, suppressed: true, ..Look::default() };
        let mut text = Vec::new();
        report::render(&report, Format::Text, look, &mut text).expect("written");
        let text = String::from_utf8(text).expect("UTF-8");
        let terms = "agreed with <b>@ada</b> | ::error::x (owner the porter, until 2099-12-31)";
        let in_one_line = text.lines().any(|line| line.trim().replace("\\u{3a}", ":") == terms);
        assert_eq!(in_one_line, width > 80, "{width}: {text}");
        // Counts and places stay in a line.
        let long = |line: &&str| line.starts_with(' ') && !line.contains("-->") && line.chars().count() > width;
        assert_eq!(text.lines().find(long), None, "{width}: {text}");
    }
}
