//! The project's own commands: `cargo xtask test | bench-peers | train | eval | attack | fuzz | deny | api | load | stale`.

mod api;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail, ensure};

const HELP: &str = "usage: cargo xtask COMMAND

  test   all tests, Rust and Python, in a virtual environment made in target/venv; those of Spark where Java is
  bench-peers [--quick]   measure Ruthan beside fastText, scikit-learn, transformers and others, and write
         benches/PEERS.md; nothing else should run on the machine (quick: few messages, writes nothing)
  train  make models/ruthan-1 anew: prepare, train, export (needs ../shared)
  eval   measure the model beside baselines and write models/ruthan-1/FIGURES.md (needs ../shared)
  attack [--check]   disguise messages in twelve ways, alone and three at once, and write tests/ATTACKS.md and
         tests/attacks.json (check: compare with the latter, which needs no ../shared; a minute)
  deny   licences, doubled versions, sources and banned crates of all that is built in (needs cargo-deny)
  api [--update]   compare the public interface of the libraries with tests/api (update: write it)
  load [--messages N]   classify messages from many threads for long; memory must stay flat (standard: 1,000,000)
  stale [YYYY-MM]   facts of `data` that were last checked before a month (standard: a year ago), oldest first
  fuzz [--seconds N] [--target T]   run the fuzz targets of tests/fuzz in turn, N seconds each (standard: 60); needs the
         nightly toolchain and cargo-fuzz
";

#[allow(clippy::print_stderr)]
fn main() -> ExitCode {
    let command = env::args().nth(1).unwrap_or_default();
    let result = match command.as_str() {
        "test" => test(),
        "bench-peers" => bench_peers(env::args().skip(2)),
        "train" => train(),
        "eval" => eval(),
        "attack" => attack(env::args().skip(2)),
        "deny" => deny(),
        "api" => api::check(env::args().nth(2).as_deref() == Some("--update")),
        "load" => load(env::args().skip(2)),
        "stale" => stale(env::args().nth(2)),
        "fuzz" => fuzz(env::args().skip(2)),
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs a program and fails if it does.
fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = format!("{command:?}");
    let status =
        command.current_dir(root()).status().with_context(|| format!("cannot start {name}"))?;
    ensure!(status.success(), "{name} ended with {status}");
    Ok(())
}

/// A virtual environment of the project's own.
struct Environment(PathBuf);

impl Environment {
    /// Makes that of tests and training if it is not there.
    fn new() -> anyhow::Result<Self> {
        Self::at("target/venv")
    }

    /// Makes one in a folder if it is not there.
    fn at(folder: &str) -> anyhow::Result<Self> {
        let folder = root().join(folder);
        if !folder.join("pyvenv.cfg").exists() {
            let python = ["python3", "python"]
                .into_iter()
                .find(|python| {
                    Command::new(python).arg("--version").output().is_ok_and(|o| o.status.success())
                })
                .context("no Python found: version 3.11 or later is needed")?;
            run(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
        }
        Ok(Self(folder))
    }

    fn python(&self) -> Command {
        let programs = self.0.join(if cfg!(windows) { "Scripts" } else { "bin" });
        let mut command = Command::new(programs.join("python"));
        // As an activated environment does: pip finds the build tool `maturin` there.
        let rest = env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(programs).chain(env::split_paths(&rest));
        if let Ok(path) = env::join_paths(paths) {
            command.env("PATH", path);
        }
        command
    }

    fn pip(&self, arguments: &[&str]) -> anyhow::Result<()> {
        run(self
            .python()
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(arguments))
    }

    /// The ONNX Runtime library inside the installed package `onnxruntime`.
    fn onnxruntime(&self) -> anyhow::Result<PathBuf> {
        let script = "import pathlib, importlib.util as u; \
            d = pathlib.Path(u.find_spec('onnxruntime').submodule_search_locations[0], 'capi'); \
            print(next(p for n in ('libonnxruntime.so*', 'libonnxruntime*.dylib', 'onnxruntime.dll') for p in sorted(d.glob(n))))";
        let output = self
            .python()
            .args(["-c", script])
            .output()
            .context("cannot ask Python for its onnxruntime")?;
        if !output.status.success() {
            bail!("the package `onnxruntime` holds no library");
        }
        Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
    }
}

/// The folder of the developers' data, if it is there.
fn shared() -> Option<PathBuf> {
    let folder =
        env::var_os("RUTHAN_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    folder.join("data").is_dir().then(|| folder.canonicalize().unwrap_or(folder))
}

/// What the tests of the Python package work with beside pytest: numpy, scipy and scikit-learn, pandas, Polars, pyarrow,
/// DuckDB, Matplotlib, mypy, and what runs notebooks. Some 40 s to install and 0.7 GB (2 cores, 2026-11-24).
const PYTHON_TOOLS: [&str; 10] = [
    "duckdb>=1.1",
    "ipykernel>=6",
    "matplotlib>=3.8",
    "mypy>=1.15",
    "nbclient>=0.10",
    "numpy>=2",
    "pandas>=2.2",
    "polars>=1.3",
    "pyarrow>=15",
    "scikit-learn>=1.6",
];

fn test() -> anyhow::Result<()> {
    let environment = Environment::new()?;
    environment.pip(&["--upgrade", "pip"])?;
    // Wheels only: nothing but the binding is compiled here.
    let wheels =
        ["--only-binary=:all:", "maturin>=1.9,<2", "onnxruntime>=1.17", "pytest>=8", "ruff>=0.14"];
    environment.pip(&[&wheels[..], &PYTHON_TOOLS].concat())?;
    let library = environment.onnxruntime()?;
    let cargo = |command| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.arg(command).env("RUTHAN_TEST_ONNXRUNTIME", &library);
        if let Some(shared) = shared() {
            cargo.env("RUTHAN_SHARED", shared);
        }
        cargo
    };
    let packages = ["--workspace", "--exclude", "ruthan-python"];
    run(cargo("test").args(packages))?;
    // Those that need the library from outside, which plain `cargo test` leaves out.
    // The same packages: others would unite features in another way and compile everything again.
    run(cargo("test").args(packages).args(["--test", "engines", "--", "--ignored"]))?;
    // The command line, whose scores Python's must be.
    run(cargo("build").args(packages).args(["--quiet", "--bin", "ruthan"]))?;
    test_python(&environment)
}

/// Tests the package: ruff, then pytest, which runs mypy, stubtest, docstrings and notebooks too.
fn test_python(environment: &Environment) -> anyhow::Result<()> {
    // Spark is a package of sources, 0.5 GB and half a minute; of no use without Java.
    if Command::new("java").arg("-version").output().is_ok_and(|o| o.status.success()) {
        environment.pip(&["pyspark>=4.0"])?;
    }
    environment.pip(&["--no-build-isolation", "--force-reinstall", "--no-deps", "./python"])?;
    run(environment.python().args([
        "-m",
        "ruff",
        "check",
        "python",
        "models/training",
        "benches/peers",
    ]))?;
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let program = target.join("debug").join(format!("ruthan{}", env::consts::EXE_SUFFIX));
    let mut pytest = environment.python();
    // What is skipped, and why, is said.
    pytest.args(["-m", "pytest", "-q", "-rs", "python/tests"]).env("RUTHAN_TEST_CLI", program);
    if let Some(shared) = shared() {
        pytest.env("RUTHAN_SHARED", shared);
    }
    run(&mut pytest)
}

/// Runs the fuzz targets in turn, all of them even after a finding, and fails if there was one.
fn fuzz(options: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let (mut seconds, mut only) = (60_u32, None);
    let mut options = options;
    while let Some(option) = options.next() {
        let value = options.next().with_context(|| format!("{option} needs a value"))?;
        match option.as_str() {
            "--seconds" => seconds = value.parse().context("--seconds needs a number")?,
            "--target" => only = Some(value),
            _ => bail!("fuzz knows --seconds and --target, not {option}"),
        }
    }
    // 0 would mean without end.
    ensure!(seconds > 0, "--seconds must be at least 1");
    let cargo = || {
        let mut cargo = Command::new("cargo");
        // A toolchain that `cargo xtask` was started with would override `+nightly`.
        cargo.env_remove("RUSTUP_TOOLCHAIN").args(["+nightly", "fuzz"]);
        cargo
    };
    let version = cargo().arg("--version").output();
    ensure!(
        version.is_ok_and(|output| output.status.success()),
        "fuzzing needs the nightly toolchain and cargo-fuzz: \
         `rustup toolchain install nightly` and `cargo install cargo-fuzz`"
    );
    let targets = fuzz_targets()?;
    if let Some(only) = &only {
        ensure!(targets.contains(only), "no target {only}: there are {}", targets.join(", "));
    }
    let mut findings = Vec::new();
    for target in targets.iter().filter(|target| only.as_ref().is_none_or(|only| only == *target)) {
        // What is found on the way goes to the first corpus, and not among the seeds that are checked in.
        let grown = root().join("tests/fuzz/target/corpus").join(target);
        std::fs::create_dir_all(&grown)?;
        let run_target = run(cargo()
            .args(["run", "--fuzz-dir", "tests/fuzz", target])
            .arg(&grown)
            .arg(root().join("tests/fuzz/corpus").join(target))
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .args(["-print_final_stats=1", "-rss_limit_mb=2048", "-timeout=20"]));
        if run_target.is_err() {
            findings.push(target.as_str());
        }
    }
    ensure!(
        findings.is_empty(),
        "findings in {}: the inputs are in tests/fuzz/artifacts",
        findings.join(", ")
    );
    Ok(())
}

/// The names of the fuzz targets.
fn fuzz_targets() -> anyhow::Result<Vec<String>> {
    let mut targets = Vec::new();
    for entry in std::fs::read_dir(root().join("tests/fuzz/fuzz_targets"))? {
        let path = entry?.path();
        targets.extend(path.file_stem().and_then(|name| name.to_str()).map(str::to_owned));
    }
    targets.sort();
    Ok(targets)
}

/// Measures Ruthan beside what a user would pick instead.
fn bench_peers(options: impl Iterator<Item = String>) -> anyhow::Result<()> {
    // Not that of tests and training: nothing that these install may change what is measured.
    let environment = Environment::at("target/venv-peers")?;
    environment.pip(&["--only-binary=:all:", "-r", "benches/peers/requirements.txt"])?;
    environment.pip(&["--no-build-isolation", "--force-reinstall", "--no-deps", "./python"])?;
    let build = |what: &[&str]| {
        run(Command::new(env!("CARGO")).args(["build", "--release", "--quiet"]).args(what))
    };
    build(&["-p", "ruthan-cli"])?;
    build(&["-p", "ruthan-benches", "--example", "peer"])?;
    run(environment.python().arg("benches/peers/peers.py").args(options))
}

/// Runs one step of training.
fn step(environment: &Environment, step: &str) -> anyhow::Result<()> {
    run(environment.python().arg("-m").arg(format!("ruthan_training.{step}")))
}

/// Installs what training and evaluation need.
fn prepare(environment: &Environment) -> anyhow::Result<()> {
    environment.pip(&["maturin>=1.9,<2"])?;
    // The features that training reads are computed by the library itself.
    environment.pip(&["--no-build-isolation", "--force-reinstall", "--no-deps", "./python"])?;
    environment.pip(&["-c", "models/training/constraints.txt", "--editable", "./models/training"])
}

fn train() -> anyhow::Result<()> {
    ensure!(shared().is_some(), "training needs the developers' data: `../shared` is not there");
    let environment = Environment::new()?;
    prepare(&environment)?;
    for name in ["prepare", "train", "export"] {
        step(&environment, name)?;
    }
    Ok(())
}

fn eval() -> anyhow::Result<()> {
    ensure!(shared().is_some(), "evaluation needs the developers' data: `../shared` is not there");
    let environment = Environment::new()?;
    prepare(&environment)?;
    // The baselines are trained on the rows that the model was trained on.
    for name in ["prepare", "evaluate"] {
        step(&environment, name)?;
    }
    Ok(())
}

/// Disguises messages and counts what the model then misses.
fn attack(options: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let environment = Environment::new()?;
    environment.pip(&["--only-binary=:all:", "maturin>=1.9,<2", "numpy>=2", "scipy>=1.14"])?;
    environment.pip(&["--no-build-isolation", "--force-reinstall", "--no-deps", "./python"])?;
    // From where it stands: what training needs beside is not needed here.
    let mut python = environment.python();
    python.args(["-m", "ruthan_training.attack"]).args(options);
    python.env("PYTHONPATH", root().join("models/training"));
    if let Some(shared) = shared() {
        python.env("RUTHAN_SHARED", shared);
    }
    run(&mut python)
}

/// Checks what is built in against `deny.toml`, without asking the network.
fn deny() -> anyhow::Result<()> {
    let deny = || Command::new(env!("CARGO"));
    ensure!(
        deny().args(["deny", "--version"]).output().is_ok_and(|o| o.status.success()),
        "cargo-deny is not installed: `cargo install --locked cargo-deny`"
    );
    run(deny().args(["deny", "--offline", "check", "licenses", "bans", "sources"]))
}

/// Classifies messages from many threads and watches memory and answers.
fn load(options: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let environment = Environment::new()?;
    environment.pip(&["--only-binary=:all:", "maturin>=1.9,<2"])?;
    environment.pip(&["--no-build-isolation", "--force-reinstall", "--no-deps", "./python"])?;
    run(environment.python().arg("python/tests/load.py").args(options))
}

/// Lists the brands and files of `data` whose facts were last checked before a month.
#[allow(clippy::print_stdout)]
fn stale(before: Option<String>) -> anyhow::Result<()> {
    let before = before.map_or_else(a_year_ago, Ok)?;
    let month = |text: &str| {
        let (year, month) = text.split_once('-')?;
        Some((year.parse::<u16>().ok()?, month.parse::<u8>().ok()?))
    };
    let bar = month(&before).with_context(|| format!("`{before}` is no month such as 2026-11"))?;
    let mut stale = Vec::new();
    let mut dated = 0;
    for brand in ruthan_data::Tables::embedded().brands() {
        dated += 1;
        if month(&brand.date).is_none_or(|date| date < bar) {
            stale
                .push((brand.date.clone(), format!("brands.toml: {}: {}", brand.id, brand.source)));
        }
    }
    let folder = root().join("data");
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|e| e != "txt") {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path)?;
        let head: String = text.lines().take_while(|line| line.starts_with('#')).collect();
        // The last month that the head names is that of the facts.
        let mut words = head.split(|ch: char| !ch.is_ascii_digit() && ch != '-');
        let date = words.rfind(|word| word.len() == 7 && month(word).is_some());
        dated += 1;
        if date.and_then(month).is_none_or(|date| date < bar) {
            stale.push((date.unwrap_or("no date").to_owned(), name));
        }
    }
    stale.sort();
    for (date, what) in &stale {
        println!("{date}  {what}");
    }
    println!("{} of {dated} facts are older than {before}", stale.len());
    Ok(())
}

/// The month a year ago.
fn a_year_ago() -> anyhow::Result<String> {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    // Months of 30.44 days: near enough to say what has not been looked at for a year.
    let months = seconds / 2_629_744 - 12;
    Ok(format!("{}-{:02}", 1970 + months / 12, months % 12 + 1))
}
