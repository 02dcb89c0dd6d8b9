//! Documents made to break the reader end in a located error or a report.

mod support;

use std::fmt::Write;

use support::{Run, run_with_input};

fn audit(document: impl AsRef<[u8]>) -> Run {
    let run = run_with_input(&["audit", "-", "--format", "json", "--select", "core"], document.as_ref());
    assert!((0..=3).contains(&run.code), "{}", run.stderr);
    run
}

/// An OpenAPI document with one GET whose response has the schema `S0`, and these schemas.
fn with_schemas(schemas: &str) -> String {
    format!(
        r##"{{"openapi": "3.1.0", "paths": {{"/x": {{"get": {{"description": "Gets it.", "responses": {{"200": {{
        "content": {{"application/json": {{"schema": {{"$ref": "#/components/schemas/S0"}}}}}}}}}}}}}}}},
        "components": {{"schemas": {{{schemas}}}}}}}"##
    )
}

#[test]
fn broken_text_is_located() {
    for (document, place, words) in [
        (&b"{\"openapi\": \"3.0.0\",\n  \"paths\": {\"/a\": {\"get\": {"[..], "<stdin>:2:", "truncated"),
        (b"openapi: 3.0.0\npaths:\n  /a: [\n", "<stdin>:", "error"),
        (b"openapi: 3.0.0\ninfo: {title: caf\xe9}\n", "<stdin>:2:18", "not valid UTF-8"),
        (b"\xff\xfe{\0}\0", "<stdin>:1:1", "UTF-16"),
        (b"", "<stdin>:1:1", "empty"),
        (b"\n\n  \n", "<stdin>:", "empty"),
        (b"{\"a\": 1,}", "<stdin>:1:8", "comma"),
        (b"a: 1\n\tb: 2\n", "<stdin>:", "error"),
        (b"a: 1\n---\nb: 2\n", "<stdin>:2:", "more than one"),
    ] {
        let run = audit(document);
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(run.stderr.contains(place) && run.stderr.contains(words), "{words}: {}", run.stderr);
        assert!(run.stderr.contains("help: "), "{}", run.stderr);
    }
}

#[test]
fn deep_nesting_ends_in_an_error() {
    let deep = 200_000;
    for document in [
        "[".repeat(deep),
        "{\"a\":".repeat(deep),
        "- ".repeat(deep),
        "{a: ".repeat(deep),
        format!("openapi: 3.0.0\npaths: {}", "[".repeat(deep)),
        format!("{{\"openapi\": \"3.0.0\", \"x\": {}1{}}}", "[".repeat(deep), "]".repeat(deep)),
    ] {
        let run = audit(&document);
        assert_eq!(run.code, 2, "{}: {}", &document[..30], run.stderr);
        assert!(run.stderr.contains("nest"), "{}: {}", &document[..30], run.stderr);
    }
}

#[test]
fn bombs_cost_what_they_weigh() {
    let mut aliases = String::from(
        "openapi: 3.0.0\npaths: {/x: {get: {description: Gets it., responses: {'200': {content: {application/json: {schema: *a9}}}}}}}\n",
    );
    let mut definitions = String::from("x: &a0 {type: object, properties: {email: {type: string}}}\n");
    for level in 1..10 {
        let before = level - 1;
        let _ =
            writeln!(definitions, "x{level}: &a{level} {{allOf: [{}]}}", vec![format!("*a{before}"); 10].join(", "));
    }
    aliases.insert_str("openapi: 3.0.0\n".len(), &definitions);
    assert_eq!(audit(&aliases).findings(), [("pii-in-response".to_owned(), "/x".to_owned())]);

    let mut merges = String::from("openapi: 3.0.0\nx0: &m0 {description: Gets it.}\n");
    for level in 1..30 {
        let before = level - 1;
        let _ = writeln!(merges, "x{level}: &m{level} {{<<: [*m{before}, *m{before}, *m{before}]}}");
    }
    merges += "paths: {/x: {get: {<<: *m29, responses: {'200': {description: ok}}}}}\n";
    let run = audit(&merges);
    assert_eq!((run.code, run.findings()), (0, vec![]));
}

#[test]
fn references_in_circles_and_fans_are_read_once() {
    let refs = |targets: &[usize]| {
        targets
            .iter()
            .enumerate()
            .map(|(n, target)| format!("\"p{n}\": {{\"$ref\": \"#/components/schemas/S{target}\"}}"))
            .collect::<Vec<_>>()
            .join(",")
    };
    // Every schema leads ten times to the next: ten to the twentieth paths.
    let fan: Vec<String> =
        (0..20).map(|n| format!("\"S{n}\": {{\"properties\": {{{}}}}}", refs(&[n + 1; 10]))).collect();
    let run = audit(with_schemas(&format!("{}, \"S20\": {{}}", fan.join(","))));
    assert_eq!(run.code, 0, "{}", run.stdout);

    // A chain of plain references, longer than any stack.
    let chain: Vec<String> =
        (0..20_000).map(|n| format!("\"S{n}\": {{\"properties\": {{{}}}}}", refs(&[n + 1]))).collect();
    let run = audit(with_schemas(&format!("{}, \"S20000\": {{}}", chain.join(","))));
    assert_eq!(run.code, 0, "{}", run.stderr);

    // A graph in which all lead to all.
    let all: Vec<usize> = (0..150).collect();
    let knot: Vec<String> = (0..150).map(|n| format!("\"S{n}\": {{\"properties\": {{{}}}}}", refs(&all))).collect();
    assert_eq!(audit(with_schemas(&knot.join(","))).code, 0);

    // References that are nothing but each other are said, not followed for ever.
    let run = audit(with_schemas(
        r##""S0": {"$ref": "#/components/schemas/S1"}, "S1": {"$ref": "#/components/schemas/S0"}"##,
    ));
    assert_eq!(run.code, 3, "{}", run.stdout);
    assert!(run.stdout.contains("leads back to itself"), "{}", run.stdout);

    let run = audit(
        r##"{"openapi": "3.0.0", "paths": {"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a", "get": {"description": "Gets it."}}}}"##,
    );
    assert_eq!(run.json()["total_routes"], 2);
}

#[test]
fn what_many_places_share_is_not_read_for_ever() {
    let count = 1_500;
    let paths = (0..count).map(|n| format!("\"/p{n}\": {{\"$ref\": \"#/x\"}}")).collect::<Vec<_>>().join(",");
    let keys = (0..count).map(|n| format!("\"k{n}\": {{}}")).collect::<Vec<_>>().join(",");
    let parameters =
        (0..count).map(|n| format!("{{\"name\": \"p{n}\", \"in\": \"query\"}}")).collect::<Vec<_>>().join(",");
    let tools = (0..count)
        .map(|n| format!("{{\"name\": \"t{n}\", \"inputSchema\": {{\"$ref\": \"#/x\"}}}}"))
        .collect::<Vec<_>>()
        .join(",");
    for document in [
        format!("{{\"openapi\": \"3.1.0\", \"paths\": {{{paths}}}, \"x\": {{\"get\": {{}}, {keys}}}}}"),
        format!(
            "{{\"openapi\": \"3.1.0\", \"paths\": {{{paths}}}, \"x\": {{\"get\": {{\"parameters\": [{parameters}]}}}}}}"
        ),
        format!("{{\"tools\": [{tools}], \"x\": {{\"properties\": {{{keys}}}}}}}"),
    ] {
        let run = audit(&document);
        assert_eq!(run.code, 3, "{}: {}", &document[..60], run.stderr);
        let report = run.json();
        let parts = report["not_checked"].as_array().expect("a list");
        let said = parts.iter().any(|part| part["what"] == "parts that others share" && part["gap"] == true);
        assert!(said, "{}", &document[..60]);
        assert!(report["total_routes"].as_u64() > Some(10), "{}", &document[..60]);
    }
}

#[test]
fn large_texts_are_read() {
    let long = "x".repeat(4 << 20);
    let run = audit(format!(
        "{{\"openapi\": \"3.0.0\", \"paths\": {{\"/a\": {{\"get\": {{\"description\": \"{long}\"}}}}}}}}"
    ));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = audit(format!("openapi: 3.0.0\npaths:\n  /a:\n    get:\n      description: {long}\n"));
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn keys_that_stand_twice_are_read_both_and_said() {
    let run = audit(
        r#"{"openapi": "3.0.0", "paths": {
      "/login": {"post": {"description": "Logs in."}},
      "/login": {"get": {"description": "Shows the form."}}}}"#,
    );
    assert_eq!(run.findings().len(), 2, "{}", run.stdout);
    let part = &run.json()["not_checked"][0];
    assert_eq!((&part["gap"], &part["location"]["line"]), (&false.into(), &3.into()));
    assert!(part["what"].as_str().expect("a text").contains("`/login`"), "{part}");
}

#[test]
fn nothing_of_a_document_steers_the_terminal() {
    let document = "openapi: 3.0.0\ninfo: {title: \"T\\u001b[2J\\u202e\"}\npaths:\n  \"/login\\u001b]0;pwned\\u0007\":\n    post: {operationId: \"a\\u009b31m\", summary: \"\\u001b[31mred\", tags: [\"\\u0007\"], parameters: [{name: \"password\\u001b[1m\", in: query}]}\n  \"/x\": {$ref: \"\\u001b[5mnowhere.yaml\"}\n";
    let unsafe_text =
        |text: &str| text.chars().any(|c| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{9b}'));
    for arguments in [
        &["audit", "-"][..],
        &["audit", "-", "--show-source"],
        &["audit", "-", "--format", "json"],
        &["audit", "-", "--format", "sarif"],
        &["tools", "-"],
        &["tools", "-", "--format", "json"],
    ] {
        let run = run_with_input(arguments, document.as_bytes());
        assert!(run.stdout.contains("login"), "{arguments:?}: {}", run.stderr);
        assert!(!unsafe_text(&run.stdout), "{arguments:?}: {:?}", run.stdout);
        assert!(!unsafe_text(&run.stderr), "{arguments:?}: {:?}", run.stderr);
    }
    let raw = run_with_input(
        &["audit", "-", "--show-source"],
        b"{\"openapi\": \"3.0.0\", \"paths\": {\"/login\": {\"get\": {\"x\": \"\xe2\x80\xae\"}}}}",
    );
    assert!(!unsafe_text(&raw.stdout), "{:?}", raw.stdout);
    let broken = run_with_input(&["audit", "-"], b"{\"a\": \x1b[31m}");
    assert!(!unsafe_text(&broken.stderr), "{:?}", broken.stderr);
}

#[test]
fn a_long_line_is_cut_around_the_finding() {
    let filler: Vec<String> =
        (0..20_000).map(|n| format!("\"/p{n}\":{{\"get\":{{\"description\":\"Lists.\"}}}}")).collect();
    let document = format!(
        "{{\"openapi\":\"3.0.0\",\"paths\":{{{},\"/login\":{{\"post\":{{\"description\":\"Logs in.\"}}}}}}}}",
        filler.join(",")
    );
    let run = run_with_input(&["audit", "-", "--show-source"], document.as_bytes());
    assert_eq!(run.code, 1);
    let widest = run.stdout.lines().map(|line| line.chars().count()).max();
    assert!(widest < Some(300), "{widest:?}");
    assert!(run.stdout.contains("\"/login\":{\"post\""), "{}", run.stdout);
}

#[test]
fn odd_shapes_are_reported_not_skipped() {
    for (document, what) in [
        (
            r#"{"openapi": "3.0.0", "paths": {"/a": {"fetch": {"responses": {}}, "get": {"description": "G."}}}}"#,
            "`fetch` of path /a",
        ),
        (r#"{"openapi": "3.0.0", "paths": {"/a": 5, "/b": {"get": {"description": "G."}}}}"#, "path /a"),
        (r#"{"openapi": "3.0.0", "paths": {"/a": {"get": "x", "put": {"description": "P."}}}}"#, "GET /a"),
        (
            r#"{"mcpsentry": 1, "routes": [{"methods": ["GET"]}, {"path": "/a", "description": "x"}]}"#,
            "route /routes/0",
        ),
        (r#"{"mcpsentry": 1, "routes": {"path": "/a"}}"#, "routes"),
        (r#"{"tools": [{"inputSchema": {}}, {"name": "a", "description": "x", "inputSchema": {}}]}"#, "tool /tools/0"),
        (r#"{"tools": [{"name": "a", "description": "x", "inputSchema": {}}], "nextCursor": "2"}"#, "further tools"),
        (
            r#"{"mcpsentry": 1, "routes": [{"path": "/a", "description": "x"}], "unresolved": [{"where": "a.py:1", "reason": "a loop"}]}"#,
            "routes made at a.py:1",
        ),
    ] {
        let run = audit(document);
        assert_eq!(run.code, 3, "{document}: {}", run.stdout);
        let parts = run.json();
        let parts = parts["not_checked"].as_array().expect("a list");
        assert!(
            parts.iter().any(|part| part["what"].as_str() == Some(what) && part["gap"] == true),
            "{what}: {parts:?}"
        );
    }
}
