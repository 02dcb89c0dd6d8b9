//! Text whose words are written without gaps.

use std::ops::Range;

use super::View;
use super::class::{LETTERS, WORDS};
use super::draft::Draft;

/// Letters in a row that are more than a word.
const LENGTH: usize = 20;

/// The long runs of letters, for patterns that expect no gaps.
pub(super) fn squeeze(text: &str, places: &[Range<usize>]) -> Option<View> {
    let bytes = text.as_bytes();
    let mut draft = Draft::new(text);
    for run in places.iter().flat_map(|place| LETTERS.runs(bytes, place.clone(), LENGTH)) {
        // Letters next to digits or signs of base64 are codes, not words.
        let coded = |byte: Option<&u8>| byte.is_some_and(|&byte| WORDS.has(byte) || matches!(byte, b'+' | b'/' | b'='));
        if coded(bytes[..run.start].last()) || coded(bytes.get(run.end)) {
            continue;
        }
        let end = run.end;
        draft.copy(run);
        draft.put("\n", end..end);
    }
    if draft.len() == 0 {
        return None;
    }
    Some(View { squeezed: true, ..draft.finish("squeezed words") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_are_collected() {
        let view = squeeze("Now OpenTheDoorAndWaterThePlants ok", std::slice::from_ref(&(0..1000))).expect("a view");
        assert!(view.squeezed);
        assert_eq!(view.text, "OpenTheDoorAndWaterThePlants\n");
        assert_eq!(view.map.origin(0, 4), 4..8);
        assert!(squeeze("internationalization", std::slice::from_ref(&(0..1000))).is_some());
        assert!(squeeze("short words only", std::slice::from_ref(&(0..1000))).is_none());
        assert!(squeeze("aGVsbG9oZWxsb2hlbGxvaGVsbG9o1", std::slice::from_ref(&(0..1000))).is_none());
    }
}
