//! Parquet and Arrow, in and out.

mod common;

use std::fs;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, Int32Array, LargeStringArray, ListArray, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field, Schema};
use ruthan_dump::{Batch, Format, Input, ReadOptions, Reader, Writer};

use common::{Shared, rewritten};

fn table() -> RecordBatch {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int32Array::from(vec![Some(7), None, Some(9)]))),
        ("ข้อความ", Arc::new(LargeStringArray::from(vec![Some("สวัสดี \"ก\""), None, Some("x")]))),
        ("date", Arc::new(TimestampMillisecondArray::from(vec![0, 1, 2]).with_timezone("UTC"))),
        (
            "tags",
            Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![
                Some(vec![Some(1), None]),
                None,
                Some(vec![]),
            ])),
        ),
    ];
    let fields: Vec<Field> =
        columns.iter().map(|(name, c)| Field::new(*name, c.data_type().clone(), true)).collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

fn write(batch: &RecordBatch, format: Format) -> Vec<u8> {
    let shared = Shared::default();
    let mut writer = Writer::new(shared.output(), format, batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    shared.bytes()
}

fn read(bytes: &[u8], options: &ReadOptions) -> (Format, Vec<Batch>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no-ending");
    fs::write(&path, bytes).unwrap();
    let reader = Reader::open(&Input::new(path), options).unwrap();
    (reader.format(), reader.map(Result::unwrap).collect())
}

#[test]
fn tables_come_back_with_their_types() {
    let table = table();
    for format in [Format::Parquet, Format::Arrow] {
        let bytes = write(&table, format);
        let (found, batches) = read(&bytes, &ReadOptions::new());
        assert_eq!(found, format);
        let total: usize = batches.iter().map(Batch::num_rows).sum();
        assert_eq!(total, 6);
        assert_eq!(batches[0].columns.slice(0, 3).columns(), table.columns());
        assert_eq!(batches[0].times().unwrap()[1].unwrap().to_string(), "1970-01-01T00:00:00.001Z");
        assert!(batches[0].text.is_null(1));
        // However large the batches of the file, those handed out keep to the limits.
        let (_, batches) = read(&bytes, &ReadOptions::new().batch_rows(2));
        assert_eq!(batches.iter().map(Batch::num_rows).collect::<Vec<_>>(), [2, 2, 2]);
        let (_, batches) = read(&bytes, &ReadOptions::new().max_row_bytes(8));
        assert_eq!(batches[0].num_rows(), 4);
        let reject = &batches[0].rejects[1];
        assert_eq!((reject.row, reject.offset), (4, None));
        assert_eq!(reject.cause.to_string(), "row is 24 bytes, more than the limit 8");
    }
}

#[test]
fn tables_become_text() {
    let csv = String::from_utf8(write(&table(), Format::Csv)).unwrap();
    let first: Vec<&str> = csv.lines().take(4).collect();
    assert_eq!(
        first,
        [
            "id,ข้อความ,date,tags",
            "7,\"สวัสดี \"\"ก\"\"\",1970-01-01T00:00:00Z,\"[1,null]\"",
            ",,1970-01-01T00:00:00.001Z,",
            "9,x,1970-01-01T00:00:00.002Z,[]",
        ]
    );
    let json = String::from_utf8(write(&table(), Format::JsonLines)).unwrap();
    assert_eq!(
        json.lines().nth(1),
        Some("{\"id\":null,\"ข้อความ\":null,\"date\":\"1970-01-01T00:00:00.001Z\",\"tags\":null}")
    );
}

#[test]
fn json_becomes_a_table_of_strings() {
    let text =
        "{\"text\":\"\\u0e01\",\"n\":1.50,\"o\":{\"a\":1}}\n{\"n\":null,\"text\":null,\"x\":1}\n";
    let options = ReadOptions::new();
    let reader = Reader::from_read(text.as_bytes(), "a.jsonl", &options).unwrap();
    let shared = Shared::default();
    let mut writer =
        Writer::new(shared.output(), Format::Parquet, reader.schema().clone()).unwrap();
    for batch in reader {
        writer.write(&batch.unwrap().columns).unwrap();
    }
    writer.finish().unwrap();
    let (_, batches) = read(&shared.bytes(), &options);
    let column = |name: &str| -> Vec<Option<String>> {
        let column = batches[0].columns.column_by_name(name).unwrap();
        let column: &StringArray = column.as_any().downcast_ref().unwrap();
        column.iter().map(|value| value.map(str::to_owned)).collect()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(column("text"), [some("ก"), None]);
    assert_eq!(column("n"), [some("1.50"), None]);
    assert_eq!(column("o"), [some("{\"a\":1}"), None]);
    assert!(batches[0].columns.column_by_name("_keys").is_none());
}

#[test]
fn broken_tables_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        match Reader::open(&Input::new(path), &ReadOptions::new()) {
            Err(error) => error.to_string(),
            Ok(reader) => {
                let last = reader.last().unwrap().unwrap();
                last.rejects[0].cause.to_string()
            }
        }
    };
    let (parquet, arrow) = (write(&table(), Format::Parquet), write(&table(), Format::Arrow));
    for (name, bytes) in [
        ("cut.parquet", &parquet[..parquet.len() - 20]),
        ("other.parquet", b"text\nx\n"),
        ("empty.parquet", b""),
        ("cut.arrow", &arrow[..20]),
    ] {
        assert!(error(name, bytes).contains("not a whole Parquet or Arrow file"), "{name}");
    }
    let many: Vec<RecordBatch> = (0..50).map(|_| table()).collect();
    let many = arrow_select::concat::concat_batches(&table().schema(), &many).unwrap();
    let arrow = write(&many, Format::Arrow);
    let late = error("late.arrow", &arrow[..arrow.len() / 2]);
    assert!(late.contains("damaged or cut short"), "{late}");
    let mut wrong = parquet.clone();
    wrong[10..60].fill(0xff);
    let wrong = error("wrong.parquet", &wrong);
    assert!(wrong.contains("damaged or cut short"), "{wrong}");
    let numbers = RecordBatch::try_from_iter([("text", table().column(0).clone())]).unwrap();
    let error = error("numbers.parquet", &write(&numbers, Format::Parquet));
    assert!(error.ends_with("column `text` holds Int32, not strings"), "{error}");
}

#[test]
fn parquet_needs_a_file() {
    let bytes = write(&table(), Format::Parquet);
    let packed = zstd::encode_all(&bytes[..], 1).unwrap();
    for bytes in [bytes, packed] {
        let read = std::io::Cursor::new(bytes);
        let error = Reader::from_read(read, "<stdin>", &ReadOptions::new()).unwrap_err();
        assert!(error.to_string().contains("must be a file that is not packed"), "{error}");
    }
}

#[test]
fn csv_is_the_same_by_way_of_a_spool() {
    let csv = "text,n\nก,1\nข,2\n";
    let options = ReadOptions::new().batch_rows(1);
    let shared = Shared::default();
    let reader = Reader::from_read(csv.as_bytes(), "a.csv", &options).unwrap();
    let schema = reader.schema().clone();
    let batches: Vec<Batch> = reader.map(Result::unwrap).collect();
    let mut writer = Writer::spool(shared.output(), schema.clone()).unwrap();
    writer.write(&batches[0].columns).unwrap();
    let written = writer.written();
    drop(writer);
    assert_eq!(written, shared.bytes().len() as u64);
    let mut writer = Writer::resume(shared.output(), None, schema, written).unwrap();
    writer.write(&batches[1].columns).unwrap();
    writer.finish().unwrap();
    let (format, back) = read(&shared.bytes(), &options);
    assert_eq!((format, back.len()), (Format::Arrow, 2));
    assert_eq!(back[0].columns.schema().field(0).data_type(), &DataType::Utf8);
    assert_eq!(rewritten(csv, "a.csv", &options, Format::Csv), csv);
}
