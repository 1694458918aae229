//! `ruthan scan`: every message of a file, in order, with what was found added to its row.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use arrow_array::{ArrayRef, Float32Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use ruthan::{Classification, Classifier};
use ruthan_dump::{
    Batch, Format, Input, OnBadRow, Output, ReadOptions, Reader, Writer, json_field, unique_name,
};

use crate::Found;
use crate::arguments::{Added, ScanArguments, Setup};
use crate::report::ReportFile;
use crate::terminal;

pub(crate) fn scan(setup: &Setup, arguments: &ScanArguments) -> anyhow::Result<Found> {
    let inputs: Vec<Input> = arguments
        .files
        .iter()
        .map(|f| if f.as_os_str() == "-" { Input::stdin() } else { Input::new(f) })
        .collect();
    let others = [Some(&arguments.output), arguments.rejects.as_ref(), arguments.report.as_ref()];
    for output in others.into_iter().flatten() {
        ruthan_dump::refuse_overwrite(output, &inputs)?;
    }
    let options = options(arguments);
    let classifier = setup.classifier()?;
    let mut rejects = arguments.rejects.as_deref().map(Rejects::create).transpose()?;
    let mut report = arguments
        .report
        .as_deref()
        .map(|path| ReportFile::create(path, setup, &classifier))
        .transpose()?;
    let mut output: Option<Target> = None;
    let mut totals = Totals::default();
    let progress = terminal::progress();
    for input in &inputs {
        let reader = Reader::open(input, &options)?;
        let target = match &mut output {
            Some(target) => {
                anyhow::ensure!(
                    target.source == *reader.schema(),
                    "`{}` has other columns than the first file: scan them one by one",
                    reader.file()
                );
                target
            }
            None => output.insert(Target::open(arguments, &reader)?),
        };
        for batch in reader {
            let batch = batch?;
            let found = classify(&classifier, &batch)?;
            totals.count(&found);
            target.write(&batch, &found)?;
            if let Some(report) = &mut report {
                report.add(&batch, &found);
            }
            if let Some(rejects) = &mut rejects {
                rejects.write(&batch)?;
            }
            totals.rejected += batch.rejects.len() as u64;
            progress.inc(batch.num_rows() as u64);
        }
    }
    progress.finish_and_clear();
    if let Some(target) = output {
        target.writer.finish()?;
    }
    if let Some(rejects) = rejects {
        rejects.finish()?;
    }
    if let Some(report) = report {
        report.finish()?;
    }
    terminal::report(&totals.summary());
    Ok(if totals.alarms > 0 { Found::Scam } else { Found::Nothing })
}

fn options(arguments: &ScanArguments) -> ReadOptions {
    let on_bad_row = if arguments.rejects.is_some() { OnBadRow::Collect } else { OnBadRow::Stop };
    // A row within this limit holds no message beyond the classifier's.
    let mut options = ReadOptions::new()
        .on_bad_row(on_bad_row)
        .header(!arguments.no_header)
        .max_row_bytes(ruthan::DEFAULT_MAX_BYTES);
    if let Some(format) = arguments.format {
        options = options.format(format);
    }
    if let Some(column) = &arguments.text_column {
        options = options.text_column(column);
    }
    options
}

/// Classifies the messages of a batch; a missing one stays missing.
fn classify(classifier: &Classifier, batch: &Batch) -> anyhow::Result<Vec<Option<Classification>>> {
    let texts: Vec<&str> = batch.text.iter().flatten().collect();
    let mut answers = classifier.classify_batch(&texts).into_iter();
    batch
        .text
        .iter()
        .zip(&batch.positions)
        .map(|(text, position)| {
            let answer = text.and_then(|_| answers.next()).transpose();
            answer.with_context(|| format!("`{}`: row {}", batch.file, position.row))
        })
        .collect()
}

/// Where rows go, and with what added.
struct Target {
    writer: Writer,
    source: SchemaRef,
    schema: SchemaRef,
    added: Vec<Added>,
}

impl Target {
    fn open(arguments: &ScanArguments, reader: &Reader) -> anyhow::Result<Self> {
        let format = arguments
            .output_format
            .or_else(|| Format::from_path(&arguments.output))
            .unwrap_or_else(|| reader.format());
        let source = Arc::clone(reader.schema());
        let mut fields: Vec<Arc<Field>> = source.fields().iter().cloned().collect();
        for &added in &arguments.columns {
            let schema = Schema::new(fields.clone());
            fields.push(Arc::new(field(added, unique_name(&schema, name(added)))));
        }
        let schema = Arc::new(Schema::new(fields));
        let output = if arguments.output.as_os_str() == "-" {
            Output::stdout()
        } else {
            Output::create(&arguments.output)?
        };
        let writer = Writer::new(output, format, Arc::clone(&schema))?;
        Ok(Self { writer, source, schema, added: arguments.columns.clone() })
    }

    fn write(&mut self, batch: &Batch, found: &[Option<Classification>]) -> anyhow::Result<()> {
        let mut columns = batch.columns.columns().to_vec();
        for &added in &self.added {
            columns.push(column(added, found)?);
        }
        self.writer.write(&RecordBatch::try_new(Arc::clone(&self.schema), columns)?)?;
        Ok(())
    }
}

fn name(added: Added) -> &'static str {
    match added {
        Added::Score => "score",
        Added::Verdict => "verdict",
        Added::Label => "label",
        Added::Language => "language",
        Added::Evidence => "evidence",
        Added::Links => "links",
        Added::Indicators => "indicators",
        Added::Model => "model",
    }
}

fn field(added: Added, name: String) -> Field {
    match added {
        Added::Score => Field::new(name, DataType::Float32, true),
        Added::Verdict | Added::Label | Added::Language | Added::Model => {
            Field::new(name, DataType::Utf8, true)
        }
        Added::Evidence | Added::Links | Added::Indicators => json_field(name),
    }
}

fn column(added: Added, found: &[Option<Classification>]) -> anyhow::Result<ArrayRef> {
    let words = |word: fn(&Classification) -> &str| -> ArrayRef {
        Arc::new(found.iter().map(|c| c.as_ref().map(word)).collect::<StringArray>())
    };
    let json =
        |value: fn(&Classification) -> serde_json::Result<String>| -> anyhow::Result<ArrayRef> {
            let values = found.iter().map(|c| c.as_ref().map(value).transpose());
            Ok(Arc::new(values.collect::<serde_json::Result<StringArray>>()?))
        };
    Ok(match added {
        Added::Score => {
            Arc::new(found.iter().map(|c| c.as_ref().map(|c| c.score)).collect::<Float32Array>())
        }
        Added::Verdict => words(|c| c.verdict.as_str()),
        Added::Label => words(|c| c.label.as_str()),
        Added::Language => words(|c| c.language.as_str()),
        Added::Model => words(|c| &c.model),
        Added::Evidence => json(|c| serde_json::to_string(&c.evidence))?,
        Added::Links => json(|c| serde_json::to_string(&c.links))?,
        Added::Indicators => json(|c| serde_json::to_string(&c.indicators))?,
    })
}

/// The file of rows that could not be used.
struct Rejects {
    out: BufWriter<File>,
    name: String,
}

impl Rejects {
    fn create(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let file = File::create(path).with_context(|| format!("cannot write `{name}`"))?;
        Ok(Self { out: BufWriter::new(file), name })
    }

    fn write(&mut self, batch: &Batch) -> anyhow::Result<()> {
        for reject in &batch.rejects {
            serde_json::to_writer(&mut self.out, reject)?;
            writeln!(self.out).with_context(|| format!("cannot write `{}`", self.name))?;
        }
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<()> {
        self.out.flush().with_context(|| format!("cannot write `{}`", self.name))
    }
}

/// What a scan came to.
#[derive(Default)]
struct Totals {
    messages: u64,
    empty: u64,
    alarms: u64,
    scams: u64,
    rejected: u64,
}

impl Totals {
    fn count(&mut self, found: &[Option<Classification>]) {
        for classification in found {
            match classification {
                Some(c) => {
                    self.messages += 1;
                    self.alarms += u64::from(c.verdict.is_alarm());
                    self.scams += u64::from(c.verdict == ruthan::Verdict::Scam);
                }
                None => self.empty += 1,
            }
        }
    }

    fn summary(&self) -> String {
        let Self { messages, empty, alarms, scams, rejected } = self;
        let suspicious = alarms - scams;
        format!(
            "{messages} messages: {scams} scam, {suspicious} suspicious; {empty} rows without text, {rejected} rejected"
        )
    }
}
