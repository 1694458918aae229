//! What is grouped, and what is not.

use proptest::prelude::*;

use super::*;

/// A message that owns what a row borrows.
struct Given {
    text: String,
    verdict: Verdict,
    links: Vec<Link>,
    indicators: Vec<Indicator>,
}

fn given(text: &str, verdict: Verdict) -> Given {
    Given {
        text: text.to_owned(),
        verdict,
        links: ruthan::links(text),
        indicators: ruthan::indicators(text),
    }
}

fn scams(texts: &[&str]) -> Vec<Given> {
    texts.iter().map(|text| given(text, Verdict::Scam)).collect()
}

fn rows(given: &[Given]) -> Vec<Row<'_>> {
    (1..)
        .zip(given)
        .map(|(row, Given { text, verdict, links, indicators })| Row {
            text,
            verdict: *verdict,
            label: Some(Label::Bank),
            links,
            indicators,
            sender: Some("SMS"),
            time: Some(i64::try_from(row).unwrap() * 1_000),
            place: Place { file: 0, row },
        })
        .collect()
}

fn found(options: Options, rows: &[Row<'_>]) -> Vec<Campaign> {
    let mut campaigns = Campaigns::new(options);
    for row in rows {
        campaigns.add(row);
    }
    campaigns.finish().campaigns
}

fn sizes(given: &[Given]) -> Vec<u64> {
    found(Options::default(), &rows(given)).iter().map(|c| c.size).collect()
}

#[test]
fn variations_of_a_message_are_one_campaign() {
    let given = scams(&[
        "คุณสมชาย บัญชีของท่านถูกระงับชั่วคราว กรุณายืนยันตัวตนภายใน 24 ชั่วโมง https://scb.th-x1.cc/a",
        "คุณมาลี บัญชีของท่านถูกระงับชั่วคราว กรุณายืนยันตัวตนภายใน 12 ชั่วโมง https://scb.th-y2.cc/b",
        "คุณวิชัย บัญชีของท่านถูกระงับชั่วคราว กรุณายื\u{200B}นยันตัวตนภายใน 6 ชม. https://scb.vip-z3.com/",
        "สวัสดีค่ะ สนใจงานพาร์ทไทม์กดไลก์รับเงินวันละสามพันบาทไหมคะ แอดไลน์มาได้เลย",
    ]);
    let found = found(Options::default(), &rows(&given));
    assert_eq!(found.len(), 1);
    let campaign = &found[0];
    assert_eq!((campaign.size, campaign.wordings), (3, 3));
    assert_eq!((campaign.first_seen, campaign.last_seen), (Some(1_000), Some(3_000)));
    assert_eq!(campaign.indicators.len(), 3);
    assert_eq!(campaign.senders, [Counted { value: "SMS".into(), messages: 3 }]);
    assert!(campaign.sample.starts_with("คุณ"));
}

#[test]
fn who_is_paid_unites_what_is_worded_otherwise() {
    assert_eq!(
        sizes(&scams(&[
            "แม่คะ โทรศัพท์หนูหาย โอนค่าเครื่องให้หน่อย บัญชีกสิกร 123-4-56789-0",
            "ด่วน! ค้างชำระค่าไฟ จะตัดไฟภายในวันนี้ ชำระที่ กสิกร 1234567890",
            "Your parcel fee is due, transfer to KBank account 123-4-56789-0 today",
        ])),
        [3]
    );
}

#[test]
fn what_many_share_unites_nothing() {
    for texts in [
        [
            "ค้างชำระค่าปรับจราจร ดูที่ https://www.dlt.go.th/x",
            "ท่านได้รับเงินคืนภาษี ตรวจสอบ https://www.dlt.go.th/x",
        ],
        ["แจ้งเตือนบัญชีถูกอายัด โทร 1441 ทันทีเพื่อปลดล็อก", "พบคดีฟอกเงินในชื่อของท่าน ติดต่อ 1441"],
        ["สมัครสินเชื่ออนุมัติไวที่ bit.ly/aaa", "รับเครดิตฟรีวันนี้ที่ bit.ly/bbb เท่านั้น"],
        ["โอน 5,000 บาท ค่าธรรมเนียมปลดล็อกพัสดุ", "ลงทุนเพียง 5,000 บาท กำไรทุกวันแน่นอน"],
    ] {
        assert_eq!(sizes(&scams(&texts)), [0; 0], "{texts:?}");
    }
}

/// A message with words of its own for each number.
fn different(number: usize, tail: &str) -> String {
    let words =
        ["กู้เงิน", "พัสดุ", "ค่าไฟ", "รางวัล", "หุ้นทอง", "งานเสริม", "ภาษี", "ตำรวจ", "บัตร", "ประกัน"];
    let mut said = String::new();
    for at in 0..12 {
        let pick = usize::try_from(digest(&[&number.to_string(), &at.to_string()]) % 100).unwrap();
        said += words[pick / 10];
        said.push(['ก', 'ข', 'ค', 'ง', 'จ', 'ช', 'ด'][pick % 7]);
        said += words[pick % 10];
    }
    format!("{said} {tail}")
}

#[test]
fn hubs_unite_nothing() {
    let hub = |verdicts: [Verdict; 2], count: usize| {
        let tail = "โทร 02-888-8888";
        (0..count).map(|i| given(&different(i, tail), verdicts[i % 2])).collect::<Vec<_>>()
    };
    let together = hub([Verdict::Scam; 2], 6);
    assert_eq!(sizes(&together), [6]);
    let options = Options { hub_wordings: 3, ..Options::default() };
    let largest = found(options, &rows(&together)).iter().map(|c| c.size).max();
    assert!(largest < Some(6), "{largest:?}");
    // A number that genuine messages name as often is a bank's.
    assert!(sizes(&hub([Verdict::Scam, Verdict::Clean], 6)).iter().all(|&size| size < 3));
}

#[test]
fn a_genuine_notice_is_not_of_the_campaign_that_imitates_it() {
    let notice = "ธนาคารกสิกรไทย แจ้งบัญชีของท่านมียอดใช้จ่ายผ่านบัตรเครดิตเกินกำหนด ตรวจสอบรายการในแอป";
    let mut messages = scams(&[
        &format!("{notice} https://kbank.th-x1.cc/a"),
        &format!("{notice} https://kbank.th-x2.cc/a"),
    ]);
    messages.extend([given(notice, Verdict::Clean), given(notice, Verdict::Clean)]);
    assert_eq!(sizes(&messages), [2]);
    let all = Options { all: true, ..Options::default() };
    let sizes: Vec<u64> = found(all, &rows(&messages)).iter().map(|c| c.size).collect();
    assert_eq!(sizes, [2, 2]);
}

#[test]
fn short_messages_must_be_equal() {
    assert_eq!(sizes(&scams(&["หวัดดี", "หวัดดี", "สบายดี", "bit.ly/a", "bit.ly/b"])), [2]);
}

#[test]
fn a_full_collector_says_so() {
    let options = Options { most_wordings: 2, ..Options::default() };
    let mut campaigns = Campaigns::new(options);
    let given =
        scams(&[&different(1, ""), &different(2, ""), &different(3, ""), &different(1, "")]);
    for row in rows(&given) {
        campaigns.add(&row);
    }
    let grouped = campaigns.finish();
    assert_eq!((grouped.left_out, grouped.campaigns[0].size), (1, 2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever the order, the same campaigns; each message in at most one, and none twice.
    #[test]
    fn the_order_of_rows_does_not_matter(
        picks in prop::collection::vec((0..14_usize, 0..4_usize), 0..40),
        seed in any::<u64>(),
    ) {
        let tails = ["", "โทร 081-234-5678", "https://a.th-x1.cc/q", "บัญชีกสิกร 123-4-56789-0"];
        let given: Vec<Given> = picks
            .iter()
            .map(|&(i, tail)| {
                let verdict = if i % 3 == 0 { Verdict::Suspicious } else { Verdict::Scam };
                given(&different(i, tails[tail]), verdict)
            })
            .collect();
        let rows = rows(&given);
        let forward = found(Options::default(), &rows);
        let mut shuffled = rows.clone();
        shuffled.sort_by_key(|row| digest(&[&seed.to_string(), &row.place.row.to_string()]));
        prop_assert_eq!(&forward, &found(Options::default(), &shuffled));
        prop_assert!(forward.iter().map(|c| c.size).sum::<u64>() <= rows.len() as u64);
        prop_assert!(forward.iter().all(|c| c.size >= 2 && c.size == c.verdicts.values().sum::<u64>()));
    }

    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,40}", other in any::<String>()) {
        let odd = vec![given(&text, Verdict::Scam), given(&other, Verdict::Scam), given(&text, Verdict::Scam)];
        prop_assert!(!found(Options::default(), &rows(&odd)).is_empty());
    }
}
