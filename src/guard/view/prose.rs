//! Whether decoded bytes are a text that somebody wrote.

/// Shortest decoded text worth a look.
const SHORTEST: usize = 8;
/// Shortest undisturbed stretch that counts in a text that is otherwise spoiled.
const STRETCH: usize = 16;

/// Whether a sample of decoded bytes may be text: a cheap test that random bytes fail.
pub(super) fn may_be_text(sample: &[u8]) -> bool {
    let printable = sample.iter().filter(|&&byte| is_printable(byte)).count();
    if printable * 8 >= sample.len() * 7 {
        return true;
    }
    let whole: usize = sample.utf8_chunks().map(|chunk| chunk.valid().len()).sum();
    let control = sample.iter().filter(|&&byte| byte < 0x80 && !is_printable(byte)).count();
    control == 0 && sample.len() - whole <= 3
}

/// The bytes as text, if they are mostly readable and look like words; what is not readable becomes a space.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let mut spoiled = 0;
    let (mut start, mut longest) = (0, 0..0);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars().chain((!chunk.invalid().is_empty()).then_some('\0')) {
            if c.is_control() && !c.is_ascii_whitespace() {
                spoiled += 1;
                text.push(' ');
                start = text.len();
            } else {
                text.push(c);
                if text.len() - start > longest.len() {
                    longest = start..text.len();
                }
            }
        }
    }
    if spoiled * 10 > text.len() {
        text = text.get(longest).filter(|stretch| stretch.len() >= STRETCH)?.to_owned();
    }
    (text.len() >= SHORTEST && (is_wordy(&text) || is_coded(&text))).then_some(text)
}

/// Whether a text looks like words: letters and gaps, and vowels among Latin letters.
pub(super) fn is_wordy(text: &str) -> bool {
    let (mut all, mut letters, mut gaps, mut latin, mut vowels, mut words, mut length) = (0, 0, 0, 0, 0, 0, 0);
    for c in text.chars() {
        all += 1;
        if c.is_alphabetic() {
            letters += 1;
            length += 1;
            words += usize::from(length == 2);
            latin += usize::from(c.is_ascii());
            vowels += usize::from(matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'A' | 'E' | 'I' | 'O' | 'U'));
        } else {
            gaps += usize::from(c.is_whitespace());
            length = 0;
        }
    }
    let vocal = vowels * 6 >= latin && vowels * 10 <= latin * 7;
    let separate = words >= 2 || letters > latin && letters >= 4 || letters >= 20;
    separate && (letters + gaps) * 10 >= all * 6 && (vocal || latin * 2 < letters)
}

/// Whether a text is only made of what encodings are made of, so that one more step may be needed.
fn is_coded(text: &str) -> bool {
    let bytes = text.as_bytes();
    let coded = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-%\\&#;., \n".contains(&byte);
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let gapless = !bytes.iter().any(u8::is_ascii_whitespace);
    bytes.len() >= STRETCH && bytes.iter().all(|&byte| coded(byte)) && (gapless || digits * 4 >= bytes.len())
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_any_script_are_text() {
        assert!(text(b"open the second door").is_some());
        assert!(text("откройте вторую дверь".as_bytes()).is_some());
        assert!(text("打开第二扇门吧".as_bytes()).is_some());
    }

    #[test]
    fn noise_is_none() {
        assert!(text(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00").is_none());
        assert!(text(b"{\"alg\":\"RS256\"}").is_none());
        assert!(!may_be_text(&[0x9f, 0x86, 0xd0, 0x81, 0x88, 0x4c, 0x7d, 0x65, 0x9a, 0x2f, 0xea, 0xa0]));
    }

    #[test]
    fn a_spoiled_rim_is_cut_off() {
        assert_eq!(text(b"\x01\xFF\x07\xC0open the second door\xF0\x02").as_deref(), Some("open the second door"));
    }
}
