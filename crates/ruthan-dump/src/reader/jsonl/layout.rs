//! Which field goes to which column.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow_schema::{Field, Schema, SchemaRef};

use super::members::{self, Member};
use crate::columns;
use crate::json_string;
use crate::reject::Cause;

/// As many fields get a column of their own: rows that differ in all their keys must not make columns
/// without end. The others are in `_rest`.
const MOST_COLUMNS: usize = 1_024;

/// The columns of a file, fixed by the objects of its first batch.
pub(super) struct Layout {
    schema: SchemaRef,
    text_column: usize,
    /// The fields' names as first written, quotes and escapes included.
    tokens: Vec<String>,
    /// The columns by the fields' names, decoded.
    by_name: HashMap<String, usize>,
}

impl Layout {
    /// Gives each field of the lines that are objects a column, and finds the column of messages; if
    /// it is not among them, returns the names that there are. Without any object, only the messages
    /// have a column.
    pub(super) fn of<'a>(
        lines: impl Iterator<Item = &'a [u8]>,
        wanted: Option<&str>,
    ) -> Result<Self, Vec<String>> {
        let mut names = Vec::new();
        let mut tokens = Vec::new();
        let mut by_name = HashMap::new();
        let mut members = Vec::new();
        let mut any = false;
        for line in lines {
            let Ok(line) = members::split(line, &mut members) else { continue };
            any = true;
            for member in &members {
                if names.len() == MOST_COLUMNS {
                    break;
                }
                let name = decoded(member.key(line));
                if !by_name.contains_key(name.as_ref()) {
                    by_name.insert(name.to_string(), names.len());
                    names.push(name.into_owned());
                    tokens.push(member.key(line).to_owned());
                }
            }
        }
        if !any {
            let name = wanted.unwrap_or("text");
            by_name.insert(name.to_owned(), 0);
            names.push(name.to_owned());
            tokens.push(columns::default_token(name));
        }
        let Some(text_column) = columns::find_text(&names, wanted) else { return Err(names) };

        let taken = |name: &str| by_name.contains_key(name);
        let special = [
            columns::rest_field(columns::unique("_rest", taken)),
            columns::keys_field(columns::unique("_keys", taken)),
        ];
        let fields: Vec<Field> = names
            .iter()
            .zip(&tokens)
            .map(|(name, token)| columns::source_json_field(name, token))
            .chain(special)
            .collect();
        Ok(Self { schema: Arc::new(Schema::new(fields)), text_column, tokens, by_name })
    }

    /// Returns the columns, `_rest` and `_keys` last.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Returns which column holds the messages.
    pub(super) fn text_column(&self) -> usize {
        self.text_column
    }

    /// Counts the columns that have a field behind them.
    pub(super) fn width(&self) -> usize {
        self.tokens.len()
    }

    /// Finds the column of each of a row's members, in place of what `sorted` holds, and checks that
    /// the row has a message. Takes constant time a member.
    pub(super) fn sort(
        &self,
        line: &str,
        members: &[Member],
        sorted: &mut Sorted,
    ) -> Result<(), Cause> {
        sorted.columns.clear();
        sorted.columns.resize(self.width(), None);
        sorted.rest.clear();
        sorted.in_order = true;
        // Most rows have the columns' keys in the columns' order, so the next is tried first.
        let mut next = 0;
        for (index, member) in members.iter().enumerate() {
            let key = member.key(line);
            let as_written = self.tokens.get(next).is_some_and(|token| token == key);
            let column = if as_written { Some(next) } else { self.column(key) };
            let Some(column) = column else {
                sorted.rest.push(index);
                continue;
            };
            if sorted.columns[column].replace(index).is_some() {
                return Err(Cause::DuplicateKey { number: index + 1 });
            }
            sorted.in_order &=
                column >= next && sorted.rest.is_empty() && self.tokens[column] == key;
            next = column + 1;
        }
        check_unlike(line, members, &sorted.rest)?;
        let text = sorted.columns[self.text_column].map(|index| members[index].value(line));
        self.check_text(text)
    }

    fn column(&self, key: &str) -> Option<usize> {
        self.by_name.get(decoded(key).as_ref()).copied()
    }

    /// Checks that the field of the message holds a string or null.
    fn check_text(&self, value: Option<&str>) -> Result<(), Cause> {
        let name = || columns::shown(self.schema.field(self.text_column).name());
        let kind = match value.map(|value| value.as_bytes()[0]) {
            Some(b'"' | b'n') => return Ok(()),
            None => return Err(Cause::NoField { name: name() }),
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b't' | b'f') => "a boolean",
            Some(_) => "a number",
        };
        Err(Cause::NotAString { name: name(), kind })
    }
}

/// Checks that no two of the members have the same key.
fn check_unlike(line: &str, members: &[Member], indices: &[usize]) -> Result<(), Cause> {
    if indices.len() < 2 {
        return Ok(());
    }
    let mut seen = HashSet::with_capacity(indices.len());
    match indices.iter().find(|&&index| !seen.insert(decoded(members[index].key(line)))) {
        Some(index) => Err(Cause::DuplicateKey { number: index + 1 }),
        None => Ok(()),
    }
}

/// Decodes a key, which seldom needs it.
fn decoded(key: &str) -> Cow<'_, str> {
    if key.contains('\\') {
        let mut out = String::new();
        json_string::decode(key, &mut out);
        Cow::Owned(out)
    } else {
        Cow::Borrowed(&key[1..key.len() - 1])
    }
}

/// A row's members by column.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    columns: Vec<Option<usize>>,
    rest: Vec<usize>,
    in_order: bool,
}

impl Sorted {
    /// Returns the member of each column, if the row has one.
    pub(super) fn columns(&self) -> impl Iterator<Item = Option<usize>> + '_ {
        self.columns.iter().copied()
    }

    /// Returns the members that have no column, in the row's order.
    pub(super) fn rest(&self) -> &[usize] {
        &self.rest
    }

    /// Says whether columns first, then the rest, is the row's own order and spelling.
    pub(super) fn in_order(&self) -> bool {
        self.in_order
    }
}
