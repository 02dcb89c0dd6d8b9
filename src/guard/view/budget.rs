//! A limit on the work that one payload may cause.

/// How much text the views of one payload may still produce.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    left: usize,
    /// Bytes read and written for views so far.
    pub(crate) work: usize,
    /// Whether a view was left out because it would have cost too much: such a payload has not been looked at in full.
    pub(crate) exhausted: bool,
}

impl Budget {
    /// Room for `bytes` bytes of views.
    pub(crate) fn new(bytes: usize) -> Self {
        Self { left: bytes, work: 0, exhausted: false }
    }

    /// Notes that a view read `bytes` bytes.
    pub(super) fn read(&mut self, bytes: usize) {
        self.work += bytes;
    }

    /// Takes `bytes` for a view that was made; `false` if there is no room for it.
    pub(super) fn spend(&mut self, bytes: usize) -> bool {
        self.work += bytes;
        self.exhausted |= bytes > self.left;
        if !self.exhausted {
            self.left -= bytes;
        }
        !self.exhausted
    }
}
