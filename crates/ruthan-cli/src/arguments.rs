//! What can be said on the command line.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use ruthan::{Classifier, Engine, Policy, Verdict};

/// Says how likely a Thai or English message is a scam, which kind, and why. Offline.
#[derive(Debug, Parser)]
#[command(version = VERSION, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 no scam found, 1 a scam or suspicious message found, 2 error."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) setup: Setup,
    /// Exit with 0 even if a scam was found
    #[arg(long, global = true)]
    pub(crate) exit_zero: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The program's version and the model's name.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (model ruthan-1)");

/// Which model and engine to use.
#[derive(Debug, Args)]
pub(crate) struct Setup {
    /// A model folder, instead of the model inside the program
    #[arg(long, value_name = "DIR", global = true)]
    model: Option<PathBuf>,
    /// What runs the network
    #[arg(long, value_enum, default_value_t = EngineName::Auto, global = true)]
    engine: EngineName,
    /// An ONNX Runtime library to run the network on (or set ORT_DYLIB_PATH)
    #[arg(long, value_name = "LIBRARY", global = true)]
    onnxruntime: Option<PathBuf>,
    /// Call a message suspicious from this score on [default: the model's]
    #[arg(long, value_name = "SCORE", global = true)]
    pub(crate) suspicious_at: Option<f32>,
    /// Call a message a scam from this score on [default: the model's]
    #[arg(long, value_name = "SCORE", global = true)]
    pub(crate) scam_at: Option<f32>,
    /// A folder of lists (brands.toml, shorteners.txt …) in place of those inside the program
    #[arg(long, value_name = "DIR", global = true)]
    lists: Option<PathBuf>,
    /// Show national IDs in full; they are masked otherwise
    #[arg(long, global = true)]
    show_ids: bool,
    /// How many threads to use [default: one for each core]
    #[arg(long, value_name = "N", global = true)]
    threads: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EngineName {
    /// ONNX Runtime if a library is named, else the embedded engine
    Auto,
    /// The engine inside the program
    Embedded,
    /// ONNX Runtime; the library must be named
    Onnxruntime,
}

impl Setup {
    /// Everything here that changes an answer, by name.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        let Self {
            model,
            engine,
            onnxruntime,
            suspicious_at,
            scam_at,
            lists,
            show_ids,
            threads: _,
        } = self;
        vec![
            ("--model", format!("{model:?}")),
            ("--engine", format!("{engine:?}")),
            ("--onnxruntime", format!("{onnxruntime:?}")),
            ("--suspicious-at", format!("{suspicious_at:?}")),
            ("--scam-at", format!("{scam_at:?}")),
            ("--lists", format!("{lists:?}")),
            ("--show-ids", format!("{show_ids:?}")),
        ]
    }

    /// The same with the model of this folder, if one is given.
    pub(crate) fn with_model(self, folder: Option<PathBuf>) -> Self {
        Self { model: folder.or(self.model), ..self }
    }

    /// Makes the classifier that was asked for.
    pub(crate) fn classifier(&self) -> anyhow::Result<Classifier> {
        let engine = match (self.engine, &self.onnxruntime) {
            (EngineName::Embedded, Some(_)) => {
                anyhow::bail!("--engine embedded and --onnxruntime exclude each other")
            }
            (EngineName::Embedded, None) => Engine::Embedded,
            (_, Some(path)) => Engine::OnnxRuntime(path.clone()),
            (EngineName::Auto, None) => Engine::Auto,
            (EngineName::Onnxruntime, None) => {
                let path = std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty());
                Engine::OnnxRuntime(
                    path.context(
                        "--engine onnxruntime needs --onnxruntime LIBRARY or ORT_DYLIB_PATH",
                    )?
                    .into(),
                )
            }
        };
        let mut policy = Policy::new();
        policy.suspicious = self.suspicious_at;
        policy.scam = self.scam_at;
        let mut builder =
            Classifier::builder().engine(engine).policy(policy).show_ids(self.show_ids);
        if let Some(folder) = &self.lists {
            builder = builder.lists_dir(folder);
        }
        if let Some(folder) = &self.model {
            builder = builder.model_dir(folder);
        }
        if let Some(threads) = self.threads {
            builder = builder.threads(threads);
        }
        Ok(builder.build()?)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say how likely a message is a scam, which kind, and why
    Classify(ClassifyArguments),
    /// Classify every message of a dump: a table, or what a telephone or chat application exports
    Scan(Box<ScanArguments>),
    /// Group the alarms of scanned files into campaigns: worded alike, or naming the same payee, number, handle or site
    Campaigns(CampaignsArguments),
    /// Find the links of a message and judge where they lead
    Links(TextArguments),
    /// Find what cases can be linked by: numbers, accounts, handles, amounts
    Indicators(TextArguments),
    /// Undo what was done to a text so that filters would not read it
    Normalize(NormalizeArguments),
    /// Measure quality on labelled files
    Eval(EvalArguments),
    /// Show or check a model
    #[command(subcommand)]
    Model(ModelCommand),
}

#[derive(Debug, Args)]
pub(crate) struct TextArguments {
    /// The text; `-` reads one from standard input
    #[arg(value_name = "TEXT", required_unless_present = "jsonl")]
    pub(crate) texts: Vec<String>,
    /// Print JSON, one object a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Read lines {"id": …, "text": …} from standard input, print one JSON object for each
    #[arg(long, conflicts_with = "texts")]
    pub(crate) jsonl: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ClassifyArguments {
    #[command(flatten)]
    pub(crate) text: TextArguments,
    /// Print the probability of every label, too
    #[arg(long)]
    pub(crate) probabilities: bool,
    /// Say which words moved the model, too
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Debug, Args)]
pub(crate) struct NormalizeArguments {
    #[command(flatten)]
    pub(crate) text: TextArguments,
    /// Show each change: what it undid, where (in bytes of the text as given), and what it put in place
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct ScanArguments {
    /// Files to read, plain or packed (.gz, .zst, .zip); `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Where to write; `-` is standard output
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    pub(crate) output: PathBuf,
    /// The form of the output: csv, tsv, jsonl, parquet or arrow [default: by its name, else that of
    /// the first input where it can be written, else csv]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) output_format: Option<ruthan_dump::Format>,
    /// The form of the inputs: csv, tsv, jsonl, json, parquet, arrow, text, sms-backup, line, whatsapp
    /// or telegram [default: by content and name]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<ruthan_dump::Format>,
    /// The encoding of the inputs: utf-8, utf-16le, utf-16be or windows-874 (tis-620) [default: by
    /// content]
    #[arg(long, value_name = "ENCODING")]
    pub(crate) encoding: Option<ruthan_dump::Encoding>,
    /// The column that holds the messages
    #[arg(long, value_name = "COLUMN")]
    pub(crate) text_column: Option<String>,
    /// The column that tells who sent each message [default: by its name, as `sender` or `ผู้ส่ง`]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) sender_column: Option<String>,
    /// The column that tells when [default: by its name, as `time` or `วันที่`]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) time_column: Option<String>,
    /// The column that tells which way: received or sent [default: by its name, as `direction`]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) direction_column: Option<String>,
    /// The column that tells in which conversation [default: by its name, as `conversation`]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) conversation_column: Option<String>,
    /// CSV files have no header; --text-column is a number
    #[arg(long)]
    pub(crate) no_header: bool,
    /// What to add to each row
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Added::Score, Added::Verdict, Added::Label])]
    pub(crate) columns: Vec<Added>,
    /// Set bad rows aside in this file and go on, instead of stopping at the first
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Write only rows of these verdicts
    #[arg(long, value_name = "VERDICT", value_enum, value_delimiter = ',')]
    pub(crate) only: Vec<Kept>,
    /// Judge each received message together with the last ones of its conversation, too: adds
    /// conversation_score, conversation_verdict and conversation_label
    #[arg(long)]
    pub(crate) by_conversation: bool,
    /// Keep track beside the output, and go on where an interrupted run with this option stopped
    #[arg(long)]
    pub(crate) resume: bool,
    /// Write a report on one page of HTML: totals, campaigns, payees, sites, samples
    #[arg(long, value_name = "R.html", conflicts_with = "resume")]
    pub(crate) report: Option<PathBuf>,
}

/// A verdict, as a choice of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kept {
    Clean,
    Spam,
    Suspicious,
    Scam,
    Unknown,
}

impl From<Verdict> for Kept {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Clean => Self::Clean,
            Verdict::Spam => Self::Spam,
            Verdict::Suspicious => Self::Suspicious,
            Verdict::Scam => Self::Scam,
            _ => Self::Unknown,
        }
    }
}

/// A column that `scan` adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Added {
    Score,
    Verdict,
    Label,
    Language,
    Evidence,
    Links,
    Indicators,
    Model,
}

#[derive(Debug, Args)]
pub(crate) struct CampaignsArguments {
    /// Files that `ruthan scan` wrote; `-` is standard input. Columns `links` and `indicators` spare finding them again
    #[arg(value_name = "SCORED", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Where to write; `-` is standard output
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    pub(crate) output: PathBuf,
    /// Show campaigns of so many messages or more
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) min_size: u64,
    /// Group harmless messages, too
    #[arg(long)]
    pub(crate) all: bool,
    /// Print JSON, one object a line
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print CSV
    #[arg(long)]
    pub(crate) csv: bool,
    /// The column that holds the messages
    #[arg(long, value_name = "COLUMN")]
    pub(crate) text_column: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct EvalArguments {
    /// Labelled files (JSON Lines or CSV): `text`, `label` or `class`, optional `sure`, `source`
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Count rows marked `sure: 0`, too
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// Show the model's name, version, thresholds and weights
    Info {
        /// Print the manifest as JSON
        #[arg(long)]
        json: bool,
    },
    /// Check the hashes of the model's files and run it once; exit with 1 if it is not what it says
    Verify {
        /// A model folder [default: that of --model, or the model inside the program]
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}
