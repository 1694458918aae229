//! Model folders that are not what they say: each is refused with the file and the cause, and none gives a wrong score.

use std::fs;
use std::path::Path;

use data_encoding::HEXLOWER;
use ruthan::{Classifier, Engine, Error};
use ruthan_fuzz_bodies::root;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const FILES: [&str; 3] = ["manifest.json", "model.onnx", "vocabulary.bin"];
const TEXTS: [&str; 3] = ["พัสดุของท่านตกค้าง ชำระที่ flash.goxth.com", "free money", ""];

/// A copy of the small model, to be altered.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in FILES {
        fs::copy(root().join("tests/data/small-model").join(name), folder.path().join(name))
            .unwrap();
    }
    folder
}

fn build(folder: &Path) -> Result<Classifier, Error> {
    Classifier::builder().model_dir(folder).engine(Engine::Embedded).threads(1).build()
}

/// What is wrong with a folder, which must be something.
fn cause(folder: &Path) -> String {
    build(folder).expect_err("it must be refused").to_string()
}

/// Writes a file of the folder, with its hash in the manifest.
fn put(folder: &Path, name: &str, content: &[u8]) {
    fs::write(folder.join(name), content).unwrap();
    let hash = HEXLOWER.encode(&Sha256::digest(content));
    manifest(folder, |json| json["files"][name] = hash.into());
}

/// Changes the manifest.
fn manifest(folder: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let path = folder.join("manifest.json");
    let mut json = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut json);
    fs::write(path, json.to_string()).unwrap();
}

/// A network that is changed is refused, or says with an error that it cannot answer, or gives a probability.
fn never_a_wrong_number(folder: &Path, network: &[u8]) {
    put(folder, "model.onnx", network);
    let Ok(classifier) = build(folder) else { return };
    for text in TEXTS {
        if let Ok(c) = classifier.classify(text) {
            assert!(
                (0.0..=1.0).contains(&c.score) && c.probabilities.values().all(|p| p.is_finite())
            );
        }
    }
}

#[test]
fn the_small_model_is_whole() {
    let classifier = build(folder().path()).unwrap();
    assert_eq!(classifier.model(), "small 0.0.0");
    for text in TEXTS {
        classifier.classify(text).unwrap();
    }
}

#[test]
fn a_file_that_is_missing_empty_cut_or_altered_is_named() {
    for name in FILES {
        let folder = folder();
        let path = folder.path().join(name);
        let whole = fs::read(&path).unwrap();
        let mut altered = whole.clone();
        altered[whole.len() / 2] ^= 0x80;
        for bad in [&b""[..], &whole[..whole.len() - 2], &whole[..whole.len() / 2], &altered] {
            fs::write(&path, bad).unwrap();
            assert!(cause(folder.path()).contains(name), "{}", cause(folder.path()));
        }
        fs::remove_file(&path).unwrap();
        assert!(cause(folder.path()).contains(name));
        // A folder in the file's place.
        fs::create_dir(&path).unwrap();
        let cause = cause(folder.path());
        assert!(cause.contains(name) && cause.contains("not a file"), "{cause}");
    }
    assert!(cause(Path::new("no/such/folder")).contains("no/such/folder"));
}

#[test]
fn names_that_lead_out_of_the_folder_are_refused() {
    for name in ["../model.onnx", "/etc/passwd", "a/b", "a\\b", "..", ".hidden", "", "โมเดล"]
    {
        let folder = folder();
        manifest(folder.path(), |json| json["files"][name] = "00".repeat(32).into());
        let cause = cause(folder.path());
        assert!(cause.contains("manifest.json") && cause.contains("plain name"), "{cause}");
    }
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_refused_and_pipes_not_waited_for() {
    for name in FILES {
        let (folder, other) = (folder(), folder());
        let path = folder.path().join(name);
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(other.path().join(name), &path).unwrap();
        let cause = cause(folder.path());
        assert!(cause.contains(name) && cause.contains("out of the model folder"), "{cause}");
    }
    // A link to the folder itself, or within it, is where the person pointed.
    let folder = folder();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(folder.path(), &link).unwrap();
    build(&link).unwrap();
    let network = folder.path().join("model.onnx");
    fs::rename(&network, folder.path().join("v1.onnx")).unwrap();
    std::os::unix::fs::symlink("v1.onnx", &network).unwrap();
    build(folder.path()).unwrap();
    fs::remove_file(&network).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&network).status().unwrap().success());
    assert!(cause(folder.path()).contains("not a file"));
}

#[test]
fn files_larger_than_any_model_are_refused_before_they_are_held() {
    for (name, most) in [("manifest.json", 1_u64 << 20), ("model.onnx", 256 << 20)] {
        let folder = folder();
        // A file with a hole takes no room.
        let file = fs::File::create(folder.path().join(name)).unwrap();
        file.set_len(most + 1).unwrap();
        let cause = cause(folder.path());
        assert!(cause.contains(name) && cause.contains("longer than"), "{cause}");
    }
    // At the limit it is read: blanks after the object are no fault.
    let folder = folder();
    let path = folder.path().join("manifest.json");
    let mut text = fs::read(&path).unwrap();
    text.resize(1 << 20, b' ');
    fs::write(&path, text).unwrap();
    build(folder.path()).unwrap();
}

#[test]
fn a_manifest_of_another_form_is_named_with_its_fault() {
    type Change = fn(&mut serde_json::Value);
    let changes: [(&str, Change); 19] = [
        ("schema 3", |m| m["schema"] = 3.into()),
        ("normaliser 99", |m| m["normalizer_version"] = 99.into()),
        ("unknown field", |m| m["more"] = 1.into()),
        ("missing field", |m| drop(m.as_object_mut().unwrap().remove("unread"))),
        ("`labels`", |m| m["labels"].as_array_mut().unwrap().swap(0, 1)),
        ("`name` and `version`", |m| m["name"] = "a\u{1b}[31m".into()),
        ("`name` and `version`", |m| m["version"] = "9".repeat(65).into()),
        ("inputs must be", |m| m["inputs"][0]["dtype"] = "int64".into()),
        ("inputs must be", |m| m["outputs"][0]["shape"] = serde_json::json!([1, 2, 3])),
        ("no calibration for `th`", |m| {
            drop(m["calibration"].as_object_mut().unwrap().remove("th"));
        }),
        ("slope", |m| m["calibration"]["en"]["slope"] = (-1.0).into()),
        ("out of range", |m| m["calibration"]["en"]["intercept"] = 1e300.into()),
        ("thresholds", |m| m["thresholds"]["scam"]["score"] = 2.0.into()),
        ("`features.slots`", |m| m["features"]["slots"] = (1_u32 << 31).into()),
        ("`features.rows`", |m| m["features"]["rows"] = 257.into()),
        ("`features.characters`", |m| m["features"]["characters"] = u64::MAX.into()),
        ("`features.window`", |m| m["features"]["window"] = 1_000_000.into()),
        ("names no `model.onnx`", |m| {
            drop(m["files"].as_object_mut().unwrap().remove("model.onnx"));
        }),
        ("names no `vocabulary.bin`", |m| {
            drop(m["files"].as_object_mut().unwrap().remove("vocabulary.bin"));
        }),
    ];
    for (words, change) in changes {
        let folder = folder();
        manifest(folder.path(), change);
        let cause = cause(folder.path());
        assert!(cause.contains("manifest.json") && cause.contains(words), "{words}: {cause}");
    }
}

#[test]
fn rows_that_the_files_do_not_agree_on_are_refused() {
    let folder = folder();
    manifest(folder.path(), |m| m["features"]["rows"] = 199.into());
    assert!(cause(folder.path()).contains("vocabulary.bin has 200 rows"));
    manifest(folder.path(), |m| {
        m["features"]["rows"] = 200.into();
        m["features"]["slots"] = 512.into();
    });
    assert!(cause(folder.path()).contains("vocabulary.bin is of 32 bytes"));
    // More rows than the network's table has.
    manifest(folder.path(), |m| {
        m["features"]["rows"] = 256.into();
        m["features"]["slots"] = 256.into();
    });
    put(folder.path(), "vocabulary.bin", &[0xFF; 32]);
    assert!(cause(folder.path()).contains("shape [256, 2]"), "{}", cause(folder.path()));
}

#[test]
fn weights_outside_the_network_are_refused() {
    let folder = folder();
    let mut network = fs::read(folder.path().join("model.onnx")).unwrap();
    // A tensor at the end of the model with `external_data`, as exporters write it: `graph` (7), `initializer` (5),
    // `external_data` (13) of `location` = `../../secret`, `data_location` (14) = EXTERNAL.
    let entry = b"\x0a\x08location\x12\x0c../../secret";
    let field = |tag: &[u8], content: &[u8]| {
        [tag, &[u8::try_from(content.len()).unwrap()], content].concat()
    };
    let tensor = [field(b"\x6a", entry), b"\x70\x01\x42\x01w\x08\x01\x10\x01".to_vec()].concat();
    network.extend(field(b"\x3a", &field(b"\x2a", &tensor)));
    put(folder.path(), "model.onnx", &network);
    let cause = cause(folder.path());
    assert!(cause.contains("model.onnx") && cause.contains("external data"), "{cause}");
}

#[test]
fn a_network_cut_short_is_refused() {
    let folder = folder();
    let network = fs::read(folder.path().join("model.onnx")).unwrap();
    for end in (0..network.len()).step_by(97) {
        put(folder.path(), "model.onnx", &network[..end]);
        let cause = cause(folder.path());
        assert!(cause.contains("network") || cause.contains("model.onnx"), "{cause}");
    }
}

#[test]
fn a_network_with_any_byte_changed_never_crashes_nor_gives_a_wrong_number() {
    let folder = folder();
    let network = fs::read(folder.path().join("model.onnx")).unwrap();
    let ends = [0..900, network.len() - 1200..network.len()];
    for at in ends.into_iter().flatten() {
        let mut changed = network.clone();
        changed[at] = [0x00, 0x7F, 0xFF][at % 3];
        never_a_wrong_number(folder.path(), &changed);
    }
}

#[test]
fn weights_that_are_no_numbers_and_giant_sizes_never_give_a_score() {
    let folder = folder();
    let network = fs::read(folder.path().join("model.onnx")).unwrap();
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        // `b`, which is added to every answer: the tensor's raw data follow its name and `raw_data`'s tag and length.
        let name = b"B\x01bJ";
        let at =
            network.windows(name.len()).position(|part| part == name).unwrap() + name.len() + 1;
        let mut changed = network.clone();
        changed[at..at + 4].copy_from_slice(&bad.to_le_bytes());
        put(folder.path(), "model.onnx", &changed);
        let answer = build(folder.path()).and_then(|c| c.classify("hello").map(|_| ()));
        let cause = answer.unwrap_err().to_string();
        assert!(cause.contains("not finite") || cause.contains("finite"), "{cause}");
    }
    // The table's first dimension of 200 becomes 2^62 and more.
    let dims = b"\x08\xc8\x01\x08";
    let at = network.windows(dims.len()).position(|part| part == dims).unwrap();
    let mut changed = network.clone();
    changed[at + 1..at + 3].copy_from_slice(b"\xff\x7f");
    put(folder.path(), "model.onnx", &changed);
    assert!(cause(folder.path()).contains("model.onnx"));
}
