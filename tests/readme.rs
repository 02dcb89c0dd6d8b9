//! What README shows is what the program does.
//!
//! `UPDATE_README=1 cargo test --test readme` writes the parts that come from the program.

mod support;

use std::path::Path;

use support::run;

#[test]
fn the_output_is_real() {
    let run = run(&["audit", "fixtures/shop.yaml", "--include", "/api/*"]);
    assert_eq!(run.code, 1);
    part("<!-- output -->\n", &format!("```text\n{}```\n", run.stdout));
}

#[test]
fn the_rule_table_is_current() {
    let rules = run(&["rules", "list", "--format", "json"]).json();
    let mut rows: Vec<(usize, String)> = Vec::new();
    for rule in rules["rules"].as_array().expect("a list") {
        let text = |key: &str| rule[key].as_str().expect("a text").to_owned();
        let rank = ["critical", "high", "medium", "low", "info"].iter().position(|name| *name == text("severity"));
        let persona = if text("persona") == "regular" { String::new() } else { format!(" ({})", text("persona")) };
        let link = format!("[`{}`](rules/{})", text("id"), text("origin"));
        rows.push((
            rank.expect("a severity"),
            format!("| {link} | {}{persona} | {} | {} |\n", text("severity"), text("preset"), text("title")),
        ));
    }
    rows.sort();
    let body: String = rows.into_iter().map(|(_, row)| row).collect();
    part("<!-- rules -->\n", &format!("| rule | severity | preset | hazard |\n| --- | --- | --- | --- |\n{body}"));
}

/// What stands behind a mark, up to the next empty line outside a code block, is `expected`.
fn part(mark: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md");
    let start = readme.find(mark).expect("the mark") + mark.len();
    let end = if readme[start..].starts_with("```") {
        start + readme[start..].find("\n```\n").expect("the end of the block") + 5
    } else {
        start + readme[start..].find("\n\n").map_or(0, |at| if readme[start..].starts_with('\n') { 0 } else { at + 1 })
    };
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(path, format!("{}{expected}{}", &readme[..start], &readme[end..])).expect("written");
        return;
    }
    assert_eq!(&readme[start..end], expected, "run `UPDATE_README=1 cargo test --test readme`");
}
