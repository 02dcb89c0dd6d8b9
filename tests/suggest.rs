//! The exclusions that `audit --suggest` prints, applied: the blockers are gone, and nothing else is.
//!
//! `.ci/bridges` applies the Python forms with the real packages.

mod support;

use serde_json::Value;
use support::{Scratch, run, run_in};

/// Paths and names with whatever means something in globs, JSONPath, regular expressions, YAML and Python.
const HOSTILE: &str = include_str!("suggest/hostile.json");

/// The tools that a model would be given, by name.
fn tools(scratch: &Scratch, file: &str) -> Vec<String> {
    let run = run_in(scratch.path(), &["tools", file, "--format", "json"]);
    let listed = run.json();
    let mut names: Vec<String> =
        listed["tools"].as_array().expect("a list").iter().map(|tool| tool["name"].to_string()).collect();
    names.sort();
    names
}

/// The tools of a document that have no blocker.
fn harmless(scratch: &Scratch, file: &str) -> Vec<String> {
    let run = run_in(scratch.path(), &["audit", file, "--no-config", "--format", "json"]);
    let report = run.json();
    let blocked: Vec<String> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|finding| finding["severity"] == "critical")
        .map(|finding| format!("{} {}", finding["method"], finding["path"]))
        .collect();
    assert!(blocked.len() > 1, "{report}");
    let mut names: Vec<String> = report["operations"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|operation| operation["exposed"] == true)
        .filter(|operation| !blocked.contains(&format!("{} {}", operation["method"], operation["path"])))
        .map(|operation| operation["name"].to_string())
        .collect();
    names.sort();
    names
}

fn documents() -> Vec<(&'static str, String)> {
    let shop = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/shop.yaml")).expect("a fixture");
    let paths = include_str!("suggest/paths.yaml").to_owned();
    vec![("shop.yaml", shop), ("hostile.json", HOSTILE.to_owned()), ("paths.yaml", paths)]
}

#[test]
fn the_configuration_removes_the_blockers_and_nothing_else() {
    for (file, text) in documents() {
        let scratch = Scratch::new();
        scratch.write(file, text);
        let harmless = harmless(&scratch, file);
        let suggested = run_in(scratch.path(), &["audit", file, "--suggest", "config"]);
        assert_eq!(suggested.code, 1, "{}", suggested.stderr);
        scratch.write("mcpsentry.yaml", &suggested.stdout);
        let after = run_in(scratch.path(), &["audit", file, "--format", "json"]);
        assert_eq!(after.code, 0, "{}{}", suggested.stdout, after.stdout);
        assert_eq!(tools(&scratch, file), harmless);
        let again = run_in(scratch.path(), &["audit", file, "--suggest", "config"]);
        assert!(again.stdout.ends_with("exclude: []\n"), "{}", again.stdout);
    }
}

#[test]
fn the_overlay_removes_the_blockers_and_nothing_else() {
    for (file, text) in documents() {
        let scratch = Scratch::new();
        scratch.write(file, &text);
        let harmless = harmless(&scratch, file);
        let suggested = run_in(scratch.path(), &["audit", file, "--suggest", "overlay"]);
        let overlay: Value = serde_yaml::from_str(&suggested.stdout).expect("YAML");
        assert_eq!(overlay["overlay"], "1.0.0");
        let mut document: Value = match file {
            "hostile.json" => serde_json::from_str(&text).expect("JSON"),
            _ => serde_yaml::from_str(&text).expect("YAML"),
        };
        for action in overlay["actions"].as_array().expect("actions") {
            let target = action["target"].as_str().expect("a target");
            let mut place = &mut document;
            for name in names(target) {
                place = place.get_mut(&name).unwrap_or_else(|| panic!("{target}: nothing at {name}"));
            }
            let update = action["update"].as_object().expect("an update");
            place.as_object_mut().expect("an operation").extend(update.clone());
        }
        scratch.write("after.json", document.to_string());
        let after = run_in(scratch.path(), &["audit", "after.json", "--format", "json"]);
        assert_eq!(after.code, 0, "{}{}", suggested.stdout, after.stdout);
        assert_eq!(tools(&scratch, "after.json"), harmless);
    }
}

/// The names of a JSONPath such as `$.paths['/a']['get']`, RFC 9535.
fn names(path: &str) -> Vec<String> {
    let mut rest = path.strip_prefix("$.paths").expect("below paths");
    let mut names = vec!["paths".to_owned()];
    while let Some(inner) = rest.strip_prefix('[') {
        let quote = inner.chars().next().filter(|quote| ['\'', '"'].contains(quote)).expect("a quote");
        let inner = &inner[1..];
        let mut name = String::new();
        let mut characters = inner.char_indices();
        rest = loop {
            let (at, character) = characters.next().expect("the end of the name");
            match character {
                _ if character == quote => break inner[at + 1..].strip_prefix(']').expect("a bracket"),
                '\\' => name.push(match characters.next().expect("an escape").1 {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let digits: String = characters.by_ref().take(4).map(|(_, digit)| digit).collect();
                        char::from_u32(u32::from_str_radix(&digits, 16).expect("a number")).expect("a character")
                    }
                    escaped => escaped,
                }),
                character => name.push(character),
            }
        };
        names.push(name);
    }
    assert_eq!(rest, "", "{path}");
    names
}

#[test]
fn what_stands_behind_suggest_may_be_a_document() {
    let file = "fixtures/shop.yaml";
    let all = run(&["audit", "--suggest", file]);
    for form in ["config", "fastmcp", "fastapi-mcp", "overlay"] {
        assert!(all.stdout.contains(&format!("# --- {form} ---\n")), "{}", all.stdout);
        let one = run(&["audit", "--suggest", form, file]);
        assert_eq!(one.code, 1);
        assert!(all.stdout.contains(&one.stdout), "{}", one.stdout);
        assert_eq!(run(&["audit", file, &format!("--suggest={form}")]).stdout, one.stdout);
    }
    assert_eq!(run(&["audit", file, "--suggest"]).stdout, all.stdout);
    let wrong = run(&["audit", file, "--suggest", "fastmpc"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("did you mean `fastmcp`?"), "{}", wrong.stderr);
}

#[test]
fn what_a_form_cannot_say_is_said() {
    let scratch = Scratch::new();
    scratch.write(
        "tools.json",
        r#"{"tools": [{"name": "GET users", "description": "Gets.", "inputSchema": {"type": "object"}},
            {"name": "admin_reset", "description": "Resets.", "inputSchema": {"type": "object"}},
            {"name": "POST login", "description": "Logs in.", "inputSchema": {"type": "object"}}]}"#,
    );
    for form in ["fastmcp", "fastapi-mcp", "overlay"] {
        let run = run_in(scratch.path(), &["audit", "tools.json", "--suggest", form]);
        assert!(run.stderr.contains(&format!("{form} has no way to name 2 operations")), "{}", run.stderr);
        assert!(run.stdout.contains("admin_reset: exposed-admin"), "{}", run.stdout);
    }
    let config = run_in(scratch.path(), &["audit", "tools.json", "--suggest", "config"]);
    scratch.write("mcpsentry.yaml", &config.stdout);
    assert_eq!(tools(&scratch, "tools.json"), ["\"GET users\""]);
}
