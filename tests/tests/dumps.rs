//! `ruthan scan` over dumps of every format.

use ruthan_tests::{err, out, run as ruthan};

#[test]
fn the_sender_counts_as_evidence() {
    let scan = |sender: &str, options: &[&str]| {
        let csv = format!("{sender},text\nDHL,Your parcel waits: https://parcel.track-sh.top/x\n");
        let mut arguments = vec!["scan", "-", "--columns", "evidence"];
        arguments.extend(options);
        ruthan(&arguments, csv.as_bytes())
    };
    // The text alone names no brand whose link this is not.
    assert!(!out(&scan("note", &[])).contains("brand_mismatch"));
    for (name, options) in [("ผู้ส่ง", &[][..]), ("note", &["--sender-column", "note"])]
    {
        let output = scan(name, options);
        assert!(out(&output).contains("brand_mismatch"), "{name}: {}", err(&output));
    }
    let wrong = scan("note", &["--sender-column", "who"]);
    assert!(err(&wrong).contains("`who` for --sender-column"), "{}", err(&wrong));
}
