//! What the end-to-end tests share: the command itself, built once, and a way to run it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folder of the developers' data, where the environment names one. Public users have none, and the tests that need
/// it say that they were skipped.
pub fn shared() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("RUTHAN_SHARED")?).join("data");
    folder.is_dir().then_some(folder)
}

/// The command `ruthan`, built if it is not yet.
///
/// # Panics
///
/// If it cannot be built.
pub fn program() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        // As part of the workspace, as `cargo test --workspace` builds: another choice of packages would unite features
        // in another way and compile all dependencies again.
        escargot::CargoBuild::new()
            .args(["--workspace", "--exclude", "ruthan-python"])
            .bin("ruthan")
            .manifest_path(root().join("Cargo.toml"))
            .run()
            .expect("the command builds")
            .path()
            .to_owned()
    });
    &PROGRAM
}

/// A run of the command to be, with nothing in the environment that changes what it does.
pub fn command() -> Command {
    let mut command = Command::new(program());
    command.env_remove("ORT_DYLIB_PATH");
    command
}

/// Runs the command with `stdin` as its standard input.
///
/// # Panics
///
/// If it cannot be started.
pub fn run(arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = command()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    // The program may end without reading.
    let _ = child.stdin.take().expect("it is piped").write_all(stdin);
    child.wait_with_output().expect("the command ends")
}

/// The standard output of a run.
///
/// # Panics
///
/// If it is not UTF-8.
pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

/// The standard error of a run.
///
/// # Panics
///
/// If it is not UTF-8.
pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}

/// The JSON Lines of a file.
///
/// # Panics
///
/// If it cannot be read, or a line is no JSON.
pub fn rows(path: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The folder of the developers' data; where there is none, says so and ends the test.
#[macro_export]
macro_rules! shared_or_skip {
    () => {
        match $crate::shared() {
            Some(folder) => folder,
            None => {
                eprintln!("skipped: RUTHAN_SHARED names no developers' data");
                return;
            }
        }
    };
}
