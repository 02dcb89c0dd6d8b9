//! The program as a user runs it: inputs, filters, exit codes, streams.

mod support;

use support::{Scratch, program, run, run_in, run_with_input};

const LOGIN: &str = r#"{"openapi": "3.0.0", "info": {"title": "A"}, "paths": {
  "/login": {"post": {"operationId": "post_login", "description": "Logs in a user.", "responses": {"204": {"description": "ok"}}}},
  "/api/items": {"get": {"operationId": "get_api_items", "description": "Lists the items on sale.", "responses": {"200": {"description": "ok"}}}}
}}"#;

const FORMATS: [&str; 8] = ["text", "json", "sarif", "github", "markdown", "junit", "html", "agent"];

#[test]
fn exit_codes_are_the_same_in_every_format() {
    let scratch = Scratch::new();
    scratch.write("login.json", LOGIN);
    scratch.write("empty.json", r#"{"openapi": "3.0.0", "paths": {}}"#);
    scratch.write("other.json", r#"{"hello": "world"}"#);
    scratch.write("broken.json", r#"{"openapi": "#);
    for format in FORMATS {
        for (input, code) in
            [("login.json", 1), ("empty.json", 3), ("other.json", 3), ("broken.json", 2), ("none.json", 2)]
        {
            let run = run_in(scratch.path(), &["audit", input, "--format", format]);
            assert_eq!(run.code, code, "{input} as {format}: {}", run.stderr);
            assert!(code < 2 || !run.stderr.is_empty(), "{input} as {format} says nothing");
        }
    }
}

#[test]
fn the_threshold_moves_the_gate() {
    for (threshold, code) in [("critical", 0), ("high", 1), ("medium", 1), ("low", 1), ("never", 0)] {
        let run = run_with_input(
            &["audit", "-", "--fail-on", threshold],
            br#"{"openapi": "3.0.0", "paths": {"/x": {"get": {}}}}"#,
        );
        assert_eq!(run.code, code, "{threshold}: {}", run.stdout);
    }
}

#[test]
fn what_is_filtered_out_is_listed_and_nothing_left_is_no_pass() {
    let scratch = Scratch::new();
    scratch.write("a.json", LOGIN);
    let run = run_in(scratch.path(), &["audit", "a.json", "--include", "/api/*", "--format", "json"]);
    assert_eq!((run.code, run.findings()), (0, vec![]));
    let report = run.json();
    assert_eq!((&report["total_routes"], &report["exposed_tools"]), (&2.into(), &1.into()));
    assert_eq!(report["operations"][0]["reason"], "not matched by --include");

    let run = run_in(scratch.path(), &["audit", "a.json", "--exclude", "/*"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("every operation is excluded"), "{}", run.stderr);
    assert!(run.stdout.contains("nothing to audit"), "{}", run.stdout);

    // Globs are anchored, and braces stand for themselves.
    let run = run_in(scratch.path(), &["audit", "a.json", "--exclude", "/log", "--select", "core"]);
    assert_eq!(run.code, 1);
    let run = run_with_input(
        &["tools", "-", "--exclude", "/users/{id}", "--format", "json"],
        br#"{"openapi": "3.0.0", "paths": {"/users/{id}": {"get": {}}, "/users/{id}/x": {"get": {}}}}"#,
    );
    assert_eq!(run.json()["tools"][0]["path"], "/users/{id}/x");
}

#[test]
fn the_surface_is_listed() {
    let run = run_with_input(&["tools", "-"], LOGIN.as_bytes());
    assert_eq!(run.code, 0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "2 tools from 2 routes");
    assert_eq!(lines[2], "  post_login     POST  /login      write  Logs in a user.");
    assert_eq!(lines[3], "  get_api_items  GET   /api/items  read   Lists the items on sale.");
}

#[test]
fn a_large_surface_is_a_finding_and_still_audited() {
    let run =
        run_with_input(&["audit", "-", "--select", "core", "--max-tools", "1", "--format", "json"], LOGIN.as_bytes());
    let rules: Vec<String> = run.findings().into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(rules, ["exposed-auth", "tool-budget"]);
    let budget = &run.json()["findings"][1];
    assert_eq!(
        budget["message"],
        "2 tools of about 25 tokens are more than the limit of 1 tool; the costliest: `get_api_items (about 14 tokens)`, \
         `post_login (about 11 tokens)`"
    );
    assert_eq!(budget["location"]["line"], 1);
}

#[test]
fn folders_globs_and_several_files_are_read() {
    let scratch = Scratch::new();
    scratch.write("specs/a.json", LOGIN);
    scratch.write("specs/deep/b.yaml", "swagger: '2.0'\npaths: {/b: {get: {description: Lists things}}}\n");
    scratch.write("specs/package.json", "{\"name\": \"x\"}");
    scratch.write("specs/broken.yaml", "a: [");
    // A path from the root is shown as seen from here, if it leads below.
    let here = scratch.path().canonicalize().expect("it is there");
    let whole = |name: &str| here.join(name).to_str().expect("a name").to_owned();
    let (folder, glob) = (whole("specs"), whole("specs/**/*"));
    for inputs in [&["specs"][..], &["specs/**/*"], &["specs/a.json", "specs/deep/b.yaml"], &[&*folder], &[&*glob]] {
        let arguments = [&["audit", "--format", "json"], inputs].concat();
        let report = run_in(scratch.path(), &arguments).json();
        let names: Vec<&str> = report["documents"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|d| d["name"].as_str().expect("a name"))
            .collect();
        assert_eq!(names, ["specs/a.json", "specs/deep/b.yaml"], "{inputs:?}");
    }
    let run = run_in(scratch.path(), &["audit", "specs/*.toml"]);
    assert_eq!(run.code, 2);
    scratch.write("none/package.json", "{}");
    assert_eq!(run_in(scratch.path(), &["audit", "none"]).code, 3);
    // A file in a folder that claims to be an API description has to be one.
    scratch.write("specs/later.yaml", "openapi: 4.0.0\npaths: {}\n");
    let run = run_in(scratch.path(), &["audit", "specs", "--exclude", "/login"]);
    assert_eq!(run.code, 3);
    assert!(run.stdout.contains("`openapi: 4.0.0` is not a version that is understood"), "{}", run.stdout);
}

#[test]
fn one_run_writes_several_reports() {
    let scratch = Scratch::new();
    scratch.write("a.json", LOGIN);
    let run = run_in(scratch.path(), &["audit", "a.json", "--output", "sarif=out.sarif", "-o", "json=out.json"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("1 critical"));
    let read = |name| std::fs::read_to_string(scratch.path().join(name)).expect("a report");
    assert!(read("out.sarif").contains("\"2.1.0\""));
    assert!(read("out.json").contains("\"exposed-auth\""));
    let run = run_in(scratch.path(), &["audit", "a.json", "--output", "json=no/such/folder.json"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("no/such/folder.json cannot be written"), "{}", run.stderr);
}

#[test]
fn output_is_deterministic() {
    let scratch = Scratch::new();
    scratch.write("a.json", LOGIN);
    for format in FORMATS {
        let arguments = ["audit", "a.json", "--format", format, "--persona", "auditor", "--select", "strict"];
        assert_eq!(run_in(scratch.path(), &arguments).stdout, run_in(scratch.path(), &arguments).stdout);
    }
}

#[test]
fn a_broken_pipe_is_no_failure() {
    let scratch = Scratch::new();
    let many: Vec<String> =
        (0..3000).map(|n| format!("\"/p{n}\": {{\"get\": {{\"description\": \"Lists.\"}}}}")).collect();
    scratch.write("a.json", format!("{{\"openapi\": \"3.0.0\", \"paths\": {{{}}}}}", many.join(",")));
    let mut child = program(scratch.path())
        .args(["tools", "a.json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    assert!(!run_with_input(&["audit", "-"], LOGIN.as_bytes()).stdout.contains('\u{1b}'));
    assert!(run_with_input(&["audit", "-", "--color", "always"], LOGIN.as_bytes()).stdout.contains('\u{1b}'));
    let json = run_with_input(&["audit", "-", "--color", "always", "--format", "json"], LOGIN.as_bytes());
    assert!(!json.stdout.contains('\u{1b}'));
}

#[test]
fn wrong_usage_is_told() {
    for arguments in [
        &["audit"][..],
        &["audit", "x", "--format", "yaml"],
        &["audit", "x", "--output", "sarif"],
        &["audit", "x", "--output", "sarif=-"],
        &["bake"],
    ] {
        let run = run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(!run.stderr.is_empty());
    }
    for arguments in [&["--help"][..], &["audit", "--help"], &["--version"]] {
        assert_eq!(run(arguments).code, 0, "{arguments:?}");
    }
}

#[test]
fn references_stay_in_their_folder() {
    let scratch = Scratch::new();
    scratch.write("secret.yaml", "get: {description: Not yours}");
    let spec = |reference: &str| {
        format!("openapi: 3.0.0\npaths:\n  /a: {{$ref: '{reference}'}}\n  /b: {{get: {{description: Lists.}}}}\n")
    };
    for (reference, why) in [
        ("../secret.yaml", "leaves the folder"),
        ("/etc/passwd", "leaves the folder"),
        ("%2e%2e/secret.yaml", "leaves the folder"),
        ("https://example.com/a.yaml", "never asked"),
        ("file:///etc/passwd", "never asked"),
        ("missing.yaml", "no such file"),
        ("#/nowhere", "nothing stands at"),
    ] {
        scratch.write("specs/openapi.yaml", spec(reference));
        let run = run_in(scratch.path(), &["audit", "specs/openapi.yaml", "--format", "json"]);
        assert_eq!(run.code, 3, "{reference}: {}", run.stdout);
        let part = &run.json()["not_checked"][0];
        assert!(part["why"].as_str().expect("a reason").contains(why), "{reference}: {part}");
        assert_eq!((&part["gap"], &part["location"]["line"]), (&true.into(), &3.into()), "{reference}");
        let accepted = run_in(scratch.path(), &["audit", "specs/openapi.yaml", "--allow-unchecked"]);
        assert_eq!(accepted.code, 0, "{reference}");
    }
    let run = run_with_input(&["audit", "-"], spec("other.yaml").as_bytes());
    assert!(run.stdout.contains("came from standard input"), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_folder() {
    let scratch = Scratch::new();
    scratch.write("secret.yaml", "get: {description: Not yours}");
    scratch.write(
        "specs/openapi.yaml",
        "openapi: 3.0.0\npaths:\n  /a: {$ref: link.yaml}\n  /b: {get: {description: Lists.}}\n",
    );
    std::os::unix::fs::symlink(scratch.path().join("secret.yaml"), scratch.path().join("specs/link.yaml"))
        .expect("a link");
    let run = run_in(scratch.path(), &["audit", "specs/openapi.yaml"]);
    assert_eq!(run.code, 3);
    assert!(run.stdout.contains("leaves the folder"), "{}", run.stdout);
}
