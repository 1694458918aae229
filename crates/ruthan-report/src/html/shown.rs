//! Hostile text made fit to be seen: isolated, and what cannot be seen in it shown as marks.

use askama::Template;

/// A text that somebody else wrote. As HTML it is escaped, cannot turn the direction of what stands around it, and shows
/// hidden and control characters by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "shown.html")]
pub(super) struct Shown {
    pieces: Vec<Piece>,
}

impl askama::filters::HtmlSafe for Shown {}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    hidden: bool,
}

impl Shown {
    pub(super) fn new(text: &str) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        for ch in text.chars() {
            if is_hidden(ch) {
                pieces.push(Piece { text: format!("U+{:04X}", u32::from(ch)), hidden: true });
            } else if let Some(last) = pieces.last_mut().filter(|last| !last.hidden) {
                last.text.push(ch);
            } else {
                pieces.push(Piece { text: ch.into(), hidden: false });
            }
        }
        Self { pieces }
    }
}

/// What can be seen of a text.
pub(super) fn seen(text: &str) -> String {
    text.chars().filter(|&ch| !is_hidden(ch)).collect()
}

/// Control characters but for tabs and line breaks, and what is invisible or turns the direction of writing.
fn is_hidden(ch: char) -> bool {
    matches!(
        ch,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    ) || (ch.is_control() && !matches!(ch, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(
            Shown::new("ก\u{202E}<b>\0").to_string().trim(),
            r#"<bdi>ก<span class="ctl">U+202E</span>&#60;b&#62;<span class="ctl">U+0000</span></bdi>"#
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_a_tag(text in any::<String>()) {
            let html = Shown::new(&text).to_string();
            let tags = html.replace("<bdi>", "").replace("</bdi>", "");
            let tags = tags.replace("<span class=\"ctl\">", "").replace("</span>", "");
            let breaks_out = tags.contains(['<', '>', '"', '\'', '\0', '\u{202E}']);
            prop_assert!(!breaks_out, "{:?}", tags);
        }
    }
}
