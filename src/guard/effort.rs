//! How much work one payload may cause, so that no text is dear out of proportion to its size.
//!
//! Work is counted, in bytes and states gone over, so that the same call ends the same way on every machine. The limits are
//! far above what ordinary texts need: the dearest of the labelled harmless ones takes 1.6 million, texts of 1 MB put
//! together from such ones 20 to 140 for each byte, and their words without gaps 105,000, or 1.3 million for 1 MB. Whole prose
//! without any gap takes 200 to 330 for each byte, and is refused from some 80 KB on.

/// Work that a call may cause once what was found is enough to refuse it, and for each of its bytes.
const REFUSED: (u64, u64) = (4 << 20, 32);

/// Work in readings without gaps between words, where everything may begin anywhere.
const SQUEEZED: (u64, u64) = (16 << 20, 32);

/// All work.
const WHOLE: (u64, u64) = (64 << 20, 512);

/// The work for one payload.
#[derive(Debug)]
pub(super) struct Effort {
    bytes: u64,
    /// Bytes that filters went over, and states that phrases entered.
    pub(super) work: u64,
    /// What of it was spent in readings without gaps.
    squeezed: u64,
    /// Which limit was reached.
    limit: Option<&'static str>,
    stopped: bool,
}

impl Effort {
    /// Nothing spent yet on a payload of so many bytes.
    pub(super) fn new(bytes: usize) -> Self {
        Self { bytes: bytes as u64, work: 0, squeezed: 0, limit: None, stopped: false }
    }

    /// Adds work, done in a reading that has gaps between words or not.
    pub(super) fn add(&mut self, work: u64, squeezed: bool) {
        self.work += work;
        self.squeezed += if squeezed { work } else { 0 };
    }

    /// Whether to stop here; `refused` tells whether what was found is enough to refuse the call, so that it needs no limit.
    pub(super) fn is_over(&mut self, refused: impl FnOnce() -> bool) -> bool {
        let room = |(floor, each): (u64, u64)| floor + each * self.bytes;
        if self.stopped || self.work <= room(REFUSED) {
            return self.stopped;
        }
        if refused() {
            self.stopped = true;
        } else if self.squeezed > room(SQUEEZED) {
            self.limit =
                Some("its words without gaps take more work than its size allows; send them with gaps, or in parts");
        } else if self.work > room(WHOLE) {
            self.limit = Some("it takes more work than its size allows; send it in parts");
        }
        self.stopped |= self.limit.is_some();
        self.stopped
    }

    /// Why the payload was not searched to its end, unless it is refused for what was found.
    pub(super) fn limit(&self) -> Option<&'static str> {
        self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spent(work: u64, squeezed: bool) -> Effort {
        let mut effort = Effort::new(1000);
        effort.add(work, squeezed);
        effort
    }

    #[test]
    fn what_is_refused_anyway_needs_no_limit() {
        let mut effort = spent((4 << 20) + 32_000, false);
        assert!(!effort.is_over(|| true), "as much as it may");
        effort.add(1, false);
        assert!(!effort.is_over(|| false));
        assert!(effort.is_over(|| true) && effort.limit().is_none());
        assert!(effort.is_over(|| false), "it stays stopped");
    }

    #[test]
    fn what_is_not_refused_has_limits() {
        for (most, squeezed) in [((16 << 20) + 32_000, true), ((64 << 20) + 512_000, false)] {
            let mut effort = spent(most, squeezed);
            assert!(!effort.is_over(|| false) && effort.limit().is_none());
            effort.add(1, squeezed);
            assert!(effort.is_over(|| false));
            assert_eq!(effort.limit().expect("a limit").contains("without gaps"), squeezed);
        }
    }
}
