//! SARIF as GitHub's code scanning takes it: valid, located, within limits.

mod support;
#[path = "support/sarif.rs"]
mod valid;

use support::{Scratch, run, run_in};
use valid::validate;

#[test]
fn reports_are_valid_and_complete() {
    for document in ["shop.yaml", "clean.json", "tools.json", "routes.yaml", "multi/openapi.yaml"] {
        let path = format!("fixtures/{document}");
        let log = run(&["audit", &path, "--format", "sarif", "--max-tools", "1", "--persona", "pedantic"]).json();
        validate(&log);
        let run = &log["runs"][0];
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        for rule in rules {
            for key in ["shortDescription", "fullDescription", "helpUri", "defaultConfiguration"] {
                assert!(!rule[key].is_null(), "{key} of {}", rule["id"]);
            }
            assert!(rule["help"]["text"].is_string() && rule["help"]["markdown"].is_string());
            let severity: f64 =
                rule["properties"]["security-severity"].as_str().expect("a text").parse().expect("a number");
            assert!((0.1..=10.0).contains(&severity));
            let tags = rule["properties"]["tags"].as_array().expect("tags");
            assert!(tags.len() <= 20 && tags.contains(&"security".into()));
            assert!(
                tags.iter().any(|tag| tag.as_str().is_some_and(|tag| tag.starts_with("external/cwe/cwe-"))),
                "{tags:?}"
            );
            assert!(tags.iter().any(|tag| tag.as_str().is_some_and(|tag| tag.starts_with("OWASP-"))), "{tags:?}");
        }
        for result in run["results"].as_array().expect("results") {
            let index = result["ruleIndex"].as_u64().expect("an index") as usize;
            assert_eq!(rules[index]["id"], result["ruleId"]);
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("a file");
            assert!(uri.starts_with("fixtures/"), "{uri}");
            assert!(
                place["region"]["startLine"].as_u64() >= Some(1) && place["region"]["startColumn"].as_u64() >= Some(1)
            );
            assert!(result["partialFingerprints"]["mcpsentry/v1"].is_string());
            assert!(
                result["partialFingerprints"]["primaryLocationLineHash"]
                    .as_str()
                    .is_some_and(|hash| hash.contains(':'))
            );
        }
    }
}

#[test]
fn what_was_accepted_is_a_suppression() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/suppress");
    let log = run_in(&folder, &["audit", "--config", "mcpsentry.yaml", "--format", "sarif"]).json();
    validate(&log);
    let results = log["runs"][0]["results"].as_array().expect("results");
    let kinds: Vec<&str> = results.iter().filter_map(|result| result["suppressions"][0]["kind"].as_str()).collect();
    assert!(kinds.contains(&"inSource") && kinds.contains(&"external"), "{kinds:?}");
    assert!(kinds.len() < results.len(), "some findings count");
    let revoking = results
        .iter()
        .find(|result| result["suppressions"][0]["justification"] == "revoking is wanted")
        .expect("accepted in the configuration");
    let suppression = &revoking["suppressions"][0];
    assert_eq!(suppression["properties"]["owner"], "identity");
    assert_eq!(suppression["location"]["physicalLocation"]["artifactLocation"]["uri"], "mcpsentry.yaml");
    assert_eq!(suppression["location"]["physicalLocation"]["region"]["startLine"], 8);
    let notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().expect("notifications");
    assert!(
        notes.iter().any(|note| note["message"]["text"].as_str().is_some_and(|text| text.contains("covers nothing"))),
        "{notes:?}"
    );
}

#[test]
fn findings_about_the_whole_document_stand_on_its_version_line() {
    let log = run(&["audit", "fixtures/shop.yaml", "--format", "sarif", "--max-tools", "1"]).json();
    let results = log["runs"][0]["results"].as_array().expect("results");
    let budget = results.iter().find(|result| result["ruleId"] == "tool-budget").expect("the finding");
    assert_eq!(budget["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
}

#[test]
fn columns_count_characters() {
    let scratch = Scratch::new();
    scratch.write(
        "ü ü.json",
        "{\"openapi\": \"3.0.0\", \"info\": {\"title\": \"日本語😀\"}, \"paths\": {\"/login\": {\"get\": {}}}}",
    );
    let log = run_in(scratch.path(), &["audit", "ü ü.json", "--format", "sarif", "--select", "exposed-auth"]).json();
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "%C3%BC%20%C3%BC.json");
    assert_eq!((&place["region"]["startColumn"], &place["region"]["endColumn"]), (&70.into(), &75.into()));
}

#[test]
fn what_was_not_checked_is_told() {
    let scratch = Scratch::new();
    scratch.write("a.yaml", "openapi: 3.0.0\npaths:\n  /a: {$ref: gone.yaml}\n");
    let log = run_in(scratch.path(), &["audit", "a.yaml", "--format", "sarif"]).json();
    validate(&log);
    let told = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    let told = told.as_array().expect("notifications");
    let gone = told.iter().find(|one| one["message"]["text"].as_str().is_some_and(|text| text.contains("gone.yaml")));
    assert_eq!(gone.expect("told")["locations"][0]["physicalLocation"]["region"]["startLine"], 3);
}

#[test]
fn limits_are_kept_and_said() {
    let scratch = Scratch::new();
    let many: Vec<String> =
        (0..6000).map(|n| format!("\"/p{n}\": {{\"delete\": {{\"description\": \"Deletes.\"}}}}")).collect();
    let login = "\"/login\": {\"post\": {\"description\": \"Logs in.\"}}";
    scratch.write("a.json", format!("{{\"openapi\": \"3.0.0\", \"paths\": {{{}, {login}}}}}", many.join(",")));
    let run = run_in(scratch.path(), &["audit", "a.json", "--format", "sarif", "--select", "core"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("1001 least severe are not in the SARIF report"), "{}", run.stderr);
    let log = run.json();
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!((results.len(), &results[0]["ruleId"]), (5000, &"exposed-auth".into()));
    assert!(run.stdout.contains("1001 least severe"));
}

#[test]
fn standard_input_has_a_location_too() {
    let run = support::run_with_input(
        &["audit", "-", "--format", "sarif"],
        b"{\"openapi\": \"3.0.0\", \"paths\": {\"/login\": {\"get\": {}}}}",
    );
    let log = run.json();
    validate(&log);
    assert_eq!(log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "stdin");
}
