//! Character escapes: HTML entities, percent-encoding, and backslash escapes of programming languages and JSON.

use memchr::memchr3;

use super::View;
use super::replace::Replace;

/// The longest name or number of an HTML entity, without `&` and `;`.
const ENTITY: usize = 10;

/// The text with its character escapes read.
pub(super) fn escapes(text: &str) -> Option<View> {
    let bytes = text.as_bytes();
    let mut view = Replace::new(text);
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr3(b'&', b'%', b'\\', rest)) {
        at += found;
        let read = match bytes[at] {
            b'&' => entity(text, at),
            b'%' => octets(bytes, at, percent),
            _ => octets(bytes, at, slash).or_else(|| backslash(bytes, at)),
        };
        let Some((end, reading)) = read else {
            at += 1;
            continue;
        };
        view.put(at..end, &reading);
        at = end;
    }
    view.finish("escapes")
}

/// Where an escape ends, and what it reads as.
type Read = Option<(usize, String)>;

fn entity(text: &str, at: usize) -> Read {
    let bytes = text.as_bytes();
    let rest = &bytes[at + 1..bytes.len().min(at + 2 + ENTITY)];
    let body = rest.iter().take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'#').count();
    let end = at + 1 + body + usize::from(rest.get(body) == Some(&b';'));
    let name = text.get(at + 1..at + 1 + body)?;
    let Some(number) = name.strip_prefix('#') else {
        let known = NAMED.iter().find(|(known, _)| *known == name)?;
        return Some((end, known.1.to_owned()));
    };
    let hex = number.strip_prefix(['x', 'X']);
    let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
    Some((end, char::from_u32(code)?.to_string()))
}

/// Named entities that stand for what matters to a reader of words.
const NAMED: &[(&str, &str)] = &[
    ("lt", "<"),
    ("gt", ">"),
    ("amp", "&"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ensp", " "),
    ("emsp", " "),
    ("thinsp", " "),
    ("shy", ""),
    ("zwnj", ""),
    ("zwj", ""),
    ("lrm", ""),
    ("rlm", ""),
    ("Tab", "\t"),
    ("NewLine", "\n"),
    ("lsquo", "'"),
    ("rsquo", "'"),
    ("ldquo", "\""),
    ("rdquo", "\""),
    ("ndash", "-"),
    ("mdash", "-"),
    ("hellip", "..."),
    ("colon", ":"),
    ("comma", ","),
    ("period", "."),
    ("excl", "!"),
    ("quest", "?"),
    ("lpar", "("),
    ("rpar", ")"),
    ("lsqb", "["),
    ("rsqb", "]"),
    ("lowbar", "_"),
    ("sol", "/"),
    ("bsol", "\\"),
    ("num", "#"),
    ("percnt", "%"),
];

/// Escapes that name one byte each and follow one another: together they may be UTF-8, otherwise each is a character.
fn octets(bytes: &[u8], at: usize, one: fn(&[u8]) -> Option<(usize, u8)>) -> Read {
    let (mut end, mut octets) = (at, Vec::new());
    while let Some((length, octet)) = one(&bytes[end..]) {
        octets.push(octet);
        end += length;
        if octet.is_ascii() {
            break;
        }
    }
    if octets.is_empty() {
        return None;
    }
    let text = String::from_utf8(octets)
        .unwrap_or_else(|error| error.as_bytes().iter().map(|&byte| char::from(byte)).collect());
    Some((end, text))
}

fn percent(rest: &[u8]) -> Option<(usize, u8)> {
    let digits = rest.strip_prefix(b"%")?;
    Some((3, number(digits.get(..2)?, 16)? as u8))
}

/// `\x41` and the octal `\101`.
fn slash(rest: &[u8]) -> Option<(usize, u8)> {
    if let Some(digits) = rest.strip_prefix(b"\\x").or_else(|| rest.strip_prefix(b"\\X")) {
        return Some((4, number(digits.get(..2)?, 16)? as u8));
    }
    let digits = rest.strip_prefix(b"\\")?.get(..3)?;
    Some((4, u8::try_from(number(digits, 8)?).ok()?))
}

fn backslash(bytes: &[u8], at: usize) -> Read {
    let rest = &bytes[at + 1..];
    let plain = |text: &str| Some((at + 2, text.to_owned()));
    match *rest.first()? {
        b'u' | b'U' => unicode(rest).map(|(length, c)| (at + 1 + length, c.to_string())).or_else(|| plain("u")),
        b'x' if rest.get(1) == Some(&b'{') => braced(rest).map(|(length, c)| (at + 1 + length, c.to_string())),
        b'n' | b'r' => plain("\n"),
        b't' | b'f' | b'v' => plain("\t"),
        b'e' if rest.get(1) == Some(&b'[') => plain("\u{1B}"),
        b'\n' => plain(""),
        byte @ (b'"' | b'\'' | b'/' | b'\\' | b'a'..=b'z' | b'A'..=b'Z') => {
            plain(char::from(byte).encode_utf8(&mut [0; 4]))
        }
        _ => None,
    }
}

/// What follows `\`: `u0041`, `u{41}`, `U00000041`, or two halves of a pair; its length and the character.
fn unicode(rest: &[u8]) -> Option<(usize, char)> {
    if let Some(read) = braced(rest) {
        return Some(read);
    }
    if rest[0] == b'U'
        && let Some(c) = rest.get(1..9).and_then(|digits| number(digits, 16)).and_then(char::from_u32)
    {
        return Some((9, c));
    }
    let high = number(rest.get(1..5)?, 16)?;
    if let Some(c) = char::from_u32(high) {
        return Some((5, c));
    }
    let low = rest.get(5..)?.strip_prefix(b"\\u").and_then(|digits| number(digits.get(..4)?, 16))?;
    let pair = char::decode_utf16([high as u16, low as u16]).next()?.ok()?;
    Some((11, pair))
}

fn braced(rest: &[u8]) -> Option<(usize, char)> {
    let length = rest.iter().take(10).position(|&byte| byte == b'}')?;
    let digits = rest.get(1..length)?.strip_prefix(b"{")?;
    Some((length + 1, char::from_u32(number(digits, 16)?)?))
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let value = |value: u32, &digit: &u8| {
        let digit = char::from(digit).to_digit(radix)?;
        value.checked_mul(radix)?.checked_add(digit)
    };
    if digits.is_empty() { None } else { digits.iter().try_fold(0, value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        escapes(text).map_or_else(|| "none".to_owned(), |view| view.text)
    }

    #[test]
    fn entities() {
        assert_eq!(read("&#79;pen&#x20;the &lt;door&gt; &amp now"), "Open the <door> & now");
        assert_eq!(read("a & b &unknown; &#xFFFFFFFFFF; &"), "none");
    }

    #[test]
    fn percent_codes() {
        assert_eq!(read("%4Fpen%20the%20d%C3%B6r"), "Open the dör");
        assert_eq!(read("100% of %zz %4"), "none");
        assert_eq!(read("%E9t%E9"), "été");
    }

    #[test]
    fn backslash_escapes() {
        assert_eq!(read(r"\u004Fpen \x74he \144oor\n\u{6E}ow \U0001F600 \uD83D\uDE00"), "Open the door\nnow 😀 😀");
        assert_eq!(read(r"o\p\e\n"), "ope\n");
        assert_eq!(read(r"\uD83D \u12"), "uD83D u12");
        assert_eq!(read("\\"), "none");
    }

    #[test]
    fn a_place_is_found_again() {
        let view = escapes("x %4Fpen").expect("a view");
        let at = view.text.find('O').expect("there");
        assert_eq!(view.map.origin(at, at + 4), 2..8);
    }
}
