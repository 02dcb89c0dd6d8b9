//! Letters as a number.

/// A number for letters, such that the number of two words that stand together follows from those of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LetterHash {
    sum: u64,
    /// The base to the power of how many bytes there are.
    shift: u64,
}

impl LetterHash {
    /// No letters.
    pub const EMPTY: Self = Self { sum: 0, shift: 1 };

    /// An odd number without a pattern.
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

    /// The number of some letters.
    pub fn of(letters: &str) -> Self {
        letters.bytes().fold(Self::EMPTY, |hash, byte| Self {
            sum: hash.sum.wrapping_mul(Self::BASE).wrapping_add(u64::from(byte) + 1),
            shift: hash.shift.wrapping_mul(Self::BASE),
        })
    }

    /// The letters of which only the sum and how many bytes they are was kept.
    pub(super) fn kept(sum: u64, bytes: usize) -> Self {
        let shift = Self::POWERS.get(bytes).copied();
        Self { sum, shift: shift.unwrap_or_else(|| Self::BASE.wrapping_pow(bytes as u32)) }
    }

    /// The powers of the base that words need.
    const POWERS: [u64; 32] = {
        let mut powers = [1; 32];
        let mut bytes = 1;
        while bytes < powers.len() {
            powers[bytes] = Self::BASE.wrapping_mul(powers[bytes - 1]);
            bytes += 1;
        }
        powers
    };

    /// The number of these letters with others behind them.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self {
            sum: self.sum.wrapping_mul(next.shift).wrapping_add(next.sum),
            shift: self.shift.wrapping_mul(next.shift),
        }
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_words_together_is_that_of_their_letters() {
        let [api, key, both] = ["api", "key", "apikey"].map(LetterHash::of);
        assert_eq!(LetterHash::EMPTY.then(api).then(key), both);
        assert_ne!(key.then(api), both);
    }
}
