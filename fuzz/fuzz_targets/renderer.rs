//! Nothing of a text steers the terminal that it is printed on, or hides from its reader.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mcpsentry::report::{escape, write_json};

fuzz_target!(|text: &str| {
    let unsafe_character = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
    let escaped = escape(text);
    assert!(!escaped.contains(unsafe_character), "{escaped:?}");
    assert_eq!(escape(&escaped), escaped, "it is escaped once");

    let mut out = Vec::new();
    write_json(&text, &mut out).expect("memory takes it");
    let json = String::from_utf8(out).expect("UTF-8");
    assert!(!json.trim_end_matches('\n').contains(unsafe_character), "{json:?}");
    assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), text);
});
