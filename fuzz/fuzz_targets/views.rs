//! Any text in a call: the call is JSON and is scanned, and neither the place nor the reason repeats what it says.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mcpsentry::guard::{Catalogue, Decision, Guard, Options};

/// As in `tests/linear.rs`, for a text that may be the most part of its call.
const WORK_PER_BYTE: u64 = 1024;

static GUARD: LazyLock<Guard> = LazyLock::new(|| Guard::new(Catalogue::shipped(), Options::default()));

fuzz_target!(|text: &str| {
    let call = serde_json::json!({ "text": text }).to_string();
    let verdict = GUARD.scan_json(&call).expect("serde_json writes JSON");
    assert!(verdict.work <= WORK_PER_BYTE * call.len() as u64, "{} for {} bytes", verdict.work, call.len());
    assert_eq!(verdict.decision() == Decision::Allow, verdict.matches.is_empty() && verdict.limit.is_none());
    for found in &verdict.matches {
        let plain = |c: char| c.is_ascii_graphic() || c == ' ';
        assert!(found.location.chars().all(plain), "{:?}", found.location);
        assert!(found.span.start <= found.span.end && found.span.end <= text.len(), "{:?}", found.span);
    }
    assert!(!verdict.reason().contains(char::is_control));
});
