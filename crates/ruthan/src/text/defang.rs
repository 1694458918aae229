//! Makes links whole again that were written so that filters do not see them.

use super::work::{Piece, Work, span_of};
use super::{Change, ChangeKind};

/// What is written in place of a part of a link, and what it stands for.
struct Form {
    written: &'static str,
    meant: &'static str,
    /// How many characters are written.
    length: usize,
}

/// The form of an ASCII or Thai text: its characters are counted when the program is built.
const fn form(written: &'static str, meant: &'static str) -> Form {
    let (bytes, mut at, mut length) = (written.as_bytes(), 0, 0);
    while at < bytes.len() {
        // The first byte of a character is not of the form 10xxxxxx.
        if bytes[at] & 0xC0 != 0x80 {
            length += 1;
        }
        at += 1;
    }
    Form { written, meant, length }
}

const SCHEMES: &[Form] = &[
    form("hxxp", "http"),
    form("h**p", "http"),
    form("https:// ", "https://"),
    form("http:// ", "http://"),
    form("https:/", "https://"),
    form("http:/", "http://"),
];

/// Brackets around a point, which count only right after a Latin letter or digit and before another.
const FORMS: &[Form] = &[
    form("[.]", "."),
    form(" [.] ", "."),
    form(" [dot] ", "."),
    form(" (dot) ", "."),
    form("(.)", "."),
    form("{.}", "."),
    form("[dot]", "."),
    form("(dot)", "."),
    form("{dot}", "."),
    form("[:]", ":"),
    form("[://]", "://"),
    form("[at]", "@"),
    form("(at)", "@"),
];

/// Spelled-out ends of a host, which count only right after a Latin letter or digit.
const SPELLED: &[Form] = &[
    form("dotคอม", ".com"),
    form("dot com", ".com"),
    form(" dot com", ".com"),
    form("ดอทคอม", ".com"),
    form(" ดอทคอม", ".com"),
    form("ดอตคอม", ".com"),
    form("จุดคอม", ".com"),
    form(" จุดคอม", ".com"),
    form(".คอม", ".com"),
    form("ดอทเน็ต", ".net"),
    form(" ดอทเน็ต", ".net"),
    form("ดอท คอม", ".com"),
    form(" ดอท คอม", ".com"),
    form(" จุด คอม", ".com"),
    form(" จุด ", "."),
    form(" ดอท ", "."),
];

/// Revives defanged links: `hxxp`, `[.]`, `(dot)`, `ดอทคอม`, `bit . ly / x`.
pub(super) fn revive(work: &mut Work) {
    let starts =
        |ch: char| matches!(ch, '[' | '(' | '{' | 'h' | 'H' | 'd' | 'D' | 'ด' | 'จ' | '.' | ' ');
    if !work.any(starts) {
        return;
    }
    work.rewrite(|pieces, i, out, changes| {
        let after_host = out.last().is_some_and(|piece: &Piece| piece.ch.is_ascii_alphanumeric());
        let next = pieces.get(i + 1).map(|p| p.ch);
        let form = match pieces[i].ch {
            'h' | 'H' if !after_host => scheme(pieces, i),
            '[' | '(' | '{' | ' ' if after_host && bracket(pieces, i) => {
                FORMS.iter().find(|form| {
                    let next = pieces.get(i + form.length);
                    Work::spells(pieces, i, form.written)
                        && next.is_some_and(|p| {
                            p.ch.is_ascii_alphanumeric() || matches!(p.ch, '/' | '*')
                        })
                })
            }
            ' ' if after_host && next == Some('.') => spaced_point(pieces, i),
            ' ' if next == Some('/') && in_spaced_link(out) => SLASH.iter().find(|form| {
                let behind = pieces.get(i + form.length).map(|p| p.ch);
                Work::spells(pieces, i, form.written)
                    && behind.is_some_and(|ch| ch.is_ascii_alphanumeric() || ch == '~')
            }),
            // A space may stand before the spelled-out point, and little else does.
            ' ' if !next.is_some_and(|ch| matches!(ch, 'd' | 'D' | 'ด' | 'จ')) => None,
            ch if after_host && starts(ch) => SPELLED.iter().find(|form| {
                Work::spells(pieces, i, form.written)
                    // `จุด cc`: what follows must be an ending.
                    && (form.meant != "." || is_ending(pieces, i + form.length))
            }),
            _ => None,
        };
        let Some(form) = form else {
            out.push(pieces[i]);
            return 1;
        };
        let span = span_of(&pieces[i..i + form.length]);
        out.extend(form.meant.chars().map(|ch| Piece { ch, span }));
        changes.push(Change { kind: ChangeKind::Defanged, span });
        form.length
    });
}

/// Endings of hosts behind a point with spaces around it: `scb-easy . com`.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "info", "co.th", "in.th", "or.th", "ac.th", "go.th", "cc", "ly", "xyz",
    "vip", "top", "site", "club", "online", "shop", "app", "asia", "biz", "bet", "icu",
];
/// Endings that are words, too: they count only where a path follows, as in `line . me / x`.
const WORDS: &[&str] = &["me", "co", "to", "ee", "gl", "gd", "is", "it", "in", "at", "io", "tv"];
const POINT: Form = form(" . ", ".");
const SLASH: &[Form] = &[form(" / ", "/"), form(" /", "/")];

/// Whether one of `endings` stands at `i`, and no word goes on behind it.
fn ending(pieces: &[Piece], i: usize, endings: &[&str]) -> Option<usize> {
    let ending = endings.iter().find(|ending| {
        let behind = pieces.get(i + ending.len()).map(|p| p.ch);
        Work::spells(pieces, i, ending)
            && !behind.is_some_and(|ch| ch.is_ascii_alphanumeric() || ch == '-' || ch == '.')
    })?;
    Some(i + ending.len())
}

/// Whether the ending of a host stands at `i`.
fn is_ending(pieces: &[Piece], i: usize) -> bool {
    ending(pieces, i, ENDINGS).is_some() || ending(pieces, i, WORDS).is_some()
}

/// The point with spaces around it at `i`, where it parts a host.
fn spaced_point(pieces: &[Piece], i: usize) -> Option<&'static Form> {
    let path = |end: usize| {
        let slash = end + usize::from(pieces.get(end).is_some_and(|p| p.ch == ' '));
        pieces.get(slash).is_some_and(|p| p.ch == '/')
    };
    let at = i + POINT.length;
    let host = Work::spells(pieces, i, POINT.written)
        && (ending(pieces, at, ENDINGS).is_some() || ending(pieces, at, WORDS).is_some_and(path));
    host.then_some(&POINT)
}

/// Whether the text so far ends with a link whose point had spaces around it: then slashes may have them, too.
fn in_spaced_link(out: &[Piece]) -> bool {
    let link = out.iter().rev().take(64).take_while(|p| p.ch.is_ascii_graphic());
    // A point that stands for three characters of the input.
    let (mut spaced, mut length) = (false, 0);
    for piece in link {
        spaced |= piece.ch == '.' && piece.span.end - piece.span.start == 3;
        length += 1;
    }
    spaced && length > 3
}

/// Whether a bracket stands at `i`, or behind a space there.
fn bracket(pieces: &[Piece], i: usize) -> bool {
    let at = i + usize::from(pieces[i].ch == ' ');
    pieces.get(at).is_some_and(|p| matches!(p.ch, '[' | '(' | '{'))
}

/// The disguised scheme that stands at `i`, if one does.
fn scheme(pieces: &[Piece], i: usize) -> Option<&'static Form> {
    SCHEMES.iter().find(|form| {
        let behind = &pieces[(i + form.length).min(pieces.len())..];
        let fits = match form.written.as_bytes() {
            // `https:// host.cc`: a host must follow, and no scheme of its own.
            [.., b' '] => {
                let host = || behind.iter().take(64).take_while(|p| p.ch.is_ascii_graphic());
                host().any(|p| p.ch == '.')
                    && !host().any(|p| p.ch == ':')
                    && behind[0].ch.is_ascii_alphanumeric()
            }
            // `https:/` is a slash short only where none follows.
            [.., b'/'] => behind.first().is_some_and(|p| p.ch != '/' && !p.ch.is_whitespace()),
            _ => true,
        };
        Work::spells(pieces, i, form.written) && fits
    })
}
