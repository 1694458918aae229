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

/// A count of rows on standard error, if that is a terminal.
pub(crate) fn progress() -> indicatif::ProgressBar {
    if !std::io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let bar = indicatif::ProgressBar::new_spinner();
    if let Ok(style) = indicatif::ProgressStyle::with_template(
        "{spinner} {human_pos} messages, {per_sec}, {elapsed}",
    ) {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_cannot_reach_the_terminal() {
        assert_eq!(printable("\u{1b}[31mก\u{202E}\nข\u{9b}"), "\u{FFFD}[31mก\u{FFFD}⏎ข\u{FFFD}");
    }
}
