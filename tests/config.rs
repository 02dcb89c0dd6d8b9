//! The configuration as a user has it: each folder of `tests/config` is a project, and its `session` says what commands
//! give there.
//!
//! A line `$ audit …` runs the program in the folder, `sub$ audit …` in a folder of it. What follows is its exit code,
//! one line for each finding (status, severity, rule, operation, fields), each operation that is no tool, each
//! exception, and standard error. A line `$ mv A B` or `$ cp A B` changes the folder. `UPDATE_CONFIG=1 cargo test --test config` writes what the program does.

mod support;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use mcpsentry::config::schema;
use serde_json::Value;
use support::{Run, Scratch, program, run};

/// The day on which the sessions take place.
const TODAY: &str = "1795564800"; // 2026-11-25

#[test]
fn sessions_go_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config");
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
    cases.sort();
    let mut wrong = Vec::new();
    for case in &cases {
        let written = std::fs::read_to_string(case.join("session")).expect("a session");
        let real = session(case, &written);
        if std::env::var_os("UPDATE_CONFIG").is_some() {
            std::fs::write(case.join("session"), &real).expect("written");
        } else if real != written {
            wrong.push(format!("{}\n--- written\n{written}\n--- real\n{real}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(cases.len() > 5, "only {} cases", cases.len());
}

/// Runs the commands of a session in a copy of its folder.
fn session(case: &Path, written: &str) -> String {
    let scratch = Scratch::new();
    copy(case, scratch.path());
    std::fs::create_dir_all(scratch.path().join(".git")).expect("a repository");
    let mut real = String::new();
    for line in written.lines() {
        let command = line.split_once("$ ").filter(|(folder, _)| !folder.contains(' '));
        let Some((folder, arguments)) = command else { continue };
        if !real.is_empty() {
            real.push('\n');
        }
        let words: Vec<&str> = arguments.split(' ').collect();
        if let ["mv" | "cp", from, to] = words[..] {
            let place = |name: &str| scratch.path().join(folder).join(name);
            std::fs::copy(place(from), place(to)).expect("copied");
            if words[0] == "mv" {
                std::fs::remove_file(place(from)).expect("removed");
            }
            let _ = writeln!(real, "{line}");
            continue;
        }
        let mut arguments: Vec<String> = arguments.split(' ').map(|word| word.trim_matches('\'').to_owned()).collect();
        if matches!(arguments[0].as_str(), "audit" | "tools" | "scan") && !arguments.iter().any(|a| a == "--format") {
            arguments.extend(["--format".to_owned(), "json".to_owned()]);
        }
        let ran: Run = program(&scratch.path().join(folder))
            .env("SOURCE_DATE_EPOCH", TODAY)
            .args(&arguments)
            .output()
            .expect("the program starts")
            .into();
        let _ = writeln!(real, "{line}\nexit {}", ran.code);
        match serde_json::from_str::<Value>(&ran.stdout) {
            Ok(report) => real.push_str(&told(&report)),
            Err(_) => real.push_str(&ran.stdout),
        }
        real.push_str(&ran.stderr);
    }
    real
}

/// A report as lines that say no more than a configuration can change.
fn told(report: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |key: &str| report[key].as_array().cloned().unwrap_or_default();
    let label = |value: &Value| match (value["method"].as_str(), value["path"].as_str()) {
        (Some(method), Some(path)) => format!("{method} {path}"),
        (None, None) if value["name"].is_null() => "the whole surface".to_owned(),
        _ => text(&value["name"]),
    };
    let mut told = String::new();
    for finding in list("findings") {
        let fields: Vec<String> = finding["fields"].as_array().into_iter().flatten().map(text).collect();
        let fields = if fields.is_empty() { String::new() } else { format!(" ({})", fields.join(", ")) };
        let reason = finding["reason"].as_str().map_or(String::new(), |reason| format!(": {reason}"));
        let (severity, rule) = (text(&finding["severity"]), text(&finding["rule"]));
        let _ = writeln!(told, "{} {severity} {rule} {}{fields}{reason}", text(&finding["status"]), label(&finding));
    }
    for tool in list("tools") {
        let _ = writeln!(told, "tool {}: {}: {}", label(&tool), text(&tool["name"]), text(&tool["description"]));
    }
    for operation in list("operations").iter().chain(&list("excluded")).filter(|entry| entry["reason"].is_string()) {
        let _ = writeln!(told, "excluded {}: {}", label(operation), text(&operation["reason"]));
    }
    for part in list("not_checked") {
        let _ = writeln!(told, "not checked {}: {}", text(&part["what"]), text(&part["why"]));
    }
    if let Some(decision) = report["decision"].as_str() {
        let rules: Vec<String> = list("matches").iter().map(|found| text(&found["rule"])).collect();
        let _ = writeln!(told, "{decision}, allowed {}: {}", report["allowed"], rules.join(", "));
    }
    told
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copied");
        }
    }
}

#[test]
fn the_schema_is_current_valid_and_agrees_with_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/mcpsentry.schema.json");
    let printed = run(&["config", "schema"]);
    assert_eq!(printed.code, 0, "{}", printed.stderr);
    if std::env::var_os("UPDATE_CONFIG").is_some() {
        std::fs::write(&path, &printed.stdout).expect("written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, printed.stdout, "run `UPDATE_CONFIG=1 cargo test --test config`");

    let schema = schema();
    jsonschema::draft7::meta::validate(&schema).expect("a JSON Schema");
    let validator = jsonschema::draft7::new(&schema).expect("a JSON Schema");
    let scratch = Scratch::new();
    for (good, text) in [
        (true, "{}"),
        (true, "inputs: [a.yaml, {path: b.yaml, exclude: [/x], max_tools: 3, tools: {GET /x: {name: y}}}]"),
        (true, "include: ['GET /x/*']\nexclude:\nfail_on: never\npersona: pedantic\nbaseline: b.json"),
        (true, "suppress: [{rule: [exposed-auth, exposed-admin], reason: r, method: GET, expires: 2027-01-31}]"),
        (true, "severity: {exposed-auth: low}\noptions: {exposed-auth: {words: [logon], harmless: [x]}}"),
        (true, "guard: {policy: alert, ignore: [lure], max_bytes: 100, max_depth: 5, excerpts: false}"),
        (false, "inputs: a.yaml"),
        (false, "inputs: [{exclude: [/x]}]"),
        (false, "includes: [/x]"),
        (false, "max_tools: -1"),
        (false, "max_tools: many"),
        (false, "fail_on: often"),
        (false, "severity: {exposed-auth: off}"),
        (false, "suppress: [{rule: exposed-auth}]"),
        (false, "suppress: [{rule: exposed-auth, reason: ''}]"),
        (false, "suppress: [{rule: exposed-auth, reason: r, expires: soon}]"),
        (false, "guard: {policy: maybe}"),
        (false, "guard: {on_block: 'rm -rf /'}"),
        (false, "tools: {GET /x: {title: y}}"),
        (false, "[]"),
    ] {
        scratch.write("mcpsentry.yaml", text);
        let value: Value = serde_yaml::from_str(text).expect("YAML");
        assert_eq!(validator.is_valid(&value), good, "the schema says of {text}");
        let ran: Run = program(scratch.path()).args(["config", "check"]).output().expect("the program starts").into();
        assert_eq!(ran.code == 0, good, "the program says of {text}: {}", ran.stderr);
    }
}

#[test]
fn the_example_of_the_readme_is_valid() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md");
    let example = readme.split("<!-- configuration -->\n```yaml\n").nth(1).expect("the example");
    let example = example.split("```").next().expect("its end");
    assert!(example.contains(mcpsentry::config::SCHEMA_URL), "the schema is that of this release");
    let scratch = Scratch::new();
    scratch.write("mcpsentry.yaml", example);
    let own = include_str!("config/rules/own-rules/own.yml");
    scratch.write("my-rules/own.yml", own);
    let ran: Run = program(scratch.path()).args(["config", "check"]).output().expect("the program starts").into();
    assert_eq!((ran.code, &*ran.stdout), (0, "mcpsentry.yaml: valid, 2 inputs\n"), "{}", ran.stderr);
    let value: Value = serde_yaml::from_str(example).expect("YAML");
    assert!(jsonschema::draft7::new(&schema()).expect("a schema").is_valid(&value));
}

#[test]
fn the_suppressions_of_the_readme_count() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md");
    let mut examples = readme.split("<!-- suppressions -->\n").nth(1).expect("the examples").split("```yaml\n").skip(1);
    let mut example = || examples.next().expect("an example").split("```").next().expect("its end").to_owned();
    let scratch = Scratch::new();
    scratch.write("openapi.yaml", format!("openapi: 3.0.0\n{}  /oauth/token: {{post: {{}}}}\n", example()));
    scratch.write(
        "mcpsentry.yaml",
        format!("inputs: [openapi.yaml]\nselect: [exposed-auth, exposed-admin]\n{}", example()),
    );
    let ran: Run = program(scratch.path())
        .env("SOURCE_DATE_EPOCH", TODAY)
        .args(["audit", "--format", "json"])
        .output()
        .expect("the program starts")
        .into();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    let report = ran.json();
    assert_eq!(report["summary"]["suppressed"], 3);
    assert_eq!(report["suppressions"][0]["state"], "used");
}

#[cfg(unix)]
#[test]
fn a_configuration_cannot_lead_out_of_its_repository() {
    let scratch = Scratch::new();
    let outside = scratch.write("outside/openapi.json", r#"{"openapi": "3.0.0", "paths": {"/login": {"post": {}}}}"#);
    scratch.write("repository/.git/HEAD", "");
    let repository = scratch.path().join("repository");
    std::os::unix::fs::symlink(outside.parent().expect("a folder"), repository.join("link")).expect("a link");
    for path in ["link/openapi.json", "../outside/openapi.json", "a/../../outside/openapi.json"] {
        scratch.write("repository/mcpsentry.yaml", format!("inputs: [{path}]"));
        let ran: Run = program(&repository).arg("audit").output().expect("the program starts").into();
        assert_eq!(ran.code, 2, "{path}: {}", ran.stdout);
        assert!(ran.stderr.contains("leaves the repository"), "{path}: {}", ran.stderr);
    }
    // What lies above the root of a repository, or of no repository at all, is not looked at.
    scratch.write("repository/inner/.git/HEAD", "");
    scratch.write("mcpsentry.yaml", "inputs: [outside/openapi.json]");
    for folder in ["repository/inner", "outside"] {
        let ran: Run = program(&scratch.path().join(folder)).arg("audit").output().expect("the program starts").into();
        assert!(ran.stderr.contains("no document was named"), "{folder}: {}", ran.stderr);
    }
}

#[test]
fn a_configuration_cannot_steer_the_terminal_or_exhaust_memory() {
    let scratch = Scratch::new();
    scratch.write("mcpsentry.yaml", "\"\\u001b[31mred\": 1\n");
    let check = || -> Run { program(scratch.path()).args(["config", "check"]).output().expect("it starts").into() };
    let ran = check();
    assert_eq!(ran.code, 2);
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    let accepted = r#"{"rule": "exposed-auth", "reason": "\u001b[31mred\u202e"}"#;
    let document =
        format!(r#"{{"openapi": "3.0.0", "paths": {{"/login": {{"post": {{"x-mcpsentry-ignore": {accepted}}}}}}}}}"#);
    scratch.write("openapi.yaml", document);
    let ran: Run = program(scratch.path())
        .args(["audit", "openapi.yaml", "--no-config", "--show-suppressed"])
        .output()
        .expect("the program starts")
        .into();
    assert!(ran.stdout.contains("1 suppressed") && ran.stdout.contains("red"), "{}", ran.stdout);
    assert!(!ran.stdout.contains(['\u{1b}', '\u{202e}']), "{}", ran.stdout);
    scratch.write("mcpsentry.yaml", "#".repeat((1 << 20) + 1));
    let ran = check();
    assert_eq!((ran.code, ran.stderr.contains("larger than 1 MiB")), (2, true), "{}", ran.stderr);
    scratch.write("mcpsentry.yaml", [0xFF, 0xFE, b'a']);
    assert_eq!(check().code, 2);
    scratch.write("mcpsentry.yaml", "a: [");
    assert_eq!(check().code, 2);
    for deep in ["[".repeat(5000), format!("{}1", "{a: ".repeat(5000))] {
        scratch.write("mcpsentry.yaml", deep);
        assert_eq!(check().code, 2);
    }
}
