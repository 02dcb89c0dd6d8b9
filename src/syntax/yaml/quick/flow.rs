//! Flow collections: `[a, b]` and `{a: b}`.

use super::super::kind::kind;
use super::{MAX_DEPTH, MAX_KEY, Reader};
use crate::syntax::Kind;

impl Reader<'_> {
    /// A value inside a flow collection, or the outermost of them.
    pub(super) fn flow(&mut self, depth: usize) -> Option<()> {
        if self.open.len() + depth >= MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            b'[' => self.flow_list(depth),
            b'{' => self.flow_map(depth),
            b'"' | b'\'' => {
                let scalar = self.quoted()?;
                self.put_quoted(scalar);
                Some(())
            }
            _ => {
                let (start, end) = self.flow_plain()?;
                self.tree.bare(kind(&self.text[start..end], true, None), start, end);
                self.end = end;
                Some(())
            }
        }
    }

    fn flow_list(&mut self, depth: usize) -> Option<()> {
        let node = self.tree.open(Kind::Array, self.at);
        self.at += 1;
        loop {
            self.flow_space()?;
            if self.peek()? == b']' {
                break;
            }
            self.flow(depth + 1)?;
            self.flow_space()?;
            match self.peek()? {
                b',' => self.at += 1,
                b']' => break,
                _ => return None,
            }
        }
        self.flow_end(node);
        Some(())
    }

    fn flow_map(&mut self, depth: usize) -> Option<()> {
        let node = self.tree.open(Kind::Object, self.at);
        self.at += 1;
        loop {
            self.flow_space()?;
            if self.peek()? == b'}' {
                break;
            }
            self.flow_key()?;
            self.flow_space()?;
            self.flow(depth + 1)?;
            self.flow_space()?;
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return None,
            }
        }
        self.flow_end(node);
        Some(())
    }

    /// A key and its colon, which stands on the same line.
    fn flow_key(&mut self) -> Option<()> {
        let line = self.line;
        let quoted = matches!(self.peek()?, b'"' | b'\'');
        let (start, end) = if quoted {
            let scalar = self.quoted()?;
            self.put_quoted(scalar);
            (scalar.start, scalar.end)
        } else {
            let (start, end) = self.flow_plain()?;
            self.put_key(start, end);
            (start, end)
        };
        if self.line != line || end - start > MAX_KEY || &self.text[start..end] == "<<" {
            return None;
        }
        if self.peek_after_spaces()? != b':' {
            return None;
        }
        self.at += 1;
        (quoted || matches!(self.peek()?, b' ' | b'\n')).then_some(())
    }

    /// A plain scalar on one line.
    fn flow_plain(&mut self) -> Option<(usize, usize)> {
        let start = self.at;
        if matches!(
            self.peek()?,
            b'-' | b'?' | b':' | b',' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b']' | b'}'
        ) && !(self.peek()? == b'-' && self.bytes.get(start + 1).is_some_and(u8::is_ascii_alphanumeric))
        {
            return None;
        }
        loop {
            match self.peek()? {
                b',' | b']' | b'}' | b'\n' => break,
                b'[' | b'{' | b'\t' => return None,
                b'#' if self.bytes[self.at - 1] == b' ' => return None,
                b':' => match self.bytes.get(self.at + 1)? {
                    b' ' | b'\n' => break,
                    b',' | b'[' | b']' | b'{' | b'}' | b'\t' => return None,
                    _ => {}
                },
                _ => {}
            }
            self.at += 1;
        }
        let end = self.trimmed(start, self.at);
        self.at = end;
        (end > start).then_some((start, end))
    }

    /// Steps over spaces and line breaks; what follows a line break stands deeper than the block around.
    fn flow_space(&mut self) -> Option<()> {
        loop {
            self.spaces();
            match self.peek()? {
                b'\n' => {
                    self.at += 1;
                    self.line = self.at;
                }
                b'\t' | b'#' => return None,
                _ => break,
            }
        }
        // The last bracket may stand right below the key.
        let inside = self.at - self.line + usize::from(matches!(self.peek()?, b']' | b'}'));
        (inside > self.floor()?).then_some(())
    }

    fn flow_end(&mut self, node: u32) {
        self.at += 1;
        self.end = self.at;
        self.tree.close(node, self.at);
    }
}
