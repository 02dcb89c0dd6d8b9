//! The choices of a run: flags over the configuration.

use std::path::PathBuf;

use mcpsentry::config::{File, Filter, Scope, Word};
use mcpsentry::rule::Severity;

use super::message;
use crate::cli;

/// What holds for the documents of a run.
pub(crate) struct Setup {
    /// The configuration, if there is one.
    pub(crate) file: Option<File>,
    /// What was chosen for documents of no entry of `inputs`, then for those of each entry.
    pub(crate) scopes: Vec<Scope>,
    /// Which operations become tools, for each of the above.
    pub(crate) filters: Vec<Filter>,
}

impl Setup {
    /// Reads the configuration and lays the flags over it.
    ///
    /// # Errors
    /// After the message was printed: a configuration that cannot be used.
    pub(crate) fn new(choice: &cli::ConfigChoice, flags: &Scope, color: bool) -> Result<Self, ()> {
        let file = file(choice, color)?;
        let base = file.as_ref().map(|file| file.scope.clone()).unwrap_or_default();
        let mut scopes = vec![flags.clone().over(&base)];
        for input in file.iter().flat_map(|file| &file.inputs) {
            scopes.push(flags.clone().over(&input.scope.clone().over(&base)));
        }
        let filters = scopes.iter().map(Filter::new).collect::<Result<Vec<_>, _>>();
        let filters = filters.map_err(|fault| match &file {
            Some(file) => message::config_fault(color, &file.source, &fault),
            None => message::error(color, "", &fault.message, &fault.help),
        })?;
        Ok(Self { file, scopes, filters })
    }

    /// Says what is wrong with a choice.
    pub(crate) fn fault(&self, color: bool, fault: &mcpsentry::config::Fault) {
        match &self.file {
            Some(file) => message::config_fault(color, &file.source, fault),
            None => message::error(color, "", &fault.message, &fault.help),
        }
    }

    /// The severity from which findings block in documents of a scope; none if they never do.
    pub(crate) fn fail_on(&self, scope: usize) -> Option<Severity> {
        self.scopes[scope].fail_on.unwrap_or(Some(Severity::Critical))
    }

    /// Folders with rules: those of the configuration, then those of flags.
    pub(crate) fn rules(&self, flags: &[PathBuf]) -> Vec<PathBuf> {
        let own = self.file.iter().flat_map(|file| &file.rules);
        own.chain(flags).cloned().collect()
    }
}

/// The configuration that was named or is found.
///
/// # Errors
/// After the message was printed: it cannot be used.
pub(crate) fn file(choice: &cli::ConfigChoice, color: bool) -> Result<Option<File>, ()> {
    if choice.no_config {
        return Ok(None);
    }
    let read = match &choice.config {
        Some(path) => File::read(path).map(Some),
        None => match std::env::current_dir() {
            Ok(folder) => File::find(&folder),
            // Without a working directory there is nothing to look into.
            Err(_) => Ok(None),
        },
    };
    read.map_err(|error| message::config_error(color, &error))
}

/// What the flags about the surface choose.
pub(crate) fn surface(flags: &cli::Surface) -> Scope {
    Scope {
        include: words(&flags.include),
        exclude: words(&flags.exclude),
        max_tools: flags.max_tools,
        ..Scope::default()
    }
}

/// What a flag that may be repeated chooses; nothing if it was not given.
pub(crate) fn words(flag: &[String]) -> Option<Vec<Word>> {
    (!flag.is_empty()).then(|| flag.iter().map(|text| Word::flag(text)).collect())
}
