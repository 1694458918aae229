//! Ruthan as a Rust program, asked by `peers.py` over its standard input as the other peers are: one word and one file
//! of messages (a JSON list) a line, one line of JSON back.
//!
//! `ruthan LIBRARY|embedded THREADS TEXT` answers `TEXT` first, so that its start can be timed.

#![allow(clippy::print_stdout, reason = "standard output is how it answers")]

use std::error::Error;
use std::hint::black_box;
use std::io::{self, BufRead};
use std::time::Instant;

use ruthan::{Classifier, Engine};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, threads, text] = &arguments[..] else {
        return Err("usage: ruthan LIBRARY|embedded THREADS TEXT".into());
    };
    let engine = match engine.as_str() {
        "embedded" => Engine::Embedded,
        library => Engine::OnnxRuntime(library.into()),
    };
    let classifier = Classifier::builder().engine(engine).threads(threads.parse()?).build()?;
    black_box(classifier.classify(text)?);
    println!("{{}}");
    for line in io::stdin().lock().lines() {
        println!("{}", answer(&classifier, &line?)?);
    }
    Ok(())
}

/// Does what a line asks for.
fn answer(classifier: &Classifier, line: &str) -> Result<serde_json::Value, Box<dyn Error>> {
    let (word, path) = line.split_once(' ').ok_or("a word and a file are needed")?;
    let texts: Vec<String> = serde_json::from_slice(&std::fs::read(path)?)?;
    Ok(match word {
        "batch" => {
            let start = Instant::now();
            black_box(classifier.classify_batch(&texts));
            json!({"seconds": start.elapsed().as_secs_f64()})
        }
        "single" => {
            let mut seconds = Vec::with_capacity(texts.len());
            for text in &texts {
                let start = Instant::now();
                black_box(classifier.classify(text)?);
                seconds.push(start.elapsed().as_secs_f64());
            }
            json!({ "seconds": seconds })
        }
        "score" => {
            let scores: Result<Vec<f32>, _> =
                texts.iter().map(|text| classifier.classify(text).map(|c| c.score)).collect();
            json!({"scores": scores?})
        }
        _ => return Err(format!("`{word}` is not known").into()),
    })
}
