//! `mcpsentry tools`

use mcpsentry::report::{self, Look};

use super::setup::{self, Setup};
use super::{Colors, Outcome, input, message, print};
use crate::cli::{self, Listing};

/// Lists the tools that would be exposed.
pub(crate) fn run(arguments: &cli::Tools, color: Colors) -> Outcome {
    try_run(arguments, color).unwrap_or(Outcome::Failed)
}

fn try_run(arguments: &cli::Tools, color: Colors) -> Result<Outcome, ()> {
    let setup = Setup::new(&arguments.config, &setup::surface(&arguments.surface), color.messages)?;
    let inputs = input::read(&arguments.input, &setup, color.messages)?;
    let sources = inputs.store.into_sources();
    let look = Look { color: color.output, ..Look::default() };
    let written = print(|out| match arguments.format {
        Listing::Text => report::tools_text(&inputs.documents, look, out),
        Listing::Json => report::tools_json(&inputs.documents, &sources, out),
    });
    written.map_err(|why| message::error(color.messages, "", &why, ""))?;
    let gaps = inputs.not_checked.iter().filter(|part| part.gap);
    message::gaps(color.messages, &inputs.not_checked, &sources);
    let tools = inputs.documents.iter().map(|document| document.surface.exposed().count()).sum::<usize>();
    for (document, &scope) in inputs.documents.iter().zip(&inputs.scopes) {
        let tools = document.surface.exposed().count();
        if let Some(limit) = setup.scopes[scope].max_tools.filter(|&limit| tools > limit) {
            let why = format!("{tools} tools are more than the limit of {limit}");
            message::warning(color.messages, &document.name, &why, "narrow the surface with --include and --exclude");
        }
    }
    Ok(if inputs.failed {
        Outcome::Failed
    } else if tools == 0 || gaps.count() > 0 {
        Outcome::Incomplete
    } else {
        Outcome::Clean
    })
}
