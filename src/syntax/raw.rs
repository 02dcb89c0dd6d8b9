//! A node as it lies in a tree.

use super::Kind;

/// How the text of a scalar is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A list or a mapping.
    Container,
    /// The span is the text.
    Bare,
    /// The span less its first and last byte is the text.
    Quoted,
    /// The text differs from the source (escapes, folded lines) and is kept aside.
    Decoded,
    /// A YAML alias.
    Alias,
}

/// What a node is and how its text is found, as one number of four bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag(u32);

impl Tag {
    /// Kind and form by the number of a tag. There are as many as four bits count, so that none needs a look whether it is
    /// there; those behind the mapping with a `<<` key are not used.
    const ALL: [(Kind, Form); 16] = [
        (Kind::Null, Form::Bare),
        (Kind::Bool, Form::Bare),
        (Kind::Number, Form::Bare),
        (Kind::String, Form::Bare),
        (Kind::String, Form::Quoted),
        (Kind::String, Form::Decoded),
        (Kind::Null, Form::Alias),
        (Kind::Array, Form::Container),
        (Kind::Object, Form::Container),
        (Kind::Object, Form::Container),
        (Kind::Null, Form::Bare),
        (Kind::Null, Form::Bare),
        (Kind::Null, Form::Bare),
        (Kind::Null, Form::Bare),
        (Kind::Null, Form::Bare),
        (Kind::Null, Form::Bare),
    ];
    const STRING: Self = Self(3);
    pub(super) const QUOTED: Self = Self(4);
    pub(super) const DECODED: Self = Self(5);
    pub(super) const ALIAS: Self = Self(6);
    const ARRAY: Self = Self(7);
    pub(super) const MERGE: Self = Self(9);

    /// A scalar whose text is its span; a list or mapping that is open.
    pub(super) fn of(kind: Kind) -> Self {
        Self(match kind {
            Kind::Null => 0,
            Kind::Bool => 1,
            Kind::Number => 2,
            Kind::String => return Self::STRING,
            Kind::Array => 7,
            Kind::Object => 8,
        })
    }
}

/// 12 bytes a node. Children follow their parent; a mapping's children alternate key and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raw {
    /// The first byte, below the tag: no document is longer than 28 bits count.
    head: u32,
    pub(super) end: u32,
    /// One past the last descendant of a container; the slot of a decoded text; the target of an alias.
    pub(super) extra: u32,
}

impl Raw {
    const START: u32 = (1 << 28) - 1;

    pub(super) fn new(tag: Tag, start: u32, end: u32, extra: u32) -> Self {
        Self { head: tag.0 << 28 | start.min(Self::START), end, extra }
    }

    #[inline]
    pub(super) fn start(self) -> u32 {
        self.head & Self::START
    }

    #[inline]
    pub(super) fn kind(self) -> Kind {
        Tag::ALL[(self.head >> 28) as usize].0
    }

    #[inline]
    pub(super) fn form(self) -> Form {
        Tag::ALL[(self.head >> 28) as usize].1
    }

    /// Whether it is a string that may have so many bytes: one that is written in fewer has not, unless it was decoded.
    #[inline]
    pub(super) fn may_be_text_of(self, bytes: u32) -> bool {
        let tag = self.head >> 28;
        tag == Tag::DECODED.0 || (tag == Tag::STRING.0 || tag == Tag::QUOTED.0) && self.end - self.start() >= bytes
    }

    /// Whether it is a list or a mapping.
    #[inline]
    pub(super) fn is_container(self) -> bool {
        (Tag::ARRAY.0..=Tag::MERGE.0).contains(&(self.head >> 28))
    }

    /// Whether it is a YAML alias.
    #[inline]
    pub(super) fn is_alias(self) -> bool {
        self.head >> 28 == Tag::ALIAS.0
    }

    /// Whether it is a YAML mapping with a `<<` key.
    #[inline]
    pub(super) fn merges(self) -> bool {
        self.head >> 28 == Tag::MERGE.0
    }

    /// The same node with another tag.
    pub(super) fn tagged(self, tag: Tag) -> Self {
        Self::new(tag, self.start(), self.end, self.extra)
    }
}
