//! Prints how fast dumps are read and written:
//! `cargo run --release -p ruthan-dump --example throughput [megabytes]`.
#![allow(clippy::print_stdout)]

use std::io::{self, Cursor, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use ruthan_dump::{Batch, Format, Output, ReadOptions, Reader, Result, Writer};

const MESSAGES: [&str; 4] = [
    "พัสดุของท่านจัดส่งไม่สำเร็จ กรุณายืนยันที่อยู่ที่ www.flash.goxth.com ภายใน 24 ชั่วโมง",
    "Your package could not be delivered, please confirm your address within 24 hours",
    "แม่คะ วันนี้กลับบ้านช้านะ ไม่ต้องรอกินข้าว",
    "ok see you at 7",
];
const ROUNDS: u32 = 5;

fn main() -> Result<()> {
    let megabytes = std::env::args().nth(1).and_then(|size| size.parse().ok()).unwrap_or(100);
    for (name, row) in [
        ("a.csv", csv_row as fn(usize) -> String),
        ("a.jsonl", json_row),
        ("escaped.jsonl", escaped_row),
    ] {
        let mut text = String::from(if name == "a.csv" { "id,date,sender,text\n" } else { "" });
        let mut number = 0;
        while text.len() < megabytes << 20 {
            text.push_str(&row(number));
            number += 1;
        }
        let size = text.len();
        let text: &'static [u8] = text.leak().as_bytes();

        let read = || Reader::from_read(Cursor::new(text), name, &ReadOptions::new());
        let reading = time(|| {
            let rows: usize =
                read()?.map(|batch| batch.map(|batch| batch.num_rows())).sum::<Result<_>>()?;
            assert_eq!(rows, number);
            Ok(())
        })?;
        println!("{name}: read {}", speed(size, reading));

        // Some are enough, since the batches must lie in memory.
        let batches: Vec<Batch> = read()?.take(20).collect::<Result<_>>()?;
        for format in [Format::Csv, Format::JsonLines] {
            let written = Arc::new(AtomicUsize::new(0));
            let writing = time(|| {
                written.store(0, Relaxed);
                let schema = batches[0].columns.schema();
                let mut writer = Writer::new(counting(&written), format, schema)?;
                batches.iter().try_for_each(|batch| writer.write(&batch.columns))?;
                writer.finish()
            })?;
            println!("{name}: write as {format:?} {}", speed(written.load(Relaxed), writing));
        }
    }
    Ok(())
}

fn csv_row(number: usize) -> String {
    let text = MESSAGES[number % MESSAGES.len()];
    let quote = if text.contains(',') { "\"" } else { "" };
    format!("{number},2026-11-01T12:00:00,+6681234{:04},{quote}{text}{quote}\n", number % 10_000)
}

fn json_row(number: usize) -> String {
    let text = MESSAGES[number % MESSAGES.len()];
    format!(
        "{{\"id\": {number}, \"date\": \"2026-11-01\", \"sender\": \"KBANK\", \"text\": \"{text}\"}}\n"
    )
}

/// As Python writes it, with an escape for every Thai character.
fn escaped_row(number: usize) -> String {
    let escaped: String = MESSAGES[number % MESSAGES.len()]
        .chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
        .collect();
    format!("{{\"id\": {number}, \"date\": \"2026-11-01\", \"text\": \"{escaped}\"}}\n")
}

/// Returns an output that only counts its bytes.
fn counting(written: &Arc<AtomicUsize>) -> Output {
    struct Counting(Arc<AtomicUsize>);
    impl Write for Counting {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.fetch_add(bytes.len(), Relaxed);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    Output::to_writer(Counting(Arc::clone(written)), "<nowhere>")
}

/// Returns the best time of a few.
fn time(mut work: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        work()?;
        best = best.min(begin.elapsed());
    }
    Ok(best)
}

fn speed(bytes: usize, time: Duration) -> String {
    format!("{:.0} MB/s", bytes as f64 / 1e6 / time.as_secs_f64())
}
