//! Scalars without quotes: plain ones, and those of `|` and `>`.

use super::super::kind::kind;
use super::Reader;
use crate::syntax::Kind;

/// How a plain text goes on behind a place on its line.
enum Stop {
    /// The line ends.
    Line(usize),
    /// A comment follows.
    Comment(usize),
    /// A colon ends a key.
    Colon(usize),
}

impl Reader<'_> {
    /// Where a plain key that begins here ends, with the current place moved to its colon; none inside if no key
    /// stands on the line, and then nothing moved.
    pub(super) fn plain_key(&mut self) -> Option<Option<usize>> {
        self.begins_plain().then_some(())?;
        let start = self.at;
        let Stop::Colon(colon) = self.stop(start) else { return Some(None) };
        let end = self.trimmed(start, colon);
        if end == start || self.has_tab(start, colon) || &self.text[start..end] == "<<" {
            return None;
        }
        self.at = colon;
        Some(Some(end))
    }

    pub(super) fn put_key(&mut self, start: usize, end: usize) {
        self.tree.bare(Kind::String, start, end);
        self.end = end;
    }

    /// A plain scalar, with the lines on which it goes on.
    pub(super) fn plain(&mut self) -> Option<()> {
        self.begins_plain().then_some(())?;
        let floor = self.floor()?;
        let start = self.at;
        let mut end = match self.stop(start) {
            Stop::Colon(_) => return None,
            Stop::Comment(end) => {
                let end = self.trimmed(start, end);
                return self.put_plain(start, end, false);
            }
            Stop::Line(end) => self.trimmed(start, end),
        };
        let mut many = false;
        loop {
            // The next line that has something, and how many have nothing before it.
            self.at = memchr::memchr(b'\n', &self.bytes[end..]).map_or(self.bytes.len(), |found| end + found + 1);
            let (mut from, mut breaks) = (self.at, 0);
            let indent = loop {
                let indent = self.spaces();
                if self.peek() != Some(b'\n') {
                    break indent;
                }
                breaks += 1;
                self.at += 1;
                from = self.at;
            };
            if indent <= floor || matches!(self.peek(), None | Some(b'#')) {
                self.at = from;
                break;
            }
            if !std::mem::replace(&mut many, true) {
                self.scratch.clear();
                self.scratch.push_str(&self.text[start..end]);
            }
            let begin = self.at;
            let (stop, commented) = match self.stop(begin) {
                Stop::Colon(_) => return None,
                Stop::Comment(stop) => (stop, true),
                Stop::Line(stop) => (stop, false),
            };
            end = self.trimmed(begin, stop);
            self.fold(breaks);
            self.scratch.push_str(&self.text[begin..end]);
            if commented {
                break;
            }
        }
        self.put_plain(start, end, many)
    }

    fn put_plain(&mut self, start: usize, end: usize, many: bool) -> Option<()> {
        if self.has_tab(start, end.max(if many { self.at } else { end })) {
            return None;
        }
        self.end = end;
        if many {
            let kind = kind(&self.scratch, true, None);
            if kind != Kind::String {
                return None;
            }
            self.tree.decoded(&self.scratch, start, end);
        } else {
            self.tree.bare(kind(&self.text[start..end], true, None), start, end);
            self.at = end;
            self.end_of_line()?;
            return Some(());
        }
        // Of a text of several lines, the current place is behind its last line, unless a comment stands there.
        if self.at <= end {
            self.at = end;
            self.end_of_line()?;
        }
        self.line = self.at;
        Some(())
    }

    /// A line break inside a text, with blank lines behind it.
    pub(super) fn fold(&mut self, blank: usize) {
        if blank == 0 {
            self.scratch.push(' ');
        }
        self.scratch.extend(std::iter::repeat_n('\n', blank));
    }

    /// The text of `|` and `>`.
    pub(super) fn block_scalar(&mut self) -> Option<()> {
        let floor = self.floor()?;
        let folded = self.peek() == Some(b'>');
        self.at += 1;
        let (mut chomp, mut explicit) = (b' ', None);
        while let Some(sign) = self.peek() {
            match sign {
                b'+' | b'-' if chomp == b' ' => chomp = sign,
                b'1'..=b'9' if explicit.is_none() => explicit = Some(usize::from(sign - b'0')),
                _ => break,
            }
            self.at += 1;
        }
        self.end_of_line()?;
        let is_unindented =
            |levels: &[super::Level]| matches!(levels, [.., map, list] if map.indent == list.indent && !list.is_map);
        if explicit.is_some() && is_unindented(&self.open) {
            return None;
        }
        let mut indent = explicit.map(|count| floor + count);
        let (mut start, mut last) = (None, self.at);
        // Line breaks since the last text, and whether that text was indented more than the rest.
        let (mut breaks, mut was_spaced) = (0, false);
        let mut widest = 0;
        self.scratch.clear();
        while self.at < self.bytes.len() {
            let line = self.at;
            let spaces = self.spaces();
            let own = indent.map_or(spaces, |indent| spaces.min(indent));
            match self.peek() {
                // A block at the end without a line break is read differently by others.
                None => return None,
                Some(b'\n') if indent.is_none_or(|indent| spaces <= indent) => {
                    widest = widest.max(spaces);
                    breaks += 1;
                    self.at += 1;
                    continue;
                }
                Some(b'\t') => return None,
                Some(_) => {}
            }
            let indent = match indent {
                Some(indent) => indent,
                None if spaces > floor && spaces >= widest => *indent.insert(spaces),
                None => return None,
            };
            if own < indent {
                self.at = line;
                break;
            }
            let begin = line + indent;
            let end = begin + memchr::memchr(b'\n', &self.bytes[begin..])?;
            let spaced = spaces > indent;
            if start.is_none() {
                start = Some(begin);
                self.scratch.extend(std::iter::repeat_n('\n', breaks));
            } else if !folded || spaced || was_spaced {
                self.scratch.extend(std::iter::repeat_n('\n', breaks + 1));
            } else {
                self.fold(breaks);
            }
            self.scratch.push_str(&self.text[begin..end]);
            (breaks, was_spaced) = (0, spaced);
            last = end;
            self.at = end + 1;
        }
        self.line = self.at;
        let start = start?;
        match chomp {
            b'-' => {}
            b'+' => self.scratch.extend(std::iter::repeat_n('\n', breaks + 1)),
            _ => self.scratch.push('\n'),
        }
        let end = self.trimmed(start, last);
        if end == start {
            return None;
        }
        self.end = end;
        if self.text[start..end] == self.scratch {
            self.tree.bare(Kind::String, start, end);
        } else {
            self.tree.decoded(&self.scratch, start, end);
        }
        Some(())
    }

    /// Whether a plain scalar may begin here.
    fn begins_plain(&self) -> bool {
        match self.peek() {
            Some(b'-' | b'?' | b':') => {
                self.bytes.get(self.at + 1).is_some_and(|next| !matches!(next, b' ' | b'\n' | b'\t'))
            }
            Some(first) => !matches!(
                first,
                b',' | b'['
                    | b']'
                    | b'{'
                    | b'}'
                    | b'#'
                    | b'&'
                    | b'*'
                    | b'!'
                    | b'|'
                    | b'>'
                    | b'\''
                    | b'"'
                    | b'%'
                    | b'@'
                    | b'`'
                    | b' '
                    | b'\n'
                    | b'\t'
            ),
            None => false,
        }
    }

    /// Where a plain text that begins at `from` stops on its line.
    fn stop(&self, from: usize) -> Stop {
        let mut at = from;
        while let Some(found) = memchr::memchr3(b'\n', b':', b'#', &self.bytes[at..]) {
            at += found;
            match self.bytes[at] {
                b'\n' => return Stop::Line(at),
                b':' if matches!(self.bytes.get(at + 1), None | Some(b' ' | b'\n' | b'\t')) => return Stop::Colon(at),
                b'#' if at > from && matches!(self.bytes[at - 1], b' ' | b'\t') => return Stop::Comment(at),
                _ => at += 1,
            }
        }
        Stop::Line(self.bytes.len())
    }

    /// `end` less the spaces before it.
    pub(super) fn trimmed(&self, start: usize, mut end: usize) -> usize {
        while end > start && matches!(self.bytes[end - 1], b' ' | b'\t' | b'\n') {
            end -= 1;
        }
        end
    }

    pub(super) fn has_tab(&self, start: usize, end: usize) -> bool {
        self.tabs && self.bytes[start..end].contains(&b'\t')
    }
}
