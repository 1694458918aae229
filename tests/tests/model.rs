//! `ruthan model verify`, and where a library of ONNX Runtime may come from.

use std::fs;

use ruthan_tests::{command, err, out, root, run as ruthan};

#[test]
fn verify_says_what_the_model_is_or_what_is_wrong() {
    let inside = ruthan(&["model", "verify"], b"");
    assert_eq!(inside.status.code(), Some(0));
    let said = out(&inside);
    assert!(said.starts_with("model   ruthan-1 ") && said.ends_with("\nverified\n"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    for name in ["manifest.json", "model.onnx", "vocabulary.bin"] {
        let source = root().join("tests/data/small-model").join(name);
        fs::copy(source, folder.path().join(name)).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    let whole = out(&ruthan(&["model", "verify", path], b""));
    assert!(whole.contains("small 0.0.0") && whole.contains("  model.onnx\n"), "{whole}");
    assert_eq!(whole, out(&ruthan(&["model", "verify", "--model", path], b"")));

    fs::write(folder.path().join("vocabulary.bin"), [0; 32]).unwrap();
    let altered = ruthan(&["model", "verify", path], b"");
    assert_eq!((altered.status.code(), out(&altered).as_str()), (Some(1), ""));
    assert!(err(&altered).contains("not verified: `vocabulary.bin`"), "{}", err(&altered));
    assert_eq!(ruthan(&["model", "verify", "--exit-zero", "no/such"], b"").status.code(), Some(1));
    // Elsewhere it is an error like any other.
    assert_eq!(ruthan(&["classify", "--model", path, "hello"], b"").status.code(), Some(2));
}

/// Whatever lies in the working directory or is found on search paths, a library is loaded from a named path alone.
#[cfg(unix)]
#[test]
fn a_library_is_loaded_only_from_a_path_that_was_named() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["libonnxruntime.so", "onnxruntime.dll", "libonnxruntime.dylib"] {
        fs::write(folder.path().join(name), "no library").unwrap();
    }
    let run = |arguments: &[&str]| {
        let mut command = command();
        command.args(arguments).current_dir(folder.path()).env("LD_LIBRARY_PATH", folder.path());
        command.output().unwrap()
    };
    let engine = run(&["model", "verify"]);
    assert!(out(&engine).contains("engine  embedded"), "{}", err(&engine));
    let unnamed = run(&["classify", "--engine", "onnxruntime", "hello"]);
    assert!(err(&unnamed).contains("needs --onnxruntime LIBRARY"), "{}", err(&unnamed));
    // A bare name is a path from the working directory, and not looked for elsewhere.
    let elsewhere = run(&["classify", "--onnxruntime", "libc.so.6", "hello"]);
    assert_eq!(elsewhere.status.code(), Some(2));
    assert!(err(&elsewhere).contains("`libc.so.6`"), "{}", err(&elsewhere));
    let named = run(&["classify", "--onnxruntime", "./libonnxruntime.so", "hello"]);
    assert!(named.status.code() == Some(2) && err(&named).contains("cannot be started"));
}
