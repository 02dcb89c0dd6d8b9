//! Finding the API descriptions of a repository.

use std::path::Path;

use mcpsentry::surface::{Documents, READERS};

use crate::command::{input, message};

/// Folders that hold what others wrote.
const FOREIGN: [&str; 3] = ["node_modules/", "vendor/", "third_party/"];

/// The API descriptions among what was named, or below the working directory; as they are written in a configuration.
///
/// # Errors
/// After the message was printed: something that was named is none.
pub(super) fn find(named: &[String], color: bool) -> Result<Vec<String>, ()> {
    if named.iter().any(|name| name == "-") {
        message::error(color, "-", "a configuration cannot name standard input", "name a file");
        return Err(());
    }
    let mut targets = if named.is_empty() { input::below(Path::new("."), |_| true) } else { Vec::new() };
    for name in named {
        targets.extend(input::targets(name).map_err(|(why, help)| message::error(color, name, &why, &help))?);
    }
    let mut found = Vec::new();
    for target in targets {
        let name = target.path.to_string_lossy().replace('\\', "/");
        let name = name.trim_start_matches("./").to_owned();
        if !target.named
            && FOREIGN.iter().any(|folder| name.starts_with(folder) || name.contains(&format!("/{folder}")))
        {
            continue;
        }
        // Each on its own, so that a folder full of data is not held in memory.
        let documents = Documents::default();
        let recognised = match documents.open(&target.path) {
            Ok(root) => READERS.iter().any(|reader| reader.recognises(root)),
            Err(_) if !target.named && !input::claims_to_be_api(&target.path) => false,
            Err(fault) => {
                documents.with_sources(|sources| message::load_error(color, &fault, sources));
                return Err(());
            }
        };
        if recognised && !found.contains(&name) {
            found.push(name);
        } else if !recognised && target.named {
            let help = "name an OpenAPI document, a route manifest or an MCP tool list";
            message::error(color, &name, "this is no API description", help);
            return Err(());
        }
    }
    Ok(found)
}
