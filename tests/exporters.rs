//! What the exporters wrote for applications of each framework, audited. `tests/exporters/run.sh` writes it with the real
//! frameworks; this needs none of them.

mod support;

use serde_json::Value;
use support::{Run, run, run_with_input};

const FRAMEWORKS: [&str; 5] = ["fastapi", "flask", "django", "express", "rails"];

fn audited(framework: &str) -> Run {
    run(&["audit", &format!("tests/exporters/{framework}/expected.json"), "--format", "json"])
}

/// `METHOD path` of every operation that a rule found something in.
fn found(run: &Run, rule: &str) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().expect("a list");
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or("-").to_owned();
    findings
        .iter()
        .filter(|finding| finding["rule"] == rule)
        .map(|finding| format!("{} {}", text(finding, "method"), text(finding, "path")))
        .collect()
}

#[test]
fn each_script_is_printed_and_fits_its_framework() {
    for framework in FRAMEWORKS {
        let run = run(&["export", framework]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{framework}");
        assert!(run.stdout.contains("mcpsentry") && run.stdout.contains("no routes"), "{framework}");
        let text = run_with_input(&["audit", "-"], run.stdout.as_bytes());
        assert_ne!(text.code, 0, "a script is no document");
    }
    assert_eq!(run(&["export", "cobol"]).code, 2);
}

#[test]
fn what_they_write_is_audited() {
    for (framework, exposed) in [
        ("fastapi", &["DELETE /api/admin/users/{user_id}", "GET /oauth/authorize"][..]),
        ("flask", &["DELETE /api/admin/users/{user_id}", "POST /login"]),
        ("django", &["- /login/"]),
        ("express", &["DELETE /admin/users/{userId}", "POST /login"]),
        ("rails", &["DELETE /admin/users/{id}", "POST /login"]),
    ] {
        let run = audited(framework);
        assert_eq!(run.code, 1, "{framework}: {}", run.stderr);
        let all = [found(&run, "exposed-auth"), found(&run, "exposed-admin")].concat();
        for operation in exposed {
            assert!(all.iter().any(|found| found == operation), "{operation} of {framework}: {all:?}");
        }
    }
}

#[test]
fn facts_of_the_framework_arrive() {
    let fastapi = audited("fastapi");
    assert_eq!(found(&fastapi, "pii-in-response"), ["GET /api/admin/users/{user_id}"]);
    assert_eq!(
        found(&fastapi, "missing-description"),
        ["GET /oauth/authorize", "DELETE /api/admin/users/{user_id}"],
        "hidden and included routes have their docstrings"
    );
    assert_eq!(found(&audited("django"), "pii-in-response"), ["GET /api/orders/"], "the serializer tells");
    let flask = found(&audited("flask"), "missing-description");
    assert!(flask.contains(&"DELETE /api/admin/users/{user_id}".to_owned()) && flask.len() == 2, "{flask:?}");
    // What is mounted, and not known, keeps the audit from passing.
    let rails = audited("rails").json();
    let parts = rails["not_checked"].as_array().expect("a list");
    assert!(parts.iter().any(|part| part["what"] == "routes made at /queue" && part["gap"] == true), "{parts:?}");
}

#[test]
fn the_commands_of_readme_name_every_framework() {
    let readme = std::fs::read_to_string("README.md").expect("README.md");
    let script = std::fs::read_to_string("tests/exporters/run.sh").expect("the script");
    for framework in FRAMEWORKS {
        assert!(readme.contains(&format!("mcpsentry export {framework} > ")), "{framework}");
        assert!(script.contains(&format!("exports {framework} ")), "{framework}");
    }
}
