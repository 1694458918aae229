//! What is read and written again is what it was.

mod common;

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use ruthan_dump::{Format, ReadOptions, Reader, Writer, json_field, unique_name};

use common::{Shared, rewritten};

const CSV: &str = "\
id,ข้อความ,note
1,สวัสดีครับ,
2,\"โอนเงิน 5,000 บาท\nที่ \"\"นี่\"\"\",x
3,\"line\r\nbreak\", spaced\u{20}
4,กำลังจัดส่ง,😀
";

const JSON_LINES: &str = r#"{"id":1.50,"text":"\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35","meta":{"b":[1, 2.0e5],"a":null}}
{"id":12345678901234567890,"text":null}
{"text":"โอนเงิน","late":{"x" : 1},"id":"x"}
{"\u0069d":1,"text":"😀\ud83d\ude00"}
{"meta":false,"id":-0,"text":"","other":"ข","late":2}
"#;

#[test]
fn csv_to_csv() {
    for rows in [1, 2, 100] {
        let options = ReadOptions::new().batch_rows(rows);
        assert_eq!(rewritten(CSV, "a.csv", &options, Format::Csv), CSV);
    }
    let tabs = rewritten(CSV, "a.csv", &ReadOptions::new(), Format::Tsv);
    assert!(tabs.starts_with("id\tข้อความ\tnote\n1\tสวัสดีครับ\t\n"));
    assert_eq!(rewritten(&tabs, "a.tsv", &ReadOptions::new(), Format::Csv), CSV);
}

#[test]
fn a_header_without_rows() {
    assert_eq!(
        rewritten("\u{feff}text,id\r\n", "a.csv", &ReadOptions::new(), Format::Csv),
        "text,id\n"
    );
    assert_eq!(rewritten("text,id\n", "a.csv", &ReadOptions::new(), Format::JsonLines), "");
}

#[test]
fn json_lines_to_json_lines_byte_for_byte() {
    for rows in [1, 2, 100] {
        let options = ReadOptions::new().batch_rows(rows);
        assert_eq!(rewritten(JSON_LINES, "a.jsonl", &options, Format::JsonLines), JSON_LINES);
    }
}

#[test]
fn only_space_between_fields_is_lost() {
    let spaced = "\u{feff} { \"text\" : \"ก\" ,\t\"a\" : [ 1 ] } \r\n\n";
    assert_eq!(
        rewritten(spaced, "a.jsonl", &ReadOptions::new(), Format::JsonLines),
        "{\"text\":\"ก\",\"a\":[ 1 ]}\n"
    );
}

#[test]
fn json_lines_to_csv() {
    let options = ReadOptions::new().batch_rows(2);
    let expected = "\
id,text,meta,_rest
1.50,สวัสดี,\"{\"\"b\"\":[1, 2.0e5],\"\"a\"\":null}\",
12345678901234567890,,,
x,โอนเงิน,,\"{\"\"late\"\":{\"\"x\"\" : 1}}\"
1,😀😀,,
-0,,false,\"{\"\"other\"\":\"\"ข\"\",\"\"late\"\":2}\"
";
    assert_eq!(rewritten(JSON_LINES, "a.jsonl", &options, Format::Csv), expected);
}

#[test]
fn csv_to_json_lines() {
    let json = rewritten(CSV, "a.csv", &ReadOptions::new(), Format::JsonLines);
    let second = r#"{"id":"2","ข้อความ":"โอนเงิน 5,000 บาท\nที่ \"นี่\"","note":"x"}"#;
    assert_eq!(json.lines().nth(1), Some(second));
    assert_eq!(rewritten(&json, "a.jsonl", &ReadOptions::new(), Format::Csv).lines().count(), 7);
}

/// Reads, appends a score and a list, and writes: what a scan does.
fn scanned(text: &'static str, name: &str, format: Format) -> String {
    let options = ReadOptions::new().batch_rows(2);
    let reader = Reader::from_read(text.as_bytes(), name, &options).unwrap();
    let mut fields = reader.schema().fields().to_vec();
    let score = unique_name(reader.schema(), "score");
    fields.push(Arc::new(Field::new(score, DataType::Float64, true)));
    fields.push(Arc::new(json_field("evidence")));
    let schema = Arc::new(Schema::new(fields));
    let shared = Shared::default();
    let mut writer = Writer::new(shared.output(), format, Arc::clone(&schema)).unwrap();
    for batch in reader {
        let batch = batch.unwrap();
        let scores: Float64Array = batch.text.iter().map(|text| text.map(|_| 0.1)).collect();
        let evidence = StringArray::from(vec![r#"[{"kind":"link"}]"#; batch.num_rows()]);
        let mut columns = batch.columns.columns().to_vec();
        columns.extend([Arc::new(scores) as ArrayRef, Arc::new(evidence) as ArrayRef]);
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), columns).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    shared.text()
}

#[test]
fn appended_columns_come_last() {
    let csv = scanned(CSV, "a.csv", Format::Csv);
    assert!(csv.starts_with("id,ข้อความ,note,score,evidence\n1,สวัสดีครับ,,0.1,\"[{\"\"kind\"\""));
    let json = scanned(JSON_LINES, "a.jsonl", Format::JsonLines);
    let evidence = r#""evidence":[{"kind":"link"}]}"#;
    for ((line, source), score) in
        json.lines().zip(JSON_LINES.lines()).zip(["0.1", "null", "0.1", "0.1", "0.1"])
    {
        let source = source.strip_suffix('}').unwrap();
        assert_eq!(line, format!("{source},\"score\":{score},{evidence}"));
    }
}

#[test]
fn a_late_field_of_an_appended_name_is_kept() {
    let text = "{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"score\":7,\"text\":\"c\"}\n";
    let json = scanned(text, "a.jsonl", Format::JsonLines);
    assert_eq!(
        json.lines().nth(2).unwrap(),
        r#"{"text":"c","_rest":{"score":7},"score":0.1,"evidence":[{"kind":"link"}]}"#
    );
}
