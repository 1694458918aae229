//! Makes links whole again that were written so that filters do not see them.

use super::work::{Piece, Work, span_of};
use super::{Change, ChangeKind};

/// What is written, and what it stands for.
const FORMS: &[(&str, &str)] = &[
    ("hxxp", "http"),
    ("h**p", "http"),
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("[dot]", "."),
    ("(dot)", "."),
    ("{dot}", "."),
    ("[:]", ":"),
    ("[://]", "://"),
    ("[at]", "@"),
    ("(at)", "@"),
];

/// Spelled-out ends of a host, which count only right after a Latin letter or digit.
const SPELLED: &[(&str, &str)] = &[
    ("dotคอม", ".com"),
    ("dot com", ".com"),
    (" dot com", ".com"),
    ("ดอทคอม", ".com"),
    (" ดอทคอม", ".com"),
    ("ดอตคอม", ".com"),
    ("จุดคอม", ".com"),
    (" จุดคอม", ".com"),
    (".คอม", ".com"),
    ("ดอทเน็ต", ".net"),
];

/// Revives defanged links: `hxxp`, `[.]`, `(dot)`, `ดอทคอม`.
pub(super) fn revive(work: &mut Work) {
    let starts = |ch: char| matches!(ch, '[' | '(' | '{' | 'h' | 'H' | 'd' | 'D' | 'ด' | 'จ' | 'ค');
    if !work.any(starts) {
        return;
    }
    work.rewrite(|pieces, i, out, changes| {
        let after_host = out.last().is_some_and(|piece: &Piece| piece.ch.is_ascii_alphanumeric());
        let before_host = |length: usize| {
            pieces
                .get(i + length)
                .is_some_and(|p| p.ch.is_ascii_alphanumeric() || p.ch == '/' || p.ch == '*')
        };
        let found = FORMS
            .iter()
            .filter(|(form, _)| form.starts_with('h') || after_host)
            .find(|(form, _)| {
                Work::spells(pieces, i, form)
                    && (before_host(form.chars().count()) || form.starts_with('h'))
            })
            .filter(|(form, _)| !form.starts_with('h') || !after_host)
            .or_else(|| {
                SPELLED.iter().find(|(form, _)| after_host && Work::spells(pieces, i, form))
            });
        let Some((form, meant)) = found else {
            out.push(pieces[i]);
            return 1;
        };
        let length = form.chars().count();
        let span = span_of(&pieces[i..i + length]);
        out.extend(meant.chars().map(|ch| Piece { ch, span }));
        changes.push(Change { kind: ChangeKind::Defanged, span });
        length
    });
}
