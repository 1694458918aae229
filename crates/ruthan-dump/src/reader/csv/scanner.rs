//! Finding fields and the row's end, in one pass that can stop anywhere and go on.

use memchr::{memchr, memchr3};

/// A field of a row, by where it lies in the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    /// Where the field begins, after its opening quote.
    pub(super) start: usize,
    /// Where it ends, before its closing quote.
    pub(super) end: usize,
    /// Whether there are quotes in it to be undone.
    pub(super) coded: bool,
}

impl Field {
    /// Appends what the field says to `out`.
    pub(super) fn decode(self, row: &str, out: &mut String) {
        let mut rest = &row[self.start..self.end];
        if !self.coded {
            return out.push_str(rest);
        }
        // Two quotes are one; a single one closed the field, and the rest is plain.
        while let Some(at) = memchr(b'"', rest.as_bytes()) {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            match rest.strip_prefix('"') {
                Some(after) => {
                    out.push('"');
                    rest = after;
                }
                None => break,
            }
        }
        out.push_str(rest);
    }
}

/// What a scan came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    /// The row ends: its length without and with the line break.
    Row { content: usize, whole: usize },
    /// The data end before the row does.
    More,
    /// The file ends inside a quoted field.
    Unclosed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the beginning of a field.
    Start,
    /// In a field, outside quotes.
    Plain,
    /// Inside quotes.
    Quoted,
    /// After a quote inside quotes: the field's end, or the first of two quotes.
    Quote,
}

/// Finds the fields of a row.
pub(super) struct Scanner {
    delimiter: u8,
    state: State,
    /// How far the data have been looked at.
    at: usize,
    /// The current field so far.
    field: Field,
    fields: Vec<Field>,
    /// All fields of the row, including those not stored.
    count: usize,
    most: usize,
}

impl Scanner {
    /// Makes a scanner that stores at most so many fields of a row, and counts the others.
    pub(super) fn new(delimiter: u8, most: usize) -> Self {
        let field = Field { start: 0, end: 0, coded: false };
        let (state, at, count) = (State::Start, 0, 0);
        Self { delimiter, state, at, field, fields: Vec::new(), count, most }
    }

    /// Changes how many fields are stored.
    pub(super) fn store_at_most(&mut self, most: usize) {
        self.most = most;
    }

    /// Returns the fields of the row found.
    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Counts the fields of the row found.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Gets ready for a row that begins where the data do.
    pub(super) fn restart(&mut self) {
        self.state = State::Start;
        self.at = 0;
        self.fields.clear();
        self.count = 0;
    }

    /// Forgets where the fields are, so that the data scanned so far can be dropped; returns how much
    /// that is.
    pub(super) fn forget(&mut self) -> usize {
        self.fields.clear();
        std::mem::take(&mut self.at)
    }

    /// Looks for the row's end, from where the last scan of the same row stopped. The data are those
    /// of the last scan with more behind them; `ended` says that no more will come.
    pub(super) fn scan(&mut self, data: &[u8], ended: bool) -> Scan {
        loop {
            match self.state {
                State::Start => {
                    let Some(&first) = data.get(self.at) else { break };
                    let quoted = first == b'"';
                    self.at += usize::from(quoted);
                    self.field = Field { start: self.at, end: self.at, coded: false };
                    self.state = if quoted { State::Quoted } else { State::Plain };
                }
                State::Plain => {
                    let Some(found) = memchr3(self.delimiter, b'\n', b'\r', &data[self.at..])
                    else {
                        self.at = data.len();
                        break;
                    };
                    self.at += found;
                    self.field.end = self.at;
                    if let Some(scan) = self.end_field(data, ended) {
                        return scan;
                    }
                }
                State::Quoted => {
                    let Some(found) = memchr(b'"', &data[self.at..]) else {
                        self.at = data.len();
                        break;
                    };
                    self.at += found + 1;
                    self.state = State::Quote;
                }
                State::Quote => match data.get(self.at) {
                    None => break,
                    Some(b'"') => {
                        self.field.coded = true;
                        self.at += 1;
                        self.state = State::Quoted;
                    }
                    Some(&byte) if byte == self.delimiter || byte == b'\n' || byte == b'\r' => {
                        // The quote is before the data's beginning if they were forgotten since; the
                        // field is then of no use anyway.
                        self.field.end = self.at.saturating_sub(1);
                        if let Some(scan) = self.end_field(data, ended) {
                            return scan;
                        }
                    }
                    Some(_) => {
                        self.field.coded = true;
                        self.state = State::Plain;
                    }
                },
            }
        }
        if ended { self.end_of_file() } else { Scan::More }
    }

    /// Ends a field at the delimiter or line break that has been reached; returns something if the
    /// scan ends with it.
    fn end_field(&mut self, data: &[u8], ended: bool) -> Option<Scan> {
        let content = self.at;
        let line_break = match (data[content], data.get(content + 1)) {
            (b'\r', Some(b'\n')) => 2,
            // Whether a line feed follows is not known yet: the same byte is looked at again then.
            (b'\r', None) if !ended => return Some(Scan::More),
            (b'\r' | b'\n', _) => 1,
            _ => {
                self.push_field();
                self.at += 1;
                self.state = State::Start;
                return None;
            }
        };
        self.push_field();
        Some(Scan::Row { content, whole: content + line_break })
    }

    /// Ends the row where the file does.
    fn end_of_file(&mut self) -> Scan {
        match self.state {
            State::Quoted => return Scan::Unclosed,
            State::Start => self.field = Field { start: self.at, end: self.at, coded: false },
            State::Plain => self.field.end = self.at,
            State::Quote => self.field.end = self.at.saturating_sub(1),
        }
        self.push_field();
        Scan::Row { content: self.at, whole: self.at }
    }

    fn push_field(&mut self) {
        self.count += 1;
        if self.fields.len() < self.most {
            self.fields.push(self.field);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scans one row that is made known byte by byte.
    fn fields(text: &str) -> (Vec<String>, Scan) {
        let mut scanner = Scanner::new(b',', 100);
        for known in 0..=text.len() {
            let scan = scanner.scan(&text.as_bytes()[..known], false);
            if scan != Scan::More {
                return (decoded(&scanner, text), scan);
            }
        }
        let scan = scanner.scan(text.as_bytes(), true);
        (decoded(&scanner, text), scan)
    }

    fn decoded(scanner: &Scanner, text: &str) -> Vec<String> {
        let decode = |field: &Field| {
            let mut out = String::new();
            field.decode(text, &mut out);
            out
        };
        scanner.fields().iter().map(decode).collect()
    }

    #[test]
    fn rows_end_where_they_should() {
        assert_eq!(
            fields("ก,ข\r\nค"),
            (vec!["ก".into(), "ข".into()], Scan::Row { content: 7, whole: 9 })
        );
        assert_eq!(fields("a\rb").1, Scan::Row { content: 1, whole: 2 });
        assert_eq!(fields("a\r").1, Scan::Row { content: 1, whole: 2 });
        assert_eq!(fields("a,").0, ["a", ""]);
        assert_eq!(fields("\"a\nb\",c\n").0, ["a\nb", "c"]);
        assert_eq!(fields("\"a\nb,c\n").1, Scan::Unclosed);
    }

    #[test]
    fn quotes_are_undone_as_the_csv_crate_does() {
        assert_eq!(fields("\"\",\"\"\"\",\"ก\"\"ข\"\n").0, ["", "\"", "ก\"ข"]);
        assert_eq!(fields("a\"b\",\"a\"b,\"a\"b\"c\n").0, ["a\"b\"", "ab", "ab\"c"]);
        assert_eq!(fields("\"a\"\"\"b\n").0, ["a\"b"]);
    }

    #[test]
    fn fields_beyond_the_limit_are_counted() {
        let mut scanner = Scanner::new(b';', 2);
        scanner.scan(b"a;b;c;d\n", false);
        assert_eq!((scanner.fields().len(), scanner.count()), (2, 4));
    }
}
