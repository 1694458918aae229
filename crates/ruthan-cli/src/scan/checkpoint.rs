//! What a run keeps beside its output, so that another can go on where it stopped.
//!
//! Rows go to `OUT.partial` (a table of columns to `OUT.spool` first, since such a file has its end
//! last) and rejects to `REJECTS.partial`. `OUT.checkpoint` says how much of the inputs is done, and
//! how many bytes of those files that came to; it is replaced by a rename, and only after these bytes
//! are on the disk. Whoever goes on cuts the files to these lengths and reads past what is done. Since
//! batches are cut by the content of the inputs alone, the result is the same to the byte.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, bail, ensure};
use ruthan_dump::Format;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::totals::Totals;
use crate::arguments::{ScanArguments, Setup};

/// The form of the file; another is not read.
const FORM: u32 = 1;

/// How far a run is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    form: u32,
    /// Everything that changes the result, by name.
    settings: Vec<(String, String)>,
    inputs: Vec<Identity>,
    pub(super) done: Done,
}

/// What is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Done {
    /// How many inputs are done altogether.
    pub(super) inputs: usize,
    /// How many batches of the next one are done.
    pub(super) batches: u64,
    /// How long the output is.
    pub(super) output: u64,
    /// How long the file of rejects is.
    pub(super) rejects: u64,
    pub(super) totals: Totals,
    /// Whether nothing is left but to give the files their names.
    pub(super) whole: bool,
}

/// What tells that a file is still the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Identity {
    path: PathBuf,
    bytes: u64,
    /// Nanoseconds since 1970.
    modified: u128,
}

impl Identity {
    fn of(path: &Path) -> anyhow::Result<Self> {
        let read = || -> io::Result<Self> {
            let metadata = fs::metadata(path)?;
            let modified = metadata.modified()?.duration_since(UNIX_EPOCH);
            Ok(Self {
                path: fs::canonicalize(path)?,
                bytes: metadata.len(),
                modified: modified.map_or(0, |since| since.as_nanos()),
            })
        };
        read().with_context(|| format!("`{}`: cannot be opened", path.display()))
    }
}

impl Checkpoint {
    /// Describes a run that has done nothing yet.
    pub(super) fn new(
        setup: &Setup,
        arguments: &ScanArguments,
        manifest: &impl Serialize,
    ) -> anyhow::Result<Self> {
        ensure!(
            arguments.output.as_os_str() != "-",
            "--resume needs an output file: name it with --output"
        );
        ensure!(
            arguments.files.iter().all(|file| file.as_os_str() != "-"),
            "--resume cannot read standard input again: name the input files"
        );
        ensure!(
            arguments.output_format.or_else(|| Format::from_path(&arguments.output)).is_some(),
            "--resume needs to know the form of the output: name it with --output-format"
        );
        let inputs =
            arguments.files.iter().map(|file| Identity::of(file)).collect::<Result<_, _>>()?;
        let hash = Sha256::digest(serde_json::to_vec(manifest)?);
        let model = format!("{hash:x?}");
        let mut settings = vec![
            ("the program's version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            ("the model".to_owned(), model),
        ];
        let chosen = setup.settings().into_iter().chain(choices(arguments));
        settings.extend(chosen.map(|(name, value)| (name.to_owned(), value)));
        Ok(Self { form: FORM, settings, inputs, done: Done::default() })
    }

    /// Reads what a run left; none if there is nothing.
    ///
    /// Fails if that run had other inputs or settings.
    pub(super) fn load(&self, path: &Path) -> anyhow::Result<Option<Done>> {
        let name = path.display();
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot read `{name}`")),
        };
        let anew = format!("remove `{name}` to begin anew");
        let left: Self = serde_json::from_slice(&text)
            .ok()
            .filter(|left: &Self| left.form == FORM)
            .with_context(|| format!("`{name}` is no checkpoint of this version; {anew}"))?;
        for ((name, was), (_, is)) in left.settings.iter().zip(&self.settings) {
            ensure!(was == is, "cannot go on: {name} was {was} and is {is} now; {anew}");
        }
        for (was, is) in left.inputs.iter().zip(&self.inputs) {
            if was != is {
                bail!("cannot go on: `{}` has changed, or is another; {anew}", is.path.display());
            }
        }
        let same =
            left.settings.len() == self.settings.len() && left.inputs.len() == self.inputs.len();
        ensure!(same, "cannot go on: the run had other inputs or options; {anew}");
        Ok(Some(left.done))
    }

    /// Puts itself on the disk, in place of what was there, all or nothing.
    pub(super) fn store(&self, path: &Path) -> anyhow::Result<()> {
        let next = beside(path, "new");
        let store = || -> io::Result<()> {
            let mut file = File::create(&next)?;
            file.write_all(&serde_json::to_vec(self)?)?;
            file.sync_all()?;
            fs::rename(&next, path)?;
            sync_folder(path);
            Ok(())
        };
        store().with_context(|| format!("`{}`: cannot be written", path.display()))
    }
}

/// Everything said to `scan` that changes its result. Where rejects go does not, nor how many threads.
fn choices(arguments: &ScanArguments) -> Vec<(&'static str, String)> {
    let ScanArguments {
        files: _,
        output: _,
        output_format,
        format,
        encoding,
        text_column,
        sender_column,
        time_column,
        direction_column,
        conversation_column,
        no_header,
        columns,
        rejects,
        only,
        by_conversation,
        resume: _,
        report: _,
    } = arguments;
    vec![
        ("--output-format", format!("{output_format:?}")),
        ("--format", format!("{format:?}")),
        ("--encoding", format!("{encoding:?}")),
        ("--text-column", format!("{text_column:?}")),
        ("--sender-column", format!("{sender_column:?}")),
        ("--time-column", format!("{time_column:?}")),
        ("--direction-column", format!("{direction_column:?}")),
        ("--conversation-column", format!("{conversation_column:?}")),
        ("--no-header", format!("{no_header:?}")),
        ("--columns", format!("{columns:?}")),
        ("--rejects", format!("{rejects:?}")),
        ("--only", format!("{only:?}")),
        ("--by-conversation", format!("{by_conversation:?}")),
    ]
}

/// Names a file beside another.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Renames a file that is on the disk; one that has its name already is left.
pub(super) fn give_name(partial: &Path, path: &Path) -> anyhow::Result<()> {
    match fs::rename(partial, path) {
        Ok(()) => sync_folder(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.exists() => {}
        Err(error) => {
            return Err(error).with_context(|| format!("`{}`: cannot be written", path.display()));
        }
    }
    Ok(())
}

/// Removes a file that is no longer needed, if it is there.
pub(super) fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("`{}`: cannot be removed", path.display()))
        }
        _ => Ok(()),
    }
}

/// Puts the names in a file's folder on the disk, where the system can.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
}
