//! Any text in a call: the call is JSON and is scanned, and neither the place nor the reason repeats what it says.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mcpsentry::guard::{Catalogue, Decision, Guard, Options};

/// As in `payload.rs`.
const WORK: (u64, u64) = (1 << 20, 1024);

static GUARD: LazyLock<Guard> = LazyLock::new(|| Guard::new(Catalogue::shipped(), Options::default()));

fuzz_target!(|text: &str| {
    let call = serde_json::json!({ "text": text }).to_string();
    let verdict = GUARD.scan_json(&call).expect("serde_json writes JSON");
    let most = WORK.0 + WORK.1 * call.len() as u64;
    assert!(verdict.work <= most, "{} for {} bytes", verdict.work, call.len());
    assert_eq!(verdict.decision() == Decision::Allow, verdict.matches.is_empty() && verdict.limit.is_none());
    for found in &verdict.matches {
        let plain = |c: char| c.is_ascii_graphic() || c == ' ';
        assert!(found.location.chars().all(plain), "{:?}", found.location);
        assert!(found.span.start <= found.span.end && found.span.end <= text.len(), "{:?}", found.span);
    }
    assert!(!verdict.reason().contains(char::is_control));
});
