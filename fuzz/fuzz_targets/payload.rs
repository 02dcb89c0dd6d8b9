//! Any bytes as a call: the scan ends, comes out the same twice, and goes over no more than the bytes are worth.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mcpsentry::guard::{Catalogue, Guard, Options};

/// As in `tests/linear.rs`.
const WORK_PER_BYTE: u64 = 1024;

static GUARD: LazyLock<Guard> = LazyLock::new(|| Guard::new(Catalogue::shipped(), Options::default()));

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).into_owned();
    let verdict = GUARD.scan_any(&text);
    assert_eq!(verdict, GUARD.scan_any(&text));
    let most = WORK_PER_BYTE * text.len() as u64;
    assert!(verdict.work <= most, "{} for {} bytes", verdict.work, text.len());
});
