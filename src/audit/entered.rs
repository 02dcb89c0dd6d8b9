//! The schemas of a walk.

use super::candidate::Set;
use crate::surface::SchemaId;

/// Which schemas a walk has entered, of all that there are. Few walks enter many, and each is begun without looking at all.
pub(super) struct Entered {
    /// Those of the walk.
    schemas: Vec<Schema>,
    /// For each schema of all its place among those of the walk, if it is there.
    places: Vec<u32>,
}

/// A schema in a walk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schema {
    id: SchemaId,
    /// The queries for which its fields counted.
    pub(super) counted: Set,
    /// The queries for which it was passed on a way on which nothing counts.
    pub(super) passed: Set,
}

impl Entered {
    /// No walk, over so many schemas.
    pub(super) fn new(all: usize) -> Self {
        Self { schemas: Vec::new(), places: vec![0; all] }
    }

    /// Begins a walk.
    pub(super) fn clear(&mut self) {
        self.schemas.clear();
    }

    /// Enters a schema; whether it is new in this walk.
    pub(super) fn enter(&mut self, id: SchemaId) -> (&mut Schema, bool) {
        let place = &mut self.places[id.0 as usize];
        let known = self.schemas.get(*place as usize).is_some_and(|entered| entered.id == id);
        if !known {
            *place = self.schemas.len() as u32;
            self.schemas.push(Schema { id, counted: 0, passed: 0 });
        }
        (&mut self.schemas[*place as usize], !known)
    }
}
