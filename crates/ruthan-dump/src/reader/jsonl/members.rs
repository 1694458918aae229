//! Splitting a line into the keys and raw values of its object.

use std::ops::Range;
use std::str;

use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::json_object;
use crate::json_string;
use crate::reject::Cause;

/// A key and its value, by where they lie in the line.
#[derive(Debug, Clone)]
pub(super) struct Member {
    key: Range<usize>,
    value: Range<usize>,
}

impl Member {
    /// Returns the key as written, quotes included.
    pub(super) fn key<'a>(&self, line: &'a str) -> &'a str {
        &line[self.key.clone()]
    }

    /// Returns the value as written.
    pub(super) fn value<'a>(&self, line: &'a str) -> &'a str {
        &line[self.value.clone()]
    }
}

/// Splits a line into the members of its object, in place of what `members` holds, and returns it as
/// text. Takes time linear in the line's length, and no more stack for deep nesting.
pub(super) fn split<'a>(line: &'a [u8], members: &mut Vec<Member>) -> Result<&'a str, Cause> {
    members.clear();
    let line = str::from_utf8(line)
        .map_err(|error| Cause::RowEncoding { byte: error.valid_up_to() + 1 })?;
    if !line.trim_ascii_start().starts_with('{') {
        return Err(Cause::NotAnObject);
    }
    let base = line.as_ptr().addr();
    // Borrowed from the line, so its place in it is the difference of the addresses.
    let range = |raw: &RawValue| {
        let start = raw.get().as_ptr().addr() - base;
        start..start + raw.get().len()
    };
    // What serde_json says may quote the line, so only the place is passed on.
    json_object::each_member(line, |key, value| {
        members.push(Member { key: range(key), value: range(value) });
    })
    .map_err(|error| match error.classify() {
        Category::Eof => Cause::JsonCutShort,
        _ => Cause::Json { byte: error.column() },
    })?;
    match json_string::lone_surrogate(line.as_bytes()) {
        Some(unit) => Err(Cause::LoneSurrogate { unit }),
        None => Ok(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(line: &str) -> Result<Vec<(&str, &str)>, Cause> {
        let mut members = Vec::new();
        let line = split(line.as_bytes(), &mut members)?;
        Ok(members.iter().map(|member| (member.key(line), member.value(line))).collect())
    }

    #[test]
    fn members_are_found_as_written() {
        assert_eq!(
            pairs(r#" { "ก" : [1, 2 ] ,"\u0e02":-1.0e+5 } "#).unwrap(),
            [("\"ก\"", "[1, 2 ]"), ("\"\\u0e02\"", "-1.0e+5")]
        );
        assert_eq!(pairs("{}").unwrap(), []);
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(500_000), "]".repeat(500_000));
        assert_eq!(pairs(&deep).unwrap()[0].1.len(), 1_000_000);
        assert_eq!(pairs(&deep[..500_000]), Err(Cause::JsonCutShort));
    }

    #[test]
    fn keys_must_be_strings() {
        assert_eq!(pairs("{1:2}"), Err(Cause::Json { byte: 2 }));
    }
}
