//! A run that is killed at any moment, and run again, gives what it would have given undisturbed.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use ruthan_tests::{command, err, run as ruthan};

/// How often each run is killed.
const KILLS: u32 = 10;
/// Rows of each input: some seconds of work.
const ROWS: usize = 16_000;

const TEXTS: [&str; 4] = [
    "แจกเครดิตฟรี 500 สล็อตเว็บตรง สมัคร lin.ee/abc",
    "แม่คะ วันนี้กลับบ้านช้านะ ไม่ต้องรอกินข้าว",
    "Your parcel is held. Pay the fee: https://usps.track-sh.top/x",
    "Your OTP is 482910. Do not share it with anyone.",
];

fn csv(rows: usize) -> String {
    let mut csv = String::from("n,conversation,text\n");
    for n in 0..rows {
        // A row in a thousand is bad.
        let more = if n % 1_000 == 999 { ",too,many" } else { "" };
        csv.push_str(&format!("{n},c{},{}{more}\n", n % 37, TEXTS[n * 7 % 11 % 4]));
    }
    csv
}

fn jsonl(rows: usize) -> String {
    let line = |n: usize| match n % 1_000 {
        999 => "{\"n\":\n".to_owned(),
        _ => format!("{{\"n\":{n},\"text\":\"{}\"}}\n", TEXTS[n * 7 % 11 % 4]),
    };
    (0..rows).map(line).collect()
}

/// Numbers that look random and are the same in each run of the test.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A scan to be disturbed.
struct Scan<'a> {
    folder: &'a Path,
    inputs: Vec<PathBuf>,
    ending: &'static str,
    more: &'static [&'static str],
}

impl Scan<'_> {
    fn path(&self, run: &str, ending: &str) -> String {
        self.folder.join(format!("{run}.{ending}")).to_str().unwrap().to_owned()
    }

    fn arguments(&self, run: &str) -> Vec<String> {
        let mut arguments = vec!["scan".to_owned()];
        arguments.extend(self.inputs.iter().map(|path| path.to_str().unwrap().to_owned()));
        arguments.extend(["-o".to_owned(), self.path(run, self.ending)]);
        arguments.extend(["--rejects".to_owned(), self.path(run, "bad")]);
        arguments.extend(self.more.iter().map(ToString::to_string));
        arguments
    }

    /// Runs to the end; returns what it said.
    fn run(&self, run: &str, resume: bool) -> String {
        let mut arguments = self.arguments(run);
        arguments.extend(resume.then(|| "--resume".to_owned()));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = ruthan(&arguments, b"");
        assert_eq!(output.status.code(), Some(1), "{}", err(&output));
        err(&output)
    }

    /// Starts a run that can be resumed.
    fn start(&self, run: &str) -> Child {
        let mut command = command();
        command.args(self.arguments(run)).arg("--resume");
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs for a while, and is killed; returns whether it was still running.
    fn run_and_kill(&self, run: &str, after: Duration) -> bool {
        let mut child = self.start(run);
        thread::sleep(after);
        let running = child.try_wait().unwrap().is_none();
        // On Unix this is SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
        running
    }

    fn disturbed_is_as_undisturbed(&self, seed: u64) {
        let begun = Instant::now();
        let said = self.run("whole", false);
        let time = u64::try_from(begun.elapsed().as_millis()).unwrap();
        let mut random = Seeded(seed);
        let mut kills = 0;
        while kills < KILLS {
            let after = Duration::from_millis(random.below(time));
            if self.run_and_kill("killed", after) {
                kills += 1;
            }
            // What is under its name is whole, whenever the run was killed; then it begins anew.
            if Path::new(&self.path("killed", self.ending)).exists() {
                self.check(&said, seed);
            }
        }
        self.check(&said, seed);
        // Nothing is left but the inputs and the two files of the undisturbed run.
        let left = fs::read_dir(self.folder).unwrap().count();
        assert_eq!(left, self.inputs.len() + 2);
    }

    /// Lets the disturbed run end, compares it with the undisturbed one, and removes it.
    fn check(&self, said: &str, seed: u64) {
        let output = Path::new(&self.path("killed", self.ending)).exists();
        // A run that had ended would begin anew, unless only names were missing.
        if !output
            || Path::new(&self.path("killed", &format!("{}.checkpoint", self.ending))).exists()
        {
            assert_eq!(self.run("killed", true), said, "seed {seed}");
        }
        for ending in [self.ending, "bad"] {
            let (path, whole) = (self.path("killed", ending), self.path("whole", ending));
            assert!(fs::read(&path).unwrap() == fs::read(whole).unwrap(), "{path}, seed {seed}");
            fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn csv_after_ten_kills() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = vec![folder.path().join("1.csv"), folder.path().join("2.csv")];
    // Conversations are read again with each message, so fewer rows are as much work.
    fs::write(&inputs[0], csv(ROWS / 6)).unwrap();
    fs::write(&inputs[1], csv(ROWS / 3)).unwrap();
    let more = &["--by-conversation"];
    let scan = Scan { folder: folder.path(), inputs, ending: "out.csv", more };
    scan.disturbed_is_as_undisturbed(1);
}

#[test]
fn jsonl_after_ten_kills() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = vec![folder.path().join("1.jsonl")];
    fs::write(&inputs[0], jsonl(ROWS)).unwrap();
    let more = &["--columns", "score,evidence,links"];
    let scan = Scan { folder: folder.path(), inputs, ending: "out.jsonl", more };
    scan.disturbed_is_as_undisturbed(2);
}

#[test]
fn parquet_after_ten_kills() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = vec![folder.path().join("1.csv")];
    fs::write(&inputs[0], csv(ROWS)).unwrap();
    let more = &["--only", "scam,clean"];
    let scan = Scan { folder: folder.path(), inputs, ending: "out.parquet", more };
    scan.disturbed_is_as_undisturbed(3);
}

#[test]
fn what_changes_the_answer_must_not_change() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = vec![folder.path().join("1.csv")];
    // So many that it is far from its end when it first says how far it is, on any machine.
    fs::write(&inputs[0], csv(8 * ROWS)).unwrap();
    let scan = Scan { folder: folder.path(), inputs, ending: "out.csv", more: &[] };
    let checkpoint = folder.path().join("x.out.csv.checkpoint");
    let mut child = scan.start("x");
    while !checkpoint.exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let resumed = |more: &[&str]| {
        let mut arguments = scan.arguments("x");
        arguments.extend(more.iter().map(ToString::to_string));
        arguments.push("--resume".to_owned());
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = ruthan(&arguments, b"");
        assert_eq!(output.status.code(), Some(2));
        err(&output)
    };
    assert!(resumed(&["--columns", "score"]).contains("--columns was "));
    assert!(resumed(&["--scam-at", "0.99"]).contains("--scam-at was None and is Some(0.99) now"));
    fs::write(&scan.inputs[0], csv(ROWS)).unwrap();
    let changed = resumed(&[]);
    assert!(changed.contains("1.csv` has changed"), "{changed}");
    fs::write(&checkpoint, "{}").unwrap();
    assert!(resumed(&[]).contains("is no checkpoint of this version"));
    for (arguments, words) in [
        (&["scan", "-", "--resume", "-o", "x.csv"][..], "standard input"),
        (&["scan", "1.csv", "--resume"], "needs an output file"),
        (&["scan", "1.csv", "--resume", "-o", "x"], "--output-format"),
    ] {
        assert!(err(&ruthan(arguments, b"")).contains(words), "{words}");
    }
}
