//! `ruthan scan --report` in a browser: Chromium, where there is one.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use headless_chrome::protocol::cdp::types::Event;
use headless_chrome::protocol::cdp::{Emulation, Network};
use headless_chrome::{Browser, LaunchOptions, Tab};
use ruthan::{Classifier, Label, Verdict};
use ruthan_report::html::{About, Bar, Judged, Report};
use ruthan_tests::{err, run as ruthan};
use serde_json::Value;

/// Where Chromium is, if it is.
fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|program| program.is_file())
}

/// A page in the browser, and what it did that it should not.
struct Visit {
    // The browser ends with it.
    _browser: Browser,
    tab: Arc<Tab>,
    misdeeds: Arc<Mutex<Vec<String>>>,
}

impl Visit {
    /// Opens a page; `None` where there is no browser, which it says.
    #[allow(clippy::print_stderr)]
    fn to(page: &Path) -> Option<Self> {
        let Some(path) = chromium() else {
            eprintln!("skipped: no Chromium in the path");
            return None;
        };
        let options = LaunchOptions::default_builder()
            .path(Some(path))
            // Tests run as root in containers, where Chromium has no sandbox; the page is ours.
            .sandbox(false)
            .args(vec![OsStr::new("--disable-dev-shm-usage"), OsStr::new("--lang=en")])
            .build()
            .unwrap();
        let browser = Browser::new(options).unwrap();
        let tab = browser.new_tab().unwrap();
        let misdeeds = Arc::new(Mutex::new(Vec::new()));
        let own = format!("file://{}", page.display());
        let (noted, address) = (Arc::clone(&misdeeds), own.clone());
        let listener = move |event: &Event| {
            let misdeed = match event {
                Event::NetworkRequestWillBeSent(sent) if sent.params.request.url != address => {
                    format!("asked for {}", sent.params.request.url)
                }
                Event::RuntimeExceptionThrown(thrown) => {
                    format!("threw {:?}", thrown.params.exception_details)
                }
                Event::RuntimeConsoleAPICalled(call) => format!("said {:?}", call.params.args),
                Event::LogEntryAdded(entry) => format!("logged {}", entry.params.entry.text),
                Event::PageJavascriptDialogOpening(dialog) => {
                    format!("opened a dialog: {}", dialog.params.message)
                }
                _ => return,
            };
            noted.lock().unwrap().push(misdeed);
        };
        tab.add_event_listener(Arc::new(listener)).unwrap();
        tab.enable_log().unwrap().enable_runtime().unwrap();
        tab.call_method(Network::Enable {
            max_total_buffer_size: None,
            max_resource_buffer_size: None,
            max_post_data_size: None,
            report_direct_socket_traffic: None,
            enable_durable_messages: None,
        })
        .unwrap();
        tab.navigate_to(&own).unwrap().wait_until_navigated().unwrap();
        Some(Self { _browser: browser, tab, misdeeds })
    }

    /// The value of an expression in the page.
    fn value(&self, expression: &str) -> Value {
        let found = self.tab.evaluate(expression, false).unwrap();
        found.value.unwrap_or(Value::Null)
    }

    /// Sets a field as a reader would, and tells the page.
    fn set(&self, id: &str, value: &str) {
        self.value(&format!(
            "{{ const it = document.getElementById({id:?}); it.value = {value:?}; \
             it.dispatchEvent(new Event('input', {{bubbles: true}})); }}"
        ));
    }

    fn shown_samples(&self) -> Value {
        self.value("document.querySelectorAll('.sample:not([hidden])').length")
    }

    fn assert_well_behaved(&self) {
        assert_eq!(*self.misdeeds.lock().unwrap(), Vec::<String>::new());
    }
}

/// A page of twelve messages, four of them of one campaign.
fn scanned(folder: &Path) -> PathBuf {
    let mut csv = String::from("date,sender,text\n");
    for (day, name) in (1..).zip(["สมชาย", "มาลี", "วิชัย", "ณัฐพล"])
    {
        writeln!(csv, "2026-11-0{day},Flash,เรียนคุณ{name} พัสดุของท่านจัดส่งไม่สำเร็จ ยืนยันที่อยู่ https://flash.th-q{day}.cc/a").unwrap();
    }
    for text in [
        "แจกเครดิตฟรี 500 ส ล็ อ ต เว็บตรง สมัคร lin.ee/abc",
        "แม่คะ โทรศัพท์หนูหาย โอนค่าเครื่องให้หน่อย บัญชีกสิกร 123-4-56789-0",
        "USPS: your parcel is held, pay the fee: https://usps.track-sh.top/x",
        "ยอดเงินเข้า 500 บาท คงเหลือ 1200 บาท",
        "Your OTP is 482910. Do not share it with anyone.",
        "พรุ่งนี้เจอกันที่เดิมนะ",
        "ลดราคาทั้งร้าน 50% วันนี้เท่านั้น",
        "<b>ตัวหนา</b> & <script>document.title = 'run'</script>",
    ] {
        writeln!(csv, "2026-11-05,+66811112222,\"{text}\"").unwrap();
    }
    let (input, page) = (folder.join("in.csv"), folder.join("หน้า.html"));
    fs::write(&input, csv).unwrap();
    let files = [&input, &folder.join("out.csv"), &page].map(|f| f.to_str().unwrap().to_owned());
    let output = ruthan(&["scan", &files[0], "-o", &files[1], "--report", &files[2]], b"");
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    // A browser escapes the name; without, the addresses can be compared.
    let plain = folder.join("page.html");
    fs::rename(page, &plain).unwrap();
    plain
}

#[test]
fn search_filters_order_and_language_work() {
    let folder = tempfile::tempdir().unwrap();
    let Some(visit) = Visit::to(&scanned(folder.path())) else { return };
    let all = visit.shown_samples();
    assert_eq!(all, 12);

    visit.set("search", "OTP");
    assert_eq!(visit.shown_samples(), 1);
    // A disguised word is found by what it means.
    visit.set("search", "สล็อต");
    assert_eq!(visit.shown_samples(), 1);
    visit.set("search", "ไม่มีคำนี้");
    assert_eq!(visit.shown_samples(), 0);
    assert_eq!(visit.value("document.getElementById('no-match').hidden"), false);
    assert_eq!(visit.value("document.getElementById('shown').textContent"), "0");
    visit.set("search", "");

    for (id, of) in [("verdict", "clean"), ("label", "otp")] {
        visit.set(id, of);
        let fit = format!("document.querySelectorAll('.sample[data-{id}={of}]').length");
        assert_eq!(visit.shown_samples(), visit.value(&fit));
        assert_ne!(visit.shown_samples(), all);
        visit.set(id, "");
    }
    assert_eq!(visit.shown_samples(), all);

    visit.set("order", "length");
    let falling = "[...document.querySelectorAll('.sample')].map(s => Number(s.dataset.length)) \
                   .every((length, i, all) => i === 0 || all[i - 1] >= length)";
    assert_eq!(visit.value(falling), true);

    let heading = "document.querySelector('h1').innerText";
    assert_eq!(visit.value(heading), "Scam report");
    visit.tab.find_element("[data-speak=th]").unwrap().click().unwrap();
    assert_eq!(visit.value(heading), "รายงานข้อความหลอกลวง");
    assert_eq!(visit.value("document.documentElement.lang"), "th");

    let sizes = "document.querySelector('#campaigns td').innerText";
    assert_eq!(visit.value(sizes), "4");
    visit.value("document.querySelector('#campaigns th button').click()");
    let sorted = visit.value("document.querySelector('#campaigns th').getAttribute('aria-sort')");
    assert_eq!(sorted, "descending");
    visit.assert_well_behaved();
}

#[test]
fn reasons_show_on_focus_and_the_page_fits_a_telephone() {
    let folder = tempfile::tempdir().unwrap();
    let Some(visit) = Visit::to(&scanned(folder.path())) else { return };
    let tip = "getComputedStyle(document.querySelector('mark .tip')).display";
    assert_eq!(visit.value(tip), "none");
    visit.value("document.querySelector('mark').focus()");
    assert_eq!(visit.value(tip), "block");
    visit
        .tab
        .call_method(Emulation::SetDeviceMetricsOverride {
            width: 360,
            height: 740,
            device_scale_factor: 2.0,
            mobile: true,
            scale: None,
            screen_width: None,
            screen_height: None,
            position_x: None,
            position_y: None,
            dont_set_visible_size: None,
            screen_orientation: None,
            viewport: None,
            display_feature: None,
            device_posture: None,
        })
        .unwrap();
    let wide = visit.value("document.documentElement.scrollWidth <= window.innerWidth");
    assert_eq!(wide, true, "it scrolls sideways");
    visit.assert_well_behaved();
}

/// What would run if anything of it were taken for more than text.
fn payloads() -> Vec<String> {
    let ran = "window.ran=1";
    let live = [
        format!("<script>{ran}</script>"),
        format!("<img src=x onerror=\"{ran}\">"),
        format!("<svg onload={ran}>"),
        format!("<svg><script>{ran}</script></svg>"),
        format!("<iframe srcdoc=\"<script>parent.{ran}</script>\"></iframe>"),
        format!("<a href=\"javascript:{ran}\" autofocus onfocus=\"{ran}\">x</a>"),
        format!("<details open ontoggle={ran}>"),
        format!("<style>@import 'https://evil.example/{ran}';</style>"),
        format!("<meta http-equiv=refresh content=\"0;url=javascript:{ran}\">"),
        format!("{{{{ constructor.constructor('{ran}')() }}}}{{% include 'x' %}}"),
        format!("javascript:{ran}//https://evil.example/"),
        format!("<base href=https://evil.example/><form action=x><button autofocus onfocus={ran}>"),
        "https://evil.example/x.js".to_owned(),
    ];
    let breakouts = [
        "",
        "\"",
        "'",
        "\">",
        "'>",
        "</p>",
        "</script>",
        "</style>",
        "</title>",
        "-->",
        "]]>",
        "<!--",
        "\u{202E}",
        "\0",
        "&lt;",
        "</bdi></mark>",
        "\" tabindex=1 autofocus onfocus=\"window.ran=1\" x=\"",
    ];
    let all = live.iter().flat_map(|live| breakouts.iter().map(move |b| format!("{b}{live}{b}")));
    all.take(200).collect()
}

/// A page on which each payload stands as message, sender, site, handle and file.
fn hostile(classifier: &Classifier, payloads: &[String]) -> String {
    let bar = Bar { score: 0.5, false_alarm_rate: None };
    let program = payloads[0].clone();
    let mut report =
        Report::new(About { model: program.clone(), program, suspicious: bar, scam: bar });
    let model =
        classifier.classify("KBANK ยืนยันที่ https://kbank.th-line.cc/7qP ไลน์ไอดี somchai99").unwrap();
    for (place, payload) in payloads.iter().enumerate() {
        let mut classification = model.clone();
        // So that each is among the samples: few are of one kind.
        classification.label = Label::ALL[place % Label::ALL.len()];
        classification.verdict = Verdict::Scam;
        classification.links[0].registrable_domain = Some(payload.clone());
        classification.links[0].host.clone_from(payload);
        classification.indicators[0].value.clone_from(payload);
        report.add(&Judged {
            text: payload,
            classification: &classification,
            sender: Some(payload),
            time: Some(1_763_942_400_000),
            file: payload,
            row: 1,
        });
    }
    for payload in payloads {
        report.reject(payload, 1, payload);
    }
    report.finish()
}

#[test]
fn no_payload_runs() {
    let folder = tempfile::tempdir().unwrap();
    let payloads = payloads();
    assert_eq!(payloads.len(), 200);
    let classifier = Classifier::new().unwrap();
    for (number, payloads) in payloads.chunks(50).enumerate() {
        let page = folder.path().join(format!("{number}.html"));
        fs::write(&page, hostile(&classifier, payloads)).unwrap();
        let Some(visit) = Visit::to(&page) else { return };
        assert_eq!(visit.shown_samples(), 50);
        assert_eq!(visit.value("document.querySelectorAll('#domains tbody tr').length"), 50);
        assert_eq!(visit.value("document.querySelectorAll('#rejects tbody tr').length"), 50);
        assert_eq!(visit.value("typeof window.ran"), "undefined");
        // Not only did the policy stop it: there is nothing to stop.
        let foreign = "script:not(:last-child), img, iframe, object, embed, base, link, main style, main a, \
                       main meta, main form:not(.filter), svg script, [onload], [onerror], [onfocus], [autofocus]";
        assert_eq!(visit.value(&format!("document.querySelectorAll({foreign:?}).length")), 0);
        assert_eq!(visit.value("document.querySelectorAll('script').length"), 1);
        visit.set("search", "evil");
        visit.assert_well_behaved();
    }
}
