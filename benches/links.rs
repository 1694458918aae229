//! The second stage: finding and judging links, and finding indicators, of a message that is normalised already.

#![allow(missing_docs, reason = "criterion's macros make the items")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ruthan::training::second_stage;

/// What a message holds, and one of about 120 characters that does.
const MESSAGES: [(&str, &str); 6] = [
    (
        "nothing, thai",
        "วันนี้อากาศดีมากเลยออกไปเดินเล่นที่สวนสาธารณะกับลูกๆ แล้วแวะซื้อกับข้าวที่ตลาดกลับมาทำกินกันที่บ้านตอนเย็น สนุกดีนะ",
    ),
    (
        "nothing, english",
        "We walked to the park this morning and had lunch with the children before the rain came in the late afternoon, it was fun.",
    ),
    (
        "one link, thai",
        "พัสดุของท่านจัดส่งไม่สำเร็จเนื่องจากที่อยู่ไม่ถูกต้อง กรุณายืนยันที่อยู่ภายในวันนี้ที่ https://flash.goxth.com/a1b2 ขอบคุณค่ะ",
    ),
    (
        "one link, english",
        "Your parcel could not be delivered as the address is incomplete. Please confirm it today at https://usps.track-sh.top/x9y8z7.",
    ),
    (
        "numbers, thai",
        "โอน 5,000 บาท เข้าบัญชีกสิกร 123-4-56789-0 ชื่อ นายสมชาย แล้วโทร 081-234-5678 หรือแอดไลน์ @somchai99 ภายในวันนี้ค่ะ",
    ),
    (
        "link and numbers, english",
        "Pay $49.99 to account 1234567890 or call +1 415 555 0132, see https://abcq1.com/pay?id=1 and write to help@abcq1.com today.",
    ),
];

fn second(c: &mut Criterion) {
    let mut group = c.benchmark_group("links and indicators");
    for (name, text) in MESSAGES {
        let normalized = ruthan::normalize(text);
        group.bench_function(name, |b| b.iter(|| black_box(second_stage(&normalized, text))));
    }
    group.finish();
}

criterion_group!(benches, second);
criterion_main!(benches);
