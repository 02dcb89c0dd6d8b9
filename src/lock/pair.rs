//! Which tool of one lock is which of another.

use std::collections::BTreeMap;

use super::Tool;

/// What tells that two tools are one: method and path, however its parameters are called.
fn identity(tool: &Tool) -> String {
    let Some(path) = &tool.path else { return format!(" {}", tool.name) };
    let mut plain = String::with_capacity(path.len());
    let mut depth = 0;
    for character in path.chars() {
        depth += usize::from(character == '{');
        if depth == 0 || character == '{' {
            plain.push(character);
        }
        depth -= usize::from(character == '}' && depth > 0);
    }
    format!("{} {plain}", tool.method.as_deref().unwrap_or_default())
}

/// A tool before and after; one of the two may be missing.
pub(super) type Pair<'t> = (Option<&'t Tool>, Option<&'t Tool>);

/// Tools of both sides that are one. Of several with the same identity those that did not change find each other first.
pub(super) fn pairs<'t>(old: &'t [Tool], new: &'t [Tool]) -> Vec<Pair<'t>> {
    let mut groups: BTreeMap<String, (Vec<&Tool>, Vec<&Tool>)> = BTreeMap::new();
    for tool in old {
        groups.entry(identity(tool)).or_default().0.push(tool);
    }
    for tool in new {
        groups.entry(identity(tool)).or_default().1.push(tool);
    }
    let mut pairs = Vec::new();
    let (mut gone, mut fresh) = (Vec::new(), Vec::new());
    for (mut olds, mut news) in groups.into_values() {
        let likeness: [fn(&Tool, &Tool) -> bool; 3] =
            [|a, b| a.name == b.name && is_same(a, b), |a, b| a.name == b.name, |_, _| true];
        for alike in likeness {
            olds.retain(|old| match news.iter().position(|new| alike(old, new)) {
                Some(at) => {
                    pairs.push((Some(*old), Some(news.remove(at))));
                    false
                }
                None => true,
            });
        }
        gone.append(&mut olds);
        fresh.append(&mut news);
    }
    // A list of tools has names only; an operation of that name is the tool.
    for old in gone {
        let same = |new: &&Tool| new.name == old.name && (new.path.is_none() != old.path.is_none());
        match fresh.iter().position(same) {
            Some(at) => pairs.push((Some(old), Some(fresh.remove(at)))),
            None => pairs.push((Some(old), None)),
        }
    }
    pairs.extend(fresh.into_iter().map(|new| (None, Some(new))));
    pairs
}

/// Whether nothing about a tool changed, what rules say of it left out.
pub(super) fn is_same(old: &Tool, new: &Tool) -> bool {
    old.name == new.name
        && old.effect == new.effect
        && old.access == new.access
        && old.texts == new.texts
        && old.part_texts == new.part_texts
        && old.takes == new.takes
        && old.gives == new.gives
}
