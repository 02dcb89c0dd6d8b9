//! Any text as a phrase of a rule: it is read, or refused with words. The files of rules are read from folders only,
//! so what is tried here is the part of them that is a language.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mcpsentry::rule::phrase::Phrase;

fuzz_target!(|parts: (&str, Vec<&str>)| {
    let (written, words) = parts;
    let sets = [("set".to_owned(), words.iter().map(|&word| word.to_owned()).collect())];
    if let Err(why) = Phrase::new(written, &sets, &[]) {
        assert!(!why.is_empty());
    }
});
