//! Columns: which holds the messages, how they are marked and named.

use std::collections::HashMap;

use arrow_schema::{DataType, Field, Schema};

use crate::error::Error;

/// The key of the field metadata that is `true` on a column of raw JSON values.
pub const JSON_KEY: &str = "ruthan.json";

/// The key of the field metadata that tells what a column that no source field stands behind is for.
const ROLE_KEY: &str = "ruthan.json.role";
const ROLE_REST: &str = "rest";
const ROLE_KEYS: &str = "keys";

/// The key of the field metadata with a JSON field's name as the source spells it, quotes and escapes
/// included, where that is not how it would be written anyway.
const TOKEN_KEY: &str = "ruthan.json.token";

/// What columns of messages are called, the likeliest first.
const TEXT_NAMES: [&str; 7] = ["text", "message", "body", "content", "sms", "msg", "ข้อความ"];

/// The longest column name shown in a message: a longer one is more likely a message itself, the
/// first row of a file that has no header.
const SHOWN_NAME_CHARS: usize = 40;
/// The most words, and digits, that such a name has, for the same reason.
const SHOWN_NAME_WORDS: usize = 3;
const SHOWN_NAME_DIGITS: usize = 3;
/// How many column names are shown in a message.
const SHOWN_NAMES: usize = 20;

/// What the writers make of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A value of the column's own type.
    Plain,
    /// Raw JSON, absent where null.
    Json,
    /// An object of the fields that have no column.
    Rest,
    /// An array of the row's keys as written.
    Keys,
}

impl Role {
    /// Reads the role from a field's type and metadata.
    pub(crate) fn of(field: &Field) -> Self {
        let metadata = field.metadata();
        if field.data_type() != &DataType::Utf8
            || metadata.get(JSON_KEY).is_none_or(|v| v != "true")
        {
            return Self::Plain;
        }
        match metadata.get(ROLE_KEY).map(String::as_str) {
            Some(ROLE_REST) => Self::Rest,
            Some(ROLE_KEYS) => Self::Keys,
            _ => Self::Json,
        }
    }
}

/// Makes a column of raw JSON values, for what a program appends: a list, an object.
///
/// The JSON Lines writer puts the values in as they are and leaves the field out where one is null;
/// the CSV writer decodes strings and writes any other value's JSON. Each value must be valid JSON:
/// the writers do not check.
///
/// ```
/// let field = ruthan_dump::json_field("evidence");
/// assert_eq!(field.metadata()[ruthan_dump::JSON_KEY], "true");
/// ```
pub fn json_field(name: impl Into<String>) -> Field {
    marked(name, [(JSON_KEY, "true")])
}

/// Makes the column for a source field that is spelt `token`.
pub(crate) fn source_json_field(name: &str, token: &str) -> Field {
    if token == default_token(name) {
        json_field(name)
    } else {
        marked(name, [(JSON_KEY, "true"), (TOKEN_KEY, token)])
    }
}

/// Makes the column for fields that have none.
pub(crate) fn rest_field(name: impl Into<String>) -> Field {
    marked(name, [(JSON_KEY, "true"), (ROLE_KEY, ROLE_REST)])
}

/// Makes the column for keys in another order or spelling.
pub(crate) fn keys_field(name: impl Into<String>) -> Field {
    marked(name, [(JSON_KEY, "true"), (ROLE_KEY, ROLE_KEYS)])
}

fn marked<const N: usize>(name: impl Into<String>, metadata: [(&str, &str); N]) -> Field {
    let metadata: HashMap<_, _> =
        metadata.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    Field::new(name, DataType::Utf8, true).with_metadata(metadata)
}

/// Returns a field's name as a JSON string, spelt as the source spelt it.
pub(crate) fn token(field: &Field) -> String {
    match field.metadata().get(TOKEN_KEY) {
        Some(token) => token.clone(),
        None => default_token(field.name()),
    }
}

/// Returns a name as a JSON string.
pub(crate) fn default_token(name: &str) -> String {
    serde_json::Value::from(name).to_string()
}

/// Finds a name for a column to append that no column has yet: `wanted`, or else `ruthan_{wanted}`, or
/// else that with `_2`, `_3` …
///
/// ```
/// use arrow_schema::{DataType, Field, Schema};
///
/// let schema = Schema::new(vec![Field::new("score", DataType::Utf8, false)]);
/// assert_eq!(ruthan_dump::unique_name(&schema, "verdict"), "verdict");
/// assert_eq!(ruthan_dump::unique_name(&schema, "score"), "ruthan_score");
/// ```
pub fn unique_name(schema: &Schema, wanted: &str) -> String {
    unique(wanted, |name| schema.fields().iter().any(|field| field.name() == name))
}

/// As [`unique_name`], with any test for a name that is taken.
pub(crate) fn unique(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(wanted) {
        return wanted.to_owned();
    }
    let prefixed = format!("ruthan_{wanted}");
    if !taken(&prefixed) {
        return prefixed;
    }
    let mut number = 2_u64;
    loop {
        let name = format!("{prefixed}_{number}");
        if !taken(&name) {
            return name;
        }
        number += 1;
    }
}

/// Finds a column by its name, exactly or but for case and surrounding space.
pub(crate) fn find(names: &[impl AsRef<str>], wanted: &str) -> Option<usize> {
    let alike = || {
        let wanted = wanted.trim().to_lowercase();
        names.iter().position(|name| name.as_ref().trim().to_lowercase() == wanted)
    };
    names.iter().position(|name| name.as_ref() == wanted).or_else(alike)
}

/// Finds the column of messages: `wanted` if given, or else the likeliest by name.
pub(crate) fn find_text(names: &[impl AsRef<str>], wanted: Option<&str>) -> Option<usize> {
    match wanted {
        Some(wanted) => find(names, wanted),
        None => TEXT_NAMES.into_iter().find_map(|name| find(names, name)),
    }
}

/// Says that no column of messages was found.
pub(crate) fn no_text(file: &str, names: &[impl AsRef<str>], wanted: Option<&str>) -> Error {
    let (file, columns) = (file.to_owned(), listed(names));
    match wanted {
        Some(wanted) => {
            let wanted = wanted.to_owned();
            Error::NoSuchColumn { file, option: "--text-column", wanted, columns }
        }
        None => Error::NoTextColumn { file, columns },
    }
}

/// Lists column names for a message to people.
pub(crate) fn listed(names: &[impl AsRef<str>]) -> String {
    let mut list: Vec<String> =
        names.iter().take(SHOWN_NAMES).map(|name| format!("`{}`", shown(name.as_ref()))).collect();
    if names.len() > SHOWN_NAMES {
        list.push(format!("{} more", names.len() - SHOWN_NAMES));
    }
    if list.is_empty() { "none".to_owned() } else { list.join(", ") }
}

/// Returns a column's name for a message to people, without what may be a message itself.
pub(crate) fn shown(name: &str) -> String {
    let count = name.chars().count();
    let named = count <= SHOWN_NAME_CHARS
        && name.split_whitespace().count() <= SHOWN_NAME_WORDS
        && name.chars().filter(|ch| ch.is_numeric()).count() <= SHOWN_NAME_DIGITS;
    if named { name.to_owned() } else { format!("(a name of {count} characters)") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_name_wins_whatever_its_case() {
        assert_eq!(find_text(&["id", "Body", " TEXT "], None), Some(2));
        assert_eq!(find_text(&["วันที่", "ข้อความ"], None), Some(1));
        assert_eq!(find_text(&["id", "note"], None), None);
        assert_eq!(find_text(&["Note", "note"], Some("note")), Some(1));
        assert_eq!(find_text(&["id", "Note"], Some("note ")), Some(1));
        assert_eq!(find_text(&["text"], Some("note")), None);
    }

    #[test]
    fn taken_names_are_numbered() {
        let field = |name: &str| Field::new(name, DataType::Utf8, true);
        let schema = Schema::new(vec![field("score"), field("ruthan_score")]);
        assert_eq!(unique_name(&schema, "score"), "ruthan_score_2");
    }

    #[test]
    fn names_that_may_be_messages_are_not_shown() {
        let message = "พัสดุของท่านจัดส่งไม่สำเร็จ กรุณายืนยันที่อยู่ภายในวันนี้";
        let list = listed(&["id", message]);
        assert!(list.starts_with("`id`, `(a name of ") && !list.contains("พัสดุ"), "{list}");
        for short in ["run mum the police", "โทร 0812345678", "OTP 482910"] {
            assert!(!listed(&[short]).contains(short), "{short}");
        }
        assert_eq!(
            listed(&["Date of message", "phone_2", "วันที่"]),
            "`Date of message`, `phone_2`, `วันที่`"
        );
        assert_eq!(listed(&[""; 0]), "none");
        assert!(listed(&["x"; 25]).ends_with("`x`, 5 more"));
    }

    #[test]
    fn a_field_keeps_its_spelling() {
        let escaped = source_json_field("ก", r#""\u0e01""#);
        assert_eq!(token(&escaped), r#""\u0e01""#);
        assert_eq!(token(&source_json_field("ก", r#""ก""#)), r#""ก""#);
        assert_eq!(Role::of(&escaped), Role::Json);
        assert_eq!(Role::of(&rest_field("_rest")), Role::Rest);
    }
}
