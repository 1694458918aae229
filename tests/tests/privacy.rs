//! The program is offline and discreet: it opens no socket, and what a message says is in its results only.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stderr, reason = "what is skipped is said")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use ruthan_tests::{command, err, out, program};

/// What no error, log, list of rejects or temporary file may hold: words of a message.
const CANARY: &str = "นกขมิ้น-canary-7391";

const NO_FILES: [PathBuf; 0] = [];

/// A folder with one export of each kind, and a run of every part of the program over it.
struct House {
    folder: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let house = Self { folder: tempfile::tempdir().unwrap() };
        for (name, content) in exports() {
            fs::write(house.path(name), content).unwrap();
        }
        let labelled = format!("{{\"text\":\"{CANARY}\",\"label\":\"otp\"}}\n");
        fs::write(house.path("labelled.jsonl"), labelled).unwrap();
        // What a program writes for itself goes where it is told to, or nowhere.
        for place in ["home", "tmp", "work"] {
            fs::create_dir(house.path(place)).unwrap();
        }
        house
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Prepares a run whose temporary, home and working folders are its own.
    fn prepare(&self, command: &mut Command) {
        command.env("TMPDIR", self.path("tmp")).env("HOME", self.path("home"));
        command.env_remove("XDG_CACHE_HOME").current_dir(self.path("work"));
        command.stdin(Stdio::null());
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = command();
        self.prepare(&mut command);
        command.args(arguments).output().unwrap()
    }

    /// One run of each command, with the options that do the most.
    fn runs(&self) -> Vec<Vec<String>> {
        let at = |name: &str| self.path(name).to_str().unwrap().to_owned();
        let text = format!("{CANARY} โอนด่วน https://kbank.top/x โทร 081-234-5678");
        let mut runs: Vec<Vec<String>> = exports()
            .iter()
            .map(|(name, _)| {
                let options = [("-o", "out.jsonl"), ("--rejects", "bad"), ("--report", "r.html")];
                let options = options.map(|(option, name)| [option.to_owned(), at(name)]);
                [vec!["scan".to_owned(), at(name)], options.concat()].concat()
            })
            .collect();
        runs.push(vec!["campaigns".to_owned(), at("out.jsonl"), "--all".to_owned()]);
        runs.push(vec!["eval".to_owned(), at("labelled.jsonl")]);
        runs.push(vec!["classify".to_owned(), "--explain".to_owned(), text.clone()]);
        for one in ["links", "indicators", "normalize"] {
            runs.push(vec![one.to_owned(), text.clone()]);
        }
        for one in ["info", "verify"] {
            runs.push(vec!["model".to_owned(), one.to_owned()]);
        }
        runs
    }

    /// Runs everything under another program, which must let it do its work.
    fn run_all_under(&self, wrapper: &[&str]) {
        for arguments in self.runs() {
            let mut command = Command::new(wrapper[0]);
            self.prepare(&mut command);
            let output =
                command.args(&wrapper[1..]).arg(program()).args(&arguments).output().unwrap();
            let code = output.status.code();
            assert!(matches!(code, Some(0 | 1)), "{arguments:?}: {}", err(&output));
            assert!(!output.stdout.is_empty() || arguments[0] == "scan", "{arguments:?}");
        }
        assert!(fs::read_to_string(self.path("r.html")).unwrap().contains("<html"));
    }
}

/// An export of each form that has text, with a good message and a bad row, both of which hold the canary.
fn exports() -> Vec<(&'static str, Vec<u8>)> {
    let c = CANARY;
    let mut broken_csv = format!("id,text\n1,{c} a\n2,{c},too many\n3,{c} ").into_bytes();
    broken_csv.extend(b"\xff\n");
    vec![
        ("a.csv", broken_csv),
        ("a.tsv", format!("id\ttext\n1\t{c}\n2\t{c}\t{c}\n").into_bytes()),
        ("a.jsonl", format!("{{\"text\":\"{c}\"}}\n{{\"text\":\"{c}\" {c}}}\n{{\"{c}\":1}}\n{c}\n").into_bytes()),
        ("a.json", format!("[{{\"text\":\"{c}\"}},{{\"text\":[\"{c}\"]}},\"{c}\",{{\"text\":\"{c}").into_bytes()),
        ("a.txt", [format!("{c}\n{c} ").as_bytes(), b"\xff\n"].concat()),
        (
            "sms.xml",
            format!(
                "<?xml version='1.0' encoding='UTF-8'?>\n<smses count=\"4\">\n<sms address=\"{c}\" date=\"1793500000000\" type=\"1\" body=\"{c}\" />\n\
                <sms address=\"x\" {c} body=\"{c}\" />\n<sms address=\"x\" body=\"&{c};\" />\n<sms body=\"{c}"
            )
            .into_bytes(),
        ),
        (
            "telegram.json",
            format!(
                "{{\"name\":\"{c}\",\"type\":\"personal_chat\",\"id\":1,\"messages\":[{{\"id\":1,\"type\":\"message\",\"date\":\"2026-01-02T03:04:05\",\"from\":\"x\",\"text\":\"{c}\"}},\
                {{\"id\":2,\"type\":\"message\",\"text\":{{\"{c}\":1}}}},{{\"id\":3,\"type\":\"message\",\"text\":\"{c}"
            )
            .into_bytes(),
        ),
        (
            "line.txt",
            format!("[LINE] ประวัติการแชทกับ {c}\nวันที่บันทึก: 2026/01/02 03:04\n\n2026/01/02 ศ.\n03:04\tx\t{c}\n03:05\tx\t\"{c}\nต่อ").into_bytes(),
        ),
        (
            "WhatsApp Chat with x.txt",
            format!("02/01/2026, 03:04 - x: {c}\n02/01/2026, 03:05 - x: {c}\n99/99/2026, 03:06 - x: {c}\n").into_bytes(),
        ),
    ]
}

/// Files below a folder that hold the canary.
fn holding(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path));
        } else if fs::read(&path).is_ok_and(|bytes| holds(&bytes)) {
            found.push(path);
        }
    }
    found
}

/// Whether bytes hold any part of the canary that no file of the program has.
fn holds(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains("นกขมิ้น") || text.contains("canary")
}

/// The table of the names that a program takes from libraries, each ended by a zero: of a 64-bit ELF file the section of
/// strings (type 3) that is loaded (flag 2).
fn imported_names(elf: &[u8]) -> Vec<u8> {
    let number = |at: usize, bytes: usize| {
        elf[at..at + bytes].iter().rev().fold(0usize, |number, &b| number << 8 | usize::from(b))
    };
    let (first, size, count) = (number(0x28, 8), number(0x3A, 2), number(0x3C, 2));
    (0..count)
        .map(|section| first + section * size)
        .find(|&at| number(at + 4, 4) == 3 && number(at + 8, 8) & 2 != 0)
        .map(|at| elf[number(at + 24, 8)..][..number(at + 32, 8)].to_owned())
        .expect("the program has a table of names")
}

#[test]
fn the_program_calls_no_function_that_opens_a_connection() {
    let names = imported_names(&fs::read(program()).unwrap());
    let imports = |name: &str| names.split(|&byte| byte == 0).any(|other| other == name.as_bytes());
    assert!(imports("read") && imports("write"), "the names are not where they were");
    for name in ["socket", "connect", "bind", "sendto", "sendmsg", "getaddrinfo", "gethostbyname"] {
        assert!(!imports(name), "{name}");
    }
}

#[test]
fn everything_works_without_a_network() {
    let works =
        Command::new("unshare").args(["-rn", "true"]).output().is_ok_and(|o| o.status.success());
    if !works {
        eprintln!("skipped: `unshare -rn` is not there or not permitted");
        return;
    }
    House::new().run_all_under(&["unshare", "-rn"]);
}

#[test]
fn no_run_makes_a_system_call_of_the_network() {
    let house = House::new();
    let log = house.path("trace");
    let log = log.to_str().unwrap();
    let strace = ["strace", "-f", "-A", "-e", "trace=%network", "-o", log];
    let works = Command::new(strace[0]).args(&strace[1..]).arg("true").output();
    if !works.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: `strace` is not there or not permitted");
        return;
    }
    house.run_all_under(&strace);
    let trace = fs::read_to_string(log).unwrap();
    assert!(trace.contains("+++ exited"), "{trace}");
    // `???(` is a call, of whatever kind, that a thread was about to make when the program ended.
    let call = |line: &&str| line.contains('(') && !line.contains("???(");
    let calls: Vec<&str> = trace.lines().filter(call).collect();
    assert_eq!(calls, [""; 0]);
}

#[test]
fn errors_and_rejects_say_nothing_of_a_message() {
    let house = House::new();
    let at = |name: &str| house.path(name).to_str().unwrap().to_owned();
    let mut rejected = 0;
    for (name, _) in exports() {
        let (file, bad) = (at(name), at(&format!("{name}.rejects")));
        // Stopped at the first bad row, and gone on beyond all.
        let stopped = house.run(&["scan", &file, "-o", &at("stopped.jsonl")]);
        assert!(!holds(&stopped.stderr), "{name}: {}", err(&stopped));
        let whole = house.run(&["scan", &file, "-o", &at("whole.jsonl"), "--rejects", &bad]);
        assert!(!holds(&whole.stderr), "{name}: {}", err(&whole));
        assert!(matches!(whole.status.code(), Some(0 | 1)), "{name}: {}", err(&whole));
        // The canary was there to be told.
        assert!(holds(&fs::read(at("whole.jsonl")).unwrap()), "{name}");
        let rejects = fs::read(&bad).unwrap();
        assert!(!holds(&rejects), "{name}: {}", String::from_utf8_lossy(&rejects));
        rejected += usize::from(!rejects.is_empty());
        for other in ["eval", "campaigns"] {
            let output = house.run(&[other, &file]);
            assert!(!holds(&output.stderr), "{other} {name}: {}", err(&output));
        }
    }
    assert!(rejected >= 6, "only {rejected} files have bad rows");

    // No header: the first message stands where names of columns do.
    fs::write(at("bare.csv"), format!("1,โอนด่วน ที่ {CANARY} นะ,x\n")).unwrap();
    let bare = house.run(&["scan", &at("bare.csv")]);
    assert!(err(&bare).contains("--text-column") && !holds(&bare.stderr), "{}", err(&bare));

    // Columns, whole and cut short.
    for ending in ["parquet", "arrow"] {
        let file = at(&format!("a.{ending}"));
        house.run(&["scan", &at("a.csv"), "-o", &file, "--rejects", &at("none")]);
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, &bytes[..bytes.len() * 2 / 3]).unwrap();
        let cut = house.run(&["scan", &file]);
        assert_eq!(cut.status.code(), Some(2), "{}", out(&cut));
        assert!(!holds(&cut.stderr), "{ending}: {}", err(&cut));
    }
    assert_eq!(holding(&house.path("tmp")), NO_FILES);
}

#[test]
fn no_temporary_file_holds_a_message_also_when_killed() {
    let house = House::new();
    let row = |n| format!("{n},{CANARY} {n} โอนด่วน lin.ee/a{n}\n");
    let csv = (0..60_000).map(row).collect::<Vec<_>>().concat();
    fs::write(house.path("long.csv"), format!("id,text\n{csv}")).unwrap();
    let private = || ["tmp", "home", "work"].map(|name| holding(&house.path(name))).concat();
    fs::create_dir(house.path("results")).unwrap();
    let mut command = command();
    house.prepare(&mut command);
    let mut child = command
        .arg("scan")
        .arg(house.path("long.csv"))
        .arg("-o")
        .arg(house.path("results/out.csv"))
        .arg("--report")
        .arg(house.path("results/r.html"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The unfinished output stands beside where it will be, and nowhere else.
    while holding(&house.path("results")).is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was looked at");
        assert_eq!(private(), NO_FILES);
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(private(), NO_FILES);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(private(), NO_FILES);
}
