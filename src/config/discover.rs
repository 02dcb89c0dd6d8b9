//! Where the configuration of a run lies, and what it may lead to.

use std::path::{Component, Path, PathBuf};

/// What a configuration may be called.
pub const NAMES: [&str; 3] = ["mcpsentry.yaml", "mcpsentry.yml", "mcpsentry.json"];

/// What only the root of a repository has.
const ROOTS: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

/// The nearest configuration from a folder up to the root of its repository; outside of a repository only the folder
/// itself is looked into, since what lies above it belongs to somebody else.
///
/// # Errors
/// Two configurations in one folder.
pub(super) fn find(folder: &Path) -> Result<Option<PathBuf>, String> {
    let root = repository(folder);
    // As a relative path: `../mcpsentry.yaml`.
    let mut shown = PathBuf::new();
    for above in folder.ancestors() {
        let found: Vec<&str> = NAMES.into_iter().filter(|name| above.join(name).is_file()).collect();
        match found[..] {
            [] => {}
            [name] => return Ok(Some(shown.join(name))),
            [one, two, ..] => {
                return Err(format!("there are both {} and {two}", shown.join(one).display()));
            }
        }
        if root.as_deref().is_none_or(|root| root == above) {
            break;
        }
        shown.push("..");
    }
    Ok(None)
}

/// The root of the repository that a folder lies in.
fn repository(folder: &Path) -> Option<PathBuf> {
    let is_root = |folder: &&Path| ROOTS.iter().any(|name| folder.join(name).exists());
    folder.ancestors().find(is_root).map(Path::to_path_buf)
}

/// The folders of a configuration: paths in it begin in one, and do not leave the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Home {
    /// The folder of the file, as the user would write it; empty for the working directory.
    folder: PathBuf,
    /// The same without links, for comparisons.
    real: PathBuf,
    /// The root of the repository, or the folder itself where there is none.
    root: PathBuf,
}

impl Home {
    pub(super) fn of(file: &Path) -> Self {
        let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
        let named = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
        let real = named.canonicalize().unwrap_or_else(|_| folder.clone());
        let root = repository(&real).unwrap_or_else(|| real.clone());
        Self { folder, real, root }
    }

    /// A path of the configuration as seen from the working directory.
    ///
    /// # Errors
    /// It leaves the repository.
    pub(super) fn path(&self, written: &str) -> Result<PathBuf, String> {
        let leaves = || "the path leaves the repository, or the folder of the configuration outside of one".to_owned();
        let path = Path::new(written);
        let mut below = self.real.clone();
        for part in path.components() {
            match part {
                Component::Normal(part) => below.push(part),
                Component::CurDir => {}
                Component::ParentDir => {
                    below.pop();
                }
                Component::RootDir | Component::Prefix(_) => return Err(leaves()),
            }
            if !below.starts_with(&self.root) {
                return Err(leaves());
            }
        }
        // A link may lead out too.
        if below.canonicalize().is_ok_and(|real| !real.starts_with(&self.root)) {
            return Err(leaves());
        }
        Ok(self.folder.join(path))
    }
}
