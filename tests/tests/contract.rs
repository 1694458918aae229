//! The objects that the command prints keep the form that `crates/ruthan-cli/schema.json` states.

use std::fs;

use ruthan_tests::{err, out, root, run};
use serde_json::{Value, json};

const TEXTS: &[&str] = &[
    "KBANK ยืนยันที่ https://kbank.th-line.cc/7qP โทร 081-234-5678 โอน 5,000 บาท",
    "Your OTP is 482910. Do not share it with anyone.",
    "f\u{200B}r e e hxxps://a[.]b[.]com @line_id *139#",
    "Ваша посылка задержана",
    "",
    "\u{202E}<script>alert(1)</script> \u{0007} 🙂",
];

fn schema() -> Value {
    let text = fs::read_to_string(root().join("crates/ruthan-cli/schema.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The part of the schema for one kind of object.
fn schema_of(part: &str) -> jsonschema::Validator {
    let mut schema = schema();
    let top = schema.as_object_mut().unwrap();
    top.remove("anyOf");
    top.insert("$ref".into(), format!("#/$defs/{part}").into());
    jsonschema::validator_for(&schema).unwrap()
}

fn lines(texts: &[&str]) -> String {
    let line = |(id, text): (usize, &&str)| format!("{}\n", json!({ "id": id, "text": text }));
    texts.iter().enumerate().map(line).collect()
}

#[test]
fn every_object_keeps_the_schema_with_json_and_jsonl() {
    for command in
        [&["classify"][..], &["classify", "--explain"], &["links"], &["indicators"], &["normalize"]]
    {
        let part = command[0];
        let schema = schema_of(part);
        let output = run(&[command, &["--jsonl"]].concat(), lines(TEXTS).as_bytes());
        let answers: Vec<Value> =
            out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answers.len(), TEXTS.len(), "{part}: {}", err(&output));
        for (id, answer) in answers.iter().enumerate() {
            assert_eq!(answer["id"], id);
            if let Err(error) = schema.validate(answer) {
                panic!("{part}: {error}: {answer}");
            }
        }
        for (text, tagged) in TEXTS.iter().zip(&answers) {
            let output = run(&[command, &["--json", "-"]].concat(), text.as_bytes());
            let mut tagged = tagged.clone();
            tagged.as_object_mut().unwrap().shift_remove("id");
            let single: Value = serde_json::from_str(&out(&output)).unwrap();
            assert_eq!(single, tagged, "{part}");
        }
    }
}

#[test]
fn probabilities_are_of_all_labels_and_add_up() {
    let output = run(&["classify", "--jsonl", "--probabilities"], lines(TEXTS).as_bytes());
    let schema = schema_of("classify");
    for line in out(&output).lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        schema.validate(&answer).unwrap();
        let sum: f64 =
            answer["probabilities"].as_object().unwrap().values().filter_map(Value::as_f64).sum();
        assert!((sum - 1.0).abs() < 1e-4, "{sum}");
    }
}

#[test]
fn spans_are_bytes_of_the_text_as_given() {
    let output = run(&["classify", "--jsonl"], lines(TEXTS).as_bytes());
    let mut spans = 0;
    for (line, text) in out(&output).lines().zip(TEXTS) {
        let answer: Value = serde_json::from_str(line).unwrap();
        for part in ["links", "indicators"] {
            for item in answer[part].as_array().unwrap() {
                let place = |i: usize| usize::try_from(item["span"][i].as_u64().unwrap()).unwrap();
                assert_eq!(text[place(0)..place(1)], *item["text"].as_str().unwrap());
                spans += 1;
            }
        }
    }
    assert!(spans >= 5, "{spans}");
}

#[test]
fn the_schema_refuses_what_it_should() {
    let schema = schema_of("links");
    assert!(schema.is_valid(&json!({ "id": "x", "links": [] })));
    assert!(!schema.is_valid(&json!({ "id": "x" })));
    assert!(!schema.is_valid(&json!({ "links": [], "more": 1 })));
    let error = run(&["links", "--jsonl"], b"{\"id\":1}\n");
    let answer: Value = serde_json::from_str(&out(&error)).unwrap();
    schema_of("error").validate(&answer).unwrap();
}
