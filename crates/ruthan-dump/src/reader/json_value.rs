//! Finding the end of a JSON value that lies in a window, without parsing it.

use memchr::memchr2;

/// Finds the end of one value; goes on where it stopped when there is more of it.
#[derive(Debug, Default)]
pub(super) struct ValueEnd {
    /// How many bytes of the value have been gone through.
    scanned: usize,
    /// How many lists and objects are open.
    depth: u64,
    in_string: bool,
    escaped: bool,
}

impl ValueEnd {
    /// Returns how long the value at the beginning of `data` is; none if it goes on beyond it.
    ///
    /// A number or word ends with the data where that is the file's end, and must have a byte. Whether
    /// the value is valid is left to the parser.
    pub(super) fn find(&mut self, data: &[u8], ended: bool) -> Option<usize> {
        while self.scanned < data.len() {
            if self.in_string {
                self.skip_string(data);
            } else {
                match data[self.scanned] {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' if self.depth == 0 => return Some(self.scanned),
                    b'}' | b']' => self.depth -= 1,
                    b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => {
                        return Some(self.scanned);
                    }
                    _ => {
                        self.scanned += 1;
                        continue;
                    }
                }
                let closing = matches!(data[self.scanned], b'}' | b']');
                self.scanned += 1;
                if closing && self.depth == 0 {
                    return Some(self.scanned);
                }
                continue;
            }
            if !self.in_string && self.depth == 0 {
                return Some(self.scanned);
            }
        }
        (ended && self.depth == 0 && !self.in_string && self.scanned > 0).then_some(self.scanned)
    }

    /// Goes on within a string, to its end or the data's.
    fn skip_string(&mut self, data: &[u8]) {
        if self.escaped {
            self.escaped = false;
            self.scanned += 1;
            return;
        }
        match memchr2(b'"', b'\\', &data[self.scanned..]) {
            None => self.scanned = data.len(),
            Some(at) => {
                self.escaped = data[self.scanned + at] == b'\\';
                self.in_string = self.escaped;
                self.scanned += at + 1;
            }
        }
    }

    /// Forgets what has been gone through, for a value that is passed over; returns how much it was.
    pub(super) fn forget(&mut self) -> usize {
        std::mem::take(&mut self.scanned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_found_wherever_the_data_is_cut() {
        for (json, length) in [
            (r#"{"a":"}]\"\\","b":[{}]},1"#, 23),
            (r#""a\"b" : 1"#, 6),
            ("-1.5e3]", 6),
            ("null\n", 4),
            ("[[],\"ก\"]", 10),
            ("true", 4),
            ("]", 0),
        ] {
            for cut in 0..=json.len() {
                let mut end = ValueEnd::default();
                let first = end.find(&json.as_bytes()[..cut], false);
                let found = first.or_else(|| end.find(json.as_bytes(), true));
                assert_eq!(found, Some(length), "{json} cut at {cut}");
            }
        }
        assert_eq!(ValueEnd::default().find(b"{\"a\":[", true), None);
        assert_eq!(ValueEnd::default().find(b"\"a", true), None);
    }
}
