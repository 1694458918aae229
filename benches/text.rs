//! The normaliser: a message of 120 characters by kind, and how cost grows with length.

#![allow(missing_docs, reason = "criterion's macros make the items")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// The length of an ordinary message in characters.
const ORDINARY: usize = 120;

/// Honest and disguised text of each kind, of any length.
fn kinds() -> [(&'static str, &'static str); 4] {
    [
        (
            "thai",
            "ธนาคารแจ้งเงินเข้าบัญชีของท่าน 1,500.00 บาท วันที่ 3 ม.ค. เวลา 10.30 น. คงเหลือ 20,410.77 บาท ขอบคุณที่ใช้บริการ ",
        ),
        (
            "english",
            "Your parcel will be delivered today between 10:00 and 12:00. No need to stay in: we can leave it with a neighbour. ",
        ),
        (
            "mixed",
            "KBank: โอนเงินสำเร็จ THB 2,500.00 จาก A/C X-1234 ผ่าน K PLUS วันที่ 12/03/68 Ref 0039AB สอบถาม call center 02-888-8888 ",
        ),
        (
            "disguised",
            "รัuโUนัส 1OO% สมัคร b0nu$ f r e e ค\u{200B}ลิก hxxps://a[.]b[.]com ส ล็ อ ต เเตกโxด ｆｒｅｅ раypal 25o'/. ",
        ),
    ]
}

/// `text` again and again, up to `length` characters.
fn of_length(text: &str, length: usize) -> String {
    text.chars().cycle().take(length).collect()
}

fn ordinary(c: &mut Criterion) {
    let mut group = c.benchmark_group("normalize 120 characters");
    for (kind, text) in kinds() {
        let text = of_length(text, ORDINARY);
        group.bench_function(kind, |b| b.iter(|| black_box(ruthan::normalize(&text))));
    }
    group.finish();
}

fn growth(c: &mut Criterion) {
    let mut group = c.benchmark_group("normalize by length");
    group.sample_size(10);
    for (kind, text) in kinds() {
        for length in [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000] {
            let mut text = of_length(text, length);
            text.truncate(text.floor_char_boundary(length));
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new(kind, length), &text, |b, text| {
                b.iter(|| black_box(ruthan::normalize(text)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, ordinary, growth);
criterion_main!(benches);
