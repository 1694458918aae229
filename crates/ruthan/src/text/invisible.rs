//! Takes out what is not seen: zero-width, bidirectional and control characters.

use super::work::Work;
use super::{Change, ChangeKind, thai_chars};

/// How `ch` hides, if it does.
const fn hidden(ch: char) -> Option<ChangeKind> {
    match ch {
        // Marks and controls of direction: they reorder what a person sees.
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            Some(ChangeKind::Bidi)
        }
        '\u{0000}'..='\u{0008}'
        | '\u{000B}'
        | '\u{000C}'
        | '\u{000E}'..='\u{001F}'
        | '\u{007F}'..='\u{0084}'
        | '\u{0086}'..='\u{009F}'
        | '\u{00AD}'
        | '\u{034F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200D}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}'
        | '\u{20E3}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}'
        // Private use: no one can say what it shows; the model text uses it for placeholders.
        | '\u{E000}'..='\u{F8FF}'
        | '\u{F0000}'..='\u{10FFFF}' => Some(ChangeKind::Invisible),
        _ => None,
    }
}

/// Whether `ch`, hidden, is how emoji are properly spelled when it follows a symbol.
const fn belongs_to_emoji(ch: char) -> bool {
    matches!(ch, '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}' | '\u{E0020}'..='\u{E007F}')
}

/// The mark that puts a digit in a box.
const KEYCAP: char = '\u{20E3}';

/// Whether an emoji may be spelled with joiners and selectors behind `ch`.
fn is_symbol(ch: char) -> bool {
    !ch.is_ascii() && !ch.is_alphanumeric() && !ch.is_whitespace() && !thai_chars::is_thai(ch)
}

/// Drops hidden characters and counts them, for they are evidence; turns old private-use Thai glyphs into letters.
///
/// Joiners and selectors after a symbol are how emoji are spelled: they stay.
pub(super) fn strip(work: &mut Work) {
    if !work.any(|ch| hidden(ch).is_some()) {
        return;
    }
    work.rewrite(|pieces, i, out, changes| {
        let piece = pieces[i];
        match hidden(piece.ch) {
            None => out.push(piece),
            Some(kind) => {
                if let Some(ch) = thai_chars::thai_of_private_glyph(piece.ch) {
                    out.push(super::Piece { ch, ..piece });
                    changes.push(Change { kind: ChangeKind::Thai, span: piece.span });
                } else if !belongs_to_emoji(piece.ch) || i == 0 {
                    changes.push(Change { kind, span: piece.span });
                } else if piece.ch == KEYCAP {
                    // `1️⃣` is a digit in a box, and the box is part of it.
                    if let Some(digit) = out.last_mut() {
                        digit.span.end = piece.span.end;
                    }
                    changes.push(Change { kind: ChangeKind::Compatibility, span: piece.span });
                } else if is_symbol(pieces[i - 1].ch) {
                    out.push(piece);
                } else if !pieces[i - 1].ch.is_ascii_digit()
                    && !matches!(pieces[i - 1].ch, '#' | '*')
                {
                    changes.push(Change { kind, span: piece.span });
                }
            }
        }
        1
    });
}
