//! What a YAML scalar is.

use granit_parser::Tag;

use crate::syntax::Kind;

/// What a scalar is: YAML 1.2 core schema, unless a tag says so.
pub(super) fn kind(value: &str, is_plain: bool, tag: Option<&Tag>) -> Kind {
    let untagged = || if is_plain { core_kind(value) } else { Kind::String };
    let Some(tag) = tag else { return untagged() };
    let wanted = match tag.core_suffix() {
        Some("int" | "float") => Kind::Number,
        Some("bool") => Kind::Bool,
        Some("null") => Kind::Null,
        Some("str") => return Kind::String,
        _ if tag.handle().is_empty() && tag.suffix() == "!" => return Kind::String,
        _ => return untagged(),
    };
    if core_kind(value) == wanted { wanted } else { Kind::String }
}

/// What a plain scalar is: `no` and `2024-01-01` are text.
fn core_kind(value: &str) -> Kind {
    match value.as_bytes().first() {
        None => Kind::Null,
        Some(b'~' | b'n' | b'N') if matches!(value, "~" | "null" | "Null" | "NULL") => Kind::Null,
        Some(b't' | b'T' | b'f' | b'F') if matches!(value, "true" | "True" | "TRUE" | "false" | "False" | "FALSE") => {
            Kind::Bool
        }
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') if is_number(value) => Kind::Number,
        _ => Kind::String,
    }
}

fn is_number(value: &str) -> bool {
    let some_of =
        |digits: &str, wanted: fn(&u8) -> bool| !digits.is_empty() && digits.bytes().all(|byte| wanted(&byte));
    if let Some(digits) = value.strip_prefix("0o") {
        return some_of(digits, |byte| matches!(byte, b'0'..=b'7'));
    }
    if let Some(digits) = value.strip_prefix("0x") {
        return some_of(digits, u8::is_ascii_hexdigit);
    }
    if matches!(value, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let value = value.strip_prefix(['+', '-']).unwrap_or(value);
    if matches!(value, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = value.split_once(['e', 'E']).map_or((value, None), |(left, right)| (left, Some(right)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|text| some_of(text.strip_prefix(['+', '-']).unwrap_or(text), u8::is_ascii_digit))
}
