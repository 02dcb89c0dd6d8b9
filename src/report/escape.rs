//! Text of documents made safe to print: what a terminal would obey, and what a reader could not see, becomes visible.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use serde_json::ser::Formatter;

/// The text with control characters, terminal escapes, direction overrides and invisible characters written as
/// `\u{1b}`, and so the beginning of what a CI runner would take for a command in a log. Line breaks and tabs become
/// `\n` and `\t`.
pub fn escape(text: &str) -> Cow<'_, str> {
    if (is_plain(text) && !may_command(text)) || !text.char_indices().any(|(at, c)| is_unsafe(c) || commands(text, at))
    {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for (at, character) in text.char_indices() {
        match character {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            character if is_unsafe(character) || commands(text, at) => {
                safe.push_str(&format!("\\u{{{:x}}}", character as u32));
            }
            character => safe.push(character),
        }
    }
    Cow::Owned(safe)
}

/// Whether a text could hold a command to a CI runner.
fn may_command(text: &str) -> bool {
    text.contains("::") || text.contains(LEGACY_COMMAND)
}

/// What GitHub's runner takes for a command wherever it stands in a line of a log.
pub(super) const LEGACY_COMMAND: &str = "##[";

/// Whether a command to a CI runner could begin here: `##[` anywhere, `::` at the beginning of a line, which is
/// wherever a text may be wrapped.
fn commands(text: &str, at: usize) -> bool {
    let rest = &text.as_bytes()[at..];
    rest.starts_with(LEGACY_COMMAND.as_bytes())
        || (rest.starts_with(b"::") && text[..at].chars().next_back().is_none_or(char::is_whitespace))
}

/// The beginning of a text, at most `most` characters and a sign that there was more.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(text),
    }
}

/// Whether a text holds nothing but printable ASCII, which most does.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Whether a character could steer a terminal or hide from a reader.
pub(super) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}'
        )
}

/// A comma, a line break, and spaces for the deepest indentation that is written at once.
const LINE: &[u8] = b",\n                                                                ";

/// Pretty JSON in which unsafe characters are `\u` escapes: the same text to a parser, harmless in a terminal.
#[derive(Default)]
pub(super) struct SafeJson {
    depth: usize,
    /// Whether the list or object around the current place has an entry.
    filled: bool,
}

impl SafeJson {
    fn line<W: ?Sized + Write>(&self, out: &mut W, first: bool) -> io::Result<()> {
        let (begin, end) = (usize::from(first), 2 + 2 * self.depth);
        out.write_all(&LINE[begin..end.min(LINE.len())])?;
        (LINE.len()..end).try_for_each(|_| out.write_all(b" "))
    }

    fn open<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.filled {
            self.line(out, true)?;
        }
        out.write_all(bracket)
    }
}

/// The same on one line, without spaces.
struct SafeLine;

impl Formatter for SafeLine {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        write_fragment(out, fragment)
    }
}

fn write_fragment<W: ?Sized + Write>(out: &mut W, fragment: &str) -> io::Result<()> {
    if is_harmless(fragment.as_bytes()) {
        return out.write_all(fragment.as_bytes());
    }
    let mut written = 0;
    for (at, character) in fragment.char_indices() {
        if is_unsafe(character) || fragment[at..].starts_with(LEGACY_COMMAND) {
            out.write_all(&fragment.as_bytes()[written..at])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            written = at + character.len_utf8();
        }
    }
    out.write_all(&fragment.as_bytes()[written..])
}

/// Whether a text is printable ASCII without a `#`, without which there is no legacy command.
fn is_harmless(text: &[u8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES << 7;
    // In the high bit of each byte: whether it is foreign, less than a space, a `#` or the character behind `~`.
    let harmless = |run: &[u8; 8]| {
        let bytes = u64::from_le_bytes(*run);
        let less = bytes.wrapping_sub(ONES * 0x20);
        let hash = (bytes ^ (ONES * 0x23)).wrapping_sub(ONES);
        let last = (bytes ^ (ONES * 0x7F)).wrapping_sub(ONES);
        (bytes | less | hash | last) & HIGHS == 0
    };
    let Some(end) = text.last_chunk() else {
        return text.iter().all(|&byte| (b' '..=b'~').contains(&byte) && byte != b'#');
    };
    // The end may overlap the run before it.
    text.as_chunks().0.iter().all(harmless) && harmless(end)
}

impl Formatter for SafeJson {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        write_fragment(out, fragment)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.line(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.line(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

/// Writes a value as pretty, safe JSON with a line break at its end.
pub fn write_json(value: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    // Small pieces through a pointer to any writer cost more than what they hold.
    let mut out = BufWriter::with_capacity(1 << 15, out);
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, SafeJson::default());
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// The same on one line.
pub(super) fn write_json_line(value: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeLine);
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(escape("plain é 日本"), "plain é 日本");
        assert_eq!(escape("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
        assert_eq!(escape("\u{9b}31m"), "\\u{9b}31m");
        assert_eq!(escape("a\u{202e}b\u{200b}c\u{e0041}"), "a\\u{202e}b\\u{200b}c\\u{e0041}");
        assert_eq!(escape("two\nlines"), "two\\nlines");
    }

    #[test]
    fn nothing_commands_the_runner() {
        assert_eq!(escape("::stop-commands::x"), "\\u{3a}:stop-commands::x");
        assert_eq!(escape("/a ::error::b"), "/a \\u{3a}:error::b");
        assert_eq!(escape("a##[set-output name=x]b"), "a\\u{23}#[set-output name=x]b");
        assert_eq!(escape("Crypt::Random ## [x] a:: b"), "Crypt::Random ## [x] a:: b");
        let mut out = Vec::new();
        write_json(&"###[error]\u{1b}##[x]", &mut out).expect("written to memory");
        assert_eq!(out, b"\"#\\u0023#[error]\\u001b\\u0023#[x]\"\n");
    }

    #[test]
    fn harmless_text_is_told_wherever_it_is_not() {
        for length in 1..30 {
            for at in 0..length {
                for byte in 0..=255 {
                    let mut text = vec![b'~'; length];
                    text[at] = byte;
                    let expected = (b' '..=b'~').contains(&byte) && byte != b'#';
                    assert_eq!(is_harmless(&text), expected, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn json_means_the_same_and_shows_nothing_raw() {
        let text = "##[error] \u{1b}[0m \u{9b} \u{202e} \u{e0041} é \" \\ \n";
        let mut out = Vec::new();
        write_json(&text, &mut out).expect("written to memory");
        let written = String::from_utf8(out).expect("UTF-8");
        assert!(!written.trim_end().chars().any(is_unsafe), "{written:?}");
        assert_eq!(serde_json::from_str::<String>(&written).expect("JSON"), text);
    }
}
