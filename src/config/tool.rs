//! Names and descriptions that a bridge gives to tools in the place of the document.

use super::{Fault, Scope};
use crate::rule::nearest;
use crate::surface::{Operation, Surface};

impl Scope {
    /// Gives the operations of a surface the texts that were chosen for them, and says which choices were used.
    pub fn retell(&self, surface: &mut Surface) -> Vec<bool> {
        let mut used = vec![false; self.tools.len()];
        if self.tools.is_empty() {
            return used;
        }
        for operation in &mut surface.operations {
            // From the last to the first, so that the first one counts.
            for (choice, used) in self.tools.iter().zip(&mut used).rev() {
                if !is_named(operation, &choice.operation.text) {
                    continue;
                }
                *used = true;
                if let Some(description) = &choice.description {
                    operation.retell(description);
                }
            }
        }
        for operation in &mut surface.operations {
            let name = self.tools.iter().filter(|choice| is_named(operation, &choice.operation.text));
            if let Some(name) = name.filter_map(|choice| choice.name.as_deref()).next() {
                operation.rename(name);
            }
        }
        used
    }

    /// The faults of choices that no document used: a hazard that was meant to be told apart may be told as before.
    pub fn unused_texts(&self, used: &[bool], surfaces: &[&Surface]) -> Vec<Fault> {
        let labels: Vec<String> =
            surfaces.iter().flat_map(|surface| &surface.operations).map(|operation| operation.label()).collect();
        let known: Vec<&str> = labels.iter().map(String::as_str).collect();
        let unused = self.tools.iter().zip(used).filter(|(_, used)| !**used);
        unused
            .map(|(choice, _)| {
                let text = &choice.operation.text;
                let help = nearest(text, &known).map_or_else(
                    || "`mcpsentry tools` lists the operations by method, path and name".to_owned(),
                    |nearest| format!("did you mean `{nearest}`?"),
                );
                Fault::of(&choice.operation, format!("`tools` names `{text}`, which is no operation"), help)
            })
            .collect()
    }
}

/// Whether a choice is about an operation: `METHOD /path`, also behind its base path, or its name.
fn is_named(operation: &Operation, text: &str) -> bool {
    if *operation.name == *text {
        return true;
    }
    let (Some(method), Some(path)) = (&operation.method, &operation.path) else { return false };
    text.split_once(' ').is_some_and(|(wanted, rest)| {
        let rest = rest.trim();
        wanted.eq_ignore_ascii_case(method)
            && (rest == &**path || rest.strip_prefix(&*operation.base).is_some_and(|rest| rest == &**path))
    })
}
