//! `ruthan campaigns`: how well planted campaigns are found again, and what the command prints.

#![allow(clippy::print_stderr, reason = "a share is a figure to be seen")]

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;

use ruthan::{Class, Indicator, Label, Link, Verdict};
use ruthan_report::campaigns::{Campaigns, Options, Place, Row};
use ruthan_tests::{err, out, root, rows, run as ruthan};

/// Random numbers that are the same in each run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }

    fn name(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(b'a' + u8::try_from(self.below(26)).unwrap())).collect()
    }
}

/// The wordings of each campaign, with `{name}`, `{money}`, `{link}`, `{time}` to fill in. Several wordings of one
/// campaign have `{payee}` in common.
const SCAMS: &[&[&str]] = &[
    &[
        "เรียนคุณ{name} พัสดุของท่านจัดส่งไม่สำเร็จเนื่องจากที่อยู่ไม่ครบถ้วน กรุณายืนยันข้อมูลภายใน {time} ชั่วโมง มิฉะนั้นจะถูกส่งคืน {link}",
    ],
    &[
        "การไฟฟ้าส่วนภูมิภาค แจ้งคุณ{name} ท่านมีสิทธิ์ได้รับเงินคืนค่าประกันมิเตอร์ {money} บาท กรุณากดรับสิทธิ์ก่อนหมดเขตวันนี้ {link}",
    ],
    &["ธนาคารแจ้งเตือน พบการเข้าสู่ระบบผิดปกติจากอุปกรณ์อื่น หากไม่ใช่ท่านให้ยกเลิกทันทีที่ {link} ภายใน {time} นาที"],
    &[
        "ยินดีด้วยคุณ{name} ท่านได้รับอนุมัติสินเชื่อส่วนบุคคลวงเงิน {money} บาท ดอกเบี้ยต่ำไม่ต้องค้ำประกัน สนใจติดต่อเจ้าหน้าที่ {link}",
    ],
    &[
        "แม่คะ หนู{name}นะ โทรศัพท์พังเลยใช้เบอร์เพื่อน ช่วยโอนค่าซ่อม {money} บาทก่อนได้ไหม {payee} เดี๋ยวคืนให้คืนนี้",
        "พี่{name}เองครับ เกิดอุบัติเหตุต้องจ่ายค่ารักษาด่วนมาก รบกวนโอน {money} มาที่ {payee} ก่อนนะ ถึงบ้านแล้วจะรีบคืน",
    ],
    &[
        "รับสมัครงานออนไลน์ กดไลก์กดแชร์ทำที่บ้านได้ รายได้วันละ {money} บาท ไม่ต้องมีประสบการณ์ แอดไลน์ {payee} สอบถามได้ตลอด",
        "Part-time work from home, like videos and earn {money} THB every day, no experience needed. Ask {name} on {payee} now",
    ],
    &[
        "สำนักงานตำรวจแห่งชาติ แจ้งคุณ{name} พบบัญชีของท่านพัวพันคดีฟอกเงิน ให้ติดต่อเจ้าหน้าที่สอบสวนภายใน {time} ชั่วโมง เพื่อแสดงความบริสุทธิ์ {link}",
    ],
    &[
        "USPS: {name}, your package is held at our depot because of an incomplete house number. Update your address within {time} hours: {link}",
    ],
    &[
        "Final notice: you have an unpaid toll balance of ${money}. Pay today to avoid a late fee and the suspension of your licence, {name}. {link}",
    ],
    &[
        "Hi {name}, this is your bank's fraud team. A transfer of ${money} was just made to a new payee. If this was not you, cancel it here {link}",
    ],
    &[
        "กลุ่มหุ้นวีไอพีอาจารย์{name} แจกหุ้นเด็ดทุกเช้า กำไรเดือนละ {money} บาทการันตี สมาชิกเหลือ {time} ที่สุดท้าย เข้ากลุ่มฟรีที่ {link}",
    ],
    &["เว็บตรงสล็อตแตกง่าย สมัครวันนี้รับเครดิตฟรี {money} ไม่ต้องฝากไม่ต้องแชร์ ถอนได้จริงคุณ{name} คลิกเลย {link}"],
];

const NAMES: [&str; 12] = [
    "สมชาย",
    "มาลี",
    "วิชัย",
    "กนกวรรณ",
    "ณัฐพล",
    "ปรียานุช",
    "John",
    "Somsak",
    "Priya",
    "Malee",
    "อภิชาติ",
    "Katherine",
];
const PAYEES: [[&str; 2]; 2] =
    [["บัญชีกสิกร 123-4-56789-0", "กสิกร 1234567890"], ["Line ID: easyjob88", "LINE ID easyjob88"]];
/// Genuine numbers and sites that impostors of all kinds quote: hubs that must unite nothing.
const DECOYS: [&str; 4] = [
    " สอบถาม 1441",
    " โทร 1129",
    " ดูข้อมูลที่ https://www.kasikornbank.com",
    " see https://www.usps.com",
];

/// A message of a campaign: filled in, now and then disguised or mistyped.
fn variation(campaign: usize, dice: &mut Dice) -> String {
    let wordings = SCAMS[campaign];
    let payees = PAYEES[campaign % 2];
    // Half of the links are on one domain, the others are thrown away after use.
    let link = match dice.below(4) {
        0 => format!("https://secure{campaign}.th-web{campaign}.cc/{}", dice.name(4)),
        1 => format!("https://bit.ly/{}", dice.name(7)),
        2 => format!("{}.{}.top/{}", dice.name(3), dice.name(8), dice.digits(3)),
        _ => format!("https://{}-th.com/{}", dice.name(9), dice.name(5)),
    };
    let money = format!("{},{}00", 1 + dice.below(90), dice.digits(1));
    let mut text = wordings[dice.below(wordings.len())]
        .replace("{name}", dice.of(&NAMES))
        .replace("{money}", &money)
        .replace("{time}", &(1 + dice.below(48)).to_string())
        .replace("{payee}", dice.of(&payees));
    if dice.below(5) == 0 {
        text += dice.of(&DECOYS);
    }
    // Letters are spoilt around the link, not in it.
    let mut letters: Vec<char> = text.chars().collect();
    let kept = text.find('{').map_or(letters.len(), |at| text[..at].chars().count());
    for _ in 0..[0, 0, 1, 2, 4][dice.below(5)] {
        let at = dice.below(kept.min(letters.len()) - 1);
        match dice.below(3) {
            0 => letters.insert(at, '\u{200B}'),
            1 => letters.swap(at, at + 1),
            _ => letters.insert(at, letters[at]),
        }
    }
    letters.into_iter().collect::<String>().replace("{link}", &link)
}

/// A message, what it is and the campaign that it was planted for.
struct Planted {
    text: String,
    label: Label,
    truth: Option<usize>,
}

/// Planted campaigns of 40 messages each among all that this project wrote.
fn planted() -> Vec<Planted> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut planted: Vec<Planted> = (0..SCAMS.len() * 40)
        .map(|i| {
            let truth = i % SCAMS.len();
            Planted { text: variation(truth, &mut dice), label: Label::Other, truth: Some(truth) }
        })
        .collect();
    for language in ["th", "en"] {
        for entry in fs::read_dir(root().join("data/messages").join(language)).unwrap() {
            for row in rows(&entry.unwrap().path()) {
                let text = row["text"].as_str().unwrap().to_owned();
                let label = row["label"].as_str().unwrap().parse().unwrap();
                planted.push(Planted { text, label, truth: None });
            }
        }
    }
    planted
}

struct Found {
    links: Vec<Link>,
    indicators: Vec<Indicator>,
}

/// Pairs of messages of one campaign: how many of those united are so in truth, and how many of those in truth were
/// united. Each background message is a campaign of its own, so that any pair with one is a fault.
fn pairwise(options: Options) -> (f64, f64) {
    let planted = planted();
    let found: Vec<Found> = planted
        .iter()
        .map(|p| Found { links: ruthan::links(&p.text), indicators: ruthan::indicators(&p.text) })
        .collect();
    let rows: Vec<Row<'_>> = planted
        .iter()
        .zip(&found)
        .zip(1..)
        .map(|((p, f), row)| Row {
            text: &p.text,
            verdict: if p.label.class() == Class::Scam { Verdict::Scam } else { Verdict::Clean },
            label: Some(p.label),
            links: &f.links,
            indicators: &f.indicators,
            sender: None,
            time: None,
            place: Place { file: 0, row },
        })
        .collect();
    let mut campaigns = Campaigns::new(options);
    for row in &rows {
        campaigns.add(row);
    }
    let grouped = campaigns.finish();
    let pairs = |count: usize| count as f64 * (count as f64 - 1.0) / 2.0;
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    let mut both: HashMap<(&str, usize), usize> = HashMap::new();
    for (row, p) in rows.iter().zip(&planted) {
        if let Some(campaign) = grouped.campaign_of(row) {
            *sizes.entry(&campaign.id).or_default() += 1;
            if let Some(truth) = p.truth {
                *both.entry((&campaign.id, truth)).or_default() += 1;
            }
        }
    }
    let right: f64 = both.values().map(|&count| pairs(count)).sum();
    let united: f64 = sizes.values().map(|&count| pairs(count)).sum();
    (right / united, right / (SCAMS.len() as f64 * pairs(40)))
}

#[test]
fn planted_campaigns_are_found_and_nothing_else() {
    for all in [false, true] {
        let mut options = Options::default();
        options.all = all;
        let (precision, recall) = pairwise(options);
        eprintln!("all: {all}, pairwise precision {precision:.3}, recall {recall:.3}");
        assert!(precision >= 0.95 && recall >= 0.90);
    }
}

/// A file of three scams by one payee and a harmless message, as `scan` writes it.
fn scored(columns: &str) -> String {
    let texts = [
        ("2026-11-01", "แม่คะ โทรศัพท์หนูหาย โอนค่าเครื่องให้หน่อย บัญชีกสิกร 123-4-56789-0"),
        ("2026-11-03", "ด่วน! ค้างชำระค่าไฟ จะตัดไฟวันนี้ ชำระที่ กสิกร 1234567890 \u{1b}[31m"),
        ("2026-11-02", "Your parcel fee is due, transfer to KBank account 123-4-56789-0 today"),
        ("2026-11-02", "พรุ่งนี้เจอกันที่เดิมนะ"),
    ];
    let mut csv = String::from("date,sender,text\n");
    for (date, text) in texts {
        writeln!(csv, "{date},+66811112222,\"{text}\"").unwrap();
    }
    // Not what the model thinks of them is tested here: all are to be alarms.
    let bars = ["--suspicious-at", "0.000001", "--scam-at", "0.000001"];
    let arguments = [&["scan", "-", "--columns", columns][..], &bars].concat();
    let output = ruthan(&arguments, csv.as_bytes());
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    out(&output)
}

#[test]
fn the_command_reads_what_scan_writes() {
    let shown = |arguments: &[&str], scored: &str| {
        let arguments: Vec<&str> = ["campaigns", "-"].iter().chain(arguments).copied().collect();
        ruthan(&arguments, scored.as_bytes())
    };
    let short = scored("verdict,label");
    let whole = scored("verdict,label,links,indicators");
    let people = shown(&[], &short);
    assert_eq!(people.status.code(), Some(1), "{}", err(&people));
    let text = out(&people);
    assert!(text.contains("account 1234567890") && text.contains("+66811112222 ("), "{text}");
    assert!(text.contains("2026-11-01 to 2026-11-0") && !text.contains('\u{1b}'), "{text}");

    let json = |scored: &str| -> serde_json::Value {
        let output = shown(&["--json"], scored);
        serde_json::from_str(out(&output).lines().next().expect("a campaign")).unwrap()
    };
    assert_eq!(json(&short)["indicators"][0]["value"]["kind"], "account");
    assert_eq!(json(&whole)["indicators"][0]["value"]["value"], "1234567890");
    let csv = out(&shown(&["--csv"], &whole));
    assert!(csv.starts_with("id,size,wordings,first_seen,last_seen,sample,file,row,"), "{csv}");
    assert_eq!(out(&shown(&["--min-size", "9"], &short)), "");
    assert_eq!(shown(&["--min-size", "9"], &short).status.code(), Some(0));
}

#[test]
fn files_that_were_not_scanned_are_named() {
    for (csv, words) in [
        ("text\nสวัสดี\n", "ruthan scan"),
        ("text,verdict\nสวัสดี,maybe\n", "row 1: column `verdict`"),
        ("text,verdict,links\nสวัสดี,scam,{}\n", "row 1: column `links`"),
    ] {
        let output = ruthan(&["campaigns", "-"], csv.as_bytes());
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(words), "{}", err(&output));
        assert!(!err(&output).contains("สวัสดี"));
    }
}
