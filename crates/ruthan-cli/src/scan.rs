//! `ruthan scan`: every message of a file, in order, with what was found added to its row.
//!
//! Three threads work at once: one reads, this one classifies (on all cores), one writes. Between them
//! a few batches wait at most, so that memory is bounded and rows stay in order.

mod added;
mod checkpoint;
mod conversations;
mod stop;
mod target;
mod totals;

use std::fs;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use arrow_array::Array;
use arrow_schema::SchemaRef;
use ruthan::{Classification, Classifier, Message};
use ruthan_dump::{Batch, Format, Input, OnBadRow, ReadOptions, Reader};

use crate::Found;
use crate::arguments::{ScanArguments, Setup};
use crate::report::ReportFile;
use crate::terminal;
use added::Answers;
use checkpoint::{Checkpoint, Done};
use conversations::Conversations;
use stop::Stop;
use target::{Names, Target};
use totals::Totals;

/// How many batches wait between two threads at most.
const WAITING: usize = 2;
/// How often a run that waits for its input looks whether it should stop.
const LOOK_UP: Duration = Duration::from_millis(100);

pub(crate) fn scan(setup: &Setup, arguments: &ScanArguments) -> anyhow::Result<Found> {
    let inputs: Vec<Input> = arguments.files.iter().map(Input::new).collect();
    let others = [Some(&arguments.output), arguments.rejects.as_ref(), arguments.report.as_ref()];
    for output in others.into_iter().flatten() {
        ruthan_dump::refuse_overwrite(output, &inputs)?;
    }
    let ending = arguments.output.extension().and_then(|ending| ending.to_str());
    anyhow::ensure!(
        !ending.is_some_and(|ending| ["gz", "zst", "zip"].contains(&ending)),
        "`{}`: output is not packed; write to `-` and pipe it through the packer",
        arguments.output.display()
    );
    let classifier = setup.classifier()?;
    let mut checkpoint = None;
    if arguments.resume {
        let mut begun = Checkpoint::new(setup, arguments, classifier.manifest())?;
        if let Some(done) = begun.load(&Names::of(arguments).checkpoint)? {
            if done.whole {
                target::publish(arguments)?;
                return Ok(finished(done.totals));
            }
            begun.done = done;
        }
        checkpoint = Some(begun);
    }
    let stop = Stop::listen().context("cannot listen for signals")?;
    let done = checkpoint.as_ref().map(|checkpoint| checkpoint.done).unwrap_or_default();
    // This thread may wait for input when the run is to stop, so nothing waits for it.
    let (to_classify, read) = sync_channel(WAITING);
    let options = options(arguments);
    let follow = arguments.by_conversation;
    thread::spawn(move || read_all(&inputs, &options, done, follow, &to_classify));

    let arguments = Arc::new(arguments.clone());
    let (to_write, answered) = sync_channel(WAITING);
    let report = arguments.report.as_deref();
    let report = report.map(|path| ReportFile::create(path, setup, &classifier)).transpose()?;
    let writer = {
        let arguments = Arc::clone(&arguments);
        thread::spawn(move || write_all(&arguments, checkpoint, report, &answered))
    };
    let ended = classify_all(&classifier, &arguments, done, &read, &to_write, &stop);
    drop(to_write);
    // What the writer says comes first: it is why others could not go on.
    let totals = writer.join().expect("a panic has ended the program")?;
    if let Some(signal) = ended? {
        let kept = if arguments.resume { "; run it again to go on" } else { "" };
        terminal::complain(&format!("stopped by a signal{kept}"));
        return Ok(Found::Stopped(signal));
    }
    Ok(finished(totals))
}

/// Says what a whole run came to.
fn finished(totals: Totals) -> Found {
    terminal::report(&totals.summary());
    if totals.alarms + totals.slow > 0 { Found::Scam } else { Found::Nothing }
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
    if let Some(encoding) = arguments.encoding {
        options = options.encoding(encoding);
    }
    for (column, set) in [
        (&arguments.text_column, ReadOptions::text_column as fn(_, String) -> _),
        (&arguments.sender_column, ReadOptions::sender_column),
        (&arguments.time_column, ReadOptions::time_column),
        (&arguments.direction_column, ReadOptions::direction_column),
        (&arguments.conversation_column, ReadOptions::conversation_column),
    ] {
        if let Some(column) = column {
            options = set(options, column.clone());
        }
    }
    options
}

/// What the reading thread hands on.
enum Read {
    /// A file was opened, and its columns are these.
    Opened(Format, SchemaRef),
    /// A batch, how many bytes of all files have been read, and whether it was done by a run before.
    Batch(Box<Batch>, u64, bool),
    /// The file is done.
    Ended,
}

/// What the writing thread is given.
enum Write {
    Open(Format, SchemaRef),
    Batch(Box<Batch>, Answers),
    NextInput,
    /// The run is to stop here.
    Stop,
    /// Nothing is missing.
    Finish,
}

/// Reads the inputs, and hands on what is not done yet; of what is, only what conversations need.
fn read_all(
    inputs: &[Input],
    options: &ReadOptions,
    done: Done,
    follow: bool,
    out: &SyncSender<anyhow::Result<Read>>,
) {
    if let Err(error) = read_inputs(inputs, options, done, follow, out) {
        // If nobody listens the run has ended for another reason.
        let _ = out.send(Err(error));
    }
}

fn read_inputs(
    inputs: &[Input],
    options: &ReadOptions,
    done: Done,
    follow: bool,
    out: &SyncSender<anyhow::Result<Read>>,
) -> anyhow::Result<()> {
    let mut source: Option<SchemaRef> = None;
    let mut bytes_before = 0;
    for (number, input) in inputs.iter().enumerate() {
        let old = number < done.inputs;
        // The first file names the columns, also where it is done.
        if old && source.is_some() && !follow {
            bytes_before += size(input).unwrap_or_default();
            continue;
        }
        let mut reader = Reader::open(input, options)?;
        let first = source.get_or_insert_with(|| Arc::clone(reader.schema()));
        anyhow::ensure!(
            first == reader.schema(),
            "`{}` has other columns than the first file: scan them one by one",
            reader.file()
        );
        if number == 0 && out.send(Ok(Read::Opened(reader.format(), Arc::clone(first)))).is_err() {
            return Ok(());
        }
        let mut batches = 0;
        // Of a file that is done nothing is read but for the conversations.
        loop {
            let next = if !old || follow { reader.next() } else { None };
            let Some(batch) = next else { break };
            let batch = batch?;
            let old = old || number == done.inputs && batches < done.batches;
            batches += 1;
            let bytes = bytes_before + reader.bytes_read();
            if (!old || follow) && out.send(Ok(Read::Batch(Box::new(batch), bytes, old))).is_err() {
                return Ok(());
            }
        }
        if !old && out.send(Ok(Read::Ended)).is_err() {
            return Ok(());
        }
        bytes_before += size(input).unwrap_or_default();
    }
    Ok(())
}

fn size(input: &Input) -> Option<u64> {
    let metadata = fs::metadata(input.path()?).ok()?;
    metadata.is_file().then_some(metadata.len())
}

/// Classifies what is read and hands it on, to the end or until a signal, which it returns.
fn classify_all(
    classifier: &Classifier,
    arguments: &ScanArguments,
    done: Done,
    read: &Receiver<anyhow::Result<Read>>,
    out: &SyncSender<Write>,
    stop: &Stop,
) -> anyhow::Result<Option<u8>> {
    let sizes = arguments.files.iter().map(|file| size(&Input::new(file)));
    let progress = terminal::progress(sizes.sum());
    let (begun, mut messages) = (Instant::now(), 0);
    let mut conversations = arguments.by_conversation.then(Conversations::default);
    let mut unfinished = arguments.files.len() - done.inputs;
    // The first file names the columns, also where nothing of it is left.
    let mut opened = false;
    while !opened || unfinished > 0 {
        if let Some(signal) = stop.signal() {
            let _ = out.send(Write::Stop);
            return Ok(Some(signal));
        }
        let next = match read.recv_timeout(LOOK_UP) {
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => anyhow::bail!("the reading has broken off"),
            Ok(next) => next?,
        };
        let write = match next {
            Read::Opened(format, schema) => {
                opened = true;
                Write::Open(format, schema)
            }
            Read::Ended => {
                unfinished -= 1;
                Write::NextInput
            }
            Read::Batch(batch, bytes, old) => {
                anyhow::ensure!(
                    conversations.is_none()
                        || batch.conversations().is_some()
                        || batch.senders().is_some(),
                    "`{}`: no column tells the conversation or the sender; name it with --conversation-column",
                    batch.file
                );
                let threads = conversations.as_mut().map(|known| known.follow(&batch));
                if old {
                    continue;
                }
                messages += batch.num_rows() as u64;
                progress.set_position(bytes);
                let rate = messages as f64 / begun.elapsed().as_secs_f64();
                progress.set_message(format!("{messages} messages, {rate:.0} a second"));
                let answers = classify(classifier, &batch, threads.as_deref())?;
                Write::Batch(batch, answers)
            }
        };
        if out.send(write).is_err() {
            // The writer says why.
            return Ok(None);
        }
    }
    progress.finish_and_clear();
    let _ = out.send(Write::Finish);
    Ok(None)
}

/// Classifies the messages of a batch, and the conversations up to them; a missing one stays missing.
fn classify(
    classifier: &Classifier,
    batch: &Batch,
    threads: Option<&[Option<String>]>,
) -> anyhow::Result<Answers> {
    let senders = batch.senders();
    let message = |row: usize, text| {
        let message = Message::new(text);
        let sender = senders.as_ref().filter(|senders| senders.is_valid(row));
        sender.map_or(message, |senders| message.sender(senders.value(row)))
    };
    let texts = || batch.text.iter().enumerate();
    // A conversation of one message is that message, whose answer is known.
    let longer = |row: usize, own: Option<&str>| {
        let thread = threads.and_then(|threads| threads[row].as_deref());
        thread.filter(|thread| own != Some(*thread))
    };
    let mut messages: Vec<Message<'_>> =
        texts().filter_map(|(row, text)| Some(message(row, text?))).collect();
    messages.extend(texts().filter_map(|(row, text)| Some(message(row, longer(row, text)?))));

    let mut answers = classifier.classify_batch(&messages).into_iter();
    let mut answer = |row: usize| -> anyhow::Result<Option<Classification>> {
        let at = || format!("`{}`: row {}", batch.file, batch.positions[row].row);
        answers.next().transpose().with_context(at)
    };
    let own = texts()
        .map(|(row, text)| if text.is_some() { answer(row) } else { Ok(None) })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let conversation = threads.map(|threads| {
        texts()
            .map(|(row, text)| match (longer(row, text), &threads[row]) {
                (Some(_), _) => answer(row),
                (None, Some(_)) => Ok(own[row].clone()),
                (None, None) => Ok(None),
            })
            .collect::<anyhow::Result<Vec<_>>>()
    });
    let conversation = conversation.transpose()?;
    Ok(Answers { own, conversation })
}

/// Writes what is handed on, to the end; returns what it came to.
fn write_all(
    arguments: &Arc<ScanArguments>,
    mut checkpoint: Option<Checkpoint>,
    mut report: Option<ReportFile>,
    answered: &Receiver<Write>,
) -> anyhow::Result<Totals> {
    let mut target: Option<Target> = None;
    for write in answered {
        match (write, &mut target) {
            (Write::Open(format, schema), _) => {
                target = Some(Target::open(arguments, format, &schema, checkpoint.take())?);
            }
            (Write::Batch(batch, answers), Some(target)) => {
                target.write(&batch, &answers)?;
                if let Some(report) = &mut report {
                    report.add(&batch, &answers.own);
                }
            }
            (Write::NextInput, Some(target)) => target.next_input(),
            (Write::Stop, Some(target)) => target.checkpoint()?,
            (Write::Finish, Some(_)) => {
                let target = target.take().expect("it is open");
                let totals = target.done.totals;
                target.finish()?;
                if let Some(report) = report {
                    report.finish()?;
                }
                return Ok(totals);
            }
            (_, None) => {}
        }
    }
    // Not whole: what was written so far is dropped with the target, or kept beside to go on with.
    Ok(Totals::default())
}
