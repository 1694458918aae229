//! Telling a dump's format from how it begins, and from its name where that says too little.

use std::io;
use std::path::Path;

use serde_json::value::RawValue;

use super::chat;
use super::window::Window;
use crate::columns;
use crate::format::Format;
use crate::json_object;

/// How much of a file is looked at, at most.
const LOOKED_AT: usize = 64 << 10;
/// What only an export of Telegram has in its outermost object.
const TELEGRAM_KEYS: [&str; 3] = ["\"messages\"", "\"chats\"", "\"personal_information\""];

/// Tells the format from the first bytes, which stay to be read, and the file's name.
pub(super) fn sniff(window: &mut Window, name: &str) -> io::Result<Format> {
    while window.data().len() < LOOKED_AT {
        // A whole line is enough for all but a long object, whose keys tell.
        let seen = window.data().trim_ascii_start();
        if seen.contains(&b'\n') && seen.first() != Some(&b'{') || !window.more()? {
            break;
        }
    }
    let seen = window.data().trim_ascii_start();
    let start = String::from_utf8_lossy(&seen[..seen.len().min(LOOKED_AT)]);
    Ok(of_content(&start, name))
}

fn of_content(start: &str, name: &str) -> Format {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    let named = Format::from_path(name);
    let inside = start.get(1..).unwrap_or_default().trim_start();
    // What has a sign of its own is that, whatever its name.
    if start.starts_with("<?xml") || start.starts_with("<smses") {
        Format::SmsBackup
    } else if chat::is_line(start) {
        Format::Line
    } else if chat::is_whatsapp(start) {
        Format::WhatsApp
    } else if start.starts_with('{') && is_telegram(start) {
        Format::Telegram
    } else if let Some(named) = named {
        named
    } else if start.starts_with('[') && inside.starts_with(['{', ']']) {
        Format::JsonArray
    } else if start.starts_with('{') {
        Format::JsonLines
    } else {
        let line = start.lines().next().unwrap_or_default();
        let delimiter = if line.contains('\t') { '\t' } else { ',' };
        let fields: Vec<&str> = line.split(delimiter).map(|name| name.trim_matches('"')).collect();
        let is_table = columns::find_text(&fields, None).is_some();
        match ending {
            Some(ending) if ending.eq_ignore_ascii_case("txt") && !is_table => Format::Text,
            _ if delimiter == '\t' => Format::Tsv,
            _ => Format::Csv,
        }
    }
}

/// Says whether an object holds an export, and not the first line of many.
fn is_telegram(start: &str) -> bool {
    let line = start.lines().next().unwrap_or_default();
    let mut messages = false;
    let mut text = false;
    let whole = json_object::each_member(line, |key: &RawValue, value: &RawValue| {
        messages |= TELEGRAM_KEYS.contains(&key.get()) && value.get().starts_with(['[', '{']);
        let key = key.get().trim_matches('"');
        text |= columns::find_text(&[key], None).is_some();
    });
    match whole {
        Ok(()) => messages && !text,
        // More than a line, or than what was looked at.
        Err(error) => error.is_eof() && TELEGRAM_KEYS.iter().any(|key| start.contains(key)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_tell() {
        for (start, name, format) in [
            ("{\"a\":1}", "", Format::JsonLines),
            ("ข้อความ\n", "", Format::Csv),
            ("", "", Format::Csv),
            ("id\ttext\n1\tx", "", Format::Tsv),
            ("id\ttext\n1\tx", "a.csv", Format::Csv),
            ("[\n {\"text\":\"x\"}]", "a.json", Format::JsonArray),
            ("[]", "", Format::JsonArray),
            ("พบกันพรุ่งนี้, 9 โมง\n", "a.txt", Format::Text),
            ("id,text\n", "a.txt", Format::Csv),
            ("<?xml version='1.0'?><smses>", "a.txt", Format::SmsBackup),
            ("[LINE] Chat history with A\n", "a.txt", Format::Line),
            ("[1/2/2026, 10:00:00] A: b\n", "a.txt", Format::WhatsApp),
            ("{\n \"name\": \"A\",\n \"messages\": [", "a.json", Format::Telegram),
            ("{\"name\":\"A\",\"messages\":[{\"text\":\"\"}]}", "a.json", Format::Telegram),
            ("{\"text\":\"A\",\"messages\":[]}\n{}", "a.json", Format::JsonLines),
            ("{\"text\":\"A\"}\n{\"messages\":[]}", "a.jsonl", Format::JsonLines),
        ] {
            assert_eq!(of_content(start, name), format, "{start}");
        }
    }
}
