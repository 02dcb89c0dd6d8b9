//! The GitHub Action: its scripts under an environment such as the runner makes, and what `action.yml` hands to them.

#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use serde_yaml::Value as Yaml;
use support::{Run, Scratch};

const LOGIN: &str = r#"{"openapi": "3.0.0", "info": {"title": "A"}, "paths": {
  "/login": {"post": {"description": "Logs in a user.", "responses": {"204": {"description": "ok"}}}}
}}"#;

const CLEAN: &str = r#"{"openapi": "3.0.0", "info": {"title": "A"}, "paths": {
  "/items": {"get": {"description": "Lists the items on sale.", "responses": {"200": {"description": "ok"}}}}
}}"#;

const COUNTS: [&str; 7] = ["critical", "high", "medium", "low", "info", "suppressed", "baselined"];

/// A runner with a workspace of its own.
struct Runner(Scratch);

impl Runner {
    fn new() -> Self {
        let scratch = Scratch::new();
        scratch.write("workspace/login.json", LOGIN);
        scratch.write("workspace/clean.json", CLEAN);
        for file in ["temp/keep", "output", "summary", "path"] {
            scratch.write(file, "");
        }
        Self(scratch)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a script of the action as its step does.
    fn step(&self, script: &str, environment: &[(&str, &str)]) -> Run {
        for file in ["output", "summary", "path"] {
            self.0.write(file, "");
        }
        Command::new("bash")
            .args([
                "--noprofile",
                "--norc",
                "-e",
                "-o",
                "pipefail",
                "-c",
                "\"${GITHUB_ACTION_PATH}/.github/action/$SCRIPT\"",
            ])
            .current_dir(self.path("workspace"))
            .env("SCRIPT", script)
            .env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"))
            .env("GITHUB_WORKSPACE", self.path("workspace"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("GITHUB_PATH", self.path("path"))
            .env("RUNNER_TEMP", self.path("temp"))
            .env("MCPSENTRY", env!("CARGO_BIN_EXE_mcpsentry"))
            .env_remove("MCPSENTRY_RELEASES")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .output()
            .expect("a shell")
            .into()
    }

    /// Writes a shell script.
    fn executable(&self, name: &str, script: &str) -> PathBuf {
        let path = self.0.write(name, format!("#!/bin/sh\n{script}\n"));
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("executable");
        path
    }

    fn audit(&self, inputs: &str, environment: &[(&str, &str)]) -> Run {
        let mut all = vec![("INPUT_INPUTS", inputs)];
        all.extend(environment);
        self.step("audit.sh", &all)
    }

    fn outputs(&self) -> BTreeMap<String, String> {
        let text = std::fs::read_to_string(self.path("output")).expect("outputs");
        text.lines()
            .map(|line| line.split_once('=').unwrap_or_else(|| panic!("{line} is no output")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    fn json(&self, output: &str) -> Value {
        let text = std::fs::read_to_string(&self.outputs()[output]).expect("a report");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Everything outside the files of the runner, to see that nothing else was made.
    fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for folder in ["", "workspace"] {
            let entries = std::fs::read_dir(self.path(folder)).expect("a folder");
            names.extend(entries.map(|entry| format!("{folder}/{}", entry.expect("an entry").file_name().display())));
        }
        names.sort();
        names
    }
}

#[test]
fn one_run_writes_everything() {
    let runner = Runner::new();
    let run = runner.audit("login.json\nclean.json", &[]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stdout.lines().any(|line| line.starts_with("::error") && line.contains("login.json")),
        "{}",
        run.stdout
    );
    let summary = std::fs::read_to_string(runner.path("summary")).expect("a summary");
    assert!(summary.contains("exposed-auth") && summary.contains("/login"), "{summary}");
    let (json, sarif) = (runner.json("json"), runner.json("sarif"));
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), json["findings"].as_array().map(Vec::len));

    let outputs = runner.outputs();
    assert_eq!(outputs["exit-code"], "1");
    for count in COUNTS {
        assert_eq!(outputs[count], json["summary"][count].to_string(), "{count}");
    }
    let active: u64 = COUNTS[..5].iter().map(|count| json["summary"][count].as_u64().expect("a number")).sum();
    assert_eq!((&outputs["findings"], active > 0), (&active.to_string(), true));
    assert_eq!((outputs["tools"].as_str(), outputs["routes"].as_str()), ("2", "2"));
}

#[test]
fn the_outcome_of_the_audit_is_that_of_the_step() {
    let runner = Runner::new();
    runner.0.write("workspace/none.json", r#"{"openapi": "3.0.0", "paths": {}}"#);
    runner.0.write("workspace/broken.json", r#"{"openapi""#);
    for (input, code) in
        [("clean.json", 0), ("login.json", 1), ("broken.json", 2), ("missing.json", 2), ("none.json", 3)]
    {
        let run = runner.audit(input, &[]);
        assert_eq!((run.code, runner.outputs()["exit-code"].as_str()), (code, code.to_string().as_str()), "{input}");
        assert_eq!(code == 0, !run.stdout.contains("::error title=mcpsentry::"), "{}", run.stdout);
    }
    assert_eq!(runner.audit("login.json", &[("INPUT_FAIL_ON", "never")]).code, 0);
    let run = runner.audit("login.json", &[("INPUT_OPTIONS", "--include=/items*\n\n  --allow-unchecked  \r\n")]);
    assert_eq!(run.code, 3, "{}", run.stdout);
    for option in ["--help", "-h"] {
        let run = runner.audit("clean.json", &[("INPUT_OPTIONS", option)]);
        assert!(run.code == 2 && run.stdout.contains("nothing was audited"), "{option}: {}", run.stdout);
    }
}

#[test]
fn without_inputs_the_configuration_decides() {
    let runner = Runner::new();
    runner.0.write("workspace/.git/HEAD", "");
    runner.0.write("workspace/mcpsentry.yaml", "inputs: [login.json]\nexclude: [/login]\n");
    let run = runner.audit("", &[]);
    assert_eq!((run.code, runner.outputs()["routes"].as_str()), (3, "1"), "{}", run.stdout);
}

#[test]
fn hostile_inputs_are_only_names() {
    let runner = Runner::new();
    let before = runner.names();
    let hostile = [
        "; touch pwned",
        "$(touch pwned)",
        "`touch pwned`",
        "a\n$(touch pwned)",
        "\"; touch pwned; \"",
        "' ; touch pwned #",
        "| touch pwned",
        "&& touch pwned",
        "> pwned",
        "--output=text=pwned",
        "-o",
        "--",
        "*",
        "?",
        "[a-z]",
        "~",
        "${HOME}",
        "../../etc/passwd",
        "/etc/shadow",
        "a b",
        "::set-env name=X::y",
        "%0A::error::x",
        "\u{1b}[31m",
        "login.json\0".trim_end_matches('\0'),
    ];
    for text in hostile {
        for (name, value) in [
            ("INPUT_INPUTS", text.to_owned()),
            ("INPUT_FAIL_ON", text.to_owned()),
            ("INPUT_ANNOTATIONS", text.to_owned()),
            ("INPUT_OPTIONS", format!("--exclude={text}")),
            ("INPUT_OPTIONS", text.to_owned()),
        ] {
            // What may be written is named by an option; that is what options are for.
            if name == "INPUT_OPTIONS" && text.starts_with("--output") {
                continue;
            }
            let mut environment = vec![("INPUT_INPUTS", "clean.json")];
            environment.push((name, &value));
            let run = runner.step("audit.sh", &environment);
            assert_eq!(runner.names(), before, "{name}={text:?} made a file");
            assert!(run.code <= 3, "{name}={text:?}: {} {}", run.code, run.stderr);
            let outputs = std::fs::read_to_string(runner.path("output")).expect("outputs");
            assert!(
                outputs.lines().all(|line| !line.contains("touch")),
                "{name}={text:?} reached the outputs: {outputs}"
            );
            let commands = live(&run.stdout);
            assert!(!commands.iter().any(|line| line.contains("set-env")), "{name}={text:?}: {commands:?}");
        }
    }
}

/// The lines in which a runner looks for commands.
fn live(text: &str) -> Vec<&str> {
    let mut stopped: Option<String> = None;
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim_start) {
        match &stopped {
            Some(token) if line == format!("::{token}::") => stopped = None,
            Some(_) => {}
            None => match line.strip_prefix("::stop-commands::") {
                Some(token) => stopped = Some(token.to_owned()),
                None => lines.push(line),
            },
        }
    }
    lines
}

#[test]
fn a_document_gives_the_runner_no_commands() {
    let runner = Runner::new();
    let title = "::warning::hi\\n::error::hi";
    let name = "::error title=forged::x\\n::add-path::/tmp";
    runner.0.write(
        "workspace/bad.json",
        format!(
            r#"{{"openapi": "3.0.0", "info": {{"title": "{title}"}}, "paths": {{
              "/login": {{"post": {{"operationId": "{name}", "description": "{name}"}}}},
              "/items": {{"$ref": "{name}"}}}}}}"#
        ),
    );
    for annotations in ["true", "false"] {
        let run = runner.audit("bad.json", &[("INPUT_ANNOTATIONS", annotations)]);
        assert_eq!(run.code, 1, "{}", run.stdout);
        for line in live(&run.stdout).into_iter().filter(|line| line.starts_with("::")) {
            assert!(!line.starts_with("::error title=forged") && !line.starts_with("::add-path"), "{line}");
            assert!(!line.starts_with("::warning::hi"), "{line}");
        }
        assert_eq!(annotations == "true", live(&run.stdout).iter().any(|line| line.contains("bad.json")));
    }
}

#[test]
fn a_summary_that_is_too_long_is_cut_and_says_so() {
    let runner = Runner::new();
    let script = "for o; do case $o in markdown=*) yes 'a line of text' | head -c 2000000 > \"${o#*=}\";; esac; done";
    let program = runner.executable("big", script);
    let run = runner.audit("clean.json", &[("MCPSENTRY", &program.to_string_lossy())]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let summary = std::fs::read_to_string(runner.path("summary")).expect("a summary");
    assert!(summary.len() < 1 << 20 && summary.contains("cut"), "{}", summary.len());
}

/// A release as the workflow publishes it, whose program is a door to this one.
fn release(runner: &Runner, version: &str, checksum: Option<&str>) -> String {
    let folder = format!("releases/v{version}");
    runner.executable(&format!("{folder}/mcpsentry"), &format!("exec '{}' \"$@\"", env!("CARGO_BIN_EXE_mcpsentry")));
    let script =
        "for target in x86_64-unknown-linux-musl aarch64-unknown-linux-musl x86_64-apple-darwin aarch64-apple-darwin
        do tar -czf mcpsentry-$target.tar.gz mcpsentry; done; rm mcpsentry
        if command -v sha256sum; then sha256sum *.gz; else shasum -a 256 *.gz; fi | grep gz > SHA256SUMS";
    let packed =
        Command::new("sh").args(["-c", script]).current_dir(runner.path(&folder)).stdout(Stdio::null()).status();
    assert!(packed.expect("a shell").success());
    if let Some(checksum) = checksum {
        let sums = runner.path(&folder).join("SHA256SUMS");
        let text = std::fs::read_to_string(&sums).expect("checksums");
        let wrong: String = text.lines().map(|line| format!("{checksum}{}\n", &line[64..])).collect();
        std::fs::write(sums, wrong).expect("written");
    }
    format!("file://{}", runner.path("releases").display())
}

#[test]
fn a_release_is_installed_if_its_checksum_is_right() {
    let runner = Runner::new();
    let releases = release(&runner, "7.8.9", None);
    for version in ["7.8.9", "v7.8.9"] {
        let run = runner.step("install.sh", &[("INPUT_VERSION", version), ("MCPSENTRY_RELEASES", &releases)]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        let program = runner.outputs()["program"].clone();
        let audit = runner.audit("login.json", &[("MCPSENTRY", &program)]);
        assert_eq!(audit.code, 1, "{}", audit.stdout);
    }
    // Without a version it is that of the checkout.
    release(&runner, env!("CARGO_PKG_VERSION"), None);
    let run = runner.step("install.sh", &[("INPUT_VERSION", ""), ("MCPSENTRY_RELEASES", &releases)]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(!run.stdout.contains("building"), "{}", run.stdout);
    let path = std::fs::read_to_string(runner.path("path")).expect("a path");
    assert!(Path::new(path.trim()).join("mcpsentry").is_file(), "{path}");
}

#[test]
fn a_wrong_checksum_is_never_run() {
    for checksum in ["0".repeat(64), String::new(), "zz".into()] {
        let runner = Runner::new();
        let releases = release(&runner, "7.8.9", Some(&checksum));
        let run = runner.step("install.sh", &[("INPUT_VERSION", "7.8.9"), ("MCPSENTRY_RELEASES", &releases)]);
        assert_eq!((run.code, runner.outputs().len()), (2, 0), "{}", run.stdout);
        assert!(run.stdout.contains("checksum") && run.stdout.contains("nothing of it was run"), "{}", run.stdout);
        assert!(!runner.path("temp/mcpsentry/mcpsentry").exists(), "it was unpacked");
    }
}

#[test]
fn hostile_versions_are_refused() {
    let runner = Runner::new();
    let releases = release(&runner, "7.8.9", None);
    let before = runner.names();
    for version in
        ["1.0.0; touch pwned", "$(touch pwned)", "../7.8.9", "7.8.9/..", "7.8.9\n7.8.9", "-o", "latest", "9.9.9"]
    {
        let run = runner.step("install.sh", &[("INPUT_VERSION", version), ("MCPSENTRY_RELEASES", &releases)]);
        assert_eq!((run.code, runner.outputs().len()), (2, 0), "{version:?}: {}{}", run.stdout, run.stderr);
        assert_eq!(runner.names(), before, "{version:?}");
    }
}

#[test]
fn a_checkout_without_a_release_is_built() {
    let runner = Runner::new();
    // In the place of cargo: what is looked at is how it is called, not how long it takes.
    let script = "echo \"cargo $*\"; while [ \"$1\" != --target-dir ]; do shift; done
        mkdir -p \"$2/release\" && cp \"$MCPSENTRY\" \"$2/release/mcpsentry\"";
    runner.executable("bin/cargo", script);
    let path = format!("{}:{}", runner.path("bin").display(), std::env::var("PATH").expect("a path"));
    let nowhere = format!("file://{}", runner.path("releases").display());
    for version in ["", "source"] {
        let run =
            runner.step("install.sh", &[("INPUT_VERSION", version), ("MCPSENTRY_RELEASES", &nowhere), ("PATH", &path)]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        assert!(run.stdout.contains("--locked") && run.stdout.contains(env!("CARGO_MANIFEST_DIR")), "{}", run.stdout);
        assert_eq!(version.is_empty(), run.stdout.contains("building it"), "{}", run.stdout);
    }
}

/// The steps of `action.yml`.
fn action() -> Yaml {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml");
    serde_yaml::from_str(&std::fs::read_to_string(path).expect("action.yml")).expect("YAML")
}

#[test]
fn inputs_reach_the_shell_through_the_environment_only() {
    let action = action();
    let steps = action["runs"]["steps"].as_sequence().expect("steps");
    let mut handed = String::new();
    for step in steps {
        if let Some(script) = step["run"].as_str() {
            assert!(!script.contains("${{"), "{script}");
            handed += &serde_yaml::to_string(&step["env"]).expect("YAML");
        } else {
            let uses = step["uses"].as_str().expect("an action");
            let (_, commit) = uses.split_once('@').expect("a commit");
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{uses}");
            assert!(step["if"].as_str().is_some_and(|when| when.starts_with("always()")), "{uses} waits for success");
            handed += &serde_yaml::to_string(&step["with"]).expect("YAML");
            handed += step["if"].as_str().unwrap_or_default();
        }
    }
    for (input, _) in action["inputs"].as_mapping().expect("inputs") {
        let input = input.as_str().expect("a name");
        assert!(handed.contains(&format!("inputs.{input}")), "the input {input} is not used");
    }
}

#[test]
fn every_output_is_written() {
    let runner = Runner::new();
    assert_eq!(runner.audit("clean.json", &[]).code, 0);
    let (action, outputs) = (action(), runner.outputs());
    for (output, about) in action["outputs"].as_mapping().expect("outputs") {
        let output = output.as_str().expect("a name");
        assert_eq!(about["value"], Yaml::from(format!("${{{{ steps.audit.outputs.{output} }}}}")));
        assert!(outputs.contains_key(output), "{output} is not written");
    }
}
