//! Text in base64, with either alphabet, padded or not, on one line or wrapped.
//!
//! Decoded by hand: crates refuse a run that has lost its padding, mixes alphabets or begins in the middle of a word,
//! and a model reads it nevertheless.

use std::ops::Range;

use super::class::BASE64;
use super::replace::Replace;
use super::signs::RUN;
use super::{View, prose};

/// Characters of a sample; whole groups of four.
const SAMPLE: usize = 32;
/// Characters between two samples of a long run.
const STRIDE: usize = 1024;
/// A one in each of six bytes, and the upper bit of each.
const EACH: u64 = 0x0101_0101_0101;
const UPPER: u64 = EACH << 7;
/// White space between two lines of one wrapped text.
const WRAP: usize = 12;

/// The text with every run of base64 that is itself text decoded.
pub(super) fn base64(text: &str, places: &[Range<usize>]) -> Option<View> {
    let bytes = text.as_bytes();
    let mut view = Replace::new(text);
    for run in places.iter().flat_map(|place| BASE64.runs(bytes, place.clone(), RUN)) {
        if run.start < view.done() {
            continue;
        }
        let Some(shift) = alignment(&bytes[run.clone()]) else { continue };
        let (end, digits) = unwrapped(bytes, run.start + shift..run.end);
        if let Some(decoded) = prose::text(&decode(&digits)) {
            view.word(run.start + shift..end, &decoded);
        }
    }
    view.finish("base64")
}

/// How many characters to skip so that a sample is readable. Short runs are tried at every alignment at both ends;
/// in between, every now and then, the first alignment is taken.
fn alignment(run: &[u8]) -> Option<usize> {
    let readable = |start: usize| {
        let sample = &run[start..run.len().min(start + SAMPLE)];
        // Most runs fail here, before anything is decoded.
        sample.len() >= 12 && printable(&sample[..8]) && prose::may_be_text(&decode(sample))
    };
    let last = run.len().saturating_sub(SAMPLE) & !3;
    let ends = (0..4).find(|&shift| readable(shift) || readable((last + shift).min(run.len())));
    ends.or_else(|| (4..last).step_by(STRIDE).any(readable).then_some(0))
}

/// Whether the bytes of two groups may be part of a text.
fn printable(digits: &[u8]) -> bool {
    let bits = digits.iter().fold(0, |bits: u64, &digit| bits << 6 | u64::from(VALUES[usize::from(digit)]));
    // The upper bit of each byte tells: six bytes are looked at in one number.
    let (low, high) = (bits & !UPPER, bits & UPPER);
    let control = ((!(low + EACH * 0x60) | (low + EACH)) & !bits & UPPER).count_ones();
    let leads = high & bits << 1;
    // What begins a character has to go on.
    let broken = leads >> 8 & !(high & !leads);
    let whole = || bits.to_be_bytes()[2..].utf8_chunks().map(|chunk| chunk.valid().len()).sum::<usize>();
    let high = high.count_ones();
    control <= 1 && (high <= 1 || high >= 3 && control == 0 && broken == 0 && whole() >= 4)
}

/// The run's characters with those of the lines that continue it, and where the last of them ends.
fn unwrapped(bytes: &[u8], run: Range<usize>) -> (usize, Vec<u8>) {
    let mut digits = bytes[run.clone()].to_vec();
    let (width, mut line) = (run.len(), run);
    while line.len() == width {
        let rest = &bytes[line.end..];
        let gap = rest.iter().take(WRAP).take_while(|byte| byte.is_ascii_whitespace()).count();
        let start = line.end + gap;
        if !rest[..gap].contains(&b'\n') {
            break;
        }
        line = start..BASE64.end(bytes, start);
        if line.is_empty() || line.len() > width {
            line.end = start - gap;
            break;
        }
        digits.extend_from_slice(&bytes[line.clone()]);
    }
    let padding = bytes[line.end..].iter().take(2).take_while(|&&byte| byte == b'=').count();
    (line.end + padding, digits)
}

fn decode(digits: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(digits.len() * 3 / 4 + 3);
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0, |bits: u32, &digit| bits << 6 | u32::from(VALUES[usize::from(digit)]));
        let bits = bits << (6 * (4 - group.len()));
        out.extend_from_slice(&bits.to_be_bytes()[1..group.len().max(1)]);
    }
    out
}

const VALUES: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [0; 256];
    let mut at = 0;
    while at < 64 {
        values[alphabet[at] as usize] = at as u8;
        at += 1;
    }
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values
};

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        base64(text, std::slice::from_ref(&(0..1000))).map(|view| view.text)
    }

    #[test]
    fn runs_are_decoded_in_place() {
        assert_eq!(read("see UGxlYXNlIHdhdGVyIHRoZSBwbGFudHMu ok").as_deref(), Some("see Please water the plants. ok"));
        assert_eq!(read("UGxlYXNlIHdhdGVyIHRoZSBwbGFudA==").as_deref(), Some("Please water the plant"));
        assert_eq!(read("UGxlYXNlIHdhdGVyIHRoZSBwbGFudA").as_deref(), Some("Please water the plant"));
    }

    #[test]
    fn wrapped_lines_are_one_text() {
        let text = "UGxlYXNlIHdhdGVy\n  IHRoZSB0YWxsIHBs\n  YW50cw==";
        assert_eq!(read(text).as_deref(), Some("Please water the tall plants"));
    }

    #[test]
    fn a_run_may_begin_inside_a_word() {
        assert_eq!(read("abUGxlYXNlIHdhdGVyIHRoZSBwbGFudHMu").as_deref(), Some("ab Please water the plants."));
    }

    #[test]
    fn other_runs_are_left_alone() {
        assert_eq!(read("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), None);
        assert_eq!(read("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"), None);
        assert_eq!(read("iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE"), None);
        assert_eq!(read("AbstractSingletonProxyFactoryBean"), None);
        assert_eq!(read("/usr/share/applications/default"), None);
    }
}
