//! Any text as a configuration: it is read, or refused with places that exist, words and help; what it chooses is applied
//! to a document.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use mcpsentry::config::{File, Filter};
use mcpsentry::pack;
use mcpsentry::surface::{Documents, READERS};

fuzz_target!(|text: &str| {
    let file = match File::from_text(Path::new("mcpsentry.yaml"), text.to_owned()) {
        Ok(file) => file,
        Err(error) => {
            assert!(!error.faults.is_empty(), "a refusal says why");
            for fault in &error.faults {
                assert!(!fault.message.is_empty() && !fault.help.is_empty(), "{fault:?}");
                let source = error.source.as_ref().expect("its text");
                if let Some(span) = fault.span {
                    assert!(source.text.get(span.start as usize..span.end as usize).is_some(), "{fault:?}");
                }
            }
            return;
        }
    };
    let pack = pack::shipped_audit().expect("our rules");
    let documents = Documents::default();
    let document =
        b"{\"openapi\": \"3.0.0\", \"paths\": {\"/a/{b}\": {\"get\": {}, \"delete\": {\"operationId\": \"a\"}}}}";
    let root = documents.open_bytes("document", document.to_vec()).expect("a document");
    let reader = READERS.iter().find(|reader| reader.recognises(root)).expect("a reader");
    let mut surface = reader.read(&documents, root);
    let scopes = std::iter::once(&file.scope).chain(file.inputs.iter().map(|input| &input.scope));
    for scope in scopes {
        scope.retell(&mut surface);
        let _ = scope.rules(&pack, None);
        if let Ok(filter) = Filter::new(scope) {
            filter.apply(&mut surface);
        }
    }
    for suppression in &file.suppress {
        let _ = suppression.check(&pack);
    }
});
