//! How the cost of a whole classification grows with length, and what a message costs that is built to be slow.
//!
//! Compare the cost of a byte: over the lengths of one kind, and of each hostile kind with Thai or English of its length.

#![allow(missing_docs, reason = "criterion's macros make the items")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ruthan::Classifier;

/// The lengths of ordinary text in bytes. The longest is the longest message that is read.
const LENGTHS: [usize; 5] = [100, 1_000, 10_000, 100_000, 1_000_000];
/// The lengths of hostile messages.
const HOSTILE: [usize; 2] = [10_000, 1_000_000];

const THAI: &str = "ธนาคารแจ้งเงินเข้าบัญชีของท่าน 1,500.00 บาท วันที่ 3 ม.ค. เวลา 10.30 น. คงเหลือ 20,410.77 บาท ขอบคุณที่ใช้บริการ ";
const ENGLISH: &str = "Your parcel will be delivered today between 10:00 and 12:00. No need to stay in: we can leave it with a neighbour. ";

/// Messages built to be slow: what is repeated, by what it aims at.
const SHAPES: [(&str, &str); 21] = [
    ("opening brackets", "("),
    ("nested brackets", "[({<"),
    ("dots", "."),
    ("defanged dots", "[.]"),
    ("glued endings", ".com["),
    ("spelled dots", " dot "),
    ("a@a@a@", "a@"),
    ("a.a.a.", "a."),
    ("labels", "a-"),
    ("slashes", "http://"),
    ("paths", "a.com/"),
    ("links", "https://kbank.th-line.cc/7qP "),
    ("handles", "@abc "),
    ("digits", "0"),
    ("phones", "081-234-5678 "),
    ("amounts", "1,0"),
    ("combining marks", "\u{0301}"),
    ("Thai marks", "่"),
    ("invisible", "\u{200B}"),
    ("spaced out", "ก "),
    ("look-alikes", "аa"),
];

/// `text` again and again, up to `length` bytes.
fn of_length(text: &str, length: usize) -> String {
    let mut long = text.repeat(length / text.len() + 1);
    long.truncate(long.floor_char_boundary(length));
    long
}

fn by_length(c: &mut Criterion, group: &str, kinds: &[(&str, &str)], lengths: &[usize]) {
    let classifier = Classifier::builder()
        .engine(ruthan::Engine::Embedded)
        .threads(1)
        .build()
        .expect("the engine starts");
    let mut group = c.benchmark_group(group);
    group.sample_size(10);
    for (kind, text) in kinds {
        for &length in lengths {
            let text = of_length(text, length);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new(*kind, length), &text, |b, text| {
                b.iter(|| black_box(classifier.classify(text)));
            });
        }
    }
    group.finish();
}

fn growth(c: &mut Criterion) {
    by_length(c, "growth", &[("thai", THAI), ("english", ENGLISH)], &LENGTHS);
}

fn hostile(c: &mut Criterion) {
    by_length(c, "hostile", &SHAPES, &HOSTILE);
}

criterion_group!(benches, growth, hostile);
criterion_main!(benches);
