//! Any text as a document, which is JSON or YAML: a tree whose places exist, or an error with a place and help. The two
//! ways to read YAML give the same tree.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mcpsentry::source::{Source, SourceId};
use mcpsentry::syntax::{parse, yaml_ways_agree};

fuzz_target!(|text: &str| {
    assert_ne!(yaml_ways_agree(&Source::new(SourceId(0), "fuzz", text)), Some(false));
    match parse(&Source::new(SourceId(0), "fuzz", text)) {
        Ok(tree) => {
            for index in 0..tree.len() as u32 {
                let node = tree.node(index);
                let span = node.span();
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
                let _ = node.text();
            }
        }
        Err(error) => {
            assert!(text.get(error.span.start as usize..error.span.end as usize).is_some(), "{error:?}");
            assert!(!error.message.contains(char::is_control) && !error.help.is_empty(), "{error:?}");
        }
    }
});
