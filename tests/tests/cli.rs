//! The command from outside: what it prints, its exit codes, and what it says of bad input.

use std::fs;

use ruthan_tests::{err, out, run as ruthan};

const SCAM: &str = "Your parcel is held. Pay the fee: https://usps.track-sh.top/x";
const SCAM_TH: &str = "แจกเครดิตฟรี 500 สล็อตเว็บตรง สมัคร lin.ee/abc";
const CODE: &str = "Your OTP is 482910. Do not share it with anyone.";

#[test]
fn classify_answers_in_the_language_of_the_message() {
    let thai = ruthan(&["classify", SCAM_TH], b"");
    assert_eq!(thai.status.code(), Some(1), "{}", err(&thai));
    assert!(out(&thai).contains("gambling") && out(&thai).contains("ถ้อยคำ"));
    let english = ruthan(&["classify", SCAM], b"");
    assert!(out(&english).contains("delivery") && out(&english).contains("the link"));
    let clean = ruthan(&["classify", CODE], b"");
    assert_eq!(clean.status.code(), Some(0));
    assert!(out(&clean).starts_with("clean"));
    assert_eq!(ruthan(&["classify", "--exit-zero", SCAM], b"").status.code(), Some(0));
    assert_eq!(ruthan(&["classify", "-"], SCAM.as_bytes()).status.code(), Some(1));
}

#[test]
fn classify_names_the_words_that_moved_the_model() {
    let text = out(&ruthan(&["classify", "--explain", SCAM], b""));
    assert!(text.contains("“https://usps.track-sh.top/x”"), "{text}");
    let thai = out(&ruthan(&["classify", "--explain", "--json", SCAM_TH], b""));
    let answer: serde_json::Value = serde_json::from_str(&thai).unwrap();
    let words = answer["words"].as_array().unwrap();
    let heaviest = words
        .iter()
        .max_by(|a, b| a["weight"].as_f64().unwrap().total_cmp(&b["weight"].as_f64().unwrap()));
    let at = |i: usize| usize::try_from(heaviest.unwrap()["span"][i].as_u64().unwrap()).unwrap();
    assert!(["แจก", "เครดิต", "ฟรี", "สล็อต", "เว็บ", "ตรง"].contains(&&SCAM_TH[at(0)..at(1)]));
}

#[test]
fn json_lines_keep_id_and_order_also_when_some_are_bad() {
    let lines = format!(
        "{{\"id\": 7, \"text\": \"{CODE}\"}}\nnot json\n{{\"id\":\"ข\",\"text\":\"{SCAM_TH}\"}}\n{{\"id\":3,\"text\":\"\\ud83d\"}}\n{{\"id\":4}}\n"
    );
    let output = ruthan(&["classify", "--jsonl"], lines.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    let answers: Vec<serde_json::Value> =
        out(&output).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(answers.len(), 5);
    assert_eq!(answers[0]["id"], 7);
    assert_eq!(answers[0]["verdict"], "clean");
    assert_eq!(answers[2]["id"], "ข");
    assert!(answers[2]["score"].as_f64().unwrap() > 0.5);
    for bad in [1, 3, 4] {
        assert!(answers[bad]["error"].is_string());
    }
    assert!(err(&output).contains("line 2") && !err(&output).contains("not json\n"));
}

#[test]
fn scan_keeps_order_adds_columns_and_sets_bad_rows_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let mut csv = format!("id,ข้อความ\r\n1,\"{SCAM_TH}\"\r\n2,").into_bytes();
    csv.extend(b"\xff\xfe\r\n");
    csv.extend(format!("3,{CODE}\r\n4,a,b\r\n").bytes());
    fs::write(path("in.csv"), &csv).unwrap();

    let stopped = ruthan(&["scan", &path("in.csv"), "-o", &path("out.csv")], b"");
    assert_eq!(stopped.status.code(), Some(2));
    assert!(
        err(&stopped).contains("in.csv")
            && err(&stopped).contains("row 2")
            && err(&stopped).contains("UTF-8")
    );
    assert!(!folder.path().join("out.csv").exists());

    let output = ruthan(
        &["scan", &path("in.csv"), "-o", &path("out.csv"), "--rejects", &path("bad.jsonl")],
        b"",
    );
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let written = fs::read_to_string(path("out.csv")).unwrap();
    let rows: Vec<&str> = written.lines().collect();
    assert_eq!(rows[0], "id,ข้อความ,score,verdict,label");
    assert!(rows[1].starts_with("1,") && rows[1].ends_with("gambling"), "{}", rows[1]);
    assert!(rows[2].starts_with("3,") && rows[2].ends_with("clean,otp"));
    assert_eq!(rows.len(), 3);
    let rejects = fs::read_to_string(path("bad.jsonl")).unwrap();
    assert!(rejects.contains("\"row\":2") && rejects.contains("\"row\":4"));
}

#[test]
fn eval_measures_labelled_files() {
    let rows = format!(
        "{{\"text\":\"{SCAM}\",\"label\":\"delivery\"}}\n{{\"text\":\"{CODE}\",\"class\":\"ham\"}}\n{{\"text\":\"?\",\"label\":\"ad\",\"sure\":0}}\n"
    );
    let output = ruthan(&["eval", "--json", "-"], rows.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let report: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(report["all"]["messages"], 2);
    assert_eq!(report["all"]["average_precision"], 1.0);
    let bad = ruthan(&["eval", "-"], b"{\"text\":\"x\",\"label\":\"nonsense\"}\n");
    assert!(err(&bad).contains("row 1") && err(&bad).contains("nonsense"), "{}", err(&bad));
}

#[test]
fn errors_name_their_cause_and_exit_with_two() {
    for (arguments, words) in [
        (&["scan", "no-such-file.csv"][..], "no-such-file.csv"),
        (&["classify"], "TEXT"),
        (&["classify", "x", "--nonsense"], "--nonsense"),
        (&["classify", "x", "--model", "no-such-folder"], "no-such-folder"),
        (&["classify", "x", "--onnxruntime", "no-such.so"], "no-such.so"),
        (&["classify", "x", "--engine", "onnxruntime"], "ORT_DYLIB_PATH"),
        (&["classify", "x", "--suspicious-at", "0.9", "--scam-at", "0.2"], "must rise"),
    ] {
        let output = ruthan(arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains(words), "{arguments:?}: {}", err(&output));
    }
    let column = ruthan(&["scan", "-"], b"a,b\n1,2\n");
    assert!(err(&column).contains("--text-column"), "{}", err(&column));
}

#[test]
fn stages_can_be_called_alone() {
    assert_eq!(out(&ruthan(&["normalize", "รับโบ\u{200B}นัส \u{1b}[31m"], b"")), "รับโบนัส [31m\n");
    let explained = out(&ruthan(&["normalize", "--explain", "รัu\u{200B} 1OO%"], b""));
    assert!(explained.starts_with("รับ 100%\n"), "{explained}");
    assert!(
        explained.contains("lookalike")
            && explained.contains("6..7")
            && explained.contains("u → บ")
    );
    assert!(explained.contains("invisible") && explained.contains("7..10"), "{explained}");
    assert!(out(&ruthan(&["links", "คลิกbit.ly/x"], b"")).contains("shortener"));
    assert_eq!(out(&ruthan(&["indicators", "โทร 081-234-5678"], b"")), "phone\t+66812345678\n");
    assert_eq!(
        out(&ruthan(&["indicators", "โอนเข้าบัญชีกสิกร 123-4-56789-0"], b"")),
        "account\t1234567890\tkasikornbank\n"
    );
    let id = "เลขบัตร 1-1017-00230-70-8";
    assert_eq!(out(&ruthan(&["indicators", id], b"")), "national_id\t1xxxxxxxxx708\n");
    assert_eq!(
        out(&ruthan(&["indicators", "--show-ids", id], b"")),
        "national_id\t1101700230708\n"
    );
    assert!(out(&ruthan(&["--version"], b"")).contains("ruthan-1"));
}

#[test]
fn lists_can_be_brought_along_and_mistakes_in_them_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let lists = folder.path().to_str().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let links = || ruthan(&["links", "--lists", lists, "ดูที่ new-short.me/x"], b"");

    assert!(err(&links()).contains("there is no list in it"), "{}", err(&links()));
    write("shorteners.txt", "new-short.me\n");
    assert!(out(&links()).contains("shortener"), "{}", err(&links()));
    for (name, text, words) in [
        ("shorteners.txt", "b.me\na.me\n", "shorteners.txt: a.me must not follow b.me"),
        ("shortners.txt", "", "shortners.txt: no list has this name"),
        ("wording.toml", "", "wording.toml: it belongs to the library's version"),
        ("brands.toml", "[[brand]]\nid = 1\n", "brands.toml: "),
        ("chat.txt", "lin.ee nosuchservice\n", "chat.txt: lin.ee nosuchservice"),
    ] {
        write(name, text);
        let output = links();
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(words), "{words}: {}", err(&output));
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
    let gone = ruthan(&["links", "--lists", "no-such-folder", "x"], b"");
    assert!(err(&gone).contains("no-such-folder"), "{}", err(&gone));
}
