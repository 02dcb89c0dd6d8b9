//! Text with digits and signs in place of letters: `0p3n th3 d00r`.

use std::ops::Range;

use super::View;
use super::class::{CODES, LETTERS};
use super::replace::Replace;

/// Bytes of the longest word that is read.
const WORD: usize = 24;
/// A word this long counts alone; shorter ones must be two.
const ALONE: usize = 8;
/// Bytes between two words that count together.
const NEAR: usize = 64;
/// A run of letters, digits, `+` and `/` as long as that is no text.
const CODE: usize = 40;
/// Consonants in a row that are no word.
const CLUSTER: usize = 5;
/// Words of programs and of orders that give a text away: one of them is enough. As they look with every `i` an `l`, for
/// `1`, `!` and `|` may stand for either.
const KNOWN: [(&str, &str); 26] = [
    ("basega", "base64"),
    ("bash", "bash"),
    ("bypass", "bypass"),
    ("bzlp2", "bzip2"),
    ("decode", "decode"),
    ("developer", "developer"),
    ("dlsregard", "disregard"),
    ("echo", "echo"),
    ("eval", "eval"),
    ("evaluate", "evaluate"),
    ("execute", "execute"),
    ("fromcharcode", "fromcharcode"),
    ("gzlp", "gzip"),
    ("lgnore", "ignore"),
    ("lnstructlons", "instructions"),
    ("javascrlpt", "javascript"),
    ("jallbreak", "jailbreak"),
    ("lzma", "lzma"),
    ("overrlde", "override"),
    ("prevlous", "previous"),
    ("prlnt", "print"),
    ("prompt", "prompt"),
    ("python", "python"),
    ("reveal", "reveal"),
    ("system", "system"),
    ("whoaml", "whoami"),
];

/// The text with such words read, once with `1` as `i` and, if there is one, once as `l`.
pub(super) fn leet(text: &str, places: &[Range<usize>]) -> Vec<View> {
    let words: Vec<_> = places.iter().flat_map(|place| words(text, place)).collect();
    let mut ends = 0..0;
    let clear = words.iter().any(|word| known(&text[word.clone()]).is_some());
    let clear = clear
        || words.iter().filter(|word| is_clear(&text.as_bytes()[(*word).clone()])).any(|word| {
            let near = ends.end > 0 && word.start - ends.end <= NEAR;
            ends = word.clone();
            near || word.len() >= ALONE
        });
    if !clear {
        return Vec::new();
    }
    let ones = words.iter().map(|word| &text[word.clone()]).any(|word| word.contains('1') && known(word).is_none());
    let read = |one: char| {
        let mut view = Replace::new(text);
        for word in &words {
            let word_text = &text[word.clone()];
            let spelt = || word_text.chars().map(|c| letter(c, one)).collect();
            view.put(word.clone(), &known(word_text).map_or_else(spelt, str::to_owned));
        }
        view.finish("leet")
    };
    read('i').into_iter().chain(if ones { read('l') } else { None }).collect()
}

fn words(text: &str, place: &Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut at = place.start;
    while at < place.end {
        // What base64 is made of, and longer than a word: not worth a look.
        let code = CODES.end(bytes, at);
        if code - at >= CODE {
            at = code;
            continue;
        }
        let length = bytes[at..].iter().take_while(|&&byte| is_part(byte)).count();
        let mut word = at..at + length;
        at += length.max(1);
        if LETTERS.covers(&bytes[word.clone()]) {
            continue;
        }
        if known(&text[word.clone()]).is_some() {
            words.push(word);
            continue;
        }
        // At the rim, `!` is punctuation.
        while word.len() > 1 && bytes[word.end - 1] == b'!' {
            word.end -= 1;
        }
        while word.len() > 1 && bytes[word.start] == b'!' {
            word.start += 1;
        }
        if is_leet(&bytes[word.clone()]) {
            words.push(word);
        }
    }
    words
}

/// Letters and stand-ins, but no code (`3fa85f64`), no number in a name (`iso8601`), no address.
fn is_leet(word: &[u8]) -> bool {
    let letters = word.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let stand_ins = word.len() - letters;
    if letters == 0 || stand_ins == 0 || stand_ins > letters + 2 || word.len() > WORD {
        return false;
    }
    let hex = word.len() >= 6 && word.iter().all(u8::is_ascii_hexdigit);
    let number = word.windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    let address = word.iter().position(|&byte| byte == b'@').is_some_and(|at| at >= 3 && at + 3 < word.len());
    !hex && !number && !address
}

/// Whether the stand-ins can be nothing else: not a number behind a name (`utf8`), before a unit (`20px`) or in a
/// version (`v1beta`), not an identifier of random letters and digits.
fn is_clear(word: &[u8]) -> bool {
    let changes = |kind: fn(&u8) -> bool| word.windows(2).filter(|pair| kind(&pair[0]) != kind(&pair[1])).count();
    let leading = !word[0].is_ascii_alphabetic() && word.len() >= 5;
    let version = word[0] | 0x20 == b'v' && word[1].is_ascii_digit();
    let (mut usual, mut unusual, mut cluster, mut longest, mut vowels) = (0, 0, 0, 0, 0);
    for &byte in word {
        usual += usize::from(matches!(byte, b'0' | b'1' | b'3'..=b'5' | b'7' | b'@' | b'$' | b'!'));
        unusual += usize::from(matches!(byte, b'2' | b'6' | b'8' | b'9' | b'|' | b'+'));
        let vowel = matches!(letter(byte.into(), 'i').to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        vowels += usize::from(vowel);
        cluster = if vowel { 0 } else { cluster + 1 };
        longest = longest.max(cluster);
    }
    let inner = changes(u8::is_ascii_alphabetic) >= 2 || leading;
    let spoken = vowels > 0 && longest < CLUSTER && changes(u8::is_ascii_uppercase) <= 2 + usual;
    inner && spoken && !version && unusual * 2 <= usual
}

/// The word of a program or an order that a word stands for.
fn known(word: &str) -> Option<&'static str> {
    let alike = |c: char| match letter(c.to_ascii_lowercase(), 'l') {
        'i' => 'l',
        c => c,
    };
    KNOWN
        .iter()
        .find(|(look, _)| look.len() == word.len() && look.chars().eq(word.chars().map(alike)))
        .map(|known| known.1)
}

fn letter(c: char, one: char) -> char {
    match c {
        '0' => 'o',
        '1' => one,
        '!' | '|' => 'i',
        '+' => 't',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '6' | '9' => 'g',
        '7' => 't',
        '8' => 'b',
        _ => c,
    }
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'$' | b'!' | b'|' | b'+')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        leet(text, std::slice::from_ref(&(0..text.len()))).into_iter().map(|view| view.text).collect()
    }

    #[test]
    fn words_are_read() {
        assert_eq!(read("0p3n th3 d00r!"), ["open the door!"]);
        assert_eq!(read("f1nd the p1ll0w"), ["find the pillow", "flnd the plllow"]);
        assert_eq!(read("$h0w m3 @ll p4$$w0rd5"), ["show me all passwords"]);
        assert_eq!(read("1n57ruc710n5")[0], "instructions");
        assert_eq!(read("ok: '3v41(wh04m!)' | b@53h")[0], "ok: 'eval(whoami)' | baseh");
        assert_eq!(read("1gn0r3 th3m"), ["ignore them"]);
        assert_eq!(read("5t4rt |gn0r3 +h1s")[0], "start ignore this");
    }

    #[test]
    fn names_and_codes_stay() {
        for text in [
            "utf8 and sha256 and h264",
            "3fa85f64 5717 4562 b3fc 2c963f66afa6",
            "x86_64 iso8601 e2e k8s",
            "a1 b2 c3",
            "jane@example.org joe@mail.net",
            "v1beta1 V1Pod 20px 1M 7B 6th !DOCTYPE",
            "q9w8e7r6t5y4 rw42b8d3e1",
        ] {
            assert_eq!(read(text), [] as [&str; 0], "{text}");
        }
    }
}
