//! LINE: the text that the application saves of a chat.
//!
//! A title, a line for each day, and for each message its time, sender and text, parted by tabs (on
//! a computer by spaces). A row without sender tells what happened: somebody joined, or called.

use chrono::{Datelike, NaiveDate};

use super::Record;
use super::headed::{Dialect, Headed, Kind};
use crate::metadata::Direction;
use crate::reader::lines::Lines;
use crate::reader::window::Window;
use crate::time::{Time, numbers};

const TITLE: &str = "[LINE]";
/// What a title says before the name of the one person, in whose chat all others are the owner's.
const WITH: [&str; 4] = ["Chat history with ", "ประวัติการแชทกับ", "ประวัติการสนทนากับ", "กับ "];
/// What a title says before the name of a group.
const IN: [&str; 4] = ["Chat history in ", "ประวัติการแชทใน", "ประวัติการสนทนาใน", "ใน "];
const SAVED: [&str; 4] = ["Saved on", "บันทึกวันที่", "บันทึกเมื่อ", "วันที่บันทึก"];
/// The days of the week, Monday first, as far as is needed to know them.
const DAYS: [[&str; 3]; 7] = [
    ["mon", "จ.", "จันทร์"],
    ["tue", "อ.", "อังคาร"],
    ["wed", "พ.", "พุธ"],
    ["thu", "พฤ.", "พฤหัส"],
    ["fri", "ศ.", "ศุกร์"],
    ["sat", "ส.", "เสาร์"],
    ["sun", "อา.", "อาทิตย์"],
];

/// Begins an export.
pub(super) fn start(window: Window, max_row_bytes: usize) -> Headed<Line> {
    Headed::new(Lines::new(window, max_row_bytes).with_blank(), Line::default(), max_row_bytes)
}

/// Says whether a file that begins so is an export.
pub(in crate::reader) fn is_line(start: &str) -> bool {
    start.starts_with(TITLE)
}

/// What the lines so far have told.
#[derive(Debug, Default)]
pub(super) struct Line {
    conversation: String,
    /// Whether the chat is with one person.
    with_one: bool,
    /// Whether the title is Thai, and so dates begin with the day where they end with the year.
    thai: bool,
    date: Option<[u32; 3]>,
    /// Whether tabs part time, sender and text, as the first message tells.
    tabs: Option<bool>,
}

impl Line {
    /// Reads the lines before the first day.
    fn title(&mut self, line: &str) -> bool {
        if SAVED.iter().any(|saved| line.starts_with(saved)) {
            return true;
        }
        let Some(title) = line.strip_prefix(TITLE) else { return false };
        let name = |words: &[&str]| {
            words.iter().find_map(|word| title.split_once(word)).map(|(_, name)| name.trim())
        };
        self.thai = !title.is_ascii() && !title.contains("Chat history");
        self.with_one = name(&WITH).is_some();
        name(&WITH)
            .or_else(|| name(&IN))
            .unwrap_or(title.trim())
            .clone_into(&mut self.conversation);
        true
    }

    /// Reads the time of day and what follows it.
    fn head(&mut self, line: &str) -> Option<Record> {
        let tabs = self.tabs.unwrap_or_else(|| line.contains('\t'));
        let (clock, rest) = if tabs {
            line.split_once('\t')?
        } else {
            // On a computer; with a word for the half of the day, if any, behind.
            let end = line.match_indices(' ').map(|(at, _)| at);
            end.take(2).filter(|&at| self::clock(&line[..at]).is_some()).last().map(|at| {
                let (clock, rest) = line.split_at(at);
                (clock, &rest[1..])
            })?
        };
        let clock = self::clock(clock)?;
        let (sender, text) = self.sender(rest, tabs);
        if !tabs && self.date.is_none() {
            return None;
        }
        self.tabs = Some(tabs);
        let direction = match sender {
            "" => Some(Direction::System),
            _ if !self.with_one => None,
            _ if sender == self.conversation => Some(Direction::Received),
            _ => Some(Direction::Sent),
        };
        Some(Record {
            conversation: self.conversation.clone(),
            time: self.date.and_then(|date| Time::wall(date, clock)),
            direction,
            sender: sender.to_owned(),
            text: Some(text.to_owned()),
        })
    }

    /// Splits the sender's name from the text.
    fn sender<'l>(&self, rest: &'l str, tabs: bool) -> (&'l str, &'l str) {
        if tabs {
            // Without a second tab nobody says it.
            return rest.split_once('\t').unwrap_or(("", rest));
        }
        // A name may have spaces; only that in the title is known.
        let known = rest.strip_prefix(self.conversation.as_str());
        match known.and_then(|text| text.strip_prefix(' ')) {
            Some(text) if !self.conversation.is_empty() => (&rest[..self.conversation.len()], text),
            _ => rest.split_once(' ').unwrap_or(("", rest)),
        }
    }
}

impl Dialect for Line {
    fn kind(&mut self, line: &str) -> Kind {
        let line = line.trim_start_matches('\u{feff}');
        if let Some(date) = date(line.trim(), self.thai) {
            self.date = Some(date);
            return Kind::Context;
        }
        if self.date.is_none() && self.tabs.is_none() && self.title(line.trim()) {
            return Kind::Context;
        }
        self.head(line).map_or(Kind::More, Kind::Head)
    }

    /// Takes the quotes off a message of several lines.
    fn finish(&self, text: &mut String) {
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        if let Some(inner) = quoted.filter(|inner| inner.contains('\n')) {
            *text = inner.replace("\"\"", "\"");
        }
    }
}

/// Reads a time of day: `9:05`, `09:05 น.`, `9:05 PM`, `PM 9:05`.
fn clock(text: &str) -> Option<[u32; 3]> {
    let mut half = None;
    let mut found = None;
    for word in text.split(' ') {
        match word {
            "AM" | "am" | "ก่อนเที่ยง" => half = Some(0),
            "PM" | "pm" | "หลังเที่ยง" => half = Some(12),
            "น." => {}
            _ if found.is_none() => found = Some(numbers::<2>(word, |ch| ch == ':')?),
            _ => return None,
        }
    }
    let [hour, minute] = found?;
    let hour = half.map_or(hour, |half| hour % 12 + half);
    (hour < 24 && minute < 60).then_some([hour, minute, 0])
}

/// Reads a line that is a day and nothing else: `2026/11/01(Sun)`, `2569.11.01 วันอาทิตย์`,
/// `Sun, 11/1/2026`.
fn date(line: &str, thai: bool) -> Option<[u32; 3]> {
    let separator = |ch| matches!(ch, '/' | '.' | '-');
    if let Some((day, date)) = line.split_once(", ") {
        let weekday = weekday(day)?;
        let [first, second, year] = numbers::<3>(date, separator)?;
        let (day_first, month_first) = ([year, second, first], [year, first, second]);
        let fits = |date: &[u32; 3]| falls_on(*date, weekday);
        let likelier = if thai { [day_first, month_first] } else { [month_first, day_first] };
        return likelier
            .into_iter()
            .find(fits)
            .or_else(|| likelier.into_iter().find(|&date| Time::wall(date, [0; 3]).is_some()));
    }
    let end = line.find(['(', ' ']).unwrap_or(line.len());
    let date = numbers::<3>(&line[..end], separator).filter(|date| date[0] >= 1_000)?;
    let rest = line[end..].trim_matches([' ', '(', ')']);
    (rest.is_empty() || weekday(rest).is_some()).then_some(date)
}

/// Returns the number of a day of the week, 0 for Monday.
fn weekday(word: &str) -> Option<u32> {
    let word = word.trim().to_lowercase();
    let word = word.strip_prefix("วัน").unwrap_or(&word);
    if word.chars().count() > 12 {
        return None;
    }
    let number = DAYS.iter().position(|names| {
        let [english, short, thai] = names;
        word.starts_with(english) || word == *short || word.starts_with(thai)
    });
    number.and_then(|number| u32::try_from(number).ok())
}

fn falls_on(date: [u32; 3], weekday: u32) -> bool {
    let Some(time) = Time::wall(date, [0; 3]) else { return false };
    let day = chrono::DateTime::from_timestamp_millis(time.millis).map(|time| time.date_naive());
    day.is_some_and(|day: NaiveDate| day.weekday().num_days_from_monday() == weekday)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_both_languages_and_eras() {
        for (line, thai, expected) in [
            ("2026/11/01(Sun)", false, [2026, 11, 1]),
            ("2569/11/01(อา.)", true, [2569, 11, 1]),
            ("2026.11.01 Sunday", false, [2026, 11, 1]),
            ("2026.11.01 วันอาทิตย์", true, [2026, 11, 1]),
            ("Sun, 11/1/2026", false, [2026, 11, 1]),
            // The day of the week tells which is the month.
            ("Mon, 2/11/2026", false, [2026, 11, 2]),
            ("อา., 1/11/2569", true, [2569, 11, 1]),
            ("Tue, 13/1/2026", false, [2026, 1, 13]),
        ] {
            assert_eq!(date(line, thai), Some(expected), "{line}");
        }
        for line in ["2026/11/01 นัดกัน", "Sunday, bloody", "11/1/2026", "Sun, 40/40/2026", ""]
        {
            assert_eq!(date(line, false), None, "{line}");
        }
    }

    #[test]
    fn times_of_day() {
        assert_eq!(clock("9:05 PM"), Some([21, 5, 0]));
        assert_eq!(clock("AM 12:05"), Some([0, 5, 0]));
        assert_eq!(clock("09:05 น."), Some([9, 5, 0]));
        for text in ["24:00", "9", "9:05:01", "PM", "9:05 9:06", ""] {
            assert_eq!(clock(text), None, "{text}");
        }
    }
}
