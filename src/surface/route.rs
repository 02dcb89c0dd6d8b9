//! Paths as frameworks write them, brought to one form: `{name}` for every parameter.

use super::words::split;

/// A path with its parameters as `{name}`, whatever framework wrote it:
///
/// | written | becomes |
/// | --- | --- |
/// | `{id}`, `{path:path}`, `{id:[0-9]+}`, `{id?}` | `{id}`, `{path}` |
/// | `<id>`, `<int:id>` | `{id}` |
/// | `:id`, `:id?`, `:id(\d+)` at the start of a segment | `{id}` |
/// | `^users/(?P<pk>[^/.]+)/$` | `/users/{pk}/` |
/// | `(.:format)` | nothing |
/// | `*`, `*rest` as a segment | `{wildcard}`, `{rest}` |
///
/// A colon within a segment is a custom method (`/items:purge`) and stays.
pub fn normalise(path: &str) -> String {
    let path = path.trim().trim_start_matches('^');
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
    let mut words = split(method.unwrap_or("call"));
    words.extend(split(path));
    words.join("_")
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
    fn names_are_made_of_method_and_path() {
        assert_eq!(derived_name(Some("GET"), "/users/{userId}"), "get_users_user_id");
        assert_eq!(derived_name(None, "/users"), "call_users");
    }
}
