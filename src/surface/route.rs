//! Paths as frameworks write them, brought to one form: `{name}` for every parameter.

use super::words::each_word;

/// Methods that HTTP itself defines.
const HTTP_METHODS: usize = 9;

/// A path with its parameters as `{name}`, whatever framework wrote it:
///
/// | written | becomes |
/// | --- | --- |
/// | `{id}`, `{path:path}`, `{id:[0-9]+}`, `{id?}` | `{id}`, `{path}` |
/// | `<id>`, `<int:id>` | `{id}` |
/// | `:id`, `:id?`, `:id(\d+)` at the start of a segment | `{id}` |
/// | `^users/(?P<pk>[^/.]+)/$` | `/users/{pk}/` |
/// | `(.:format)` | nothing |
/// | `/^\/files\/(\d+)$/i`, a regular expression of Express | `/files/{value}` |
/// | `*`, `*rest` as a segment | `{wildcard}`, `{rest}` |
///
/// A colon within a segment is a custom method (`/items:purge`) and stays.
pub fn normalise(path: &str) -> String {
    let path = path.trim();
    // Express prints a regular expression between slashes.
    let path = path.strip_prefix("/^").and_then(|path| path.trim_end_matches('i').strip_suffix('/')).unwrap_or(path);
    let path = path.trim_start_matches('^');
    let path = path.strip_suffix('$').unwrap_or(path);
    let mut out = String::with_capacity(path.len() + 8);
    let mut rest = path;
    while let Some(character) = rest.chars().next() {
        let taken = match character {
            '{' => braced(rest, &mut out),
            '<' => angled(rest, &mut out),
            '(' => grouped(rest, &mut out),
            ':' if starts_segment(&out) => coloned(rest, &mut out),
            '*' if starts_segment(&out) => starred(rest, &mut out),
            '\\' => {
                // An escaped character of a regular expression stands for itself.
                let next = rest[1..].chars().next();
                out.extend(next);
                Some(1 + next.map_or(0, char::len_utf8))
            }
            _ => None,
        };
        let taken = taken.unwrap_or_else(|| {
            out.push(character);
            character.len_utf8()
        });
        rest = &rest[taken..];
    }
    if out.starts_with('/') { out } else { format!("/{out}") }
}

/// A name for an operation that declares none: `get_users_id` for `GET /users/{id}`.
pub(super) fn derived_name(method: Option<&str>, path: &str) -> String {
    let mut name = String::new();
    for text in [method.unwrap_or("call"), path] {
        each_word(text, |word| {
            if !name.is_empty() {
                name.push('_');
            }
            name.push_str(word);
        });
    }
    name
}

/// The methods of a route, each an operation. HEAD and OPTIONS come with every other method and add nothing. More methods
/// than HTTP has are every method that a framework knows: one operation, whose method is `ANY`, and so are those that
/// Laravel gives a route for any method. No methods are one operation whose method is not known.
pub(super) fn methods(all: Vec<String>) -> Vec<Option<String>> {
    let laravel = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    if all.len() > HTTP_METHODS || (all.len() == laravel.len() && laravel.iter().all(|m| all.iter().any(|a| a == m))) {
        return vec![Some("ANY".to_owned())];
    }
    let main: Vec<String> = all.iter().filter(|m| !matches!(m.as_str(), "HEAD" | "OPTIONS")).cloned().collect();
    let chosen = if main.is_empty() { all } else { main };
    if chosen.is_empty() { vec![None] } else { chosen.into_iter().map(Some).collect() }
}

/// The path without the suffix that only chooses a format: `\\.<format>/?` and `<drf_format_suffix:format>` of Django REST
/// framework. Nothing if it has none.
pub(super) fn without_format(path: &str) -> Option<String> {
    let rest = path.strip_suffix('/').unwrap_or(path);
    if let Some(start) = rest.strip_suffix("<drf_format_suffix:format>") {
        return Some(start.to_owned());
    }
    let start = rest.strip_suffix("<format>")?.strip_suffix("\\.")?;
    Some(format!("{start}/"))
}

fn starts_segment(out: &str) -> bool {
    out.is_empty() || out.ends_with('/')
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '$'))
}

fn push(out: &mut String, name: &str) {
    out.push('{');
    out.push_str(name);
    out.push('}');
}

/// `{id}`, `{path:path}`, `{id:[0-9]{4}}`, `{id?}`, `{*rest}`.
fn braced(rest: &str, out: &mut String) -> Option<usize> {
    let end = closing(rest, '{', '}')?;
    let inner = rest[1..end].trim_start_matches('*');
    let name = inner.split(':').next().unwrap_or(inner).trim_end_matches(['?', '*', '+']);
    push(out, if is_name(name) { name } else { inner });
    Some(end + 1)
}

/// `<id>`, `<int:id>`, `<regex("[a-z]+"):slug>`.
fn angled(rest: &str, out: &mut String) -> Option<usize> {
    let end = rest.find('>')?;
    let name = rest[1..end].rsplit(':').next()?.trim_end_matches('?');
    is_name(name).then(|| {
        push(out, name);
        end + 1
    })
}

/// `(?P<pk>[^/.]+)`, `(.:format)`, and groups without a name.
fn grouped(rest: &str, out: &mut String) -> Option<usize> {
    let end = closing(rest, '(', ')')?;
    let inner = &rest[1..end];
    let quantifier = rest[end + 1..].starts_with(['?', '*', '+']);
    let taken = end + 1 + usize::from(quantifier);
    if inner.starts_with(".:") {
        return Some(taken);
    }
    let named =
        inner.strip_prefix("?P<").or_else(|| inner.strip_prefix("?<")).and_then(|named| named.split('>').next());
    if let Some(name) = named.filter(|name| is_name(name)) {
        push(out, name);
    } else if let Some(optional) = inner.strip_prefix('/') {
        // Rails' optional segment, `(/:id)`.
        out.push_str(&normalise(optional));
    } else {
        push(out, "value");
    }
    Some(taken)
}

/// `:id`, `:id?`, `:id(\d+)`.
fn coloned(rest: &str, out: &mut String) -> Option<usize> {
    let length = rest[1..].find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len() - 1);
    if length == 0 {
        return None;
    }
    push(out, &rest[1..=length]);
    let mut taken = 1 + length;
    if rest[taken..].starts_with('(') {
        taken += closing(&rest[taken..], '(', ')')? + 1;
    }
    taken += usize::from(rest[taken..].starts_with(['?', '*', '+']));
    Some(taken)
}

/// `*`, `*rest`, `**`.
fn starred(rest: &str, out: &mut String) -> Option<usize> {
    let stars = rest.len() - rest.trim_start_matches('*').len();
    let length = rest[stars..].find('/').unwrap_or(rest.len() - stars);
    let name = &rest[stars..stars + length];
    push(out, if is_name(name) { name } else { "wildcard" });
    Some(stars + length)
}

/// Where the bracket that `text` begins with is closed.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        if character == open {
            depth += 1;
        } else if character == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syntax_becomes_one() {
        for (written, normal) in [
            ("/users/{id}", "/users/{id}"),
            ("/files/{p:path}", "/files/{p}"),
            ("/x/{id:[0-9]{4}}", "/x/{id}"),
            ("/users/<int:id>", "/users/{id}"),
            ("/users/<id>", "/users/{id}"),
            ("/users/:id", "/users/{id}"),
            ("/users/:id(\\d+)/posts", "/users/{id}/posts"),
            ("/users/:id?", "/users/{id}"),
            ("^users/(?P<pk>[^/.]+)/$", "/users/{pk}/"),
            ("^a/(?P<y>[0-9]{4}(a|b))/b\\.json$", "/a/{y}/b.json"),
            ("/posts/:id(.:format)", "/posts/{id}"),
            ("/posts(.:format)", "/posts"),
            ("/v1/items:purge", "/v1/items:purge"),
            ("/v1/{name}:cancel", "/v1/{name}:cancel"),
            ("/static/*", "/static/{wildcard}"),
            ("/static/*rest", "/static/{rest}"),
            (r"/^\/files\/(\d+)$/i", "/files/{value}"),
            (r"/^\/files\/.*$/", "/files/.*"),
            ("users", "/users"),
            ("", "/"),
            ("/a/{broken", "/a/{broken"),
            ("/a/(broken", "/a/(broken"),
            ("/é/:ü", "/é/{ü}"),
        ] {
            assert_eq!(normalise(written), normal, "{written}");
        }
    }

    #[test]
    fn every_method_is_one_operation() {
        let of = |text: &str| methods(text.split('|').filter(|m| !m.is_empty()).map(str::to_owned).collect());
        let some = |names: &[&str]| names.iter().map(|name| Some((*name).to_owned())).collect::<Vec<_>>();
        assert_eq!(of("GET|HEAD"), some(&["GET"]));
        assert_eq!(of("HEAD|OPTIONS"), some(&["HEAD", "OPTIONS"]));
        assert_eq!(of("PATCH|PUT"), some(&["PATCH", "PUT"]));
        assert_eq!(of("GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"), some(&["ANY"]));
        assert_eq!(of("ACL|BIND|COPY|DELETE|GET|HEAD|LINK|LOCK|MERGE|MOVE|POST"), some(&["ANY"]));
        assert_eq!(of(""), [None]);
    }

    #[test]
    fn a_format_is_no_other_path() {
        assert_eq!(without_format(r"/things\.<format>/").as_deref(), Some("/things/"));
        assert_eq!(without_format(r"/things/<pk>\.<format>").as_deref(), Some("/things/<pk>/"));
        assert_eq!(without_format("/api/<drf_format_suffix:format>").as_deref(), Some("/api/"));
        assert_eq!(without_format("/export/<format>/"), None);
    }

    #[test]
    fn names_are_made_of_method_and_path() {
        assert_eq!(derived_name(Some("GET"), "/users/{userId}"), "get_users_user_id");
        assert_eq!(derived_name(None, "/users"), "call_users");
    }
}
