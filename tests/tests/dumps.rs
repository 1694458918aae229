//! `ruthan scan` over dumps of every format.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use ruthan_tests::{command, err, out, rows, run as ruthan};

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

const SCAM: &str = "แจกเครดิตฟรี 500 สล็อตเว็บตรง สมัคร lin.ee/abc";
const CLEAN: &str = "แม่คะ วันนี้กลับบ้านช้านะ";

fn scan(arguments: &[&str], stdin: &str) -> Output {
    let output = ruthan(&[&["scan"], arguments].concat(), stdin.as_bytes());
    assert!(output.status.code().is_some_and(|code| code < 2), "{}", err(&output));
    output
}

#[test]
fn exports_of_telephones_become_tables() {
    let line = format!(
        "[LINE] ประวัติการแชทกับ แอน\n\n2569/11/01(อา.)\n10:00\tแอน\t{SCAM}\n10:01\tฉัน\t{CLEAN}\n"
    );
    assert_eq!(
        out(&scan(&["-", "--columns", "verdict"], &line)),
        format!(
            "conversation,time,direction,sender,text,verdict\nแอน,2026-11-01T10:00:00,received,แอน,{SCAM},scam\nแอน,2026-11-01T10:01:00,sent,ฉัน,{CLEAN},clean\n"
        )
    );
    let text = format!("{SCAM}\n{CLEAN}\n");
    let plain =
        scan(&["-", "--format", "text", "--columns", "label", "--output-format", "tsv"], &text);
    assert!(out(&plain).starts_with(&format!("text\tlabel\n{SCAM}\tgambling\n")));
    let array = format!("[{{\"text\":\"{SCAM}\"}}]");
    let lines = out(&scan(&["-", "--columns", "verdict"], &array));
    assert_eq!(lines, format!("{{\"text\":\"{SCAM}\",\"verdict\":\"scam\"}}\n"));
}

#[test]
fn a_hidden_link_counts() {
    let telegram = |href: &str| {
        format!(
            r#"{{"name":"x","type":"personal_chat","id":1,"messages":[{{"type":"message","text":["ตรวจสอบพัสดุ ",{{"type":"text_link","text":"ที่นี่","href":"{href}"}}]}}]}}"#
        )
    };
    let links = |href: &str| {
        let output =
            scan(&["-", "--columns", "links", "--output-format", "jsonl"], &telegram(href));
        let row: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
        row["links"][0]["registrable_domain"].clone()
    };
    assert_eq!(links("https://flash.goxth.com/x"), "goxth.com");
}

#[test]
fn tables_of_columns_go_in_and_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let csv = format!("id,text\n1,{SCAM}\n2,{CLEAN}\n");
    for name in ["a.parquet", "a.arrow"] {
        scan(&["-", "-o", &path(name)], &csv);
        let again = scan(&[&path(name), "--output-format", "csv", "--columns", "label"], "");
        let text = out(&again);
        // The score of before is there, and the label of now has another name.
        assert!(text.starts_with("id,text,score,verdict,label,ruthan_label\n1,"), "{text}");
        assert!(text.contains(",scam,gambling,gambling\n2,"), "{text}");
    }
    let packed = scan(&["-", "-o", &path("a.csv")], &csv);
    assert!(err(&packed).starts_with("2 messages: 1 scam"), "{}", err(&packed));
    let refused = ruthan(&["scan", "-", "-o", &path("a.csv.gz")], csv.as_bytes());
    assert!(err(&refused).contains("output is not packed"), "{}", err(&refused));
    let read_only = ruthan(&["scan", "-", "--output-format", "line"], csv.as_bytes());
    assert!(err(&read_only).contains("only read, not written"), "{}", err(&read_only));
}

#[test]
fn only_rows_of_some_verdicts_are_written() {
    let csv = format!("n,text\n1,{SCAM}\n2,{CLEAN}\n3,{SCAM}\n");
    let output = scan(&["-", "--only", "scam,suspicious", "--columns", "verdict"], &csv);
    assert_eq!(out(&output), format!("n,text,verdict\n1,{SCAM},scam\n3,{SCAM},scam\n"));
    assert!(err(&output).starts_with("3 messages: 2 scam"));
    let none = scan(&["-", "--only", "spam"], &csv);
    assert_eq!(out(&none), "n,text,score,verdict,label\n");
}

#[test]
fn a_slow_scam_shows_in_its_conversation() {
    let lines = [
        ("a", "received", "สวัสดีค่ะ ชื่อแอนนะคะ ได้เบอร์มาจากเพื่อน"),
        ("b", "received", CLEAN),
        ("a", "sent", "สวัสดีครับ"),
        ("a", "received", "แอนทำงานเทรดทอง ได้กำไรวันละ 30% ทุกวันเลยค่ะ"),
        ("a", "received", "อยากลองลงทุนด้วยกันไหมคะ เริ่มต้นแค่ 1,000 บาท การันตีกำไร"),
        ("a", "received", "ถ้าสนใจแอดไลน์มานะคะ"),
        ("b", "received", "ซื้อนมมาด้วยนะลูก"),
    ];
    let csv: String = lines.map(|(c, d, t)| format!("{c},{d},\"{t}\"\n")).concat();
    let csv = format!("conversation,direction,text\n{csv}");
    let output =
        scan(&["-", "--by-conversation", "--columns", "score", "--output-format", "jsonl"], &csv);
    let rows: Vec<serde_json::Value> =
        out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // Alone, a message is its conversation; what the owner wrote is none of it.
    assert_eq!(rows[0]["score"], rows[0]["conversation_score"]);
    assert!(rows[2]["conversation_score"].is_null() && rows[2]["score"].is_number());
    // The last says nothing by itself.
    assert!(rows[5]["conversation_score"].as_f64() > rows[5]["score"].as_f64(), "{}", rows[5]);
    assert_eq!(rows[5]["conversation_verdict"], "scam");
    assert_eq!(rows[6]["conversation_verdict"], "clean");
    let none = ruthan(&["scan", "-", "--by-conversation"], b"text\nx\n");
    assert!(err(&none).contains("--conversation-column"), "{}", err(&none));
}

#[test]
fn rejects_of_all_kinds_are_counted_and_placed() {
    let folder = tempfile::tempdir().unwrap();
    let (source, rejects) = (folder.path().join("in.csv"), folder.path().join("bad.jsonl"));
    let long = "ก".repeat(400_000);
    fs::write(&source, format!("text,n\n{CLEAN},1\n{long},2\nx\n{CLEAN},4\n")).unwrap();
    let arguments = [source.to_str().unwrap(), "--rejects", rejects.to_str().unwrap()];
    let output = scan(&arguments, "");
    assert!(err(&output).contains("2 messages: ") && err(&output).contains(", 2 rejected"));
    let rejects = rows(&rejects);
    assert_eq!(
        (&rejects[0]["row"], &rejects[0]["offset"]),
        (&2.into(), &(10 + CLEAN.len()).into())
    );
    assert!(rejects[0]["cause"].as_str().unwrap().contains("more than the limit 1,048,576"));
    assert_eq!(rejects[1]["row"], 3);
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_a_closed_pipe_is_none() {
    let csv = format!("text\n{}", format!("{CLEAN}\n").repeat(20_000));
    if Path::new("/dev/full").exists() {
        let full = ruthan(&["scan", "-", "-o", "/dev/full"], csv.as_bytes());
        assert_eq!(full.status.code(), Some(2));
        assert!(err(&full).contains("/dev/full`: cannot be written"), "{}", err(&full));
    }
    let mut child = command()
        .args(["scan", "-", "--columns", "score"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    // The program may end before it has read all.
    let _ = child.stdin.take().unwrap().write_all(csv.as_bytes());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn a_signal_leaves_whole_rows_and_no_output_by_half() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        for output in ["-", path.to_str().unwrap()] {
            let mut child = command()
                .args(["scan", "-", "--columns", "score", "-o", output])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            // Of a pipe that stays open the first batch is written, and then the run waits.
            let mut stdin = child.stdin.take().unwrap();
            let mut stdout = child.stdout.take().unwrap();
            let rows = format!("{CLEAN},x\n").repeat(9_000);
            stdin.write_all(format!("text,n\n{rows}").as_bytes()).unwrap();
            let mut front = [0; 1];
            if output == "-" {
                stdout.read_exact(&mut front).unwrap();
            } else {
                while fs::read_dir(folder.path()).unwrap().next().is_none() {
                    thread::sleep(Duration::from_millis(20));
                }
            }
            let id = child.id().to_string();
            assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
            let mut rest = String::new();
            stdout.read_to_string(&mut rest).unwrap();
            assert!(rest.is_empty() || rest.ends_with('\n'), "a row was cut");
            let status = child.wait().unwrap();
            assert_eq!(status.code(), Some(code));
            drop(stdin);
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn threads_and_packing_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let csv = format!("n,text\n{}", format!("1,{SCAM}\n2,{CLEAN}\n").repeat(1_500));
    let one = out(&scan(&["-", "--threads", "1"], &csv));
    assert_eq!(one, out(&scan(&["-", "--threads", "3"], &csv)));
    assert_eq!(one.lines().count(), 3_001);
    let path = folder.path().join("in.csv.zst");
    fs::write(&path, zstd::encode_all(csv.as_bytes(), 1).unwrap()).unwrap();
    assert_eq!(one, out(&scan(&[path.to_str().unwrap()], "")));
}
