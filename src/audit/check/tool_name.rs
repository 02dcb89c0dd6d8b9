//! Names of tools, as the bridges that make them and the clients that call them take them.

use std::borrow::Cow;
use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::{Finding, Found};
use crate::audit::Context;
use crate::audit::sentence::Listed;
use crate::rule::Bridge;
use crate::surface::Operation;
use crate::surface::detail::Details;

/// Longest name that the interfaces of models take.
const LONGEST: usize = 64;

/// Letters that FastMCP keeps.
const FASTMCP: usize = 56;

/// Operations from which one finding speaks for all of them.
const MANY: usize = 6;

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Missing,
    Twice,
    Long,
    Strange,
    Cut,
}

impl Fault {
    const ALL: [Self; 5] = [Self::Missing, Self::Twice, Self::Long, Self::Strange, Self::Cut];

    fn id(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Twice => "twice",
            Self::Long => "long",
            Self::Strange => "strange",
            Self::Cut => "cut",
        }
    }

    /// What follows "the name of … ", with the bridge that makes the tools, if it is known.
    fn phrase(self, bridge: Option<Bridge>) -> &'static str {
        match (self, bridge) {
            (Self::Missing, None) => {
                "no `operationId`: fastapi-mcp leaves the operation out, agentgateway refuses the document, others make a \
                 name up"
            }
            (Self::Missing, Some(Bridge::FastMcp)) => {
                "no `operationId`: FastMCP makes a name of the summary or the path, which changes with them"
            }
            (Self::Missing, Some(Bridge::FastApiMcp)) => "no `operationId`: fastapi-mcp leaves the operation out",
            (Self::Missing, Some(Bridge::Generator)) => {
                "no `operationId`: openapi-mcp-generator makes a name of method and path"
            }
            (Self::Missing, Some(Bridge::AgentGateway)) => "no `operationId`: agentgateway refuses the whole document",
            (Self::Twice, Some(Bridge::FastMcp)) => {
                "a name that another tool has too: FastMCP numbers them, in the order in which they stand"
            }
            (Self::Twice, Some(Bridge::Generator)) => {
                "a name that another tool has too: openapi-mcp-generator adds a hash to one of them"
            }
            (Self::Twice, _) => "a name that another tool has too: clients call one of the two, or drop both",
            (Self::Long, Some(Bridge::FastMcp)) => "a name of more than 56 characters, which FastMCP cuts off",
            (Self::Long, Some(Bridge::Generator)) => {
                "a name of more than 64 characters, of which openapi-mcp-generator makes abbreviations and a hash"
            }
            (Self::Long, _) => "a name of more than 64 characters, which models' interfaces refuse",
            (Self::Strange, _) => {
                "a name with characters beyond letters, digits, `_`, `-` and `.`, which clients refuse or replace"
            }
            (Self::Cut, Some(Bridge::Generator)) => {
                "a name that openapi-mcp-generator makes the same as another tool's: it puts `_` for every sign"
            }
            (Self::Cut, _) => {
                "a name that FastMCP makes the same as another tool's: it drops signs, what follows `__`, and all \
                          but 56 characters"
            }
        }
    }
}

/// Names that are missing, too long, not to be written, or no longer their own behind a bridge.
pub(super) fn names(context: &Context<'_>, found: Found<'_>) -> Vec<usize> {
    let (surface, bridge) = (context.surface, context.limits.bridge);
    let details = Details::new(surface, context.documents);
    let given = || surface.exposed().filter_map(|operation| details.given_name(operation));
    let (mut exact, mut cut) = (Taken::new(given().map(Cow::from)), Taken::new(given().map(|name| made(bridge, name))));
    // In the order of operations.
    let mut faults: Vec<(u32, Fault)> = Vec::new();
    let mut open = Vec::new();
    for (index, operation) in surface.exposed_with_index() {
        let Some(name) = details.given_name(operation) else {
            if details.has_operation_ids() {
                faults.push((index as u32, Fault::Missing));
            } else {
                open.push(index);
            }
            continue;
        };
        // Frameworks name routes `app:view`; no bridge takes that as it is.
        let route = !details.has_operation_ids() && operation.path.is_some();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') || route && c == ':';
        // The methods of one route share its name.
        let other = |known: u32| surface.operations[known as usize].node != operation.node;
        let twice = exact.take(name.into(), index as u32).is_some_and(other);
        let same = cut.take(made(bridge, name), index as u32).is_some_and(other);
        let long = match bridge {
            Some(Bridge::FastMcp) => slug(name).len() > FASTMCP,
            _ => name.chars().count() > LONGEST,
        };
        let replaced = matches!(bridge, Some(Bridge::FastMcp | Bridge::Generator));
        let fault = match () {
            () if twice => Fault::Twice,
            () if long => Fault::Long,
            () if !replaced && !name.chars().all(plain) => Fault::Strange,
            // A list of tools has been through its bridge.
            () if same && operation.path.is_some() => Fault::Cut,
            () => continue,
        };
        faults.push((index as u32, fault));
    }
    let tools = surface.exposed().count();
    for fault in Fault::ALL {
        let those = faults.iter().filter(|&&(_, known)| known == fault);
        let indices: Vec<usize> = those.map(|&(index, _)| index as usize).collect();
        let all = indices.len() > 1 && indices.len() == tools;
        if all || indices.len() >= MANY {
            let operations: Vec<&Operation> = indices.iter().map(|&index| &surface.operations[index]).collect();
            let listed = Listed::new(&operations);
            let values = vec![
                ("count", indices.len().to_string()),
                ("what", fault.phrase(bridge).into()),
                ("operations", listed.named),
            ];
            found(Finding {
                subject: fault.id().into(),
                values,
                fields: listed.labels,
                related: listed.related,
                ..Finding::default()
            });
        } else {
            for index in indices {
                let values = vec![("what", fault.phrase(bridge).into())];
                found(Finding { operation: Some(index), values, ..Finding::default() });
            }
        }
    }
    open
}

/// Which operation took a name. Hardly any name is there twice, so only those are kept that may be.
struct Taken<'n> {
    /// The hashes that more than one name has.
    repeated: FxHashSet<u64>,
    by: FxHashMap<Cow<'n, str>, u32>,
}

impl<'n> Taken<'n> {
    /// Nobody's yet; `names` are all that will be taken.
    fn new(names: impl Iterator<Item = Cow<'n, str>>) -> Self {
        let mut hashes: Vec<u64> = names.map(|name| hash(&name)).collect();
        hashes.sort_unstable();
        let repeated = hashes.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        Self { repeated, by: FxHashMap::default() }
    }

    /// Gives a name to an operation. The one that had it before, if any had.
    fn take(&mut self, name: Cow<'n, str>, operation: u32) -> Option<u32> {
        if !self.repeated.contains(&hash(&name)) {
            return None;
        }
        self.by.insert(name, operation)
    }
}

fn hash(name: &str) -> u64 {
    FxBuildHasher.hash_one(name)
}

/// The name that a bridge makes of an `operationId`; where the bridge is not known, the one that changes most.
fn made(bridge: Option<Bridge>, name: &str) -> Cow<'_, str> {
    match bridge {
        None | Some(Bridge::FastMcp) if is_slug(name) => name.into(),
        None | Some(Bridge::FastMcp) => slug(name).chars().take(FASTMCP).collect(),
        Some(Bridge::Generator) => {
            let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' };
            name.chars().map(plain).collect()
        }
        Some(Bridge::FastApiMcp | Bridge::AgentGateway) => name.into(),
    }
}

/// Whether FastMCP keeps a name as it is.
fn is_slug(name: &str) -> bool {
    name.len() <= FASTMCP && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The letters that FastMCP keeps of an `operationId`, before it cuts them off.
fn slug(name: &str) -> String {
    let name = name.split("__").next().unwrap_or_default();
    let mut slug = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            c if c.is_ascii_alphanumeric() => slug.push(c),
            '_' | '-' | '.' | ' ' if !slug.ends_with('_') => slug.push('_'),
            _ => {}
        }
    }
    slug.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fastmcp_makes_names_as_it_does() {
        assert_eq!(slug("users__list"), "users");
        assert_eq!(slug("repos/list-for-org"), "reposlist_for_org");
        assert_eq!(made(Some(Bridge::FastMcp), &"a".repeat(70)).len(), 56);
    }
}
