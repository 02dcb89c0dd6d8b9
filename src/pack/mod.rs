//! The rules of a run: ours, which are part of the program, and the user's.

use std::path::Path;
use std::sync::Arc;

use crate::rule::{Rule, RuleError, RuleReader};
use crate::source::{Source, SourceId, Span};
use crate::syntax;

/// Our own rule files: path below `rules/`, and text.
static SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Our rules about APIs, read when the program was built.
static PREPARED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/audit.table"));

/// Largest rule file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// A set of rules with the files they came from.
#[derive(Debug, Default)]
pub struct Pack {
    /// The rules, by id.
    pub rules: Vec<Arc<Rule>>,
    /// Each file's path and text, in the order of `rules`.
    pub files: Vec<(String, Arc<str>)>,
}

/// Our rules about APIs.
///
/// # Errors
/// Only when the program was built from a broken rule file, which its tests rule out.
pub fn shipped_audit() -> Result<Pack, RuleError> {
    shipped("audit/")
}

/// The same as they were prepared when the program was built: without cases and without the texts of their files, which no
/// audit needs.
pub fn prepared_audit() -> Pack {
    let rules: Vec<Arc<Rule>> = postcard::from_bytes(PREPARED).expect("the program is built with its rules");
    let nothing = Arc::<str>::from("");
    let files = rules.iter().map(|rule| (rule.origin.clone(), Arc::clone(&nothing))).collect();
    let mut pack = Pack { rules, files };
    pack.sort();
    pack
}

/// Our rules about the arguments of calls, with everything that their files say. A scan does not need it: see
/// the guard's catalogue.
///
/// # Errors
/// Only when the program was built from a broken rule file, which its build rules out.
pub fn shipped_guard() -> Result<Pack, RuleError> {
    shipped("guard/")
}

fn shipped(folder: &str) -> Result<Pack, RuleError> {
    let mut pack = Pack::default();
    for (name, text) in SHIPPED.iter().filter(|(name, _)| name.starts_with(folder)) {
        pack.add(name, (*text).into(), false)?;
    }
    pack.sort();
    Ok(pack)
}

/// The rules below a folder, from every `.yml` and `.yaml` file in it.
///
/// # Errors
/// The first file that cannot be read or is not a rule; a folder without rules.
pub fn load_folder(folder: &Path) -> Result<Pack, RuleError> {
    let fault = |file: &Path, message: String, help: &str| RuleError {
        file: file.to_string_lossy().replace('\\', "/"),
        text: Arc::from(""),
        span: None,
        message,
        help: help.into(),
    };
    let mut pack = Pack::default();
    let mut files = Vec::new();
    for entry in ignore::WalkBuilder::new(folder).standard_filters(false).build() {
        let entry = entry.map_err(|error| fault(folder, error.to_string(), "check the path given to --rules"))?;
        let yaml = entry.path().extension().is_some_and(|extension| extension == "yml" || extension == "yaml");
        if yaml && entry.file_type().is_some_and(|kind| kind.is_file()) {
            files.push(entry.into_path());
        }
    }
    files.sort();
    for file in &files {
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        if size > MAX_BYTES {
            return Err(fault(file, "a rule file larger than 1 MiB".into(), "split it: one rule a file"));
        }
        let text = std::fs::read_to_string(file)
            .map_err(|error| fault(file, error.to_string(), "a rule file is UTF-8 text that you may read"))?;
        pack.add(&file.to_string_lossy().replace('\\', "/"), text.into(), true)?;
    }
    if pack.rules.is_empty() {
        return Err(fault(
            folder,
            "no rule file in it".into(),
            "a rule is a `.yml` file; see `mcpsentry rules explain`",
        ));
    }
    pack.sort();
    Ok(pack)
}

impl Pack {
    /// Takes the rules of another pack in.
    ///
    /// # Errors
    /// An id that is there already.
    pub fn extend(&mut self, other: Self) -> Result<(), RuleError> {
        for (rule, file) in other.rules.into_iter().zip(other.files) {
            self.push(rule, file)?;
        }
        self.sort();
        Ok(())
    }

    /// The pack less its rules about the arguments of calls.
    #[must_use]
    pub fn without_guard(self) -> Self {
        let both = self.rules.into_iter().zip(self.files).filter(|(rule, _)| !rule.is_guard());
        let (rules, files) = both.unzip();
        Self { rules, files }
    }

    /// The rules about APIs.
    pub fn audit(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter().filter(|rule| !rule.is_guard())
    }

    /// The rules about the arguments of calls.
    pub fn guard(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter().filter(|rule| rule.is_guard())
    }

    /// The rule with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Rule>> {
        self.rules.iter().find(|rule| &*rule.id == id)
    }

    /// What to say of a rule whose id the `owner` has, who is not in the pack.
    pub fn taken(&self, id: &str, owner: &str) -> RuleError {
        let nowhere = (String::new(), Arc::from(""));
        let file = self.rules.iter().zip(&self.files).find(|(rule, _)| *rule.id == *id).map(|(_, file)| file);
        taken(id, owner, file.unwrap_or(&nowhere))
    }

    /// Takes the rule of a file in; `custom` says that it is a user's.
    ///
    /// # Errors
    /// What is wrong with the file, or an id that is there already.
    pub fn add(&mut self, file: &str, text: Arc<str>, custom: bool) -> Result<(), RuleError> {
        let source = Source::new(SourceId(0), file, &*text);
        // Ours are known to be YAML.
        let parse = if custom { syntax::parse } else { syntax::parse_yaml };
        let tree = parse(&source).map_err(|error| RuleError {
            file: file.into(),
            text: Arc::clone(&text),
            span: Some(error.span),
            message: error.message,
            help: error.help,
        })?;
        let reader = RuleReader { source: &source, custom };
        let rule = reader.rule(tree.root())?;
        self.push(Arc::new(rule), (file.to_owned(), text))
    }

    fn push(&mut self, rule: Arc<Rule>, file: (String, Arc<str>)) -> Result<(), RuleError> {
        if let Some(known) = self.rules.iter().position(|known| known.id == rule.id) {
            let (origin, text) = &self.files[known];
            let owner = match id_place(text) {
                Some((_, at)) if self.rules[known].custom => format!("{origin}:{at} has it"),
                _ => "a rule of mcpsentry's own has it".to_owned(),
            };
            return Err(taken(&rule.id, &owner, &file));
        }
        self.rules.push(rule);
        self.files.push(file);
        Ok(())
    }

    fn sort(&mut self) {
        let mut both: Vec<_> =
            std::mem::take(&mut self.rules).into_iter().zip(std::mem::take(&mut self.files)).collect();
        both.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        (self.rules, self.files) = both.into_iter().unzip();
    }
}

/// A rule of a file whose id another rule has.
fn taken(id: &str, owner: &str, (file, text): &(String, Arc<str>)) -> RuleError {
    RuleError {
        message: format!("the rule id `{id}` is taken: {owner}"),
        span: id_place(text).map(|(span, _)| span),
        file: file.clone(),
        text: Arc::clone(text),
        help: "give the rule another id, and its file the same name".into(),
    }
}

/// Where a rule file says its id: the span, and `line:column`.
fn id_place(text: &Arc<str>) -> Option<(Span, String)> {
    let source = Source::new(SourceId(0), "", &**text);
    let tree = syntax::parse(&source).ok()?;
    let span = tree.root().get("id")?.span();
    let at = source.position(span.start);
    Some((span, format!("{}:{}", at.line, at.column)))
}
