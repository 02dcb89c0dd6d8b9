//! Text in base32, padded or not, in either case.

use std::ops::Range;

use super::class::BASE32;
use super::replace::Replace;
use super::signs::RUN;
use super::{View, prose};

/// Characters of a sample; whole groups of eight.
const SAMPLE: usize = 32;

/// The text with every run of base32 that is itself text decoded.
pub(super) fn base32(text: &str, places: &[Range<usize>]) -> Option<View> {
    let bytes = text.as_bytes();
    let mut view = Replace::new(text);
    for run in places.iter().flat_map(|place| BASE32.runs(bytes, place.clone(), RUN)) {
        let digits = &bytes[run.clone()];
        let uniform = !digits.iter().any(u8::is_ascii_lowercase) || !digits.iter().any(u8::is_ascii_uppercase);
        if !uniform || !prose::may_be_text(&decode(&digits[..digits.len().min(SAMPLE)])) {
            continue;
        }
        if let Some(decoded) = prose::text(&decode(digits)) {
            let padding = bytes[run.end..].iter().take(6).take_while(|&&byte| byte == b'=').count();
            view.word(run.start..run.end + padding, &decoded);
        }
    }
    view.finish("base32")
}

fn decode(digits: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(digits.len() * 5 / 8 + 1);
    let (mut bits, mut held) = (0_u32, 0);
    for &digit in digits {
        let value = if digit.is_ascii_digit() { digit - b'2' + 26 } else { digit.to_ascii_uppercase() - b'A' };
        bits = (bits << 5 | u32::from(value)) & 0xFFFF;
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_decoded_in_place() {
        let view = base32("note: KBWGKYLTMUQHOYLUMVZCA5DIMUQHA3DBNZ2A==== end", std::slice::from_ref(&(0..1000)))
            .expect("a view");
        assert_eq!(view.text, "note: Please water the plant end");
    }

    #[test]
    fn words_are_left_alone() {
        assert!(base32("INTERNATIONALIZATIONS and internationalizations", std::slice::from_ref(&(0..1000))).is_none());
        assert!(base32("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", std::slice::from_ref(&(0..1000))).is_none());
    }
}
