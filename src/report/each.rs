//! Lists that are made while they are written.

use serde::{Serialize, Serializer};

/// A list of which no more than one entry is there at a time; what it holds makes an iterator over the entries.
pub(super) struct Each<M>(pub(super) M);

impl<M, I> Serialize for Each<M>
where
    M: Fn() -> I,
    I: Iterator<Item: Serialize>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}
