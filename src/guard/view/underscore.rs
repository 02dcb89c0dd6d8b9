//! Sentences whose words are joined by underscores: `please_open_the_door`.

use std::ops::Range;

use super::View;
use super::class::JOINED;
use super::replace::Replace;

/// Bytes of the shortest such sentence.
const LENGTH: usize = 20;

/// Underscores of one: what has fewer may be the name of something.
const JOINTS: usize = 4;

/// The text with gaps in the place of underscores, if most of it is such sentences. The names in a piece of code are not.
pub(super) fn underscores(text: &str, places: &[Range<usize>]) -> Option<View> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'_', bytes).nth(JOINTS - 1)?;
    let mut view = Replace::new(text);
    let mut sentences = 0;
    for run in places.iter().flat_map(|place| JOINED.runs(bytes, place.clone(), LENGTH)) {
        if run.start < view.done() || memchr::memchr_iter(b'_', &bytes[run.clone()]).count() < JOINTS {
            continue;
        }
        sentences += run.len();
        view.put(run.clone(), &text[run].replace('_', " "));
    }
    (sentences * 2 > text.len()).then(|| view.finish("underscored words")).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_told_from_names() {
        let whole = |text: &str| underscores(text, std::slice::from_ref(&(0..text.len()))).map(|view| view.text);
        assert_eq!(whole("please_open_the_door_now!").expect("a view"), "please open the door now!");
        assert!(whole("open_door_and_window").is_none());
        assert!(whole("def please_open_the_door_now(self): return self.door.open(wide=True, loud=False)").is_none());
    }
}
