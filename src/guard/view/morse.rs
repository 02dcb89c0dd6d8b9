//! Text in Morse code.

use std::ops::Range;

use memchr::memchr3;

use super::replace::Replace;
use super::{View, prose};

/// Signs in a row that may be a text.
const SIGNS: usize = 6;
/// Dots and dashes of the longest sign.
const LONGEST: usize = 6;

/// The text with Morse code read.
pub(super) fn morse(text: &str, places: &[Range<usize>]) -> Option<View> {
    let mut view = Replace::new(text);
    places.iter().for_each(|place| read(text.as_bytes(), place, &mut view));
    view.finish("Morse code")
}

fn read(bytes: &[u8], place: &Range<usize>, view: &mut Replace<'_>) {
    let (mut reading, mut run, mut signs) = (String::new(), 0..0, 0);
    let mut at = place.start;
    let bytes = &bytes[..place.end.min(bytes.len())];
    while at < bytes.len() {
        if signs == 0 {
            let Some(next) = memchr3(b'.', b'-', b'_', &bytes[at..]) else { break };
            at += next;
        }
        let length = bytes[at..].iter().take_while(|&&byte| is_tap(byte)).count();
        let sign = sign(&bytes[at..at + length]);
        if let Some(c) = sign {
            if signs == 0 {
                run.start = at;
            }
            reading.push(c);
            signs += 1;
            at += length;
            run.end = at;
            continue;
        }
        let gap = bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'/' | b'|' | b'\n')).count();
        if length == 0 && gap > 0 && gap <= 5 && signs > 0 {
            reading.push_str(if gap > 1 || bytes[at] != b' ' { " " } else { "" });
        } else {
            flush(view, &reading, run.clone(), signs);
            reading.clear();
            signs = 0;
        }
        at += length.max(gap).max(1);
    }
    flush(view, &reading, run, signs);
}

fn flush(view: &mut Replace<'_>, reading: &str, run: Range<usize>, signs: usize) {
    if signs >= SIGNS && prose::is_wordy(reading) {
        view.word(run, reading.trim_end());
    }
}

fn is_tap(byte: u8) -> bool {
    matches!(byte, b'.' | b'-' | b'_')
}

/// The letter of a sign. A dash is the bit after a dot's, below a leading one: `.-` is 1, 0, 1.
fn sign(taps: &[u8]) -> Option<char> {
    if taps.is_empty() || taps.len() > LONGEST {
        return None;
    }
    let code = taps.iter().fold(1, |code, &tap| code << 1 | usize::from(tap != b'.'));
    ALPHABET.get(code).map(|&letter| char::from(letter)).filter(|&letter| letter != '#')
}

const ALPHABET: &[u8; 128] = b"##etianmsurwdkgohvf#l#pjbxcyzq##54#3###2&#+####16=/###(#7###8#90\
############?_####\"##.####@###'##-########;!#)#####,####:#######";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_read() {
        let code = ".-- .- - . .-. / - .... . / .--. .-.. .- -. - ...";
        assert_eq!(
            morse(&format!("now {code} ok"), std::slice::from_ref(&(0..1000))).map(|view| view.text).as_deref(),
            Some("now water the plants ok")
        );
        assert!(
            morse(&code.replace(" / ", "   "), std::slice::from_ref(&(0..1000)))
                .is_some_and(|view| view.text == "water the plants")
        );
        assert_eq!(sign(b".-.-.-"), Some('.'));
        assert_eq!(sign(b"-----"), Some('0'));
    }

    #[test]
    fn rules_and_bullets_stay() {
        assert!(morse("| --- | --- | --- | --- | --- | --- | --- |", std::slice::from_ref(&(0..1000))).is_none());
        assert!(morse("- a\n- b\n---\n... and -- so on - . - .", std::slice::from_ref(&(0..1000))).is_none());
    }
}
