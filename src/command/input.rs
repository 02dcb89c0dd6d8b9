//! From what the user named to surfaces.

use std::borrow::Cow;
use std::io::Read;
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use mcpsentry::config::{Fault, ToolText};
use mcpsentry::lock::{self, Lock};
use mcpsentry::report::{Document, NotChecked};
use mcpsentry::surface::{Documents, LoadError, Prepared, READERS, read_limited};
use mcpsentry::syntax::Node;

use super::setup::Setup;
use super::{message, parallel};
use crate::cli;

/// The documents of a run, and what kept others from being read.
pub(crate) struct Inputs {
    /// The texts of the documents and of what they refer to.
    pub(crate) store: Documents,
    pub(crate) documents: Vec<Document>,
    /// Exposure locks, which only a comparison can use; whether this version of the program wrote each.
    pub(crate) locks: Vec<(Lock, bool)>,
    /// For each document the number of its scope in [`Setup::scopes`].
    pub(crate) scopes: Vec<usize>,
    pub(crate) not_checked: Vec<NotChecked>,
    /// Whether a document could not be read at all.
    pub(crate) failed: bool,
    /// Whether these are all documents that the configuration is about, so that what it says of none is a mistake.
    pub(crate) complete: bool,
}

/// One place to read from.
pub(super) struct Target {
    pub(super) path: PathBuf,
    /// Named by the user, not found in a folder.
    pub(super) named: bool,
    /// The number of its scope.
    scope: usize,
}

/// Reads everything that the user named, or else the configuration, and shapes it as was chosen.
///
/// # Errors
/// After the message was printed: an input that does not exist.
pub(crate) fn read(input: &cli::Input, setup: &Setup, color: bool) -> Result<Inputs, ()> {
    let documents = Documents::default();
    let configured = setup.file.as_ref().is_some_and(|file| !file.inputs.is_empty());
    let mut inputs = Inputs {
        store: Documents::default(),
        documents: Vec::new(),
        locks: Vec::new(),
        scopes: Vec::new(),
        not_checked: Vec::new(),
        failed: false,
        complete: input.inputs.is_empty() || !configured,
    };
    let mut skipped: Vec<String> = Vec::new();
    let mut retold: Vec<ToolText> = Vec::new();
    let targets = chosen(&input.inputs, setup, color)?;
    let is_file = |target: &Target| target.path.as_os_str() != "-";
    let prepared = parallel::map(&targets, |target| is_file(target).then(|| Prepared::file(&target.path)));
    for (target, prepared) in targets.into_iter().zip(prepared) {
        let read = if let Some(prepared) = prepared {
            prepared.and_then(|prepared| documents.take(prepared))
        } else {
            match read_limited(std::io::stdin().lock(), 0) {
                Ok(bytes) => documents.open_bytes(&input.stdin_name, bytes),
                Err(why) => {
                    message::error(color, &input.stdin_name, &why, "");
                    let what = input.stdin_name.clone();
                    inputs.not_checked.push(NotChecked { what, why, span: None, gap: true, unread: true });
                    inputs.failed = true;
                    continue;
                }
            }
        };
        let root = match read {
            Ok(root) => root,
            // A folder holds much that is no API description: only what claims to be one has to be readable.
            Err(_) if !target.named && !claims_to_be_api(&target.path) => {
                skipped.push(target.path.to_string_lossy().into_owned());
                continue;
            }
            Err(fault) => {
                documents.with_sources(|sources| message::load_error(color, &fault, sources));
                inputs.not_checked.push(NotChecked {
                    what: fault.name,
                    why: format!("{}; {}", fault.message, fault.help),
                    span: fault.span,
                    gap: true,
                    unread: true,
                });
                inputs.failed = true;
                continue;
            }
        };
        let name = documents.name(root.source());
        if lock::is_lock(root) && target.named {
            match lock::read(root) {
                Ok(read) => inputs.locks.push(read),
                Err(lock::LockError { span, message, help }) => {
                    let fault = LoadError { name: name.clone(), message, help, span: Some(span) };
                    documents.with_sources(|sources| message::load_error(color, &fault, sources));
                    inputs.failed = true;
                }
            }
            inputs.not_checked.push(NotChecked {
                what: name,
                why: "it is an exposure lock, which only `mcpsentry diff` reads".into(),
                span: Some(root.span()),
                gap: true,
                unread: false,
            });
            continue;
        }
        let Some(reader) = READERS.iter().find(|reader| reader.recognises(root)) else {
            if target.named || version_key(root).is_some() {
                inputs.not_checked.push(unrecognised(&name, root));
            } else {
                skipped.push(name);
            }
            continue;
        };
        let mut surface = reader.read(&documents, root);
        setup.filters[target.scope].apply(&mut surface);
        let scope = &setup.scopes[target.scope];
        let used = scope.retell(&mut surface);
        retold.extend(scope.tools.iter().zip(used).filter(|(_, used)| *used).map(|(choice, _)| choice.clone()));
        if surface.operations.is_empty() {
            inputs.not_checked.push(NotChecked {
                what: name.clone(),
                why: format!("the {} document describes no operation, so nothing was audited", surface.kind),
                span: Some(surface.head),
                gap: true,
                unread: false,
            });
        }
        inputs.not_checked.extend(std::mem::take(&mut surface.unchecked).into_iter().map(|part| NotChecked {
            what: part.what,
            why: part.why,
            span: part.span,
            gap: part.gap,
            unread: false,
        }));
        let own = Some(setup.fail_on(target.scope)).filter(|own| *own != setup.fail_on(0));
        inputs.documents.push(Document { name, surface, fail_on: own });
        inputs.scopes.push(target.scope);
    }
    if inputs.complete && !inputs.failed {
        warn_of_unused_texts(&inputs, &retold, setup, color);
    }
    if !skipped.is_empty() {
        let shown = skipped.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        let more = if skipped.len() > 5 { ", …" } else { "" };
        inputs.not_checked.push(NotChecked {
            what: format!("{} files that are no API description", skipped.len()),
            why: format!("they were found in a folder: {shown}{more}"),
            span: None,
            gap: inputs.documents.is_empty(),
            unread: false,
        });
    }
    inputs.store = documents;
    Ok(inputs)
}

/// What is to be read, in a fixed order and each file once: what was named, or else what the configuration names.
fn chosen(named: &[String], setup: &Setup, color: bool) -> Result<Vec<Target>, ()> {
    let mut all: Vec<Target> = Vec::new();
    let mut add = |found: Vec<Target>, scope: usize| {
        for target in found {
            if !all.iter().any(|known| known.path == target.path) {
                all.push(Target { scope, ..target });
            }
        }
    };
    let entries = setup.file.iter().flat_map(|file| &file.inputs).zip(1..);
    if named.is_empty() {
        let mut nothing = true;
        for (entry, scope) in entries {
            nothing = false;
            let found = targets(&entry.path).map_err(|(why, help)| {
                setup.fault(color, &Fault { span: entry.word.span, message: format!("{}: {why}", entry.path), help });
            })?;
            add(without_configuration(found, setup), scope);
        }
        if nothing {
            let listed = match &setup.file {
                Some(file) => format!("list `inputs` in {}", file.path.display()),
                None => "list `inputs` in mcpsentry.yaml, which `mcpsentry init` writes".to_owned(),
            };
            let help = format!("name a file, folder or glob (`-` reads standard input), or {listed}");
            message::error(color, "", "no document was named", &help);
            return Err(());
        }
        return Ok(all);
    }
    // A document that is named by itself keeps what the configuration says for it.
    let mut special: Vec<(PathBuf, usize)> = Vec::new();
    for (entry, scope) in entries {
        let files = targets(&entry.path).unwrap_or_default();
        special.extend(files.into_iter().filter_map(|file| Some((file.path.canonicalize().ok()?, scope))));
    }
    for name in named {
        let found = targets(name).map_err(|(why, help)| message::error(color, name, &why, &help))?;
        for target in without_configuration(found, setup) {
            let real = if special.is_empty() { None } else { target.path.canonicalize().ok() };
            let entry = real.and_then(|real| special.iter().find(|(path, _)| *path == real));
            add(vec![target], entry.map_or(0, |&(_, scope)| scope));
        }
    }
    Ok(all)
}

/// A folder may hold the configuration and its baseline among the documents.
fn without_configuration(mut found: Vec<Target>, setup: &Setup) -> Vec<Target> {
    let Some(file) = &setup.file else { return found };
    let own = std::iter::once(&file.path).chain(file.baseline.iter().map(|(_, path)| path));
    let own: Vec<PathBuf> = own.filter_map(|path| path.canonicalize().ok()).collect();
    found.retain(|target| target.named || target.path.canonicalize().is_ok_and(|path| !own.contains(&path)));
    found
}

/// The files behind a name; otherwise what is wrong and what to do.
pub(super) fn targets(name: &str) -> Result<Vec<Target>, (String, String)> {
    let name = &*nearby(name);
    let path = Path::new(name);
    let found = if name == "-" || path.is_file() {
        vec![Target { path: path.to_path_buf(), named: true, scope: 0 }]
    } else if path.is_dir() {
        below(path, |_| true)
    } else if name.contains(['*', '?', '[']) {
        expand(name).map_err(|why| (why, "see the globset syntax: *, **, ?, [a-z]".to_owned()))?
    } else if path.exists() {
        // A pipe or a device: `<(command)` of a shell.
        vec![Target { path: path.to_path_buf(), named: true, scope: 0 }]
    } else {
        return Err(("no such file or folder".into(), "check the path, or pipe the document in and give `-`".into()));
    };
    if found.is_empty() {
        return Err(("no .json, .yaml or .yml file there".into(), "name the documents to audit".into()));
    }
    Ok(found)
}

/// A path below the working directory as seen from there, so that reports stay short and the same wherever they are made.
pub(super) fn nearby(name: &str) -> Cow<'_, str> {
    let here = std::env::current_dir().ok().filter(|_| Path::new(name).is_absolute());
    match here.as_ref().and_then(|here| Path::new(name).strip_prefix(here).ok()) {
        Some(path) if path.as_os_str().is_empty() => ".".into(),
        Some(path) => path.to_string_lossy().into_owned().into(),
        None => name.into(),
    }
}

/// Says which names and descriptions of the configuration belong to no operation.
fn warn_of_unused_texts(inputs: &Inputs, retold: &[ToolText], setup: &Setup, color: bool) {
    let Some(file) = &setup.file else { return };
    let surfaces: Vec<_> = inputs.documents.iter().map(|document| &document.surface).collect();
    let mut said = Vec::new();
    for scope in &setup.scopes {
        let is_used = |choice: &ToolText| retold.iter().any(|used| used.operation == choice.operation);
        let used: Vec<bool> = scope.tools.iter().map(is_used).collect();
        for fault in scope.unused_texts(&used, &surfaces) {
            if !said.contains(&fault.span) {
                said.push(fault.span);
                message::config_warning(color, &file.source, &fault);
            }
        }
    }
}

/// The JSON and YAML files below a folder that version control would not ignore.
pub(super) fn below(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<Target> {
    let mut files: Vec<PathBuf> = ignore::WalkBuilder::new(folder)
        .build()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
        .filter(|path| {
            path.extension()
                .and_then(|extension| extension.to_str())
                .is_some_and(|extension| matches!(extension.to_ascii_lowercase().as_str(), "json" | "yaml" | "yml"))
        })
        .filter(|path| wanted(path))
        .collect();
    files.sort();
    files.into_iter().map(|path| Target { path, named: false, scope: 0 }).collect()
}

fn expand(glob: &str) -> Result<Vec<Target>, String> {
    let matcher = GlobBuilder::new(glob.strip_prefix("./").unwrap_or(glob))
        .literal_separator(true)
        .build()
        .map_err(|error| error.kind().to_string())?
        .compile_matcher();
    // The walk begins at the last folder before the first wildcard.
    let fixed = glob.split(['*', '?', '[']).next().unwrap_or_default();
    let folder = fixed.rfind('/').map_or(".", |end| if end == 0 { "/" } else { &fixed[..end] });
    Ok(below(Path::new(folder), |path| matcher.is_match(path.strip_prefix("./").unwrap_or(path))))
}

/// The version key of something that claims to be an API description, though not one that is understood.
fn version_key(root: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    ["openapi", "swagger", "swaggerVersion", "asyncapi", "mcpsentry"].iter().find_map(|key| root.entry(key))
}

fn unrecognised(name: &str, root: Node<'_>) -> NotChecked {
    if root.is_array() && root.items().next().is_none() {
        let why = "the list is empty, so nothing was audited; express-list-endpoints prints this for Express 5, where \
                   `mcpsentry export express` finds the routes";
        return NotChecked {
            what: name.to_owned(),
            why: why.into(),
            span: Some(root.span()),
            gap: true,
            unread: false,
        };
    }
    let kinds = READERS.iter().map(|reader| reader.name()).collect::<Vec<_>>().join(", ");
    let (why, span) = match version_key(root) {
        Some((key, value)) => (
            format!("`{}: {}` is not a version that is understood; known are {kinds}", key.text(), value.text()),
            key.span(),
        ),
        None => (format!("it is none of the documents that are understood: {kinds}"), root.span()),
    };
    NotChecked { what: name.to_owned(), why, span: Some(span), gap: true, unread: false }
}

/// Whether an unreadable file has a line that only an API description has.
pub(super) fn claims_to_be_api(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = std::fs::File::open(path).map(|file| file.take(1 << 20).read_to_end(&mut head));
    read.is_ok()
        && ["openapi:", "\"openapi\"", "swagger:", "\"swagger\""]
            .iter()
            .any(|key| head.windows(key.len()).any(|window| window == key.as_bytes()))
}
