//! Values of a batch's columns by name, whatever the format that they came from.

use arrow_array::{Array, Float32Array, Float64Array, Int64Array, StringArray};
use arrow_schema::DataType;
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use ruthan_dump::{Batch, JSON_KEY};

/// What columns of senders are called, the likeliest first.
const SENDERS: [&str; 6] = ["sender", "from", "address", "phone", "number", "ผู้ส่ง"];
/// What columns of times are called.
const TIMES: [&str; 8] =
    ["time", "date", "timestamp", "datetime", "date_sent", "received_at", "วันที่", "เวลา"];

/// A column of a batch.
pub(crate) struct Column<'b> {
    values: &'b dyn Array,
    json: bool,
}

impl<'b> Column<'b> {
    /// The column of that name, if there is one.
    pub(crate) fn named(batch: &'b Batch, name: &str) -> Option<Self> {
        let (place, field) = batch.columns.schema_ref().column_with_name(name)?;
        let values = batch.columns.column(place).as_ref();
        Some(Self { values, json: field.metadata().contains_key(JSON_KEY) })
    }

    /// The column of the senders, by its name.
    pub(crate) fn senders(batch: &'b Batch) -> Option<Self> {
        Self::called(batch, &SENDERS)
    }

    /// The column of the times, by its name.
    pub(crate) fn times(batch: &'b Batch) -> Option<Self> {
        Self::called(batch, &TIMES)
    }

    /// The first of `names` that there is, whatever its case.
    fn called(batch: &'b Batch, names: &[&str]) -> Option<Self> {
        let schema = batch.columns.schema_ref();
        let fields = || schema.fields().iter().map(|field| field.name());
        names.iter().find_map(|name| {
            let found = fields().find(|field| field.trim().to_lowercase() == *name)?;
            Self::named(batch, found)
        })
    }

    /// The value as it stands in the file: a word, a number's digits, JSON; `None` where there is none.
    pub(crate) fn text(&self, row: usize) -> Option<String> {
        if self.values.is_null(row) {
            return None;
        }
        let any = self.values.as_any();
        let text = match self.values.data_type() {
            DataType::Utf8 => any.downcast_ref::<StringArray>()?.value(row),
            DataType::Int64 => {
                return Some(any.downcast_ref::<Int64Array>()?.value(row).to_string());
            }
            DataType::Float32 => {
                return Some(any.downcast_ref::<Float32Array>()?.value(row).to_string());
            }
            DataType::Float64 => {
                return Some(any.downcast_ref::<Float64Array>()?.value(row).to_string());
            }
            _ => return None,
        };
        let value = match self.json.then(|| serde_json::from_str(text)) {
            Some(Ok(serde_json::Value::String(value))) => value,
            Some(Ok(serde_json::Value::Null)) => return None,
            _ => text.to_owned(),
        };
        (!value.is_empty()).then_some(value)
    }

    /// The value as a moment, in milliseconds since 1970 (UTC); `None` if it cannot be read as one.
    pub(crate) fn time(&self, row: usize) -> Option<i64> {
        moment(self.text(row)?.trim())
    }
}

/// A number from here on is of milliseconds: as seconds it would lie beyond the year 5000.
const MILLISECONDS: i64 = 100_000_000_000;
/// Buddhist years are so much ahead.
const BUDDHIST: i32 = 543;

/// Reads Unix seconds or milliseconds, RFC 3339, and dates as they are commonly written, with or without a time, of
/// the Gregorian or the Buddhist calendar. What names no zone is taken for UTC.
fn moment(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(if number.abs() < MILLISECONDS { number * 1_000 } else { number });
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.timestamp_millis());
    }
    let dates = ["%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y"];
    let times = ["%H:%M:%S%.f", "%H:%M"];
    let gregorian = |date: NaiveDateTime| {
        use chrono::Datelike;
        let year = date.year();
        if year > 2400 { date.with_year(year - BUDDHIST) } else { Some(date) }
    };
    let with_time = || {
        dates.iter().flat_map(|date| times.iter().map(move |time| (date, time))).find_map(
            |(date, time)| {
                [" ", "T"].iter().find_map(|between| {
                    NaiveDateTime::parse_from_str(text, &format!("{date}{between}{time}")).ok()
                })
            },
        )
    };
    let date = || dates.iter().find_map(|date| NaiveDate::parse_from_str(text, date).ok());
    let moment = with_time().or_else(|| date()?.and_hms_opt(0, 0, 0))?;
    Some(gregorian(moment)?.and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_and_programs_write_them() {
        let day = 1_763_942_400_000;
        for (text, expected) in [
            ("1763942400", Some(day)),
            ("1763942400000", Some(day)),
            ("2025-11-24T07:00:00+07:00", Some(day)),
            ("2025-11-24", Some(day)),
            ("2025-11-24 00:00:01", Some(day + 1_000)),
            ("24/11/2568 00:01", Some(day + 60_000)),
            ("2025/11/24", Some(day)),
            ("เมื่อวาน", None),
            ("", None),
        ] {
            assert_eq!(moment(text), expected, "{text}");
        }
    }
}
