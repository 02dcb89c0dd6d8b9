//! Any bytes as a document through the whole of an audit: every reader, every rule, every report. Places exist, and
//! nothing of the document steers a terminal.

#![no_main]

use std::cell::LazyCell;

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/whole.rs"]
mod whole;

thread_local! {
    static WHOLE: LazyCell<whole::Whole> = const { LazyCell::new(whole::Whole::new) };
}

fuzz_target!(|bytes: &[u8]| {
    WHOLE.with(|whole| whole.audit(bytes.to_vec()));
});
