//! Whatever the bytes: nothing panics, nothing is lost, and nothing is told about the messages.

mod common;

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use proptest::collection::vec;
use proptest::prelude::*;
use ruthan_dump::{Batch, Cause, Encoding, Format, ReadOptions, Reader, Writer};

use common::{Shared, rewritten};

/// Gives its bytes in pieces of a few, so that every state is cut somewhere.
struct Pieces(Cursor<Vec<u8>>, usize);

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(self.1);
        self.0.read(&mut buffer[..most])
    }
}

fn read(bytes: &[u8], piece: usize, name: &str, options: &ReadOptions) -> Option<Vec<Batch>> {
    let pieces = Pieces(Cursor::new(bytes.to_vec()), piece);
    let reader = Reader::from_read(pieces, name, options).ok()?;
    Some(reader.map(|batch| batch.expect("bytes in memory can be read")).collect())
}

/// Checks the row numbers: 1, 2, 3 … through rows and rejects. Returns how many there are.
fn accounted_for(batches: &[Batch]) -> Result<usize, TestCaseError> {
    let mut rows = Vec::new();
    for batch in batches {
        prop_assert_eq!(batch.columns.num_rows(), batch.num_rows());
        prop_assert_eq!(batch.text.len(), batch.num_rows());
        prop_assert_eq!(batch.first_row(), Some(rows.len() as u64 + 1));
        let begin = rows.len();
        rows.extend(batch.positions.iter().map(|position| position.row));
        rows.extend(batch.rejects.iter().map(|reject| reject.row));
        rows[begin..].sort_unstable();
    }
    prop_assert!(rows.iter().copied().eq(1..=rows.len() as u64));
    Ok(rows.len())
}

/// Bytes of which CSV files are made, and some that break them.
fn csv_bytes() -> impl Strategy<Value = Vec<u8>> {
    let parts: Vec<&[u8]> =
        vec![b",", b"\"", b"\n", b"\r", b"\r\n", b"a", "ก".as_bytes(), b"\xff", b"\xe0\xb8", b" "];
    vec(prop::sample::select(parts), 0..60).prop_map(|parts| parts.concat())
}

/// Lines of which JSON Lines files are made, and some that break them.
fn json_bytes() -> impl Strategy<Value = Vec<u8>> {
    let parts: Vec<&[u8]> = vec![
        b"{\"text\":\"a\"}",
        b"\n",
        b"\n",
        b"{",
        b"}",
        b"\"text\":",
        b"\"",
        b"\"b\":1",
        b",",
        b"null",
        b"\\ud83d",
        b"\\u0e01",
        "ก".as_bytes(),
        b"\xff",
        b" ",
        b"[",
        b"]",
        b"\r",
        b"\"b\":[{}],",
        b"{\"b\":2,\"text\":\"",
    ];
    vec(prop::sample::select(parts), 0..60).prop_map(|parts| parts.concat())
}

fn cells(batch: &Batch) -> Vec<Vec<String>> {
    let columns: Vec<&StringArray> = batch
        .columns
        .columns()
        .iter()
        .map(|column| column.as_any().downcast_ref().unwrap())
        .collect();
    let row = |row| columns.iter().map(|column| column.value(row).to_owned()).collect();
    (0..batch.num_rows()).map(row).collect()
}

const FORMATS: &[Format] = &[
    Format::Csv,
    Format::Tsv,
    Format::JsonLines,
    Format::JsonArray,
    Format::Text,
    Format::SmsBackup,
    Format::Line,
    Format::WhatsApp,
    Format::Telegram,
    Format::Arrow,
];

/// Small exports of each kind, to be broken.
const EXPORTS: &[(&str, Format)] = &[
    (
        "<?xml version='1.0'?><!-- x --><smses count='2'><sms address='KBANK' date='1793500000000' type='1' body='a &#55357;&#56832; &lt;b&gt;'/>\n<mms date='1793500000000' msg_box='1' address='+66'><parts><part ct='image/png' data='AAAA'/><part ct='text/plain' text='ก'/></parts><addrs><addr address='+66' type='137'/></addrs></mms></smses>",
        Format::SmsBackup,
    ),
    (
        "[LINE] ประวัติการแชทกับ สมชาย\nบันทึกวันที่: 2569/11/01 12:00\n\n2569/11/01(อา.)\n12:00\tสมชาย\t\"ก\n\nข\"\n12:01\t\tสมชายเข้าร่วม\n",
        Format::Line,
    ),
    (
        "01/11/2026, 12:30 - Messages are encrypted\n01/11/2026, 12:31 - A: b\nc\n\n\u{200e}[1/2/26, 9:05:00\u{202f}PM] ข: <Media omitted>\n",
        Format::WhatsApp,
    ),
    (
        "{\"name\":\"A\",\"type\":\"personal_chat\",\"id\":1,\"messages\":[{\"id\":1,\"type\":\"message\",\"date\":\"2026-11-01T12:00:00\",\"from\":\"A\",\"from_id\":\"user1\",\"text\":[\"x\",{\"type\":\"text_link\",\"text\":\"y\",\"href\":\"http://z\"}]},{\"type\":\"service\",\"text\":\"\"}]}",
        Format::Telegram,
    ),
    ("[{\"text\":\"a\"},\n {\"text\":\"ก]\",\"b\":[{}]} , {\"text\":null}]\n", Format::JsonArray),
    ("สวัสดี\n\nhello\r\n", Format::Text),
];

/// Without a guess at the encoding, which few broken bytes would mislead.
fn utf8() -> ReadOptions {
    ReadOptions::new().encoding(Encoding::Utf8)
}

fn pack(bytes: &[u8], how: usize) -> Vec<u8> {
    match how {
        0 => bytes.to_vec(),
        1 => {
            let mut out = Vec::new();
            let mut encoder = flate2::write::GzEncoder::new(&mut out, flate2::Compression::fast());
            io::Write::write_all(&mut encoder, bytes).unwrap();
            encoder.finish().unwrap();
            out
        }
        _ => zstd::encode_all(bytes, 1).unwrap(),
    }
}

fn texts_and_senders(batch: &Batch) -> Vec<Vec<String>> {
    let senders = batch.senders();
    (0..batch.num_rows())
        .map(|row| {
            let sender = senders.as_ref().map(|senders| senders.value(row).to_owned());
            vec![batch.text.value(row).to_owned(), sender.unwrap_or_default()]
        })
        .collect()
}

fn table(format: Format) -> Vec<u8> {
    let shared = Shared::default();
    let schema = Arc::new(Schema::new(vec![Field::new("text", DataType::Utf8, true)]));
    let column: ArrayRef = Arc::new(StringArray::from(vec![Some("สวัสดี"), None, Some("x")]));
    let mut writer = Writer::new(shared.output(), format, Arc::clone(&schema)).unwrap();
    writer.write(&RecordBatch::try_new(schema, vec![column]).unwrap()).unwrap();
    writer.finish().unwrap();
    shared.bytes()
}

proptest! {
    #[test]
    fn written_csv_reads_back(
        rows in (1_usize..5).prop_flat_map(|width| vec(vec("[ -~ก-๛\u{feff}😀\n\r\t\",]{0,8}", width), 0..20)),
        batch_rows in 1_usize..8,
        header: bool,
    ) {
        prop_assume!(header || !rows.is_empty());
        let width = rows.first().map_or(1, Vec::len);
        let fields = (0..width).map(|i| Field::new(format!("c{i}"), DataType::Utf8, false));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let columns = (0..width).map(|i| {
            Arc::new(rows.iter().map(|row| Some(&row[i])).collect::<StringArray>()) as ArrayRef
        });
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns.collect()).unwrap();
        let shared = Shared::default();
        let mut writer = Writer::new(shared.output(), Format::Csv, schema).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();

        let written = shared.text();
        let (text, wanted) = if header {
            (&written[..], "c0")
        } else {
            (written.split_once('\n').unwrap().1, "1")
        };
        let options = ReadOptions::new().header(header).text_column(wanted).batch_rows(batch_rows);
        let batches = read(text.as_bytes(), 7, "a.csv", &options).unwrap();
        let back: Vec<Vec<String>> = batches.iter().flat_map(cells).collect();
        prop_assert_eq!(back, rows);
    }

    #[test]
    fn csv_is_read_as_the_csv_crate_does(bytes in csv_bytes(), piece in 1_usize..9) {
        let options = utf8().header(false).text_column("1").batch_rows(3);
        let Some(batches) = read(&bytes, piece, "a.csv", &options) else { return Ok(()) };
        let count = accounted_for(&batches)?;

        let mut peer = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
        let expected: Vec<csv::ByteRecord> = peer.byte_records().map(Result::unwrap).collect();
        prop_assert_eq!(count, expected.len());
        for batch in &batches {
            for (cells, position) in cells(batch).iter().zip(&batch.positions) {
                let row = usize::try_from(position.row).unwrap() - 1;
                prop_assert_eq!(&csv::ByteRecord::from(cells.clone()), &expected[row]);
            }
            for reject in &batch.rejects {
                let row = &expected[usize::try_from(reject.row).unwrap() - 1];
                let unclosed = reject.cause.to_string().contains("never closed");
                let broken = row.iter().any(|field| std::str::from_utf8(field).is_err());
                prop_assert!(unclosed || broken || row.len() != expected[0].len(), "{}", reject);
            }
        }
    }

    #[test]
    fn json_lines_are_all_accounted_for(bytes in json_bytes(), piece in 1_usize..9, limit in 1_usize..80) {
        let options = utf8().text_column("text").batch_rows(3).max_row_bytes(limit);
        let Some(batches) = read(&bytes, piece, "a.jsonl", &options) else { return Ok(()) };
        let blank = |line: &&[u8]| line.iter().all(|byte| b" \t\r".contains(byte));
        let lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
        prop_assert_eq!(accounted_for(&batches)?, lines.iter().filter(|line| !blank(line)).count());
        for batch in &batches {
            for (row, position) in batch.positions.iter().enumerate() {
                let line = lines[usize::try_from(position.line.unwrap()).unwrap() - 1];
                let object: serde_json::Value = serde_json::from_slice(line).unwrap();
                let text = batch.text.iter().nth(row).unwrap();
                prop_assert_eq!(text, object["text"].as_str());
            }
        }
    }

    #[test]
    fn only_long_rows_are_passed_over(bytes in csv_bytes(), piece in 1_usize..9, limit in 1_usize..20) {
        let options = utf8().header(false).text_column("1").batch_bytes(10);
        let Some(unlimited) = read(&bytes, piece, "a.csv", &options) else { return Ok(()) };
        let Some(limited) = read(&bytes, piece, "a.csv", &options.max_row_bytes(limit)) else {
            return Ok(());
        };
        prop_assert_eq!(accounted_for(&limited)?, accounted_for(&unlimited)?);
        for reject in limited.iter().flat_map(|batch| &batch.rejects) {
            if let Cause::TooLong { bytes, limit } = reject.cause {
                prop_assert!(bytes > limit, "{}", reject);
            }
        }
    }

    #[test]
    fn any_bytes_are_survived(
        bytes in vec(any::<u8>(), 0..200),
        format in prop::option::of(prop::sample::select(FORMATS)),
        piece in 1_usize..200,
    ) {
        let options = ReadOptions::new().text_column("text");
        let options = format.map_or(options.clone(), |format| options.format(format));
        if let Some(batches) = read(&bytes, piece, "a", &options) {
            accounted_for(&batches)?;
        }
    }

    #[test]
    fn broken_exports_are_survived(
        (export, format) in prop::sample::select(EXPORTS),
        changes in vec((any::<prop::sample::Index>(), 0_usize..4, any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        packed in 0_usize..3,
        piece in 1_usize..40,
        limit in 1_usize..300,
    ) {
        let mut bytes = pack(export.as_bytes(), packed);
        for (place, drop, byte) in changes {
            let at = place.index(bytes.len());
            let end = (at + drop).min(bytes.len());
            bytes.splice(at..end, [byte]);
            if bytes.is_empty() {
                break;
            }
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        let options = utf8().format(format).batch_rows(3).max_row_bytes(limit);
        if let Some(batches) = read(&bytes, piece, "a", &options) {
            accounted_for(&batches)?;
        }
    }

    /// However a file is cut into pieces, read and limited, the rows are the same.
    #[test]
    fn pieces_and_batches_change_nothing(
        (export, format) in prop::sample::select(EXPORTS),
        piece in 1_usize..60,
        rows in 1_usize..4,
        bytes in 1_usize..60,
    ) {
        let options = utf8().format(format);
        let whole = read(export.as_bytes(), 1 << 20, "a", &options).unwrap();
        let options = options.batch_rows(rows).batch_bytes(bytes);
        let pieces = read(export.as_bytes(), piece, "a", &options).unwrap();
        let all = |batches: &[Batch]| {
            let rows: Vec<Vec<String>> = batches.iter().flat_map(texts_and_senders).collect();
            (rows, batches.iter().flat_map(|batch| batch.positions.clone()).collect::<Vec<_>>())
        };
        prop_assert_eq!(all(&pieces), all(&whole));
    }

    #[test]
    fn damaged_tables_are_survived(
        parquet: bool,
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = table(if parquet { Format::Parquet } else { Format::Arrow });
        for (place, byte) in changes {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, bytes).unwrap();
        let Ok(reader) = Reader::open(&ruthan_dump::Input::new(path), &ReadOptions::new()) else {
            return Ok(());
        };
        let batches: Result<Vec<Batch>, _> = reader.collect();
        if let Ok(batches) = batches {
            accounted_for(&batches)?;
        }
    }

    #[test]
    fn objects_are_written_as_they_were(
        objects in vec(prop::collection::btree_map("[a-dก]{1,2}", "(-?[1-9]{1,3}|\"[a-zก-ฮ]{0,3}\"|null|\\[1, true\\])", 0..5), 1..20),
        reversed in vec(any::<bool>(), 20),
        batch_rows in 1_usize..5,
    ) {
        let mut text = String::new();
        for (object, reversed) in objects.iter().zip(reversed) {
            let mut members: Vec<String> = object.iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
            members.push("\"text\":\"ข้อความ\"".to_owned());
            if reversed {
                members.reverse();
            }
            text.extend(["{", &members.join(","), "}\n"]);
        }
        let options = ReadOptions::new().batch_rows(batch_rows);
        prop_assert_eq!(rewritten(&text, "a.jsonl", &options, Format::JsonLines), text);
    }
}
