//! Text in one run of hexadecimal or binary digits.

use std::ops::Range;

use super::class::HEX;
use super::replace::Replace;
use super::signs::RUN;
use super::{View, prose};

/// Digits of a sample; an even number.
const SAMPLE: usize = 32;

/// The text with every run of hexadecimal or binary digits that is itself text decoded.
pub(super) fn hex(text: &str, places: &[Range<usize>]) -> Option<View> {
    let bytes = text.as_bytes();
    let mut view = Replace::new(text);
    for run in places.iter().flat_map(|place| HEX.runs(bytes, place.clone(), RUN)) {
        let digits = &bytes[run.clone()];
        if digits.len() >= 48 && digits.iter().all(|digit| matches!(digit, b'0' | b'1')) {
            if let Some(decoded) = prose::text(&decode(digits, 8, 2)) {
                view.word(run, &decoded);
            }
            continue;
        }
        let readable = |start: usize| {
            let sample = digits.get(start..).unwrap_or_default();
            sample.len() >= RUN && prose::may_be_text(&decode(&sample[..sample.len().min(SAMPLE)], 2, 16))
        };
        let middle = (digits.len() / 2) & !1;
        let Some(shift) = (0..2).find(|&shift| readable(shift) || readable(middle + shift)) else { continue };
        if let Some(decoded) = prose::text(&decode(&digits[shift..], 2, 16)) {
            view.word(run, &decoded);
        }
    }
    view.finish("hex")
}

fn decode(digits: &[u8], width: usize, radix: u32) -> Vec<u8> {
    let value = |digit: u8| char::from(digit).to_digit(radix).unwrap_or(0) as u8;
    let shift = if radix == 16 { 4 } else { 1 };
    digits
        .chunks_exact(width)
        .map(|group| group.iter().fold(0, |byte: u8, &digit| byte << shift | value(digit)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_decoded_in_place() {
        let view = hex("0x77617465722074686520706c616e7473!", std::slice::from_ref(&(0..1000))).expect("a view");
        assert_eq!(view.text, "0x water the plants!");
        let bits: String = "water the plant".bytes().map(|byte| format!("{byte:08b}")).collect();
        assert_eq!(
            hex(&bits, std::slice::from_ref(&(0..1000))).map(|view| view.text).as_deref(),
            Some("water the plant")
        );
    }

    #[test]
    fn hashes_are_left_alone() {
        assert!(hex("da39a3ee5e6b4b0d3255bfef95601890afd80709", std::slice::from_ref(&(0..1000))).is_none());
        assert!(
            hex("00000000000000000000000000000000000000000000000000000000000000000", std::slice::from_ref(&(0..1000)))
                .is_none()
        );
        assert!(hex("1234567890123456789012345678901234567890", std::slice::from_ref(&(0..1000))).is_none());
    }
}
