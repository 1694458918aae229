//! Where rows and rejects go.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use arrow_array::{BooleanArray, RecordBatch};
use arrow_schema::{Schema, SchemaRef};
use arrow_select::filter::filter_record_batch;
use ruthan_dump::{Batch, Format, Output, SpoolReader, Writer};

use super::added::{self, Answers};
use super::checkpoint::{Checkpoint, Done, beside, give_name, remove};
use crate::arguments::{Kept, ScanArguments};

/// How long a run goes on before it puts down how far it is.
const BETWEEN_CHECKPOINTS: Duration = Duration::from_millis(250);

/// The output of a scan, its rejects, and what is kept beside them to go on after a crash.
pub(super) struct Target {
    writer: Writer,
    schema: SchemaRef,
    arguments: Arc<ScanArguments>,
    rejects: Option<Output>,
    rejects_bytes: u64,
    kept: Option<KeptBeside>,
    pub(super) done: Done,
}

/// The files beside the output of a run that can be resumed.
struct KeptBeside {
    checkpoint: Checkpoint,
    stored: Instant,
}

/// The names of those files.
pub(super) struct Names {
    pub(super) checkpoint: PathBuf,
    partial: PathBuf,
    spool: PathBuf,
    rejects: Option<PathBuf>,
}

impl Names {
    pub(super) fn of(arguments: &ScanArguments) -> Self {
        Self {
            checkpoint: beside(&arguments.output, "checkpoint"),
            partial: beside(&arguments.output, "partial"),
            spool: beside(&arguments.output, "spool"),
            rejects: arguments.rejects.as_ref().map(|path| beside(path, "partial")),
        }
    }
}

impl Target {
    /// Opens the output for what a reader gives, from the beginning or from where `checkpoint` is.
    pub(super) fn open(
        arguments: &Arc<ScanArguments>,
        format: Format,
        source: &Schema,
        checkpoint: Option<Checkpoint>,
    ) -> anyhow::Result<Self> {
        let format = output_format(arguments, format);
        let mut fields = source.fields().to_vec();
        added::append_fields(&mut fields, &arguments.columns, arguments.by_conversation);
        let schema = Arc::new(Schema::new(fields));
        let done = checkpoint.as_ref().map(|checkpoint| checkpoint.done).unwrap_or_default();
        let names = Names::of(arguments);
        let (writer, rejects) = if checkpoint.is_some() {
            let rejects =
                names.rejects.map(|path| Output::append(path, done.rejects)).transpose()?;
            let in_columns = is_columnar(format);
            let path = if in_columns { &names.spool } else { &names.partial };
            let output = Output::append(path, done.output)?;
            let schema = Arc::clone(&schema);
            let writer = match (done.output, in_columns) {
                (0, true) => Writer::spool(output, schema)?,
                (0, false) => Writer::new(output, format, schema)?,
                (bytes, true) => Writer::resume(output, None, schema, bytes)?,
                (bytes, false) => Writer::resume(output, Some(format), schema, bytes)?,
            };
            (writer, rejects)
        } else {
            let rejects = arguments.rejects.as_ref().map(Output::create).transpose()?;
            let output = Output::create(&arguments.output)?;
            (Writer::new(output, format, Arc::clone(&schema))?, rejects)
        };
        let kept = checkpoint.map(|checkpoint| KeptBeside { checkpoint, stored: Instant::now() });
        let arguments = Arc::clone(arguments);
        Ok(Self { writer, schema, arguments, rejects, rejects_bytes: done.rejects, kept, done })
    }

    /// Writes the rows of a batch, with what was found, and its rejects.
    pub(super) fn write(&mut self, batch: &Batch, answers: &Answers) -> anyhow::Result<()> {
        self.done.totals.count(&answers.own, answers.conversation.as_deref());
        self.done.totals.rejected += batch.rejects.len() as u64;
        let mut columns = batch.columns.columns().to_vec();
        columns.extend(added::columns(&self.arguments.columns, answers)?);
        let mut rows = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        if !self.arguments.only.is_empty() {
            rows = filter_record_batch(&rows, &chosen(&self.arguments.only, answers))?;
        }
        if rows.num_rows() > 0 {
            self.writer.write(&rows)?;
        }
        if let Some(out) = &mut self.rejects {
            for reject in &batch.rejects {
                let mut line = serde_json::to_vec(reject)?;
                line.push(b'\n');
                out.write_all(&line)
                    .with_context(|| format!("`{}`: cannot be written", out.name()))?;
                self.rejects_bytes += line.len() as u64;
            }
        }
        self.done.batches += 1;
        if self.kept.as_ref().is_some_and(|kept| kept.stored.elapsed() >= BETWEEN_CHECKPOINTS) {
            self.checkpoint()?;
        }
        Ok(())
    }

    /// Notes that an input is done.
    pub(super) fn next_input(&mut self) {
        self.done.inputs += 1;
        self.done.batches = 0;
    }

    /// Puts down how far the run is, if it can be resumed; otherwise passes on what is held back.
    pub(super) fn checkpoint(&mut self) -> anyhow::Result<()> {
        let Some(kept) = &mut self.kept else { return Ok(self.writer.flush()?) };
        self.writer.sync()?;
        if let Some(rejects) = &mut self.rejects {
            rejects.sync().with_context(|| format!("`{}`: cannot be written", rejects.name()))?;
        }
        self.done.output = self.writer.written();
        self.done.rejects = self.rejects_bytes;
        kept.checkpoint.done = self.done;
        kept.checkpoint.store(&Names::of(&self.arguments).checkpoint)?;
        kept.stored = Instant::now();
        Ok(())
    }

    /// Ends the output, which appears under its name now.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        if self.kept.is_none() {
            self.writer.finish()?;
            return Ok(self.rejects.map(Output::finish).transpose().map(drop)?);
        }
        let Self { writer, arguments, mut done, rejects, kept, .. } = self;
        writer.finish()?;
        rejects.map(Output::finish).transpose()?;
        done.whole = true;
        if let Some(KeptBeside { mut checkpoint, .. }) = kept {
            checkpoint.done = done;
            checkpoint.store(&Names::of(&arguments).checkpoint)?;
        }
        publish(&arguments)
    }
}

/// Gives the files of a run that is whole their names, or goes on doing so.
pub(super) fn publish(arguments: &ScanArguments) -> anyhow::Result<()> {
    let names = Names::of(arguments);
    if let (Some(partial), Some(path)) = (&names.rejects, &arguments.rejects) {
        give_name(partial, path)?;
    }
    if names.spool.exists() {
        let format = output_format(arguments, Format::Parquet);
        make_table(&names.spool, &names.partial, format)?;
    }
    give_name(&names.partial, &arguments.output)?;
    remove(&names.spool)?;
    remove(&names.checkpoint)
}

/// Makes the table of columns that was asked for out of what was gathered.
fn make_table(spool: &Path, path: &Path, format: Format) -> anyhow::Result<()> {
    let spool = SpoolReader::open(spool)?;
    let mut writer = Writer::new(Output::append(path, 0)?, format, Arc::clone(spool.schema()))?;
    for batch in spool {
        writer.write(&batch?)?;
    }
    Ok(writer.finish()?)
}

fn is_columnar(format: Format) -> bool {
    matches!(format, Format::Parquet | Format::Arrow)
}

/// Returns the format of the output: as asked for, or by its name, or that of the input.
fn output_format(arguments: &ScanArguments, input: Format) -> Format {
    arguments
        .output_format
        .or_else(|| Format::from_path(&arguments.output))
        .unwrap_or_else(|| input.answered_in())
}

/// Says for each row whether its verdict, or that of its conversation, is one of those asked for.
fn chosen(only: &[Kept], answers: &Answers) -> BooleanArray {
    let is_kept = |answers: &[Option<ruthan::Classification>], row: usize| {
        answers[row].as_ref().is_some_and(|answer| only.contains(&answer.verdict.into()))
    };
    let rows = 0..answers.own.len();
    let kept = rows.map(|row| {
        let conversation = answers.conversation.as_deref();
        is_kept(&answers.own, row) || conversation.is_some_and(|answers| is_kept(answers, row))
    });
    kept.collect::<Vec<_>>().into()
}
