//! Messages by day, and days put together where there are many.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days as Count, NaiveDate};
use ruthan::{Label, Verdict};

/// How many columns a chart has at most before days become weeks, and weeks months.
const MOST_COLUMNS: i64 = 70;
/// Times before 2000 and after 2100 are mistakes: dated messages are of these years, so that there are at most 36,890
/// days.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// What came on a day, or in a week or month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) messages: u64,
    pub(super) scam: u64,
    pub(super) suspicious: u64,
    /// Of alarms.
    pub(super) labels: BTreeMap<Label, u64>,
}

/// The messages of each day (UTC).
#[derive(Debug, Default)]
pub(super) struct Days {
    days: BTreeMap<NaiveDate, Counts>,
    /// How many messages have no time that can be.
    pub(super) undated: u64,
}

/// How many days a column stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Day,
    Week,
    Month,
}

impl Step {
    /// The first day of the column that holds a day.
    fn begin(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => day - Count::new(day.weekday().num_days_from_monday().into()),
            Self::Month => day - Count::new(day.day0().into()),
        }
    }

    /// The first day of the next column.
    fn next(self, begin: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => begin + Count::new(1),
            Self::Week => begin + Count::new(7),
            Self::Month => self.begin(begin + Count::new(31)),
        }
    }
}

/// The day of a moment in milliseconds since 1970, if it can be one of a message.
pub(super) fn day(time: i64) -> Option<NaiveDate> {
    let day = DateTime::from_timestamp_millis(time)?.date_naive();
    YEARS.contains(&day.year()).then_some(day)
}

impl Days {
    pub(super) fn add(&mut self, time: Option<i64>, verdict: Verdict, label: Label) {
        let Some(day) = time.and_then(day) else {
            self.undated += 1;
            return;
        };
        let counts = self.days.entry(day).or_default();
        counts.messages += 1;
        counts.scam += u64::from(verdict == Verdict::Scam);
        counts.suspicious += u64::from(verdict == Verdict::Suspicious);
        if verdict.is_alarm() {
            *counts.labels.entry(label).or_default() += 1;
        }
    }

    /// The first day and the last.
    pub(super) fn period(&self) -> Option<(NaiveDate, NaiveDate)> {
        Some((*self.days.first_key_value()?.0, *self.days.last_key_value()?.0))
    }

    /// The columns of a chart, without gaps: those with nothing are there, too.
    pub(super) fn columns(&self) -> (Step, Vec<(NaiveDate, Counts)>) {
        let Some((first, last)) = self.period() else { return (Step::Day, Vec::new()) };
        let step = match (last - first).num_days() {
            days if days < MOST_COLUMNS => Step::Day,
            days if days < MOST_COLUMNS * 7 => Step::Week,
            _ => Step::Month,
        };
        let begins =
            std::iter::successors(Some(step.begin(first)), |&begin| Some(step.next(begin)))
                .take_while(|&begin| begin <= last);
        let columns = begins
            .map(|begin| {
                let mut sum = Counts::default();
                for counts in self.days.range(begin..step.next(begin)).map(|(_, counts)| counts) {
                    sum.messages += counts.messages;
                    sum.scam += counts.scam;
                    sum.suspicious += counts.suspicious;
                    for (&label, messages) in &counts.labels {
                        *sum.labels.entry(label).or_default() += messages;
                    }
                }
                (begin, sum)
            })
            .collect();
        (step, columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn days(times: impl IntoIterator<Item = i64>) -> Days {
        let mut days = Days::default();
        for time in times {
            days.add(Some(time), Verdict::Scam, Label::Bank);
        }
        days
    }

    #[test]
    fn columns_have_no_gaps_and_lose_nothing() {
        let start = 1_763_942_400_000;
        for (apart, step, count) in
            [(1, Step::Day, 31), (10, Step::Week, 43), (60, Step::Month, 60)]
        {
            let days = days((0..31).map(|i| start + i * apart * DAY));
            let (found, columns) = days.columns();
            assert_eq!((found, columns.len()), (step, count));
            assert_eq!(columns.iter().map(|(_, c)| c.scam).sum::<u64>(), 31);
        }
        assert_eq!(days([]).columns().1, []);
    }

    #[test]
    fn times_that_cannot_be_are_counted_apart() {
        assert_eq!(days([0, i64::MAX, i64::MIN, 9_999_999_999_999]).undated, 4);
    }
}
