//! Both engines give the same scores, and what cannot be loaded says why.

use std::path::PathBuf;

use ruthan::{Classifier, Engine, Error, Verdict};

const TEXTS: &[&str] = &[
    "พัสดุของท่านจัดส่งไม่สำเร็จ ยืนยันที่ www.flash.goxth.com",
    "Your OTP is 482910. Do not share it with anyone.",
    "รัuโuนัส 500% สมัคร lin.ee/abc",
    "สวัสดีครับ กินข้าวหรือยัง",
    "Your parcel is held. Pay the fee: https://usps.track-sh.top/x",
    "",
];

/// The ONNX Runtime library that `cargo xtask test` names.
fn library() -> PathBuf {
    let path = std::env::var_os("RUTHAN_TEST_ONNXRUNTIME");
    path.expect("`cargo xtask test` names a library in RUTHAN_TEST_ONNXRUNTIME").into()
}

#[test]
fn batches_of_any_order_give_the_same_scores() {
    agree_with_single_calls(&Classifier::new().unwrap());
}

/// Left out unless asked for, since the library comes from outside: `cargo xtask test` asks.
#[test]
#[ignore = "needs an ONNX Runtime library: run `cargo xtask test`"]
fn both_engines_agree() {
    let other = Classifier::builder().engine(Engine::OnnxRuntime(library())).build().unwrap();
    assert_eq!(other.engine(), "onnxruntime");
    agree_with_single_calls(&other);
}

/// Batches on `classifier`, in two orders, score as single calls on the embedded engine do.
fn agree_with_single_calls(classifier: &Classifier) {
    let embedded = Classifier::new().unwrap();
    let long = TEXTS.join(" ").repeat(40);
    let mut texts: Vec<&str> =
        TEXTS.iter().copied().chain([long.as_str()]).cycle().take(200).collect();
    let alone: Vec<f32> = texts.iter().map(|t| embedded.classify(*t).unwrap().score).collect();
    let close = |scores: &[f32]| scores.iter().zip(&alone).all(|(a, b)| (a - b).abs() < 1e-4);
    let scores = |texts: &[&str]| -> Vec<f32> {
        classifier.classify_batch(texts).into_iter().map(|c| c.unwrap().score).collect()
    };
    assert!(close(&scores(&texts)));
    texts.reverse();
    let mut reversed = scores(&texts);
    reversed.reverse();
    assert!(close(&reversed));
}

#[test]
fn a_library_that_is_none_is_a_clear_error() {
    let wrong =
        Classifier::builder().engine(Engine::OnnxRuntime("no/such/library.so".into())).build();
    let error = wrong.unwrap_err();
    assert!(
        matches!(error, Error::Engine { .. }) && error.to_string().contains("no/such/library.so"),
        "{error}"
    );
    let file = Classifier::builder().engine(Engine::OnnxRuntime(file!().into())).build();
    assert!(matches!(file.unwrap_err(), Error::Engine { .. }));
}

#[test]
fn an_altered_model_is_refused() {
    let folder = std::env::temp_dir().join(format!("ruthan-altered-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../models/ruthan-1");
    let manifest = std::fs::read_to_string(source.join("manifest.json")).unwrap();
    let mut network = std::fs::read(source.join("model.onnx")).unwrap();
    let build = || Classifier::builder().model_dir(&folder).engine(Engine::Embedded).build();

    std::fs::write(folder.join("manifest.json"), &manifest).unwrap();
    assert!(matches!(build(), Err(Error::ModelFile { .. })));
    std::fs::write(folder.join("model.onnx"), &network).unwrap();
    assert!(
        matches!(build(), Err(Error::ModelFile { path, .. }) if path.ends_with("vocabulary.bin"))
    );
    std::fs::copy(source.join("vocabulary.bin"), folder.join("vocabulary.bin")).unwrap();
    build().unwrap();
    let middle = network.len() / 2;
    network[middle] ^= 1;
    std::fs::write(folder.join("model.onnx"), &network).unwrap();
    assert!(matches!(build(), Err(Error::Hash { .. })));
    network[middle] ^= 1;
    std::fs::write(folder.join("model.onnx"), &network).unwrap();
    let rows = |more: u32| {
        let rows = Classifier::new().unwrap().manifest().features.rows;
        format!("\"rows\": {}", rows + more)
    };
    let normalizer = format!("\"normalizer_version\": {}", ruthan::NORMALIZER_VERSION);
    for (from, to) in [
        (rows(0).as_str(), rows(1).as_str()),
        (normalizer.as_str(), "\"normalizer_version\": 99"),
        ("\"model.onnx\":", "\"../model.onnx\":"),
        ("\"personal\"", "\"otp\""),
        ("\"schema\": 2", "\"schema\": 3"),
    ] {
        assert!(manifest.contains(from));
        std::fs::write(folder.join("manifest.json"), manifest.replace(from, to)).unwrap();
        let error = build().unwrap_err();
        assert!(matches!(error, Error::Schema(_)), "{to}: {error}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_cannot_be_read_is_unknown_and_never_clean() {
    let classifier = Classifier::new().unwrap();
    for text in [
        "",
        "12345 !!",
        "Ваша посылка задержана на складе",
        "您的包裹无法送达",
        "🙂🙂",
        // Nothing but a link, which says little about itself.
        "https://smallshop.co.uk/menu",
    ] {
        assert_eq!(classifier.classify(text).unwrap().verdict, Verdict::Unknown, "{text}");
    }
    let one = "ก".repeat(300_000);
    classifier.classify(one.as_str()).unwrap();
    let long = "ก".repeat(400_000);
    assert!(matches!(classifier.classify(long.as_str()), Err(Error::TooLong { .. })));
}

#[test]
fn reasons_add_up_to_the_score_and_point_into_the_text() {
    let classifier = Classifier::new().unwrap();
    for text in TEXTS {
        let c = classifier.classify(*text).unwrap();
        let sum: f32 = c.evidence.iter().map(|e| e.weight).sum();
        let odds = (c.score / (1.0 - c.score)).ln();
        assert!((sum - odds).abs() < 0.02 * (1.0 + odds.abs()), "{text}: {sum} {odds}");
        assert!((c.probabilities.values().sum::<f32>() - 1.0).abs() < 1e-4);
        for span in c.evidence.iter().filter_map(|e| e.span) {
            assert!(text.get(span.range()).is_some());
        }
    }
}
