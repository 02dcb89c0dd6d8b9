//! Every rule holds on its own cases, and adding one touches one file.

mod support;

use mcpsentry::audit::prove;
use mcpsentry::guard::{Catalogue, Guard, Options};
use mcpsentry::{pack, rule};
use support::{Scratch, run, run_in};

const RULE: &str = r#"
id: pirate-endpoint
title: endpoint that only pirates call
severity: critical
why: Pirates are a hazard.
fix: Keep {path} out of the tools.
on: operation
when:
  words:
    any: [pirate]
cases:
  bad: [{ method: GET, path: /pirates }]
  good: [{ method: GET, path: /ships }]
say: "`{name}` is for pirates"
"#;

const DOCUMENT: &str = r#"{"openapi": "3.0.0", "paths": {"/v1/pirate-ships": {"get": {"operationId": "listPirateShips",
  "description": "Lists the ships of pirates.", "responses": {"200": {"description": "ok"}}}}}}"#;

#[test]
fn every_shipped_rule_holds_on_its_cases() {
    let pack = pack::shipped_audit().expect("our own rules can be read");
    assert!(pack.rules.len() >= 10);
    let judge = Guard::new(Catalogue::shipped(), Options::default());
    for (rule, (file, text)) in pack.rules.iter().zip(&pack.files) {
        assert_eq!(prove(rule, text, &judge), [], "{file}");
        assert!(!rule.references.is_empty(), "{file} names no public catalogue");
        assert!(!rule.since.is_empty(), "{file} does not say since when");
    }
}

#[test]
fn prepared_rules_are_those_of_the_files() {
    let whole = pack::shipped_audit().expect("our own rules can be read").rules;
    let prepared = pack::prepared_audit().rules;
    assert_eq!(whole.len(), prepared.len());
    for (whole, prepared) in whole.iter().zip(&prepared) {
        assert!(!whole.cases.bad.is_empty(), "{}", whole.id);
        let whole = rule::Rule { cases: rule::Cases::default(), ..rule::Rule::clone(whole) };
        assert!(format!("{whole:?}") == format!("{prepared:?}"), "{}", prepared.id);
    }
}

#[test]
fn the_core_is_the_core() {
    let run = run(&["rules", "list", "--format", "json"]);
    let rules = run.json();
    let mut core: Vec<(String, String)> = rules["rules"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|rule| rule["preset"] == "core")
        .map(|rule| {
            (rule["id"].as_str().expect("an id").to_owned(), rule["severity"].as_str().expect("one").to_owned())
        })
        .collect();
    core.sort();
    let expected = [
        ("destructive-operation", "medium"),
        ("exposed-admin", "critical"),
        ("exposed-auth", "critical"),
        ("missing-description", "high"),
        ("pii-in-response", "high"),
        ("secret-in-response", "high"),
        ("sensitive-parameter", "high"),
        ("unspecified-response", "low"),
        ("untyped-parameter", "low"),
    ];
    assert_eq!(core, expected.map(|(id, severity)| (id.to_owned(), severity.to_owned())));
}

#[test]
fn any_number_of_rules_is_asked() {
    let scratch = Scratch::new();
    scratch.write("openapi.json", DOCUMENT);
    let ids: Vec<String> = (0..150).map(|number| format!("pirate-{number}")).collect();
    for id in &ids {
        scratch.write(&format!("rules/{id}.yml"), RULE.replace("pirate-endpoint", id));
    }
    let arguments = ["audit", "openapi.json", "--format", "json", "--rules", "rules", "--select", &ids.join(",")];
    let mut found: Vec<String> = run_in(scratch.path(), &arguments).findings().into_iter().map(|(id, _)| id).collect();
    found.sort_by_key(|id| ids.iter().position(|known| known == id));
    assert_eq!(found, ids);
}

#[test]
fn adding_a_rule_touches_one_file() {
    let scratch = Scratch::new();
    scratch.write("openapi.json", DOCUMENT);
    let without = run_in(scratch.path(), &["audit", "openapi.json", "--format", "json"]);
    assert_eq!((without.code, without.findings()), (0, vec![]));

    scratch.write("rules/exposure/pirate-endpoint.yml", RULE);
    let with = run_in(scratch.path(), &["audit", "openapi.json", "--format", "json", "--rules", "rules"]);
    assert_eq!(with.code, 1, "{}", with.stderr);
    assert_eq!(with.findings(), [("pirate-endpoint".to_owned(), "/v1/pirate-ships".to_owned())]);

    let narrowed = run_in(scratch.path(), &["audit", "openapi.json", "--select", "core", "--rules", "rules"]);
    assert_eq!(narrowed.code, 0);
    assert!(narrowed.stderr.contains("leaves out: pirate-endpoint"), "{}", narrowed.stderr);

    let tested = run_in(scratch.path(), &["rules", "test", "rules"]);
    assert_eq!((tested.code, tested.stdout.trim()), (0, "1 rule, 2 cases passed, 0 failed"));
    let explained = run_in(scratch.path(), &["rules", "explain", "pirate-endpoint", "--rules", "rules"]);
    assert!(explained.stdout.contains("Pirates are a hazard."), "{}", explained.stdout);
}

#[test]
fn a_rule_that_fails_its_cases_is_named() {
    let scratch = Scratch::new();
    scratch.write("rules/pirate-endpoint.yml", RULE.replace("path: /ships", "path: /pirates"));
    let run = run_in(scratch.path(), &["rules", "test", "rules"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("rules/pirate-endpoint.yml:13: pirate-endpoint: good case GET /pirates"),
        "{}",
        run.stderr
    );
}

#[test]
fn broken_rules_are_refused_where_they_are_broken() {
    for (from, to, place, words) in [
        ("severity: critical", "severity: awful", ":4:11", "`awful` is not known here"),
        ("severity: critical", "severty: critical", ":4:1", "did you mean `severity`?"),
        ("id: pirate-endpoint", "id: pirates", ":2:5", "not the file's name"),
        ("  good: [{ method: GET, path: /ships }]\n", "", ":12:3", "no `good` case"),
        ("    any: [pirate]", "    any: ['***']", ":10:10", "is not a phrase"),
        ("when:\n  words:\n    any: [pirate]", "when: {}", ":8:7", "says nothing"),
        ("title:", "title: twice\ntitle:", ":4:1", "stands twice"),
        ("why: Pirates", "why: [Pirates", ":", "error"),
    ] {
        let scratch = Scratch::new();
        scratch.write("openapi.json", DOCUMENT);
        scratch.write("rules/pirate-endpoint.yml", RULE.replace(from, to));
        let run = run_in(scratch.path(), &["audit", "openapi.json", "--rules", "rules"]);
        assert_eq!(run.code, 2, "{to}");
        assert!(run.stderr.contains(&format!("rules/pirate-endpoint.yml{place}")), "{to}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{to}: {}", run.stderr);
    }
}

#[test]
fn ids_are_unique_and_unknown_ones_are_refused() {
    let scratch = Scratch::new();
    scratch.write("openapi.json", DOCUMENT);
    scratch.write("rules/exposed-auth.yml", RULE.replace("pirate-endpoint", "exposed-auth"));
    let run = run_in(scratch.path(), &["audit", "openapi.json", "--rules", "rules"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("the rule id `exposed-auth` is taken"), "{}", run.stderr);

    let run = run_in(scratch.path(), &["audit", "openapi.json", "--select", "exposed-aut"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("did you mean `exposed-auth`?"), "{}", run.stderr);

    let run = run_in(scratch.path(), &["audit", "openapi.json", "--rules", "openapi.json.d"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
}
