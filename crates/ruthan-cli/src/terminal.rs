//! What people see.

use std::io::{IsTerminal, Write};

/// Makes hostile text safe to print: control and bidirectional characters become `�`, line breaks `⏎`.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|ch| match ch {
            '\n' => '⏎',
            '\t' => ' ',
            '\u{061C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
            ch if ch.is_control() => '\u{FFFD}',
            ch => ch,
        })
        .collect()
}

/// Says on standard error what is wrong.
pub(crate) fn complain(message: &str) {
    // Nothing can be done about a standard error that is closed.
    let _ = writeln!(std::io::stderr().lock(), "ruthan: {}", printable(message));
}

/// Says on standard error what was done.
pub(crate) fn report(message: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{message}");
}

/// How far a run is, on standard error, if that is a terminal. The position counts bytes; with their
/// `total`, the time left is shown. What is said of messages is the bar's message.
pub(crate) fn progress(total: Option<u64>) -> indicatif::ProgressBar {
    if !std::io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let (bar, template) = match total {
        Some(total) => (
            indicatif::ProgressBar::new(total),
            "{bar:30} {percent}%  {msg}  {elapsed} passed, {eta} left",
        ),
        None => (indicatif::ProgressBar::new_spinner(), "{spinner} {msg}  {elapsed} passed"),
    };
    match indicatif::ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_cannot_reach_the_terminal() {
        assert_eq!(printable("\u{1b}[31mก\u{202E}\nข\u{9b}"), "\u{FFFD}[31mก\u{FFFD}⏎ข\u{FFFD}");
    }
}
