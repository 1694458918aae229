//! What the page holds, and what it never does.

use ruthan::Classifier;

use super::*;

fn report(classifier: &Classifier) -> Report {
    let thresholds = classifier.manifest().thresholds;
    let bar =
        |t: ruthan::Threshold| Bar { score: t.score, false_alarm_rate: Some(t.false_alarm_rate) };
    Report::new(About {
        model: classifier.model().to_owned(),
        program: "0.0".to_owned(),
        suspicious: bar(thresholds.suspicious),
        scam: bar(thresholds.scam),
    })
}

fn page(messages: &[(&str, Option<&str>, Option<i64>)]) -> String {
    let classifier = Classifier::new().unwrap();
    let mut report = report(&classifier);
    for (row, &(text, sender, time)) in (1..).zip(messages) {
        let classification = classifier.classify(text).unwrap();
        report.add(&Judged {
            text,
            classification: &classification,
            sender,
            time,
            file: "กล่องข้อความ.csv",
            row,
        });
    }
    report.finish()
}

const SCAM: &str = "KBANK แจ้ง บัญชีของท่านถูกระงับ ยืนยันที่ https://kbank.th-line.cc/7qP โทร 081-234-5678";

#[test]
fn the_page_says_what_was_found() {
    let day = 1_763_942_400_000;
    let html = page(&[
        (SCAM, Some("KBANK"), Some(day)),
        (SCAM, Some("KBANK"), Some(day + 86_400_000)),
        ("พรุ่งนี้เจอกันที่เดิมนะ", None, None),
    ]);
    for said in [
        "2025-11-24",
        "2025-11-25",
        "th-line.cc",
        "+66812345678",
        "Kasikornbank",
        "กล่องข้อความ.csv",
        "ruthan-1",
        "<svg",
        "class=\"against\"",
    ] {
        assert!(html.contains(said), "{said}");
    }
    assert_eq!(html.matches("<article").count(), 2, "equal texts are one sample");
}

#[test]
fn an_empty_report_is_a_page_too() {
    let html = page(&[]);
    assert!(html.contains("</html>") && html.contains("<dl class=\"tiles\">"));
    let classifier = Classifier::new().unwrap();
    let mut report = report(&classifier);
    for row in 1..=60 {
        report.reject("a.csv", row, "not valid UTF-8 <b>");
    }
    report.add_empty();
    let html = report.finish();
    assert!(html.contains("not valid UTF-8 &#60;b&#62;") && !html.contains("<b>"));
    assert!(html.contains("id=\"rejects\""));
}

#[test]
fn the_policy_allows_the_pages_own_script_and_style_alone() {
    let html = page(&[(SCAM, None, None)]);
    let policy = html.split("Content-Security-Policy\" content=\"").nth(1).unwrap();
    let policy = policy.split('>').next().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert_eq!(html.matches("<script").count(), 1);
    for absent in [" style=", " src=", " onclick", "javascript:", "@import", "url("] {
        assert!(!html.contains(absent), "{absent}");
    }
    // Links lead to places in the page.
    let links = html.matches(" href=").count();
    assert_eq!(links, html.matches(" href=\"#").count());
}

#[test]
fn hostile_texts_are_only_text() {
    let hostile = format!(
        "{SCAM} </p></article><script>alert(1)</script><img src=x onerror=alert(2)>\u{202E}\0"
    );
    let html = page(&[(&hostile, Some("\"><svg/onload=alert(3)>"), None)]);
    assert_eq!(html.matches("<script").count(), 1);
    assert!(!html.contains("<img") && !html.contains("<svg/"));
    assert!(!html.contains('\0') && html.contains("U+202E") && html.contains("U+0000"));
}

#[test]
fn the_order_of_messages_does_not_matter() {
    let messages: Vec<String> =
        (0..40).map(|i| format!("{SCAM} ครั้งที่ {i} {}", "ก".repeat(i))).collect();
    let mut rows: Vec<_> =
        messages.iter().map(|m| (m.as_str(), None, Some(1_763_942_400_000))).collect();
    let rowless = |html: String| {
        let lines =
            html.lines().map(|line| line.split("class=\"where\"").next().unwrap().to_owned());
        lines.collect::<Vec<_>>()
    };
    let forward = rowless(page(&rows));
    rows.reverse();
    let backward = rowless(page(&rows));
    assert_eq!(forward.len(), backward.len());
    let mut differ = forward.iter().zip(&backward).filter(|(a, b)| a != b);
    assert!(differ.next().is_none());
}
