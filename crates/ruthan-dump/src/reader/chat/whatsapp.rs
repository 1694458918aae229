//! WhatsApp: the text that the application exports of a chat.
//!
//! `01/11/2026, 12:30 - Name: text` on Android, `[01/11/2026, 12:30:05] Name: text` on iOS, with the
//! order of the date, the clock and the spaces of the telephone's language.

use std::io;
use std::path::Path;

use super::Record;
use super::headed::{Dialect, Headed, Kind};
use crate::metadata::Direction;
use crate::reader::lines::Lines;
use crate::reader::window::Window;
use crate::time::{Time, numbers};

/// How much of a file is looked at to tell the order of its dates.
const LOOKED_AT: usize = 64 << 10;
/// Marks of direction, which stand before what the application itself says.
const MARKS: [char; 4] = ['\u{200e}', '\u{200f}', '\u{202a}', '\u{feff}'];
/// What names of files say before the name of the chat.
const NAMED: [&str; 4] =
    ["WhatsApp Chat with ", "WhatsApp Chat - ", "แชท WhatsApp กับ ", "การแชท WhatsApp กับ "];
/// The usual name inside an archive, which tells nothing.
const NAMELESS: &str = "_chat";

/// Begins an export.
pub(super) fn start(
    mut window: Window,
    name: &str,
    max_row_bytes: usize,
) -> io::Result<Headed<WhatsApp>> {
    window.fill(LOOKED_AT)?;
    let start = String::from_utf8_lossy(window.data());
    let order = Order::of(&start);
    let dialect = WhatsApp { conversation: conversation(name), order };
    let lines = Lines::new(window, max_row_bytes).with_blank();
    Ok(Headed::new(lines, dialect, max_row_bytes))
}

/// Says whether a file that begins so is an export.
pub(in crate::reader) fn is_whatsapp(start: &str) -> bool {
    start.lines().next().is_some_and(|line| Stamp::read(line).is_some())
}

/// Reads the chat's name from the file's.
fn conversation(name: &str) -> String {
    let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let named = NAMED.iter().find_map(|words| stem.split_once(words)).map(|(_, name)| name);
    named.unwrap_or(if stem == NAMELESS { "" } else { stem }).trim().to_owned()
}

/// Where the day stands in a date that does not begin with the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
}

impl Order {
    /// Tells the order from the dates of the first messages: no month is over 12. If none tells,
    /// the month is first in the form of the United States, two digits of the year and a clock of
    /// twelve hours.
    fn of(start: &str) -> Self {
        let mut american = true;
        for stamp in start.lines().filter_map(|line| Stamp::read(line).map(|(stamp, _)| stamp)) {
            let [first, second, year] = stamp.date;
            if first <= 31 && first > 12 {
                return Self::DayFirst;
            }
            if first <= 12 && second > 12 {
                return Self::MonthFirst;
            }
            american &= stamp.halves && year < 100;
        }
        if american { Self::MonthFirst } else { Self::DayFirst }
    }
}

/// The export of one chat.
pub(super) struct WhatsApp {
    conversation: String,
    order: Order,
}

impl Dialect for WhatsApp {
    fn kind(&mut self, line: &str) -> Kind {
        let Some((stamp, rest)) = Stamp::read(line) else { return Kind::More };
        let (sender, text) =
            match rest.split_once(": ").or_else(|| Some((rest.strip_suffix(':')?, ""))) {
                Some((sender, text)) => (sender.trim_matches(MARKS).trim(), text),
                None => ("", rest),
            };
        let direction = match sender {
            "" => Some(Direction::System),
            _ if sender == self.conversation => Some(Direction::Received),
            // Whether the owner or another member of the group wrote it, the file does not tell.
            _ => None,
        };
        Kind::Head(Record {
            conversation: self.conversation.clone(),
            time: stamp.time(self.order),
            direction,
            sender: sender.to_owned(),
            text: Some(text.trim_start_matches(MARKS).to_owned()),
        })
    }
}

/// The time before a message, as written.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    date: [u32; 3],
    clock: [u32; 3],
    /// Whether the clock has twelve hours.
    halves: bool,
}

impl Stamp {
    /// Reads the time with which a line begins; returns what follows it, too.
    fn read(line: &str) -> Option<(Self, &str)> {
        let line = line.trim_start_matches(MARKS);
        let (stamp, rest) = match line.strip_prefix('[') {
            Some(line) => line.split_once(']')?,
            None => line.split_once(" - ").or_else(|| line.split_once(" – "))?,
        };
        // A time is short; whatever is not is no reason to look further.
        if stamp.len() > 64 {
            return None;
        }
        let mut words =
            stamp.split(|ch: char| ch.is_whitespace() || ch == ',' || MARKS.contains(&ch));
        let mut words = words.by_ref().filter(|word| !word.is_empty());
        let date = numbers::<3>(words.next()?, |ch| matches!(ch, '/' | '.' | '-'))?;
        let clock = words.next()?;
        // The half may touch the clock, as in `9:05pm`.
        let digits = clock.find(char::is_alphabetic).unwrap_or(clock.len());
        let (clock, touching) = clock.split_at(digits);
        let separator = |ch| matches!(ch, ':' | '.');
        let [hour, minute, second] = numbers::<3>(clock, separator)
            .or_else(|| numbers::<2>(clock, separator).map(|[hour, minute]| [hour, minute, 0]))?;
        let half: String = [touching].into_iter().chain(words).collect();
        let half = half.replace('.', "").to_lowercase();
        let (hour, halves) = match half.as_str() {
            "" | "น" => (hour, false),
            "am" => (hour % 12, true),
            "pm" => (hour % 12 + 12, true),
            _ => return None,
        };
        let rest = rest.trim_start_matches(' ');
        Some((Self { date, clock: [hour, minute, second], halves }, rest))
    }

    fn time(&self, order: Order) -> Option<Time> {
        let [first, second, third] = self.date;
        let [year, month, day] = match order {
            _ if first > 31 => [first, second, third],
            Order::DayFirst => [third, second, first],
            Order::MonthFirst => [third, first, second],
        };
        let year = match year {
            // The application is of 2009, so what is later than 2059 is a Buddhist year.
            0..60 => 2_000 + year,
            60..100 => 2_500 + year,
            _ => year,
        };
        Time::wall([year, month, day], self.clock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(String, &str)> {
        let (stamp, rest) = Stamp::read(line)?;
        let time = stamp.time(Order::of(line)).map(|time| time.to_string());
        Some((time.unwrap_or_default(), rest))
    }

    #[test]
    fn times_of_many_languages() {
        for (line, time) in [
            ("01/11/2026, 12:30 - x", "2026-11-01T12:30:00"),
            ("\u{200e}[1/11/2569 12:30:05] x", "2026-11-01T12:30:05"),
            ("[1/11/26, 9:05:00\u{202f}PM] x", "2026-01-11T21:05:00"),
            ("25/11/26, 9:05 p. m. - x", "2026-11-25T21:05:00"),
            ("25.11.26, 9:05 - x", "2026-11-25T09:05:00"),
            ("2026-11-01, 12:05\u{a0}a.m. - x", "2026-11-01T00:05:00"),
            ("1/11/69 12:30 น. - x", "2026-11-01T12:30:00"),
            ("31/12/2026, 21.05 – x", "2026-12-31T21:05:00"),
            ("99/99/2026, 12:30 - x", ""),
        ] {
            assert_eq!(read(line), Some((time.to_owned(), "x")), "{line}");
        }
        for line in ["12:30 - x", "a - b", "[note] x", "01/11/2026 - x", "1/2/3 4:5 tea - x", ""] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn the_dates_of_a_file_tell_their_order() {
        let american = "1/2/26, 9:05 PM - a: b\n";
        assert_eq!(Order::of(american), Order::MonthFirst);
        assert_eq!(Order::of(&format!("{american}13/2/26, 9:05 PM - a: b")), Order::DayFirst);
        assert_eq!(Order::of("1/2/2026, 21:05 - a: b"), Order::DayFirst);
        assert_eq!(Order::of("1/13/2026, 21:05 - a: b"), Order::MonthFirst);
    }

    #[test]
    fn the_name_of_the_file_is_that_of_the_chat() {
        assert_eq!(conversation("x/WhatsApp Chat with สมชาย ใจดี.txt"), "สมชาย ใจดี");
        assert_eq!(conversation("WhatsApp Chat - +66 81 234 5678.zip"), "+66 81 234 5678");
        assert_eq!(conversation("_chat.txt"), "");
    }
}
