//! What the shapes of a call say of its effect, where no verb does.

use super::Details;
use crate::surface::effect::{self, Teller};
use crate::surface::{Documents, Effect, Operation, Surface, Types};

/// Judges by their shapes the operations of which no verb tells what they do.
pub(in crate::surface) fn settle(surface: &mut Surface, documents: &Documents) {
    let details = Details::new(surface, documents);
    let told: Vec<Option<Effect>> =
        surface.operations.iter().map(|operation| details.effect_of_shape(operation)).collect();
    for (operation, told) in surface.operations.iter_mut().zip(told) {
        operation.effect = told.or(operation.effect);
    }
}

impl Details<'_> {
    fn effect_of_shape(self, operation: &Operation) -> Option<Effect> {
        if operation.method.as_deref() != Some("POST") || operation.effect == Some(Effect::Destructive) {
            return None;
        }
        let name = self.declared_name(operation);
        match effect::teller(operation.path.as_deref(), name, operation.gist()) {
            // A list that can be asked for in parts, or by a list of keys, was there before.
            Teller::Nobody => {
                let asked = |operation| self.paged(operation) == Some(true) || self.takes_keys(operation);
                (self.lists(operation) == Some(true) && asked(operation) && !self.creates(operation))
                    .then_some(Effect::Read)
            }
            // `Returns the order` that was created.
            Teller::Text(Effect::Read) => {
                let returns = operation.gist().get(..6).is_some_and(|start| start.eq_ignore_ascii_case("return"));
                (returns && self.creates(operation)).then_some(Effect::Write)
            }
            _ => None,
        }
    }

    /// Whether the only success is that something was created.
    fn creates(self, operation: &Operation) -> bool {
        let Some(responses) = self.node(operation).get("responses") else { return false };
        responses.get("201").is_some() && responses.get("200").is_none()
    }

    /// Whether the body is a list of plain values.
    fn takes_keys(self, operation: &Operation) -> bool {
        let schemas = &self.surface.schemas;
        let plain = Types::STRING.with(Types::INTEGER);
        operation.request.known().into_iter().flatten().any(|&body| {
            schemas.types(body).any(Types::ARRAY)
                && schemas.get(body).items.iter().any(|&item| schemas.types(item).any(plain))
        })
    }
}
