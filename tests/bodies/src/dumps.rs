//! Dumps: whatever a file holds, each of its rows is answered for, in batches no larger than asked for.

use std::io::{Cursor, Write};
use std::sync::{Arc, Mutex};

use ruthan_dump::{Batch, Encoding, Format, Input, Output, ReadOptions, Reader, Writer};
use serde_json::Value;

/// Small limits, so that short files meet them.
const BATCH_ROWS: usize = 3;
const BATCH_BYTES: usize = 512;
const MAX_ROW_BYTES: usize = 2048;

fn options() -> ReadOptions {
    let options = ReadOptions::new().batch_rows(BATCH_ROWS).batch_bytes(BATCH_BYTES);
    options.max_row_bytes(MAX_ROW_BYTES)
}

/// Reads to the end. Row numbers go 1, 2, 3 … through rows and rejects, and batches keep their limits.
fn read(reader: Reader, is_text: bool) -> Vec<Batch> {
    let mut batches = Vec::new();
    let mut last = 0;
    for batch in reader {
        let Ok(batch) = batch else { break };
        assert_eq!(batch.columns.num_rows(), batch.num_rows());
        assert_eq!(batch.text.iter().count(), batch.num_rows());
        let mut rows: Vec<u64> = batch.positions.iter().map(|position| position.row).collect();
        rows.extend(batch.rejects.iter().map(|reject| reject.row));
        rows.sort_unstable();
        assert!((1..=BATCH_ROWS).contains(&rows.len()));
        assert!(rows.iter().copied().eq(last + 1..=last + rows.len() as u64), "a row is lost");
        last += rows.len() as u64;
        if is_text {
            // A time or link that a reader writes out may be longer than in the file, but not by much.
            let bytes: usize = batch.text.iter().flatten().map(str::len).sum();
            assert!(bytes <= 2 * BATCH_BYTES.max(MAX_ROW_BYTES), "a batch of {bytes} bytes");
        }
        let _ = (batch.senders(), batch.times(), batch.directions(), batch.conversations());
        batches.push(batch);
    }
    batches
}

fn in_memory(bytes: &[u8], name: &str, options: &ReadOptions) -> Option<Reader> {
    Reader::from_read(Cursor::new(bytes.to_vec()), name, options).ok()
}

/// Opens the bytes as a file, which is what is read from its end.
fn in_file<T>(bytes: &[u8], options: &ReadOptions, read: impl Fn(Reader) -> T) -> Option<T> {
    let mut file = tempfile::NamedTempFile::new().expect("there is room for a file");
    file.write_all(bytes).expect("there is room for a file");
    Reader::open(&Input::new(file.path()), options).ok().map(read)
}

/// Writes batches in `format`.
fn written(batches: &[Batch], format: Format) -> Vec<u8> {
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);
    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no other thread").write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let shared = Shared::default();
    let Some(first) = batches.first() else { return Vec::new() };
    let output = Output::to_writer(shared.clone(), "<memory>");
    let mut writer =
        Writer::new(output, format, first.columns.schema()).expect("it can be written");
    for batch in batches {
        writer.write(&batch.columns).expect("it can be written");
    }
    writer.finish().expect("it can be written");
    shared.0.lock().expect("no other thread").clone()
}

/// CSV and TSV. The first byte says which: `h` with a header, `n` without, `t` TSV. What was read and written reads back.
pub fn dump_csv(bytes: &[u8]) {
    let Some((&kind, rest)) = bytes.split_first() else { return };
    let (name, options) = match kind {
        b'n' => ("a.csv", options().header(false).text_column("1")),
        b't' => ("a.tsv", options()),
        _ => ("a.csv", options()),
    };
    let Some(reader) = in_memory(rest, name, &options) else { return };
    if !matches!(reader.format(), Format::Csv | Format::Tsv) {
        return;
    }
    let batches = read(reader, true);
    let Some(first) = batches.first() else { return };
    let texts: Vec<Option<&str>> = batches.iter().flat_map(|batch| batch.text.iter()).collect();
    let csv = written(&batches, Format::Csv);
    // As a table without header, for its first row may be any.
    let column = (first.text_column + 1).to_string();
    let again = ReadOptions::new().format(Format::Csv).encoding(Encoding::Utf8).header(false);
    let again = in_memory(&csv, "a.csv", &again.text_column(column)).expect("it was written here");
    let again: Vec<Batch> = again.map(|batch| batch.expect("it was written here")).collect();
    assert!(again.iter().all(|batch| batch.rejects.is_empty()), "what was written is rejected");
    let back: Vec<Option<&str>> =
        again.iter().flat_map(|batch| batch.text.iter()).skip(1).collect();
    assert_eq!(back, texts);
}

/// JSON Lines (`l`) and arrays (`a`). Each line that is not blank is a row; good objects are written as they were.
pub fn dump_json(bytes: &[u8]) {
    let Some((&kind, rest)) = bytes.split_first() else { return };
    let options = options().encoding(Encoding::Utf8).text_column("text");
    if kind != b'l' {
        let reader = in_memory(rest, "a.json", &options.format(Format::JsonArray));
        reader.map(|reader| read(reader, true));
        return;
    }
    let Some(reader) = in_memory(rest, "a.jsonl", &options.format(Format::JsonLines)) else {
        return;
    };
    let batches = read(reader, true);
    let rest = rest.strip_prefix("\u{feff}".as_bytes()).unwrap_or(rest);
    let lines: Vec<&[u8]> = rest.split(|&byte| byte == b'\n').collect();
    let blank = |line: &&&[u8]| line.iter().all(|byte| b" \t\r".contains(byte));
    let rows: usize = batches.iter().map(|batch| batch.num_rows() + batch.rejects.len()).sum();
    assert_eq!(rows, lines.iter().filter(|line| !blank(line)).count(), "a line is lost");
    let jsonl = written(&batches, Format::JsonLines);
    let mut objects = jsonl.split(|&byte| byte == b'\n');
    for position in batches.iter().flat_map(|batch| &batch.positions) {
        let line = usize::try_from(position.line.expect("lines are counted")).expect("few lines");
        let object = objects.next().expect("a row is a line");
        // Deeper nesting than this reader takes is no concern of the dump's.
        if let Ok(given) = serde_json::from_slice::<Value>(lines[line - 1]) {
            let object: Value = serde_json::from_slice(object).expect("what was written is JSON");
            assert_eq!(object, given);
        }
    }
}

/// Parquet and Arrow, told by their first bytes.
pub fn dump_columnar(bytes: &[u8]) {
    let format = match bytes {
        [b'P', b'A', b'R', b'1', ..] => Format::Parquet,
        _ => Format::Arrow,
    };
    in_file(bytes, &options().format(format), |reader| read(reader, false));
}

/// Exports of telephones and chats. The first byte names the format (`S`MS Backup, `L`INE, `W`hatsApp, `T`elegram,
/// `P`lain; else it is told by the content), the second the encoding (`8` UTF-8, `6` UTF-16, `7` Windows-874; else it
/// is told); the rest may be packed.
pub fn dump_chat(bytes: &[u8]) {
    let [format, encoding, rest @ ..] = bytes else { return };
    let format = match format {
        b'S' => Some(Format::SmsBackup),
        b'L' => Some(Format::Line),
        b'W' => Some(Format::WhatsApp),
        b'T' => Some(Format::Telegram),
        b'P' => Some(Format::Text),
        _ => None,
    };
    let encoding = match encoding {
        b'8' => Some(Encoding::Utf8),
        b'6' => Some(Encoding::Utf16Le),
        b'7' => Some(Encoding::Windows874),
        _ => None,
    };
    let mut options = options();
    if let Some(format) = format {
        options = options.format(format);
    }
    if let Some(encoding) = encoding {
        options = options.encoding(encoding);
    }
    let told = |reader: Reader| {
        let is_text = !matches!(reader.format(), Format::Parquet | Format::Arrow);
        read(reader, is_text)
    };
    let texts = |batches: Vec<Batch>| -> Vec<Option<String>> {
        let texts = batches.iter().flat_map(|batch| batch.text.iter());
        texts.map(|text| text.map(str::to_owned)).collect()
    };
    let from_memory = in_memory(rest, "a", &options).map(told).map(texts);
    let from_file = in_file(rest, &options, told).map(texts);
    // An archive, and Parquet, can be read from a file alone.
    if let Some(from_memory) = from_memory {
        assert_eq!(Some(from_memory), from_file);
    }
}
