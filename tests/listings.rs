//! Lists of routes as the commands of frameworks print them, read as they are.

mod support;

use serde_json::Value;
use support::{Run, Scratch, run, run_in, run_with_input};

/// `METHOD path` of every operation, sorted; `-` where the method is not known.
fn operations(run: &Run) -> Vec<String> {
    let report = run.json();
    let operations = report["operations"].as_array().expect("a list");
    let text = |operation: &Value, key: &str| operation[key].as_str().unwrap_or("-").to_owned();
    let mut all: Vec<String> = operations
        .iter()
        .filter(|operation| operation["exposed"] == true)
        .map(|operation| format!("{} {}", text(operation, "method"), text(operation, "path")))
        .collect();
    all.sort();
    all
}

fn audit(text: &str) -> Run {
    run_with_input(&["audit", "-", "--format", "json"], text.as_bytes())
}

fn not_checked(run: &Run) -> Vec<(String, bool, u64)> {
    let report = run.json();
    let parts = report["not_checked"].as_array().expect("a list");
    parts
        .iter()
        .filter(|part| !part["why"].as_str().expect("a reason").starts_with("not assessed"))
        .map(|part| {
            let what = part["what"].as_str().expect("a part").to_owned();
            (what, part["gap"] == true, part["location"]["line"].as_u64().unwrap_or_default())
        })
        .collect()
}

#[test]
fn every_list_is_read() {
    for (name, kind, expected) in [
        (
            "flask-routes.txt",
            "flask routes",
            &["DELETE /api/admin/users/{user_id}", "GET /orders", "GET /orders/{order_id}", "POST /login"][..],
        ),
        (
            "rails-routes.txt",
            "rails routes",
            &["DELETE /blog/posts/{id}", "ANY /webhook", "PATCH /admin/users/{id}", "POST /login"],
        ),
        ("show-urls.txt", "show_urls", &["- /invoices/{year}/{number}", "- /api/orders/{pk}/refund/", "- /login/"]),
        (
            "express-list-endpoints.json",
            "express-list-endpoints",
            &["ANY /webhook", "DELETE /admin/users/{userId}", "GET /files/.*", "POST /orders"],
        ),
        (
            "artisan-route-list.json",
            "artisan route:list",
            &["ANY /webhook", "DELETE /admin/users/{user}", "PATCH /api/orders/{order}", "POST /login"],
        ),
        (
            "spring-mappings.json",
            "Spring mappings",
            &["- /h2-console/{wildcard}", "ANY /error", "GET /actuator/heapdump", "POST /orders/{id}/void"],
        ),
    ] {
        let run = run(&["audit", &format!("fixtures/listings/{name}"), "--format", "json"]);
        assert_eq!(run.json()["documents"][0]["kind"], kind, "{name}");
        let found = operations(&run);
        for operation in expected {
            assert!(found.iter().any(|found| found == operation), "{operation} of {name}: {found:#?}");
        }
        assert_eq!(run.code, 1, "{name} has a login or an admin route: {}", run.stderr);
    }
}

#[test]
fn two_forms_of_one_list_say_the_same() {
    for (one, other) in [("rails-routes.txt", "rails-routes-expanded.txt"), ("show-urls.txt", "show-urls.json")] {
        let read = |name: &str| run(&["audit", &format!("fixtures/listings/{name}"), "--format", "json"]);
        let (one, other) = (read(one), read(other));
        assert_eq!(operations(&one), operations(&other));
        let mut found = [one.findings(), other.findings()];
        found.iter_mut().for_each(|findings| findings.sort());
        assert_eq!(found[0], found[1]);
    }
}

#[test]
fn a_finding_stands_at_the_path() {
    let run = run(&["audit", "fixtures/listings/flask-routes.txt", "--format", "json"]);
    let report = run.json();
    let login = report["findings"].as_array().expect("a list").iter().find(|f| f["path"] == "/login").expect("login");
    let place = |key: &str| login["location"][key].as_u64().expect("a number");
    let text = std::fs::read_to_string("fixtures/listings/flask-routes.txt").expect("a text");
    let line = text.lines().nth(place("line") as usize - 1).expect("the line");
    assert_eq!(&line[place("column") as usize - 1..place("end_column") as usize - 1], "/login");
}

#[test]
fn lines_that_are_no_rows_are_said() {
    let table = "[2026-01-01 10:00:00] INFO: starting: up\r\n\r\nEndpoint  Methods  Rule\r\n--------  -------  --------\r\nhome      GET      /home\r\nTraceback (most recent call last):\r\n";
    let run = audit(table);
    assert_eq!((run.code, operations(&run)), (3, vec!["GET /home".to_owned()]));
    assert_eq!(
        not_checked(&run),
        [
            ("line `Traceback (most recent call last):`".to_owned(), true, 6),
            ("lines before the table".to_owned(), false, 1),
        ]
    );
    // A byte order mark and a log line alone do not keep it from passing.
    let run = audit(&format!("\u{FEFF}{}", table.replace("Traceback (most recent call last):\r\n", "")));
    assert_eq!((run.code, operations(&run)), (0, vec!["GET /home".to_owned()]));

    let many: String = (0..500).map(|n| format!("junk {n}\n")).collect();
    let run = audit(&format!("Endpoint  Methods  Rule\n--------  -------  -----\nhome      GET      /home\n{many}"));
    assert_eq!((run.code, not_checked(&run).len()), (3, 21));
    assert!(not_checked(&run).iter().any(|(what, ..)| what == "480 more lines"));
}

#[test]
fn columns_are_characters() {
    let table = "Endpoint  Methods    Host           Rule\n--------  ---------  -------------  -------------\n\
                 größe     GET, POST  <t>.bücher.de  /größe/<int:n>\n";
    assert_eq!(operations(&audit(table)), ["GET /größe/{n}", "POST /größe/{n}"]);
}

#[test]
fn an_empty_list_is_no_pass() {
    for (text, words) in [
        ("No routes were registered.\n", "flask routes document describes no operation"),
        (
            "You don't have any routes defined!\n\nPlease add some routes in config/routes.rb.\n",
            "rails routes document",
        ),
        ("    Prefix Verb URI Pattern Controller#Action\n", "rails routes document describes no operation"),
        ("Endpoint  Methods  Rule\n--------  -------  ----\n", "flask routes document describes no operation"),
        ("[]", "express-list-endpoints prints this for Express 5"),
        (r#"{"contexts": {"app": {"mappings": {}}}}"#, "Spring mappings document describes no operation"),
        (r#"{"mcpsentry": 1, "framework": "fastapi", "routes": []}"#, "(fastapi) document describes no operation"),
    ] {
        let run = run_with_input(&["audit", "-"], text.as_bytes());
        assert_eq!(run.code, 3, "{text}: {}", run.stdout);
        // The report is wrapped.
        let report = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(report.contains(words), "{text}: {}", run.stdout);
    }
    assert_eq!(audit("").code, 2);
}

#[test]
fn rows_that_differ_from_the_others_are_said() {
    for (text, what) in [
        (
            r#"[{"path": "/a", "methods": ["GET"], "middlewares": []}, {"route": "/b"}, {"path": "/p", "methods": [], "middlewares": []}]"#,
            &["route /1", "routes at /p"][..],
        ),
        (r#"[{"uri": "a", "method": "GET", "action": "x", "middleware": []}, {"uri": 5}]"#, &["route /1"]),
        (
            r#"{"contexts": {"a": {"mappings": {"dispatcherServlets": {"d": [
                {"predicate": "(GET && /fn)", "handler": "Fn$$Lambda", "details": {"handlerFunction": {}}},
                {"predicate": "/**", "handler": "ResourceHttpRequestHandler []", "details": null},
                {"predicate": "{GET [/x]}", "handler": "X", "details": {"requestMappingConditions": {"methods": ["GET"], "patterns": ["/x"]}}}
            ]}}}}}"#,
            &["mapping (GET && /fn)"],
        ),
    ] {
        let run = audit(text);
        assert_eq!(run.code, 3, "{}", run.stdout);
        let gaps: Vec<String> =
            not_checked(&run).into_iter().filter(|(_, gap, _)| *gap).map(|(what, ..)| what).collect();
        assert_eq!(gaps, what);
    }
}

#[test]
fn a_mounted_application_is_not_passed_over() {
    let run = audit(
        "Prefix Verb URI Pattern Controller#Action\n home GET / pages#home\n cable     /cable     #<ActionCable::Server::Base:0x1>\n",
    );
    assert_eq!((run.code, not_checked(&run)[0].1), (0, false), "{}", run.stdout);
    let run =
        audit("Prefix Verb URI Pattern Controller#Action\n home GET / pages#home\n jobs     /jobs     Sidekiq::Web\n");
    assert_eq!((run.code, &*not_checked(&run)[0].0), (3, "Sidekiq::Web at /jobs"), "{}", run.stdout);
}

#[test]
fn a_document_that_quotes_a_table_stays_a_document() {
    let scratch = Scratch::new();
    let quoted = "openapi: 3.0.0\ninfo:\n  description: |\n    Prefix Verb URI Pattern Controller#Action\n    admin GET /admin users#admin\npaths:\n  /a: {get: {description: Gets it.}}\n";
    scratch.write("quoted.yaml", quoted);
    scratch.write("quoted.json", r#"{"openapi": "3.0.0", "info": {"description": "Endpoint  Methods  Rule\n---  ---  ---"}, "paths": {"/a": {"get": {"description": "Gets it."}}}}"#);
    for name in ["quoted.yaml", "quoted.json"] {
        let run = run_in(scratch.path(), &["audit", name, "--format", "json"]);
        assert_eq!(operations(&run), ["GET /a"], "{name}");
    }
}
