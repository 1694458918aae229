//! Folds the disguises that Unicode itself knows: full-width, mathematical, circled, superscript letters and digits.
//!
//! Thai and Lao are never touched: NFKC takes `ำ` apart, which changes half of all ordinary Thai sentences.

use unicode_normalization::char::{compose, decompose_compatible, is_combining_mark};

use super::work::{Piece, Work};
use super::{Change, ChangeKind, Span};

/// The ASCII letter of a Latin small capital or another disguise for which Unicode has no decomposition.
const fn small_capital(ch: char) -> Option<char> {
    Some(match ch {
        'ᴀ' => 'a',
        'ʙ' => 'b',
        'ᴄ' => 'c',
        'ᴅ' => 'd',
        'ᴇ' => 'e',
        'ꜰ' => 'f',
        'ɢ' => 'g',
        'ʜ' => 'h',
        'ɪ' => 'i',
        'ᴊ' => 'j',
        'ᴋ' => 'k',
        'ʟ' => 'l',
        'ᴍ' => 'm',
        'ɴ' => 'n',
        'ᴏ' => 'o',
        'ᴘ' => 'p',
        'ʀ' => 'r',
        'ꜱ' => 's',
        'ᴛ' => 't',
        'ᴜ' => 'u',
        'ᴠ' => 'v',
        'ᴡ' => 'w',
        'ʏ' => 'y',
        'ᴢ' => 'z',
        _ => return None,
    })
}

/// The letter inside a negative circled or squared capital (🅐, 🅰), for which Unicode has no decomposition.
fn enclosed_capital(ch: char) -> Option<char> {
    let offset = match ch {
        '\u{1F150}'..='\u{1F169}' => ch as u32 - 0x1F150,
        '\u{1F170}'..='\u{1F189}' => ch as u32 - 0x1F170,
        _ => return None,
    };
    char::from_u32('A' as u32 + offset)
}

/// Whether `ch` is a compatibility form that is ordinary writing, not disguise.
const fn is_ordinary(ch: char) -> bool {
    // Latin-1 (ª, ², ½ …), the trade mark and number signs, degrees, ellipsis and its kin, doubled ! and ?.
    matches!(ch, '\u{00A0}'..='\u{00FF}' | '\u{2024}'..='\u{2026}' | '\u{203C}' | '\u{2047}'..='\u{2049}' | '\u{2080}'..='\u{208E}' | '\u{2100}' | '\u{2103}' | '\u{2109}' | '\u{2116}' | '\u{2120}'..='\u{2122}')
}

/// Pushes what `ch` stands for; returns whether it stands for anything but itself.
fn fold(ch: char, mut push: impl FnMut(char)) -> bool {
    if let Some(ascii) = small_capital(ch).or_else(|| enclosed_capital(ch)) {
        push(ascii);
        return true;
    }
    if is_ordinary(ch) || super::thai_chars::is_thai(ch) || ('\u{0E80}'..='\u{0EFF}').contains(&ch)
    {
        return false;
    }
    let mut folded = ['\0'; 4];
    let mut len = 0;
    // Disguises are those that unfold to a few ASCII characters; a ligature of another script is left alone.
    let mut ascii = true;
    decompose_compatible(ch, |part| {
        ascii &= part.is_ascii() && len < folded.len();
        if ascii {
            folded[len] = part;
            len += 1;
        }
    });
    if !ascii || len == 0 {
        return false;
    }
    folded[..len].iter().for_each(|&part| push(part));
    true
}

/// Folds compatibility forms to ASCII and composes letters with the accents that follow them (canonical composition).
pub(super) fn fold_disguises(work: &mut Work) {
    // Below U+02B0 nothing folds but the small capitals of IPA, of which the first is U+0262.
    if !work.any(|ch| ch >= '\u{0262}' && !super::thai_chars::is_thai(ch)) {
        return;
    }
    work.rewrite(|pieces, i, out, changes| {
        let piece = pieces[i];
        if piece.ch.is_ascii() || super::thai_chars::is_thai(piece.ch) {
            out.push(piece);
            return 1;
        }
        if is_combining_mark(piece.ch)
            && let Some(last) = out.last_mut()
        {
            if let Some(composed) = compose(last.ch, piece.ch) {
                *last = Piece { ch: composed, span: Span::new(last.span.start, piece.span.end) };
                return 1;
            }
            // No language writes these over a plain letter: they strike it out or bury it.
            if last.ch.is_ascii_alphanumeric() && matches!(piece.ch, '\u{0300}'..='\u{036F}') {
                changes.push(Change { kind: ChangeKind::Invisible, span: piece.span });
                return 1;
            }
            // Heaps of marks over one letter ("Zalgo") hide it: two are enough for every living script.
            let heap = out.iter().rev().take(2).filter(|p| is_combining_mark(p.ch)).count();
            if heap == 2 {
                changes.push(Change { kind: ChangeKind::Invisible, span: piece.span });
                return 1;
            }
        }
        if fold(piece.ch, |ch| out.push(Piece { ch, ..piece })) {
            if !piece.ch.is_whitespace() {
                changes.push(Change { kind: ChangeKind::Compatibility, span: piece.span });
            }
        } else {
            out.push(piece);
        }
        1
    });
}
