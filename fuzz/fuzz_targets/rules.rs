//! Any text as a rule file: it is refused with a place and help, or its cases run.

#![no_main]

use std::cell::LazyCell;

use libfuzzer_sys::fuzz_target;
use mcpsentry::guard::{Catalogue, Guard, Options};
use mcpsentry::pack::Pack;
use mcpsentry::{audit, guard};

thread_local! {
    static JUDGE: LazyCell<Guard> = const { LazyCell::new(|| Guard::new(Catalogue::shipped(), Options::default())) };
}

fuzz_target!(|text: &str| {
    let mut pack = Pack::default();
    // The file's name is the rule's id, so that every text may be a rule.
    let id = text.lines().find_map(|line| line.strip_prefix("id: ")).unwrap_or("x").trim();
    match pack.add(&format!("{id}.yml"), text.into(), true) {
        Ok(()) => {
            let rule = &pack.rules[0];
            if rule.is_guard() {
                guard::prove(rule, text);
            } else {
                JUDGE.with(|judge| audit::prove(rule, text, &**judge));
            }
        }
        Err(error) => assert!(!error.message.is_empty() && !error.help.is_empty(), "{error:?}"),
    }
});
