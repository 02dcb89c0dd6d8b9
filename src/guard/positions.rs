//! Where the sets that phrases need stand in a text.

/// A list of places for each set that has one.
#[derive(Debug, Default)]
pub(super) struct Positions {
    /// For each set one more than its index in `lists`; 0 if it has no place.
    index: Vec<u16>,
    /// The places of the sets that were seen, ascending.
    lists: Vec<Vec<u32>>,
    /// Sets with a place.
    seen: Vec<u16>,
}

impl Positions {
    /// Forgets all places, and takes those of so many sets.
    pub(super) fn begin(&mut self, sets: usize) {
        self.index.resize(sets, 0);
        for set in self.seen.drain(..) {
            self.index[usize::from(set)] = 0;
        }
    }

    /// Adds a place to those of a set, none of which is greater.
    pub(super) fn add(&mut self, set: u16, place: u32) {
        let index = &mut self.index[usize::from(set)];
        if *index == 0 {
            self.seen.push(set);
            *index = self.seen.len() as u16;
            match self.lists.get_mut(self.seen.len() - 1) {
                Some(list) => list.clear(),
                None => self.lists.push(Vec::new()),
            }
        }
        let places = &mut self.lists[usize::from(*index) - 1];
        if places.last() != Some(&place) {
            places.push(place);
        }
    }

    /// The places of a set.
    pub(super) fn of(&self, set: u16) -> &[u32] {
        usize::from(self.index[usize::from(set)]).checked_sub(1).map_or(&[], |list| &self.lists[list])
    }

    /// The sets that have a place.
    pub(super) fn seen(&self) -> &[u16] {
        &self.seen
    }
}
