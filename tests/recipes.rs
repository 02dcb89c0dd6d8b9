//! The recipes of README are those that `init` writes, and work as they stand.

#![cfg(unix)]

mod support;

use std::ops::Range;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use serde_yaml::Value;
use support::{Run, Scratch, run_in};

const API: &str = r#"{"openapi": "3.0.0", "info": {"title": "A"}, "paths": {
  "/items": {"get": {"description": "Lists the items on sale.", "responses": {"200": {"description": "ok"}}}}
}}"#;

/// The code block behind a mark in README.
fn block(mark: &str) -> String {
    let readme = std::fs::read_to_string(readme()).expect("README.md");
    readme[span(&readme, mark)].to_owned()
}

fn readme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// Where the text of a code block stands.
fn span(readme: &str, mark: &str) -> Range<usize> {
    let mark = format!("<!-- {mark} -->\n```");
    let start = readme.find(&mark).unwrap_or_else(|| panic!("no {mark}")) + mark.len();
    let start = start + readme[start..].find('\n').expect("a line") + 1;
    start..start + readme[start..].find("```").expect("the end of the block")
}

/// The code block is `expected`; `UPDATE_README=1 cargo test --test recipes` makes it so.
fn same(mark: &str, expected: &str) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock();
    if std::env::var_os("UPDATE_README").is_some() {
        let mut text = std::fs::read_to_string(readme()).expect("README.md");
        text.replace_range(span(&text, mark), expected);
        std::fs::write(readme(), text).expect("written");
    }
    assert_eq!(block(mark), expected, "run `UPDATE_README=1 cargo test --test recipes`");
}

fn repository() -> Scratch {
    let scratch = Scratch::new();
    scratch.write(".git/HEAD", "ref: refs/heads/main\n");
    scratch.write("openapi.json", API);
    scratch
}

/// Runs lines as a CI job does, with this program and a `pip` that installs nothing.
fn job(folder: &Scratch, lines: &str) -> Run {
    let pip =
        folder.write(".bin/pip", "#!/bin/sh\ncase $* in 'install --quiet mcpsentry-cli'*) ;; *) exit 9 ;; esac\n");
    std::fs::set_permissions(&pip, PermissionsExt::from_mode(0o755)).expect("executable");
    let program = Path::new(env!("CARGO_BIN_EXE_mcpsentry")).parent().expect("a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = [folder.path().join(".bin"), program.to_path_buf()].into_iter().chain(std::env::split_paths(&path));
    Command::new("sh")
        .args(["-e", "-c", lines])
        .current_dir(folder.path())
        .env("PATH", std::env::join_paths(folders).expect("a path"))
        .stdin(Stdio::null())
        .output()
        .expect("a shell")
        .into()
}

#[test]
fn readme_shows_what_init_writes() {
    let scratch = repository();
    assert_eq!(run_in(scratch.path(), &["init"]).code, 0);
    let written = |name: &str| std::fs::read_to_string(scratch.path().join(name)).expect(name);
    same("workflow", &written(".github/workflows/mcpsentry.yml"));
    same("pre-commit", &written(".pre-commit-config.yaml"));
    let scratch = repository();
    scratch.write(".gitlab-ci.yml", "{}");
    let run = run_in(scratch.path(), &["init"]);
    let (_, job) = run.stdout.split_once("add to .gitlab-ci.yml\n\n").expect("a job");
    same(
        "gitlab",
        job.split_inclusive('\n')
            .take_while(|line| *line == "mcpsentry:\n" || line.starts_with("  "))
            .collect::<String>()
            .as_str(),
    );
    let wheel = block("pre-commit wheel");
    let (before, version) = wheel.split_once("mcpsentry-cli==").expect("a version");
    let (_, after) = version.split_once(']').expect("an end");
    same("pre-commit wheel", &format!("{before}mcpsentry-cli=={}]{after}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_job_for_gitlab_works() {
    let recipe: Value = serde_yaml::from_str(&block("gitlab")).expect("YAML");
    let job_lines = recipe["mcpsentry"]["script"].as_sequence().expect("a script");
    let lines: Vec<&str> = job_lines.iter().map(|line| line.as_str().expect("a line")).collect();
    let report = recipe["mcpsentry"]["artifacts"]["reports"]["junit"].as_str().expect("a report");
    for (path, code) in [("/items", 0), ("/admin/items", 1)] {
        let scratch = repository();
        assert_eq!(run_in(scratch.path(), &["init", "--only", "config"]).code, 0);
        scratch.write("openapi.json", API.replace("/items", path));
        let run = job(&scratch, &lines.join("\n"));
        assert_eq!(run.code, code, "{}{}", run.stdout, run.stderr);
        let text = std::fs::read_to_string(scratch.path().join(report)).expect("the report");
        assert_eq!(text.contains("<failure"), code == 1, "{text}");
    }
}

#[test]
fn a_plain_shell_works() {
    for (path, code) in [("/items", 0), ("/admin/items", 1)] {
        let scratch = repository();
        scratch.write("openapi.json", API.replace("/items", path));
        let run = job(&scratch, &block("shell"));
        assert_eq!(run.code, code, "{}{}", run.stdout, run.stderr);
        assert!(scratch.path().join("mcpsentry.sarif").is_file() && scratch.path().join("mcpsentry.json").is_file());
    }
}

#[test]
fn hooks_take_documents_by_name() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    let hooks: Value = serde_yaml::from_str(&std::fs::read_to_string(path).expect("hooks")).expect("YAML");
    let files = hooks[0]["files"].as_str().expect("a pattern");
    let syntax = regex_automata::util::syntax::Config::new().unicode(false).utf8(false);
    let pattern = regex_automata::meta::Regex::builder().syntax(syntax).build(files).expect("a pattern");
    for name in [
        "openapi.json",
        "docs/OpenAPI.yaml",
        "swagger.yml",
        "api/openapi.v1.json",
        "shop-openapi.yaml",
        "openapi-3.1.yaml",
    ] {
        assert!(pattern.is_match(name), "{name}");
    }
    for name in ["openapitools.json", "openapi/paths/users.yaml", "package.json", "openapi.json.bak", "myopenapi.py"] {
        assert!(!pattern.is_match(name), "{name}");
    }
    // The hook that needs no clone of this project takes the same documents.
    let local: Value = serde_yaml::from_str(&block("pre-commit wheel")).expect("YAML");
    let local = &local["repos"][0]["hooks"][0];
    assert_eq!((&local["files"], &local["entry"]), (&hooks[0]["files"], &hooks[0]["entry"]));
    assert_eq!(local["additional_dependencies"][0], Value::from(concat!("mcpsentry-cli==", env!("CARGO_PKG_VERSION"))));
}
