//! Bringing the audit into a repository, and what packagers ask of the program.

mod support;

use support::{Scratch, run, run_in};

const API: &str = r#"{"openapi": "3.0.0", "info": {"title": "A"}, "paths": {
  "/items": {"get": {"description": "Lists the items on sale.", "responses": {"200": {"description": "ok"}}}}
}}"#;

const FILES: [&str; 3] = ["mcpsentry.yaml", ".github/workflows/mcpsentry.yml", ".pre-commit-config.yaml"];

/// A repository with two documents, and files that are none.
fn repository() -> Scratch {
    let scratch = Scratch::new();
    scratch.write(".git/HEAD", "ref: refs/heads/main\n");
    scratch.write("openapi.json", API);
    scratch.write("services/my shop/api.json", API);
    scratch.write("package.json", r#"{"name": "a"}"#);
    scratch.write("node_modules/other/openapi.json", API);
    scratch
}

fn read(scratch: &Scratch, name: &str) -> String {
    std::fs::read_to_string(scratch.path().join(name)).expect(name)
}

#[test]
fn a_fresh_repository_gets_all_three() {
    let scratch = repository();
    let run = run_in(scratch.path(), &["init"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for file in FILES {
        assert!(run.stdout.contains(&format!("wrote  {file}")), "{}", run.stdout);
        let value: serde_yaml::Value = serde_yaml::from_str(&read(&scratch, file)).expect("YAML");
        assert!(value.is_mapping(), "{file}");
    }
    let config: serde_yaml::Value = serde_yaml::from_str(&read(&scratch, FILES[0])).expect("YAML");
    let inputs: Vec<&str> = config["inputs"].as_sequence().expect("a list").iter().filter_map(|i| i.as_str()).collect();
    assert_eq!(inputs, ["openapi.json", "services/my shop/api.json"]);
    for placeholder in ["{reference}", "{version}", "{schema}", "{inputs}"] {
        assert!(FILES.iter().all(|file| !read(&scratch, file).contains(placeholder)), "{placeholder} is left");
    }
    assert_eq!(run_in(scratch.path(), &["config", "check"]).code, 0);
    let audit = run_in(scratch.path(), &["audit", "--format", "json"]);
    assert_eq!((audit.code, audit.json()["total_routes"].as_u64()), (0, Some(2)), "{}", audit.stderr);
    // A second time there is nothing to do.
    let again = run_in(scratch.path(), &["init"]);
    assert_eq!((again.code, again.stdout.matches("kept   ").count()), (0, 3), "{}", again.stdout);
}

#[test]
fn nothing_is_overwritten() {
    let scratch = repository();
    for (number, (file, text)) in
        [("mcpsentry.yml", "fail_on: high\n"), (FILES[1], "on: push\n"), (FILES[2], "repos: []\n")].iter().enumerate()
    {
        scratch.write(file, text);
        let run = run_in(scratch.path(), &["init"]);
        assert_eq!(run.code, 3, "{}", run.stdout);
        assert_eq!(read(&scratch, file), *text);
        assert_eq!(run.stdout.matches("left   ").count(), number + 1, "{}", run.stdout);
        for added in ["- openapi.json", "uses: mcpsentry/mcpsentry@v", "id: mcpsentry-all"].iter().take(number + 1) {
            assert!(run.stdout.contains(added), "it does not say what is to be added: {}", run.stdout);
        }
    }
    assert!(!scratch.path().join("mcpsentry.yaml").exists(), "there are two configurations");
}

#[test]
fn what_is_needed_may_stand_in_a_file_of_ones_own() {
    let scratch = repository();
    scratch.write(FILES[1], "jobs:\n  a:\n    steps:\n      - uses: mcpsentry/mcpsentry@0123 # v0.1.0\n");
    scratch.write(FILES[2], "repos:\n- repo: x\n  hooks:\n  - id: mcpsentry\n");
    let run = run_in(scratch.path(), &["init"]);
    assert_eq!((run.code, run.stdout.matches("kept   ").count()), (0, 2), "{}", run.stdout);
}

#[test]
fn a_dry_run_shows_and_writes_nothing() {
    let scratch = repository();
    scratch.write(FILES[2], "repos: []\n");
    let run = run_in(scratch.path(), &["init", "--dry-run"]);
    assert_eq!(run.code, 3);
    assert!(
        run.stdout.contains("would write mcpsentry.yaml:") && run.stdout.contains("- openapi.json"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("left   .pre-commit-config.yaml"), "{}", run.stdout);
    assert!(!scratch.path().join("mcpsentry.yaml").exists() && !scratch.path().join(".github").exists());
}

#[test]
fn parts_are_chosen_and_documents_named() {
    let scratch = repository();
    let run = run_in(scratch.path(), &["init", "services", "--only", "config"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let config = read(&scratch, FILES[0]);
    assert!(config.contains("my shop") && !config.contains("- openapi.json"), "{config}");
    assert!(!scratch.path().join(FILES[2]).exists());
    for named in ["package.json", "none.json", "-"] {
        let run = run_in(scratch.path(), &["init", named, "--dry-run"]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{named}");
        assert!(run.stderr.contains(named), "{}", run.stderr);
    }
}

#[test]
fn an_empty_repository_is_no_success() {
    let scratch = Scratch::new();
    let run = run_in(scratch.path(), &["init"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("was found") && run.stderr.contains("help:"), "{}", run.stderr);
    assert_eq!(std::fs::read_dir(scratch.path()).expect("a folder").count(), 0);
}

#[test]
fn it_belongs_into_the_root_of_the_repository() {
    let scratch = repository();
    let run = run_in(&scratch.path().join("services"), &["init"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("not the root"), "{}", run.stderr);
}

#[test]
fn gitlab_gets_a_job_of_its_own() {
    let scratch = repository();
    scratch.write(".gitlab-ci.yml", "test:\n  script: [ls]\n");
    let run = run_in(scratch.path(), &["init"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stdout.contains("add to .gitlab-ci.yml") && run.stdout.contains("junit"), "{}", run.stdout);
    assert!(!scratch.path().join(".github").exists());
    assert_eq!(read(&scratch, ".gitlab-ci.yml"), "test:\n  script: [ls]\n");
    assert_eq!(run_in(scratch.path(), &["init", "--only", "workflow"]).code, 0);
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_it_out() {
    use std::os::unix::fs::symlink;
    let (scratch, other) = (repository(), Scratch::new());
    symlink(other.path(), scratch.path().join(".github")).expect("a link");
    symlink(other.path().join("new"), scratch.path().join(FILES[2])).expect("a link");
    let run = run_in(scratch.path(), &["init"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stderr.contains("leads out of the repository"), "{}", run.stderr);
    assert_eq!(std::fs::read_dir(other.path()).expect("a folder").count(), 0);
    assert!(run.stdout.contains("left   .pre-commit-config.yaml"), "{}", run.stdout);
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = run(&["completions", shell]);
        assert_eq!(run.code, 0);
        for word in ["audit", "fail-on", "dry-run"] {
            assert!(run.stdout.contains(word), "{shell} does not know {word}");
        }
    }
    assert_eq!(run(&["completions", "tcsh"]).code, 2);
}

#[cfg(unix)]
#[test]
fn bash_takes_its_completions() {
    let scratch = Scratch::new();
    let script = scratch.write("mcpsentry.bash", run(&["completions", "bash"]).stdout);
    let ask = "source \"$0\"; COMP_WORDS=(mcpsentry aud); COMP_CWORD=1; _mcpsentry mcpsentry aud mcpsentry; echo \"${COMPREPLY[*]}\"";
    let output = std::process::Command::new("bash").args(["-c", ask]).arg(&script).output().expect("a bash");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "audit", "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_manual_knows_every_command() {
    let page = run(&["man"]);
    assert_eq!(page.code, 0);
    assert!(page.stdout.contains(".TH mcpsentry 1") && page.stdout.contains("mcpsentry\\-audit"), "{}", page.stdout);
    let page = run(&["man", "rules", "list"]);
    assert!(page.stdout.contains(".TH mcpsentry-rules-list 1"), "{}", page.stdout);
    let wrong = run(&["man", "audti"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (2, ""));

    let scratch = Scratch::new();
    assert_eq!(run_in(scratch.path(), &["man", "--dir", "man/man1"]).code, 0);
    let pages = std::fs::read_dir(scratch.path().join("man/man1")).expect("a folder");
    let names: Vec<String> =
        pages.map(|page| page.expect("a page").file_name().to_string_lossy().into_owned()).collect();
    for name in ["mcpsentry.1", "mcpsentry-audit.1", "mcpsentry-rules-test.1"] {
        assert!(names.iter().any(|page| page == name), "{names:?}");
    }
    assert!(!names.iter().any(|name| name.contains("help")), "{names:?}");
}
