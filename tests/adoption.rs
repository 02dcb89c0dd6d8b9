//! A team takes the audit up: `init`, the known findings, one exception, a change that adds an admin route, the action.

#![cfg(unix)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Run, Scratch, run_in};

const OURS: &str = r#"{"openapi": "3.0.0", "info": {"title": "Shop"}, "paths": {
  "/login": {"post": {"operationId": "login", "description": "Logs in a user.", "responses": {"204": {"description": "ok"}}}},
  "/orders/{id}": {"delete": {"operationId": "deleteOrder", "responses": {"204": {"description": "ok"}}}}
}}"#;

/// A document with findings: a real one where there are any, or else one of ours.
fn document() -> String {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/mealie.openapi.json");
    std::fs::read_to_string(real).unwrap_or_else(|_| OURS.to_owned())
}

fn audit(scratch: &Scratch, more: &[&str]) -> Run {
    let mut arguments = vec!["audit", "--format", "json"];
    arguments.extend(more);
    run_in(scratch.path(), &arguments)
}

#[test]
fn a_team_takes_it_up() {
    let scratch = Scratch::new();
    scratch.write(".git/HEAD", "ref: refs/heads/main\n");
    let text = document();
    scratch.write("docs/openapi.json", &text);

    assert_eq!(run_in(scratch.path(), &["init"]).code, 0);
    let first = audit(&scratch, &[]);
    assert_eq!(first.code, 1, "{}", first.stderr);

    // What is there already is known; only what is new counts.
    assert_eq!(audit(&scratch, &["--write-baseline", "mcpsentry-baseline.json"]).code, 0);
    let config = std::fs::read_to_string(scratch.path().join("mcpsentry.yaml")).expect("a configuration");
    let config = config.replace("# baseline:", "baseline:");
    scratch.write("mcpsentry.yaml", &config);
    let known = audit(&scratch, &[]);
    assert_eq!((known.code, &known.json()["summary"]["critical"]), (0, &0.into()), "{}", known.stderr);
    assert!(known.json()["summary"]["baselined"].as_u64() > Some(0));

    // A change adds a route.
    let route = r#""/api/admin/settings": {"get": {"summary": "Shows the settings of the server.", "operationId": "settings",
        "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "integer"}}}}}}},"#;
    let at = text.find("\"paths\"").expect("paths");
    let open = at + text[at..].find('{').expect("an object") + 1;
    scratch.write("docs/openapi.json", format!("{}{route}{}", &text[..open], &text[open..]));
    let changed = audit(&scratch, &[]);
    let report = changed.json();
    let active: Vec<_> =
        report["findings"].as_array().expect("a list").iter().filter(|f| f["status"] == "active").collect();
    assert_eq!(changed.code, 1, "{}", changed.stderr);
    assert_eq!(active.len(), 1, "{active:#?}");
    assert_eq!((&active[0]["rule"], &active[0]["path"]), (&"exposed-admin".into(), &"/api/admin/settings".into()));

    // The action says the same.
    let action = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/action/audit.sh");
    let output = scratch.write(".runner/output", "");
    let step = Command::new("bash")
        .arg(action)
        .env("MCPSENTRY", env!("CARGO_BIN_EXE_mcpsentry"))
        .env("RUNNER_TEMP", scratch.path().join(".runner"))
        .env("GITHUB_WORKSPACE", scratch.path())
        .env("GITHUB_OUTPUT", &output)
        .env("GITHUB_STEP_SUMMARY", scratch.write(".runner/summary", ""))
        .output()
        .expect("a shell");
    let outputs = std::fs::read_to_string(output).expect("outputs");
    assert_eq!(step.status.code(), Some(1), "{}", String::from_utf8_lossy(&step.stderr));
    assert!(outputs.contains("critical=1\n") && outputs.contains("findings=1\n"), "{outputs}");
    let annotations =
        String::from_utf8_lossy(&step.stdout).lines().filter(|line| line.starts_with("::error file=")).count();
    assert_eq!(annotations, 1, "{}", String::from_utf8_lossy(&step.stdout));

    // It is accepted, for a reason.
    let accepted =
        "suppress:\n  - rule: exposed-admin\n    path: GET /api/admin/settings\n    reason: the support bot needs it\n";
    scratch.write("mcpsentry.yaml", format!("{config}{accepted}"));
    let run = audit(&scratch, &["--show-suppressed"]);
    assert_eq!((run.code, &run.json()["summary"]["suppressed"]), (0, &1.into()), "{}", run.stderr);
}
