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
];

/// Revives defanged links: `hxxp`, `[.]`, `(dot)`, `ดอทคอม`.
pub(super) fn revive(work: &mut Work) {
    let starts =
        |ch: char| matches!(ch, '[' | '(' | '{' | 'h' | 'H' | 'd' | 'D' | 'ด' | 'จ' | '.' | ' ');
    if !work.any(starts) {
        return;
    }
    work.rewrite(|pieces, i, out, changes| {
        let after_host = out.last().is_some_and(|piece: &Piece| piece.ch.is_ascii_alphanumeric());
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
            // A space may stand before the spelled-out point, and little else does.
            ' ' if !pieces.get(i + 1).is_some_and(|p| matches!(p.ch, 'd' | 'D' | 'ด' | 'จ')) => {
                None
            }
            ch if after_host && starts(ch) => {
                SPELLED.iter().find(|form| Work::spells(pieces, i, form.written))
            }
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

/// Whether a bracket stands at `i`, or behind a space there.
fn bracket(pieces: &[Piece], i: usize) -> bool {
    let at = i + usize::from(pieces[i].ch == ' ');
    pieces.get(at).is_some_and(|p| matches!(p.ch, '[' | '(' | '{'))
}

/// The disguised scheme that stands at `i`, if one does.
fn scheme(pieces: &[Piece], i: usize) -> Option<&'static Form> {
    SCHEMES.iter().find(|form| {
        // `https:/` is a slash short only where none follows.
        let short = form.written.ends_with('/')
            && pieces.get(i + form.length).is_none_or(|p| p.ch == '/' || p.ch.is_whitespace());
        Work::spells(pieces, i, form.written) && !short
    })
}
