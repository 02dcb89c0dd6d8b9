//! Any bytes as a call: the scan ends, comes out the same twice, and goes over no more than the bytes are worth.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mcpsentry::guard::{Catalogue, Guard, Options};

/// Work that any bytes may take, and for each of them. Each is as in `tests/linear.rs`; but a phrase that is tried takes its steps
/// in the shortest text.
const WORK: (u64, u64) = (1 << 20, 1024);

static GUARD: LazyLock<Guard> = LazyLock::new(|| Guard::new(Catalogue::shipped(), Options::default()));

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).into_owned();
    let verdict = GUARD.scan_any(&text);
    assert_eq!(verdict, GUARD.scan_any(&text));
    let most = WORK.0 + WORK.1 * text.len() as u64;
    assert!(verdict.work <= most, "{} for {} bytes", verdict.work, text.len());
});
