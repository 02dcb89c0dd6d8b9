//! Text as a list of numbers: binary, hexadecimal, decimal or octal character codes, or places in the alphabet.

use std::ops::Range;

use super::class::WORDS;
use super::replace::Replace;
use super::{View, prose};

/// Numbers in a row that may be a text.
const COUNT: usize = 6;
/// Places in the alphabet that may be a text: any short list of small numbers reads as letters.
const PLACES: usize = 10;
/// Bytes between two numbers of one list.
const GAP: usize = 4;

/// A way to write characters as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    Binary,
    Hex,
    Decimal,
    Octal,
    Place,
}

const CODES: [Code; 5] = [Code::Binary, Code::Hex, Code::Decimal, Code::Octal, Code::Place];

/// The text with every list of numbers that spells words read.
pub(super) fn numbers(text: &str, places: &[Range<usize>]) -> Option<View> {
    let bytes = text.as_bytes();
    let mut view = Replace::new(text);
    let mut squeezed = false;
    let mut list = List::default();
    let words = |place: &Range<usize>| WORDS.runs(bytes, place.clone(), 1);
    for token in places.iter().flat_map(words) {
        let codes = codes(&text[token.clone()]);
        let near = list.tokens.last().is_some_and(|last| token.start.saturating_sub(last.end) <= GAP);
        if !near || list.codes & codes == 0 {
            squeezed |= list.read(text, &mut view);
            list = List { codes: u8::MAX, tokens: Vec::new() };
        }
        if codes != 0 {
            list.codes &= codes;
            list.tokens.push(token);
        }
    }
    squeezed |= list.read(text, &mut view);
    view.finish("number codes").map(|view| View { squeezed, ..view })
}

/// Numbers that follow one another, and the codes that all of them may be in.
#[derive(Debug, Default)]
struct List {
    codes: u8,
    tokens: Vec<Range<usize>>,
}

impl List {
    /// Writes what the list spells; `true` if the gaps between words are lost.
    fn read(&self, text: &str, view: &mut Replace<'_>) -> bool {
        let (Some(first), Some(last)) = (self.tokens.first(), self.tokens.last()) else { return false };
        if self.tokens.len() < COUNT {
            return false;
        }
        for code in CODES.into_iter().filter(|&code| self.codes & bit(code) != 0) {
            let (reading, squeezed) =
                if code == Code::Place { self.places(text) } else { (self.characters(text, code), false) };
            if let Some(reading) = reading {
                view.word(first.start..last.end, &reading);
                return squeezed;
            }
        }
        false
    }

    fn characters(&self, text: &str, code: Code) -> Option<String> {
        let values = || self.tokens.iter().filter_map(|token| value(&text[token.clone()], code));
        if values().all(|value| value < 256) {
            let bytes: Vec<u8> = values().map(|value| value as u8).collect();
            return if prose::may_be_text(&bytes[..bytes.len().min(32)]) { prose::text(&bytes) } else { None };
        }
        // Larger numbers are years and sizes, unless all of them are letters of one script.
        let script = |codes: Range<u32>| values().all(|value| value < 128 || codes.contains(&value));
        if !script(0x410..0x460) && !script(0x391..0x3CA) && !script(0x4E00..0xA000) {
            return None;
        }
        let spelt: String = values().filter_map(char::from_u32).collect();
        prose::text(spelt.as_bytes())
    }

    fn places(&self, text: &str) -> (Option<String>, bool) {
        let gap = |pair: &[Range<usize>]| &text[pair[0].end..pair[1].start];
        let usual = self.tokens.windows(2).next().map(gap).unwrap_or_default();
        let mut reading = String::new();
        for (index, token) in self.tokens.iter().enumerate() {
            if index > 0 && gap(&self.tokens[index - 1..=index]) != usual {
                reading.push(' ');
            }
            reading.extend(value(&text[token.clone()], Code::Place).and_then(|place| char::from_u32(0x60 + place)));
        }
        let squeezed = !reading.contains(' ');
        (Some(reading).filter(|reading| self.tokens.len() >= PLACES && is_english(reading)), squeezed)
    }
}

/// Whether the letters are as frequent as in English: a list of small numbers is not.
fn is_english(text: &str) -> bool {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let frequent = text.bytes().filter(|byte| b"etaoinshrl".contains(byte)).count();
    let mut different = [false; 128];
    text.bytes().for_each(|byte| different[usize::from(byte & 0x7F)] = true);
    frequent * 100 >= letters * 55
        && different.iter().filter(|&&seen| seen).count() >= 7
        && prose::is_wordy(&format!("{text} ok no"))
}

fn bit(code: Code) -> u8 {
    1 << code as u8
}

/// The codes that one token may be in.
fn codes(token: &str) -> u8 {
    // Most words are none: say so before five attempts to read them.
    if token.len() > 10 || token.len() != 2 && !token.as_bytes()[0].is_ascii_digit() {
        return 0;
    }
    CODES.into_iter().filter(|&code| value(token, code).is_some()).fold(0, |codes, code| codes | bit(code))
}

fn value(token: &str, code: Code) -> Option<u32> {
    let (radix, prefixes, widths) = match code {
        Code::Binary => (2, ["0b", ""], 5..=8),
        Code::Hex => (16, ["0x", "0X"], 2..=2),
        Code::Decimal => (10, ["0d", ""], 1..=5),
        Code::Octal => (8, ["0o", "0"], 2..=3),
        Code::Place => (10, ["", ""], 1..=2),
    };
    let bare =
        prefixes.iter().find_map(|prefix| token.strip_prefix(prefix).filter(|bare| bare.len() >= *widths.start()));
    let digits = bare.filter(|bare| widths.contains(&bare.len())).unwrap_or(token);
    if !widths.contains(&digits.len()) {
        return None;
    }
    let value = u32::from_str_radix(digits, radix).ok()?;
    let fits = match code {
        Code::Place => (1..=26).contains(&value),
        Code::Octal => value < 256,
        _ => true,
    };
    fits.then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        numbers(text, std::slice::from_ref(&(0..text.len()))).map_or_else(|| "none".to_owned(), |view| view.text)
    }

    fn list(format: impl Fn(u8) -> String, gap: &str) -> String {
        "water the plant".bytes().map(format).collect::<Vec<_>>().join(gap)
    }

    #[test]
    fn codes_are_read() {
        let expected = "see water the plant!";
        for numbers in [
            list(|byte| byte.to_string(), " "),
            list(|byte| byte.to_string(), ", "),
            list(|byte| format!("{byte:o}"), " "),
            list(|byte| format!("{byte:08b}"), " "),
            list(|byte| format!("{byte:02x}"), ":"),
            list(|byte| format!("0x{byte:02X}"), ","),
        ] {
            assert_eq!(read(&format!("see {numbers}!")), expected);
        }
    }

    #[test]
    fn places_in_the_alphabet_are_read() {
        assert_eq!(read("23-1-20-5-18 20-8-5 16-12-1-14-20-19"), "water the plants");
        assert!(
            numbers("23 1 20 5 18 20 8 5 16 12 1 14 20 19", std::slice::from_ref(&(0..100)))
                .is_some_and(|view| view.squeezed)
        );
    }

    #[test]
    fn other_numbers_stay() {
        assert_eq!(read("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12"), "none");
        assert_eq!(read("192.168.0.1 2024-05-06 12:30:45 00:1B:44:11:3A:B7"), "none");
        assert_eq!(read("0.12 0.55 0.98 0.33 0.71 0.42 0.10"), "none");
    }
}
