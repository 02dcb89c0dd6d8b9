//! Where a text can be cut: offsets that fall into no character.

/// The nearest such offset at or before another one; the end of the text for all that lie beyond.
pub(in crate::guard) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The nearest such offset at or behind another one.
pub(in crate::guard) fn ceil(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_is_cut() {
        let text = "aé日😀";
        let places = |near: fn(&str, usize) -> usize| (0..13).map(|at| near(text, at)).collect::<Vec<_>>();
        assert_eq!(places(floor), [0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10, 10]);
        assert_eq!(places(ceil), [0, 1, 3, 3, 6, 6, 6, 10, 10, 10, 10, 10, 10]);
        assert_eq!((floor("", 5), ceil("", 5)), (0, 0));
    }
}
