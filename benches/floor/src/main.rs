//! What an audit is compared with: the least that reading a document can cost, as a whole process.
//!
//! `floor json FILE` reads and parses into `serde_json::Value`; `floor yaml FILE` reads and passes over the events of
//! `saphyr-parser`, the fastest YAML parser, and `floor granit FILE` over those of `granit-parser`, which the program
//! uses. `floor make json|yaml COUNT` prints a description with so many operations.

#[path = "../../support/api.rs"]
mod api;

use std::process::ExitCode;

use serde_json::Value;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let read = |file: &str| std::fs::read_to_string(file).expect("a readable text");
    match arguments[..] {
        ["json", file] => {
            let value: Value = serde_json::from_slice(&std::fs::read(file).expect("a readable file")).expect("JSON");
            // As in the program, which ends without giving its memory back.
            std::mem::forget(value);
        }
        ["yaml", file] => {
            let text = read(file);
            let events = saphyr_parser::Parser::new_from_str(&text).map(|event| event.expect("YAML")).count();
            assert!(events > 0, "no event");
        }
        ["granit", file] => {
            let text = read(file);
            let events = granit_parser::Parser::new_from_str(&text).map(|event| event.expect("YAML")).count();
            assert!(events > 0, "no event");
        }
        ["make", form @ ("json" | "yaml"), count] => {
            let value = api::description(count.parse().expect("a number"));
            let text = match form {
                "json" => serde_json::to_string_pretty(&value).expect("JSON"),
                _ => serde_yaml::to_string(&value).expect("YAML"),
            };
            println!("{text}");
        }
        _ => {
            eprintln!("usage: floor json|yaml|granit FILE, floor make json|yaml COUNT");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
