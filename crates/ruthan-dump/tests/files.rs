//! Files and standard streams, as a command line uses them.

use std::fs;
use std::io::Write;

use ruthan_dump::{
    Error, Format, Input, OnBadRow, Output, ReadOptions, Writer, open, refuse_overwrite,
};

#[test]
fn a_scan_from_file_to_file() {
    let folder = tempfile::tempdir().unwrap();
    let (source, target) = (folder.path().join("กล่อง.csv"), folder.path().join("ผล.jsonl"));
    let rejects = folder.path().join("ทิ้ง.jsonl");
    fs::write(&source, "\u{feff}id,ข้อความ\r\n1,สวัสดี\r\n2\r\n3,\"โอน,เงิน\"\r\n").unwrap();

    let input = Input::new(&source);
    refuse_overwrite(&target, std::slice::from_ref(&input)).unwrap();
    let reader = open(&input, &ReadOptions::new()).unwrap();
    let format = Format::from_path(&target).unwrap();
    let output = Output::create(&target).unwrap();
    let mut writer = Writer::new(output, format, reader.schema().clone()).unwrap();
    let mut rejected = Output::create(&rejects).unwrap();
    for batch in reader {
        let batch = batch.unwrap();
        writer.write(&batch.columns).unwrap();
        for reject in &batch.rejects {
            writeln!(rejected, "{}", serde_json::to_string(reject).unwrap()).unwrap();
        }
    }
    assert!(!target.exists() && !rejects.exists());
    writer.finish().unwrap();
    rejected.finish().unwrap();

    assert_eq!(
        fs::read_to_string(&target).unwrap(),
        "{\"id\":\"1\",\"ข้อความ\":\"สวัสดี\"}\n{\"id\":\"3\",\"ข้อความ\":\"โอน,เงิน\"}\n"
    );
    let reject: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&rejects).unwrap()).unwrap();
    assert_eq!(reject["row"], 2);
    assert_eq!(reject["line"], 3);
    assert_eq!(reject["cause"], "1 field where the header has 2");
    let refused = refuse_overwrite(&source, &[input]).unwrap_err();
    assert!(matches!(refused, Error::Overwrite { .. }));
}

#[test]
fn errors_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ว่าง.csv");
    let missing = open(&Input::new(&path), &ReadOptions::new()).unwrap_err();
    assert!(missing.to_string().contains("ว่าง.csv") && matches!(missing, Error::Open { .. }));
    fs::write(&path, "").unwrap();
    let empty = open(&Input::new(&path), &ReadOptions::new()).unwrap_err();
    assert!(empty.to_string().contains("ว่าง.csv") && matches!(empty, Error::Empty { .. }));
    fs::write(&path, "text,id\nลับ\n").unwrap();
    let options = ReadOptions::new().on_bad_row(OnBadRow::Stop);
    let bad = open(&Input::new(&path), &options).unwrap().next().unwrap().unwrap_err();
    assert!(bad.to_string().ends_with("ว่าง.csv`: row 1 (line 2): 1 field where the header has 2"));
    assert!(!bad.to_string().contains("ลับ") && !format!("{bad:?}").contains("ลับ"));
}

/// A file far larger than the limits is read in batches that keep to them.
#[test]
fn memory_is_bounded_by_the_limits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.csv");
    let mut text = String::from("text,n\n");
    let row = format!("{},1\n", "ยืนยันตัวตน ".repeat(30));
    while text.len() < 8 << 20 {
        text.push_str(&row);
    }
    fs::write(&path, &text).unwrap();
    let options = ReadOptions::new().batch_bytes(1 << 18).batch_rows(1_000);
    let mut rows = 0;
    for batch in open(&Input::new(&path), &options).unwrap() {
        let batch = batch.unwrap();
        assert!(batch.num_rows() <= (1 << 18) / row.len());
        assert!(batch.columns.get_array_memory_size() < 1 << 20);
        rows += batch.num_rows();
    }
    assert_eq!(rows, (text.len() - "text,n\n".len()) / row.len());
}
