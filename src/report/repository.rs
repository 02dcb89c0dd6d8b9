//! Where the files of a report lie in their repository, as the runner of a workflow tells.

use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

/// The repository around the working directory.
#[derive(Debug, Default)]
pub(super) struct Repository {
    /// The working directory.
    here: Option<PathBuf>,
    /// The folder that the repository was checked out to.
    root: Option<PathBuf>,
    /// What stands before a path in a link to the commit that is checked.
    base: Option<String>,
}

impl Repository {
    /// That of this run: `GITHUB_WORKSPACE`, and the other variables that GitHub sets.
    pub(super) fn current() -> &'static Self {
        static CURRENT: OnceLock<Repository> = OnceLock::new();
        CURRENT.get_or_init(|| {
            let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
            let link = || {
                let server = variable("GITHUB_SERVER_URL").filter(|server| server.starts_with("https://"))?;
                let name = variable("GITHUB_REPOSITORY")?;
                let commit = variable("GITHUB_SHA")?;
                let host = server.trim_start_matches("https://").trim_end_matches('/');
                Some(format!("https://{}/{}/blob/{}", encoded(host), encoded(&name), encoded(&commit)))
            };
            Self {
                here: std::env::current_dir().ok(),
                root: variable("GITHUB_WORKSPACE").map(PathBuf::from),
                base: link(),
            }
        })
    }

    /// A file's path from the root of the repository, or else from the working directory; as it was given if it lies
    /// outside of both.
    pub(super) fn path(&self, name: &str) -> String {
        self.inside(name).unwrap_or_else(|| name.to_owned())
    }

    /// A link to a line: to the commit on GitHub if the runner named it, else a relative one; none for what lies
    /// outside.
    pub(super) fn link(&self, name: &str, line: u32) -> Option<String> {
        let path = encoded(&self.inside(name)?);
        let base = self.base.as_ref().map_or(String::new(), |base| format!("{base}/"));
        Some(format!("{base}{path}#L{line}"))
    }

    fn inside(&self, name: &str) -> Option<String> {
        let here = self.here.as_ref().filter(|_| !name.starts_with('<'))?;
        let whole = plain(&here.join(name));
        let roots = self.root.iter().chain([here]);
        let path = roots.into_iter().find_map(|root| whole.strip_prefix(root).ok())?;
        Some(path.to_string_lossy().replace('\\', "/"))
    }
}

/// A path without `.` and `..`, by its letters alone.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// Percent-encoding of what a path may not hold as it is, RFC 3986.
pub(super) fn encoded(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(here: &str, root: Option<&str>, base: Option<&str>) -> Repository {
        Repository { here: Some(here.into()), root: root.map(PathBuf::from), base: base.map(str::to_owned) }
    }

    #[cfg(unix)]
    #[test]
    fn paths_begin_at_the_root_of_the_repository() {
        let workflow = repository("/r/shop/api", Some("/r/shop"), Some("https://github.com/a/shop/blob/0f"));
        assert_eq!(workflow.path("openapi.json"), "api/openapi.json");
        assert_eq!(workflow.path("./v1/../openapi.json"), "api/openapi.json");
        assert_eq!(workflow.path("../web/a.json"), "web/a.json");
        assert_eq!(workflow.path("/etc/a.json"), "/etc/a.json");
        assert_eq!(workflow.path("<stdin>"), "<stdin>");
        let link = "https://github.com/a/shop/blob/0f/api/a%20%5Bb%5D%7C%3E.json#L7";
        assert_eq!(workflow.link("a [b]|>.json", 7).as_deref(), Some(link));
        assert_eq!((workflow.link("/etc/a.json", 7), workflow.link("<stdin>", 7)), (None, None));

        let elsewhere = repository("/home/ada", Some("/r/shop"), None);
        assert_eq!(elsewhere.path("/home/ada/a.json"), "a.json");
        assert_eq!(elsewhere.path("/r/shop/api/a.json"), "api/a.json");
        assert_eq!(elsewhere.link("a.json", 1).as_deref(), Some("a.json#L1"));
    }
}
