//! Each stage alone, one call, and a batch, by engine.
//!
//! `RUTHAN_BENCH_ONNXRUNTIME` names an ONNX Runtime library; without it that engine is left out, and the output says so.

#![allow(missing_docs, reason = "criterion's macros make the items")]
#![allow(clippy::print_stderr, reason = "a bench that is left out says so")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ruthan::{Classifier, Engine};

/// How many messages one measurement covers.
const MESSAGES: usize = 1_000;

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
    let mut group = c.benchmark_group("stages");
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function("normalize", |b| {
        b.iter(|| texts.iter().for_each(|text| drop(black_box(ruthan::normalize(text)))));
    });
    group.bench_function("normalize and links", |b| {
        b.iter(|| texts.iter().for_each(|text| drop(black_box(ruthan::links(text)))));
    });
    group.bench_function("normalize and indicators", |b| {
        b.iter(|| texts.iter().for_each(|text| drop(black_box(ruthan::indicators(text)))));
    });
    group.finish();
}

fn whole(c: &mut Criterion) {
    let texts = sample();
    for classifier in engines() {
        let mut group = c.benchmark_group(classifier.engine());
        group.throughput(Throughput::Elements(texts.len() as u64));
        group.bench_function("one by one", |b| {
            b.iter(|| texts.iter().for_each(|text| drop(black_box(classifier.classify(text)))));
        });
        group.bench_function("batch on one thread", |b| {
            b.iter(|| black_box(classifier.classify_batch(&texts)));
        });
        group.finish();
    }
}

fn start(c: &mut Criterion) {
    c.bench_function("start", |b| b.iter(|| black_box(Classifier::new())));
}

criterion_group!(benches, stages, whole, start);
criterion_main!(benches);
