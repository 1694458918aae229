//! Each stage alone, one call, batches, and starts, by engine.
//!
//! `RUTHAN_BENCH_ONNXRUNTIME` names an ONNX Runtime library; without it that engine is left out, and the output says so.
//! The command is measured as `cargo build --release` left it, and left out if it is not there.

#![allow(missing_docs, reason = "criterion's macros make the items")]
#![allow(clippy::print_stderr, reason = "a bench that is left out says so")]

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ruthan::training::{Stages, second_stage};
use ruthan::{Classifier, Engine};

/// How many messages one measurement covers.
const MESSAGES: usize = 1_000;
/// How many messages a batch has.
const BATCHES: [usize; 4] = [1, 10, 100, 1_000];
/// A message of ordinary length.
const ONE: &str =
    "พัสดุของท่านจัดส่งไม่สำเร็จเนื่องจากที่อยู่ไม่ถูกต้อง ยืนยันที่ https://flash.goxth.com/a1b2 โทร 081-234-5678";

fn sample() -> Vec<String> {
    let mut texts = ruthan_benches::messages();
    texts.truncate(MESSAGES);
    texts
}

fn engines() -> Vec<Classifier> {
    let mut engines = vec![Engine::Embedded];
    match std::env::var_os("RUTHAN_BENCH_ONNXRUNTIME") {
        Some(path) => engines.push(Engine::OnnxRuntime(path.into())),
        None => eprintln!("onnxruntime left out: RUTHAN_BENCH_ONNXRUNTIME names no library"),
    }
    let build = |engine| Classifier::builder().engine(engine).threads(1).build();
    engines.into_iter().map(|engine| build(engine).expect("the engine starts")).collect()
}

fn stages(c: &mut Criterion) {
    let texts = sample();
    let normalized: Vec<_> = texts.iter().map(|text| ruthan::normalize(text)).collect();
    let engines = engines();
    let mut group = c.benchmark_group("stages");
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function("normalize", |b| {
        b.iter(|| texts.iter().for_each(|text| drop(black_box(ruthan::normalize(text)))));
    });
    group.bench_function("links and indicators", |b| {
        b.iter(|| {
            for (normalized, text) in normalized.iter().zip(&texts) {
                black_box(second_stage(normalized, text));
            }
        });
    });
    let read = |classifier| Stages::new(classifier, &texts).expect("the messages can be read");
    let first = read(&engines[0]);
    group.bench_function("features", |b| b.iter(|| black_box(first.features())));
    for classifier in &engines {
        let stages = read(classifier);
        group.bench_function(BenchmarkId::new("network", classifier.engine()), |b| {
            b.iter(|| black_box(stages.network()));
        });
    }
    group.bench_function("score", |b| b.iter(|| black_box(first.score())));
    group.finish();
}

fn whole(c: &mut Criterion) {
    let texts = sample();
    for classifier in engines() {
        let mut group = c.benchmark_group(classifier.engine());
        group.bench_function("one call", |b| b.iter(|| black_box(classifier.classify(ONE))));
        group.throughput(Throughput::Elements(texts.len() as u64));
        group.bench_function("one by one", |b| {
            b.iter(|| texts.iter().for_each(|text| drop(black_box(classifier.classify(text)))));
        });
        for size in BATCHES {
            group.bench_function(BenchmarkId::new("batches on one thread", size), |b| {
                b.iter(|| {
                    texts
                        .chunks(size)
                        .for_each(|batch| drop(black_box(classifier.classify_batch(batch))));
                });
            });
        }
        group.finish();
    }
    let classifier = Classifier::new().expect("the engine starts");
    let mut group = c.benchmark_group("all cores");
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function("embedded", |b| b.iter(|| black_box(classifier.classify_batch(&texts))));
    group.finish();
}

fn start(c: &mut Criterion) {
    let mut group = c.benchmark_group("start");
    group.bench_function("library ready", |b| b.iter(|| black_box(Classifier::new())));
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/ruthan");
    if program.exists() {
        // A fresh process each time, from start to end, which is just after the answer.
        group.bench_function("command to first answer", |b| {
            b.iter(|| {
                let status = Command::new(&program)
                    .args(["--exit-zero", "classify", ONE])
                    .stdout(Stdio::null())
                    .status();
                assert!(status.expect("the command starts").success());
            });
        });
    } else {
        eprintln!("command to first answer left out: cargo build --release makes the command");
    }
    group.finish();
}

criterion_group!(benches, stages, whole, start);
criterion_main!(benches);
