//! The parser of JSON takes what `serde_json` takes, and refuses what that refuses.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mcpsentry::source::{Source, SourceId};
use mcpsentry::syntax::parse_json;

/// What `serde_json` refuses although it is JSON: half a surrogate pair, a number it cannot hold, more than 128 levels.
const LIMITS: [&str; 4] = ["surrogate", "unexpected end of hex escape", "number out of range", "recursion limit"];

fuzz_target!(|text: &str| {
    let ours = parse_json(&Source::new(SourceId(0), "fuzz", text));
    // One byte order mark is no text, a second one is.
    let theirs = serde_json::from_str::<serde_json::Value>(text.strip_prefix('\u{FEFF}').unwrap_or(text));
    match (ours, theirs) {
        (Ok(tree), Ok(value)) => {
            assert_eq!(tree.root().is_object(), value.is_object());
            assert_eq!(tree.root().items().count(), value.as_array().map_or(0, Vec::len));
        }
        (Ok(_), Err(error)) => {
            let message = error.to_string();
            assert!(LIMITS.iter().any(|limit| message.contains(limit)), "only serde_json refuses: {message}");
        }
        (Err(error), Ok(_)) => assert!(error.limit, "only we refuse: {error:?}"),
        (Err(error), Err(_)) => {
            assert!(text.get(error.span.start as usize..error.span.end as usize).is_some(), "{error:?}");
        }
    }
});
