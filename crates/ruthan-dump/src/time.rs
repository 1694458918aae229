//! Points in time, as dumps write them.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// Years from here on are of the Buddhist era, which Thailand counts in: 2569 is 2026.
const FIRST_BUDDHIST_YEAR: i32 = 2_400;
const BUDDHIST_ERA: i32 = 543;
/// Numbers from here on count milliseconds since 1970, smaller ones seconds: it is March 1973 in
/// milliseconds and the year 5138 in seconds.
const FIRST_MILLIS: u64 = 100_000_000_000;

/// When a message was sent or received.
///
/// ```
/// use ruthan_dump::Time;
///
/// let time = Time::parse("1 พ.ย. 2569");
/// assert!(time.is_none(), "names of months are not read");
/// let time = Time::parse("01/11/2569 12:30").unwrap();
/// assert_eq!((time.to_string().as_str(), time.utc), ("2026-11-01T12:30:00", false));
/// assert_eq!(Time::parse("1793500000000").unwrap().to_string(), "2026-11-01T02:26:40Z");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time {
    /// Milliseconds since the beginning of 1970, in UTC if `utc`, else on the clock on the wall.
    pub millis: i64,
    /// Whether the time zone is known, so that `millis` counts in UTC; chat exports in plain text do
    /// not tell theirs.
    pub utc: bool,
}

impl Time {
    /// Makes a time of the milliseconds since 1970 in UTC.
    pub fn from_millis(millis: i64) -> Self {
        Self { millis, utc: true }
    }

    /// Makes a time on the clock on the wall; none if there is no such day or minute. A Buddhist year
    /// is turned into a common one.
    pub(crate) fn wall(date: [u32; 3], clock: [u32; 3]) -> Option<Self> {
        let [year, month, day] = date;
        let [hour, minute, second] = clock;
        let mut year = i32::try_from(year).ok()?;
        if year >= FIRST_BUDDHIST_YEAR {
            year -= BUDDHIST_ERA;
        }
        let time = NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(hour, minute, second)?;
        Some(Self { millis: time.and_utc().timestamp_millis(), utc: false })
    }

    /// Reads a time: ISO 8601 with or without zone (a space may stand for the `T`), `YYYY/MM/DD` or
    /// `DD/MM/YYYY` with or without a time of day, years of either era, or a count of seconds or
    /// milliseconds since 1970.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(number) = text.parse::<i64>() {
            let millis = if number.unsigned_abs() < FIRST_MILLIS { number * 1_000 } else { number };
            return Some(Self::from_millis(millis));
        }
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Some(Self::from_millis(time.timestamp_millis()));
        }
        let (date, clock) = text.split_once(['T', ' ']).unwrap_or((text, ""));
        let date = numbers::<3>(date.trim_end_matches(','), |ch| matches!(ch, '-' | '/' | '.'))?;
        let clock = clock.trim().split('.').next().unwrap_or_default();
        let clock = match clock {
            "" => [0; 3],
            _ => numbers::<3>(clock, |ch| ch == ':')
                .or_else(|| numbers::<2>(clock, |ch| ch == ':').map(|[h, m]| [h, m, 0]))?,
        };
        let [first, second, third] = date;
        let date = if first > 31 { date } else { [third, second, first] };
        Self::wall(date, clock).filter(|_| date[0] >= 1_000)
    }
}

impl fmt::Display for Time {
    /// Writes ISO 8601, with `Z` where the time is in UTC and without a zone where it is not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = DateTime::from_timestamp_millis(self.millis);
        let Some(time) = time.as_ref().map(DateTime::naive_utc) else {
            return write!(f, "{}", self.millis);
        };
        write_iso(f, time)?;
        f.write_str(if self.utc { "Z" } else { "" })
    }
}

fn write_iso(f: &mut fmt::Formatter<'_>, time: NaiveDateTime) -> fmt::Result {
    // The debug form is ISO 8601, with as many digits of the second as there are.
    write!(f, "{time:?}")
}

/// Reads so many whole numbers between separators.
pub(crate) fn numbers<const N: usize>(
    text: &str,
    separator: impl Fn(char) -> bool,
) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(separator);
    for number in &mut numbers {
        let part = parts.next()?;
        if !(1..=4).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_forms_are_read() {
        for (text, written) in [
            ("2026-11-01T12:00:00+07:00", "2026-11-01T05:00:00Z"),
            ("2026-11-01T12:00:00.250Z", "2026-11-01T12:00:00.250Z"),
            ("2026-11-01 12:00:05", "2026-11-01T12:00:05"),
            ("2569-11-01", "2026-11-01T00:00:00"),
            ("1/11/2569, 9:05", "2026-11-01T09:05:00"),
            ("2026/11/01 23:59:59.5", "2026-11-01T23:59:59"),
            ("1793500000", "2026-11-01T02:26:40Z"),
        ] {
            assert_eq!(Time::parse(text).unwrap().to_string(), written, "{text}");
        }
        assert!(Time::parse("-9223372036854775808").unwrap().to_string().starts_with("-92"));
        for text in ["", "yesterday", "2026-13-01", "1/2/26", "2026-11-01 25:00", "พรุ่งนี้", "1-2"]
        {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }
}
