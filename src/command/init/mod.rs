//! `mcpsentry init`: the files that bring the audit into a repository.

mod document;
mod draft;
mod place;

use std::fmt::Write;

use super::{Colors, Outcome, message, print};
use crate::cli::{self, Part};
use draft::{Draft, drafts};
use place::Place;

/// What happens to a file.
enum Fate {
    Write,
    /// It is there, with what is needed.
    Keep,
    /// Something else is there, or belongs there: where, why, and what is to be added.
    Leave(String),
}

/// Finds the API descriptions and writes what is missing.
pub(crate) fn run(arguments: &cli::Init, color: Colors) -> Outcome {
    try_run(arguments, color).unwrap_or(Outcome::Failed)
}

fn try_run(arguments: &cli::Init, color: Colors) -> Result<Outcome, ()> {
    let place = Place::here().map_err(|(why, help)| message::error(color.messages, "", &why, &help))?;
    let wanted = |part| arguments.only.is_empty() || arguments.only.contains(&part);
    let mut documents = Vec::new();
    if wanted(Part::Config) {
        documents = document::find(&arguments.inputs, color.messages)?;
        if documents.is_empty() {
            let why = "no OpenAPI document, route manifest or MCP tool list was found";
            let help = "export one from your framework and name it: `mcpsentry init openapi.json`";
            message::error(color.messages, "", why, help);
            return Ok(Outcome::Incomplete);
        }
    }
    let mut said = String::new();
    let mut outcome = Outcome::Clean;
    for draft in drafts(&documents).into_iter().filter(|draft| wanted(draft.part)) {
        let path = draft.path;
        // Writing to a string cannot fail.
        let _ = match fate(&place, &draft, arguments) {
            Fate::Write if arguments.dry_run => writeln!(said, "would write {path}:\n\n{}", draft.text),
            Fate::Write => match place.create(path, &draft.text) {
                Ok(()) => writeln!(said, "wrote  {path}"),
                Err((why, help)) => {
                    message::error(color.messages, path, &why, &help);
                    outcome = Outcome::Failed;
                    Ok(())
                }
            },
            Fate::Keep => writeln!(said, "kept   {path}: it has what is needed"),
            Fate::Leave(what) => {
                outcome = if outcome == Outcome::Clean { Outcome::Incomplete } else { outcome };
                writeln!(said, "left   {}", what.trim_end())
            }
        };
    }
    if !arguments.dry_run && outcome != Outcome::Failed {
        said +=
            "\nnext: run `mcpsentry audit`; mcpsentry.yaml says how to accept what is known. Then commit the files.\n";
    }
    print(|out| out.write_all(said.as_bytes())).map_err(|why| message::error(color.messages, "", &why, ""))?;
    Ok(outcome)
}

fn fate(place: &Place, draft: &Draft, arguments: &cli::Init) -> Fate {
    if let Some(there) = draft.names.iter().find(|name| place.taken(name)) {
        let text = place.read(there);
        return match text {
            Some(text) if text == draft.text || (draft.enough)(&text) => Fate::Keep,
            _ => Fate::Leave(format!("{there}: it is there already; {}", draft.todo)),
        };
    }
    let elsewhere = draft.part == Part::Workflow && arguments.only.is_empty();
    if elsewhere && place.taken(draft::GITLAB) && !place.taken(".github") {
        return Fate::Leave(format!("{}: this repository uses GitLab; {}", draft.path, draft::gitlab_job()));
    }
    Fate::Write
}
