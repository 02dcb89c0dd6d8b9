//! Dependencies point down: no module uses one that stands above it.

use std::path::{Path, PathBuf};

/// From the ground up; modules of one row do not know each other.
const LAYERS: &[&[&str]] = &[
    &["source"],
    &["syntax"],
    &["surface"],
    &["rule"],
    &["pack"],
    &["finding"],
    &["audit", "guard"],
    &["config"],
    &["lock"],
    &["report"],
    &["cli"],
    &["command"],
    &["main"],
];

#[test]
fn dependencies_point_down() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    let mut upward = Vec::new();
    for file in files(&src) {
        let module = module(&src, &file);
        let Some(own) = layer(&module) else { continue };
        let text = std::fs::read_to_string(&file).expect("a source file");
        for used in used_modules(&text) {
            seen += 1;
            let Some(other) = layer(&used) else { continue };
            if used != module && other >= own {
                upward.push(format!("{}: `{module}` uses `{used}`", file.display()));
            }
        }
    }
    assert!(upward.is_empty(), "{upward:#?}");
    assert!(seen > 50, "only {seen} uses were found: is this test still reading them?");
}

#[test]
fn uses_are_read_in_every_form() {
    let text = "use crate::a::X;\nuse crate::{b, c::{self, Y},\n    d::Z};\nuse mcpsentry::e;\nlet x = crate::f::g();";
    assert_eq!(used_modules(text), ["a", "b", "c", "d", "f", "e"]);
}

#[test]
fn every_module_has_a_layer() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in files(&src) {
        let module = module(&src, &file);
        assert!(layer(&module).is_some() || matches!(module.as_str(), "lib" | "embed"), "{module} has no layer");
    }
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

fn module(src: &Path, file: &Path) -> String {
    let first = file.strip_prefix(src).expect("below src").iter().next().expect("a name").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules of this crate that a text names, in order.
fn used_modules(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for prefix in ["crate::", "mcpsentry::"] {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            if let Some(group) = rest.strip_prefix('{') {
                let mut depth = 0;
                let mut word = String::new();
                let mut whole = true;
                for character in group.chars() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            used.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
                            whole = true;
                        }
                        ':' if depth == 0 => whole = false,
                        c if depth == 0 && whole && (c.is_alphanumeric() || c == '_') => word.push(c),
                        _ => {}
                    }
                }
                used.extend(Some(word).filter(|word| !word.is_empty()));
            } else {
                used.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            }
        }
    }
    used
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
