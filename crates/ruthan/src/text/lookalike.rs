//! Undoes letters of one script that stand in for those of another, within one token only.
//!
//! Whole words of another script are someone's language and are left alone; a single Latin letter inside a Thai
//! syllable, or a Cyrillic one inside a Latin word, is no one's.

use unicode_script::{Script, UnicodeScript};

use super::thai_chars::{is_consonant, is_leading_vowel, is_letter_or_mark, is_mark, thai_of_lao};
use super::work::{Piece, Work};
use super::{Change, ChangeKind};

/// The Latin letter that a Cyrillic or Greek letter is drawn like.
pub(super) const fn latin_of(ch: char) -> Option<char> {
    Some(match ch {
        'а' | 'α' => 'a',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'С' | 'Ϲ' => 'C',
        'ԁ' => 'd',
        'е' | 'ё' | 'ε' => 'e',
        'Е' | 'Ё' | 'Ε' => 'E',
        'ց' => 'g',
        'һ' => 'h',
        'Н' | 'Η' => 'H',
        'і' | 'ї' | 'ι' => 'i',
        'І' | 'Ї' | 'Ι' => 'I',
        'ј' => 'j',
        'Ј' => 'J',
        'к' | 'κ' => 'k',
        'К' | 'Κ' => 'K',
        'ӏ' => 'l',
        'М' | 'Μ' => 'M',
        'м' => 'm',
        'п' | 'η' => 'n',
        'Ν' => 'N',
        'о' | 'ο' | 'σ' => 'o',
        'О' | 'Ο' => 'O',
        'р' | 'ρ' => 'p',
        'Р' | 'Ρ' => 'P',
        'ԛ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'Ѕ' => 'S',
        'т' | 'τ' => 't',
        'Т' | 'Τ' => 'T',
        'υ' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'Х' | 'Χ' => 'X',
        'у' | 'γ' => 'y',
        'У' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        _ => return None,
    })
}

/// Puts Latin letters back where Cyrillic or Greek ones pose as them inside a Latin word.
pub(super) fn fold_into_latin(work: &mut Work) {
    if !work.any(|ch| latin_of(ch).is_some()) {
        return;
    }
    let mut i = 0;
    while i < work.pieces.len() {
        let end = i + run(&work.pieces[i..], char::is_alphabetic);
        if end == i {
            i += 1;
            continue;
        }
        // `К-PLUS`: one capital, joined by a hyphen to a Latin word.
        let hyphen_joins = work.pieces[i].ch.is_uppercase()
            && work.pieces.get(end).is_some_and(|p| p.ch == '-')
            && work.pieces.get(end + 1).is_some_and(|p| p.ch.is_ascii_alphabetic());
        let token = &mut work.pieces[i..end];
        let latin = token.iter().filter(|p| p.ch.script() == Script::Latin).count();
        let foreign = token.iter().filter(|p| latin_of(p.ch).is_some()).count();
        // Every letter must be explained, or the token is some other mixture than a disguise.
        let joined = foreign == 1 && token.len() == 1 && hyphen_joins;
        if joined || (latin > 0 && foreign > 0 && latin + foreign == token.len()) {
            for piece in token {
                if let Some(ch) = latin_of(piece.ch) {
                    piece.ch = ch;
                    work.changes.push(Change { kind: ChangeKind::Lookalike, span: piece.span });
                }
            }
        }
        i = end;
    }
}

/// Puts Thai letters back where Lao ones pose as them inside a Thai word.
pub(super) fn fold_lao_into_thai(work: &mut Work) {
    if !work.any(|ch| thai_of_lao(ch).is_some()) {
        return;
    }
    let mut i = 0;
    while i < work.pieces.len() {
        let thai_or_lao = |ch| is_letter_or_mark(ch) || thai_of_lao(ch).is_some();
        let end = i + run(&work.pieces[i..], thai_or_lao);
        if end == i {
            i += 1;
            continue;
        }
        let token = &mut work.pieces[i..end];
        let lao = token.iter().filter(|p| thai_of_lao(p.ch).is_some()).count();
        if lao > 0 && lao * 2 <= token.len() {
            for piece in token {
                if let Some(ch) = thai_of_lao(piece.ch) {
                    piece.ch = ch;
                    work.changes.push(Change { kind: ChangeKind::Lookalike, span: piece.span });
                }
            }
        }
        i = end;
    }
}

/// The Thai letter that a Latin letter is drawn like, given the Thai around it.
fn thai_of_latin(ch: char, before: Option<char>, after: Option<char>) -> Option<char> {
    Some(match ch {
        // `u` serves for both บ and น: บ closes `รับ` and opens `โบนัส`, น is the commoner elsewhere.
        'u' if before == Some('\u{0E31}') || before.is_some_and(is_leading_vowel) => 'บ',
        'u' => 'น',
        'U' => 'บ',
        'n' if after.is_some_and(|a| matches!(a, 'ุ' | '\u{0E39}' | '\u{0E49}')) => 'ก',
        'n' if before == Some('\u{0E32}') => 'ก',
        'n' => 'ท',
        's' => 'ร',
        'o' | 'O' | '0' => 'อ',
        'a' if before == Some('\u{0E31}') => 'ส',
        'a' => 'ล',
        'W' | 'w' => 'พ',
        'l' | 'I' => 'เ',
        _ => return None,
    })
}

/// Puts Thai letters back where single Latin ones pose as them inside a Thai word (`รัuโuนัส`, `สลoต`, `llจก`).
///
/// A Latin letter counts only where Thai spelling proves that a letter is missing: it carries a Thai mark, follows a
/// leading vowel, or stands alone between two Thai letters. `ll` or `l` before a consonant is a leading vowel.
pub(super) fn fold_latin_into_thai(work: &mut Work) {
    if !(work.any(is_letter_or_mark) && work.any(|ch| ch.is_ascii_alphanumeric())) {
        return;
    }
    let thai = |piece: Option<&Piece>| piece.map(|p| p.ch).filter(|&ch| is_letter_or_mark(ch));
    work.rewrite(|pieces, i, out, changes| {
        let piece = pieces[i];
        if !(piece.ch.is_ascii_alphabetic() || piece.ch == '0') {
            out.push(piece);
            return 1;
        }
        let length = run(&pieces[i..], |ch| ch.is_ascii_alphanumeric());
        let before = thai(out.last());
        let after = thai(pieces.get(i + length));
        let token = &pieces[i..i + length];
        let mut take = |out: &mut Vec<Piece>, ch: char| {
            out.push(Piece { ch, span: super::work::span_of(token) });
            changes.push(Change { kind: ChangeKind::Lookalike, span: super::work::span_of(token) });
            length
        };
        match (token, after) {
            ([a, b], Some(next)) if a.ch == 'l' && b.ch == 'l' && is_consonant(next) => {
                take(out, 'แ')
            }
            ([a], Some(next)) if a.ch == 'l' && is_consonant(next) => take(out, 'เ'),
            ([a], next) if a.ch != 'l' => {
                let proven = next.is_some_and(is_mark)
                    || before.is_some_and(|b| is_leading_vowel(b) || b == '\u{0E31}')
                    || (a.ch.is_ascii_lowercase() && before.is_some() && next.is_some())
                    || (a.ch == 'u' && before.is_some());
                match thai_of_latin(a.ch, before, next) {
                    Some(ch) if proven => take(out, ch),
                    _ => {
                        out.push(*a);
                        1
                    }
                }
            }
            ([a, b], next)
                if a.ch == b.ch
                    && before.is_some()
                    && next.is_some_and(|n| is_leading_vowel(n) || is_consonant(n))
                    && matches!(a.ch, 'u' | 'U' | 'o') =>
            {
                // A doubled consonant inside a word: `ระuu` is ระบบ.
                let ch = if a.ch == 'o' { 'อ' } else { 'บ' };
                out.push(Piece { ch, ..*a });
                out.push(Piece { ch, ..*b });
                changes.push(Change {
                    kind: ChangeKind::Lookalike,
                    span: super::work::span_of(token),
                });
                2
            }
            _ => {
                out.extend_from_slice(token);
                length
            }
        }
    });
}

/// Puts digits back where letters pose as them inside a number (`18O,OOO`, `I5O %`), and `%` where it is drawn as `'/.`.
pub(super) fn fold_letters_into_digits(work: &mut Work) {
    // A glance that spares most texts the rest: what is drawn like a digit stands beside one, or beside its like.
    let poser = |ch| matches!(ch, 'O' | 'o' | 'I' | 'l');
    let near = work.pieces.windows(2).any(|w| match (w[0].ch, w[1].ch) {
        (a, b) if a.is_ascii_digit() || a == ',' => poser(b),
        (a, b) if b.is_ascii_digit() => poser(a),
        ('I' | 'l', b) => matches!(b, 'O' | ','),
        (a, b) => a == '\'' && b == '/',
    });
    if !near {
        return;
    }
    let numeric = |ch: char| ch.is_ascii_digit() || matches!(ch, 'O' | 'o' | 'I' | 'l' | ',' | '.');
    work.rewrite(|pieces, i, out, changes| {
        let length = run(&pieces[i..], numeric);
        // A point before a number is none of its own: `Rs.38,OOO`.
        if length == 0 || pieces[i].ch == '.' {
            out.push(pieces[i]);
            return 1;
        }
        let (token, after) = pieces[i..].split_at(length);
        let percent = Work::spells(after, 0, "'/.");
        if is_disguised_number(token, &pieces[..i], after, percent) {
            for &piece in token {
                let ch = match piece.ch {
                    'O' | 'o' => '0',
                    'I' | 'l' => '1',
                    same => same,
                };
                out.push(Piece { ch, ..piece });
                if ch != piece.ch {
                    changes.push(Change { kind: ChangeKind::Lookalike, span: piece.span });
                }
            }
        } else {
            out.extend_from_slice(token);
        }
        if percent && out.last().is_some_and(|last| last.ch.is_ascii_digit()) {
            let span = super::work::span_of(&after[..3]);
            out.push(Piece { ch: '%', span });
            changes.push(Change { kind: ChangeKind::Lookalike, span });
            return length + 3;
        }
        length
    });
}

/// Whether `token`, of digits, commas, points and letters drawn like digits, is a number in disguise.
fn is_disguised_number(token: &[Piece], before: &[Piece], after: &[Piece], percent: bool) -> bool {
    let numeric = |p: &Piece| p.ch.is_numeric() || matches!(p.ch, 'O' | 'o');
    // A hyphen is a bound only between numbers: `3ooo-5ooo`.
    // And a stroke with a hyphen behind it closes a price in India: `Rs.500/-`.
    let bound = |near: Option<&Piece>, beyond: Option<&Piece>| match near.map(|p| p.ch) {
        Some('-') => beyond.is_some_and(numeric),
        Some('/') if beyond.is_some_and(|p| p.ch == '-') => true,
        Some(ch) => {
            !ch.is_ascii_alphanumeric() && !ch.is_numeric() && !matches!(ch, '/' | '@' | '_' | '=')
        }
        None => true,
    };
    let free_before = bound(before.last(), before.len().checked_sub(2).map(|b| &before[b]));
    let free_after = bound(after.first(), after.get(1));
    let count = |test: fn(&char) -> bool| token.iter().filter(|p| test(&p.ch)).count();
    let letters = count(char::is_ascii_alphabetic);
    if !free_before || letters == 0 || count(|&ch| ch == '.') > 0 {
        return false;
    }
    let (first, rest) = (token[0].ch, &token[1..]);
    let strokes = count(|ch| matches!(ch, 'I' | 'l'));
    // `loo'/.` has no digit left, but the sign behind it.
    let of_percent = percent && token.len() > 1 && count(|&ch| ch == ',') == 0;
    // `2I` may be a number and a word.
    let begun = count(char::is_ascii_digit) > 0
        && (first.is_ascii_digit() || (first == 'I' && token.len() > 2))
        && (token.len() > 2 || strokes == 0);
    // `lOO`, `I,OOO,OOO`, `l00`: a stroke and nothing but rings.
    let rings = rest.iter().filter(|p| matches!(p.ch, 'O' | 'o' | '0')).count();
    let stroke = matches!(first, 'I' | 'l')
        && rings >= 2
        // `loo` is a word.
        && rest.iter().any(|p| matches!(p.ch, 'O' | '0'))
        && rest.iter().all(|p| matches!(p.ch, 'O' | 'o' | '0' | ','));
    // `O81-234-5678`
    let ring = first == 'O' && rest.len() >= 2 && rest.iter().all(|p| p.ch.is_ascii_digit());
    // `O9O-123-4567`
    let joined = after.first().is_some_and(|p| p.ch == '-');
    let rings = joined && rest.len() >= 2 && token.iter().all(|p| matches!(p.ch, 'O' | '0'..='9'));
    of_percent || (free_after && (begun || stroke || ring || (rings && letters < token.len())))
}

/// Puts `o` back where zero poses as it inside a word in lower case (`acc0unt`); other digits inside a word may be numbers
/// (`sim4g`), so they count only in words that are known, see `disguise`.
pub(super) fn fold_zeros_into_letters(work: &mut Work) {
    if !(work.any(|ch| ch == '0') && work.any(|ch| ch.is_ascii_lowercase())) {
        return;
    }
    let mut i = 0;
    while i < work.pieces.len() {
        let length = run(&work.pieces[i..], |ch| ch.is_ascii_alphanumeric());
        if length == 0 {
            i += 1;
            continue;
        }
        let end = i + length;
        let token = &work.pieces[i..end];
        let letters = token.iter().filter(|p| p.ch.is_ascii_alphabetic()).count();
        let in_address = |piece: Option<&Piece>| {
            piece.is_some_and(|p| {
                matches!(p.ch, '.' | '/' | '@' | '-' | '_' | '=' | ':' | '#' | '?' | '&')
            })
        };
        let disguised = letters >= 3
            && letters < length
            && token[1..].iter().all(|p| p.ch.is_ascii_lowercase() || p.ch == '0')
            && token.windows(2).all(|w| w.iter().any(|p| p.ch.is_ascii_alphabetic()))
            && [token[0], token[length - 1]].iter().all(|p| p.ch.is_ascii_alphabetic())
            && !in_address(i.checked_sub(1).map(|b| &work.pieces[b]))
            && !in_address(work.pieces.get(end).filter(|p| p.ch != '.' && p.ch != ':'))
            && !(work.pieces.get(end).is_some_and(|p| p.ch == '.')
                && work.pieces.get(end + 1).is_some_and(|p| p.ch.is_ascii_alphanumeric()));
        if disguised {
            for piece in work.pieces[i..end].iter_mut().filter(|p| p.ch == '0') {
                piece.ch = 'o';
                work.changes.push(Change { kind: ChangeKind::DigitForLetter, span: piece.span });
            }
        }
        i = end;
    }
}

/// How many of the first `pieces` satisfy `test`.
fn run(pieces: &[Piece], test: impl Fn(char) -> bool) -> usize {
    pieces.iter().take_while(|piece| test(piece.ch)).count()
}
