//! The commands that take texts: classify, links, indicators, normalize.

use std::io::{self, BufRead, Read, Write};

use anyhow::Context;
use ruthan::{Attribution, Change, Classification, Explanation, Indicator, Label, Language, Link};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::Found;
use crate::arguments::{ClassifyArguments, NormalizeArguments, Setup, TextArguments};
use crate::terminal::{complain, printable};

/// The longest line that `--jsonl` reads: a longest message, each of its bytes escaped.
const MAX_LINE: u64 = 6 * ruthan::DEFAULT_MAX_BYTES as u64 + 4096;

/// What a command says of one text: as an object of JSON, of the form that `schema.json` states, and for people.
struct Answer {
    json: String,
    text: String,
    alarm: bool,
}

#[derive(Serialize)]
struct Links {
    links: Vec<Link>,
}

#[derive(Serialize)]
struct Indicators {
    indicators: Vec<Indicator>,
}

#[derive(Serialize)]
struct Normalized<'n> {
    text: &'n str,
    changes: &'n [Change],
}

pub(crate) fn classify(setup: &Setup, arguments: &ClassifyArguments) -> anyhow::Result<Found> {
    let classifier = setup.classifier()?;
    answer(&arguments.text, |text| {
        let mut answer = if arguments.explain {
            Explained::from(classifier.explain(text)?)
        } else {
            Explained { classification: classifier.classify(text)?, words: None }
        };
        let mut shown = describe(&answer.classification, arguments.probabilities);
        if let Some(words) = &answer.words {
            shown += &weighed(words, text);
        }
        if !arguments.probabilities {
            answer.classification.probabilities.clear();
        }
        Ok(Answer {
            text: shown,
            alarm: answer.classification.verdict.is_alarm(),
            json: serde_json::to_string(&answer)?,
        })
    })
}

/// A classification, with the words that moved the model if that was asked for.
#[derive(Serialize)]
struct Explained {
    #[serde(flatten)]
    classification: Classification,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<Vec<Attribution>>,
}

impl From<Explanation> for Explained {
    fn from(Explanation { classification, words, .. }: Explanation) -> Self {
        Self { classification, words: Some(words) }
    }
}

/// How many words are shown at most, those that moved the model most.
const SHOWN_WORDS: usize = 10;
/// What moved the model less is not shown.
const LEAST_WEIGHT: f32 = 0.05;

/// A line for each word that moved the model, the heaviest first.
fn weighed(words: &[Attribution], text: &str) -> String {
    let mut heaviest: Vec<&Attribution> =
        words.iter().filter(|word| word.weight.abs() >= LEAST_WEIGHT).collect();
    heaviest.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    let line = |word: &&Attribution| {
        format!("  {:+.1}  “{}”\n", word.weight, printable(&text[word.span.range()]))
    };
    heaviest.iter().take(SHOWN_WORDS).map(line).collect()
}

pub(crate) fn links(setup: &Setup, arguments: &TextArguments) -> anyhow::Result<Found> {
    let classifier = setup.classifier()?;
    answer(arguments, |text| {
        let links = classifier.links(text);
        let mut shown = String::new();
        for link in &links {
            let kinds: Vec<&str> = link.evidence.iter().map(|e| e.kind.as_str()).collect();
            let domain = link.registrable_domain.as_deref().unwrap_or("-");
            shown += &format!("{}\t{domain}\t{}\n", printable(&link.url), kinds.join(" "));
        }
        Ok(Answer { text: shown, alarm: false, json: serde_json::to_string(&Links { links })? })
    })
}

pub(crate) fn indicators(setup: &Setup, arguments: &TextArguments) -> anyhow::Result<Found> {
    let classifier = setup.classifier()?;
    answer(arguments, |text| {
        let indicators = classifier.indicators(text);
        let mut shown = String::new();
        for indicator in &indicators {
            let kind = serde_json::to_value(indicator.kind)?;
            let kind = kind.as_str().unwrap_or_default();
            let bank = indicator.bank.as_deref().map(|bank| format!("\t{bank}"));
            shown +=
                &format!("{kind}\t{}{}\n", printable(&indicator.value), bank.unwrap_or_default());
        }
        Ok(Answer {
            text: shown,
            alarm: false,
            json: serde_json::to_string(&Indicators { indicators })?,
        })
    })
}

pub(crate) fn normalize(arguments: &NormalizeArguments) -> anyhow::Result<Found> {
    answer(&arguments.text, |text| {
        let normalized = ruthan::normalize(text);
        let mut shown = printable(normalized.text()) + "\n";
        if arguments.explain {
            shown += &explain(&normalized, text)?;
        }
        Ok(Answer {
            text: shown,
            alarm: false,
            json: serde_json::to_string(&Normalized {
                text: normalized.text(),
                changes: normalized.changes(),
            })?,
        })
    })
}

/// A line for each change. What cannot be seen is shown by its code points.
fn explain(normalized: &ruthan::Normalized, text: &str) -> anyhow::Result<String> {
    let visible = |text: &str| {
        let hidden = |ch: char| {
            // What is taken out of every text, and every space but the plain one.
            ch != ' ' && ruthan::normalize(ch.encode_utf8(&mut [0; 4])).text().is_empty()
        };
        text.chars()
            .map(|ch| if hidden(ch) { format!("U+{:04X}", ch as u32) } else { ch.to_string() })
            .collect::<String>()
    };
    let mut changes = normalized.changes().to_vec();
    changes.sort_by_key(|change| change.span);
    let mut shown = String::new();
    for change in changes {
        let kind = serde_json::to_value(change.kind)?;
        shown += &format!(
            "  {:16} {:>4}..{:<4} {} → {}\n",
            kind.as_str().unwrap_or_default(),
            change.span.start,
            change.span.end,
            visible(&text[change.span.range()]),
            visible(&normalized.text_of(change.span))
        );
    }
    Ok(shown)
}

/// Answers the texts that were given.
fn answer(
    arguments: &TextArguments,
    ask: impl Fn(&str) -> anyhow::Result<Answer>,
) -> anyhow::Result<Found> {
    if arguments.jsonl {
        return answer_lines(ask);
    }
    let mut out = io::stdout().lock();
    let mut found = Found::Nothing;
    for (place, text) in arguments.texts.iter().enumerate() {
        let stdin;
        let text = if text == "-" {
            stdin = read_stdin()?;
            &stdin
        } else {
            text
        };
        let answer = ask(text).with_context(|| format!("text {}", place + 1))?;
        if arguments.json {
            writeln!(out, "{}", answer.json)?;
        } else {
            if place > 0 {
                writeln!(out)?;
            }
            write!(out, "{}", answer.text)?;
        }
        if answer.alarm {
            found = Found::Scam;
        }
    }
    out.flush()?;
    Ok(found)
}

fn read_stdin() -> anyhow::Result<String> {
    let limit = ruthan::DEFAULT_MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    io::stdin().lock().take(limit).read_to_end(&mut bytes).context("standard input")?;
    let text = String::from_utf8(bytes).map_err(|error| {
        anyhow::anyhow!(
            "standard input: not valid UTF-8 at byte {}",
            error.utf8_error().valid_up_to() + 1
        )
    })?;
    // One line break at the end is the shell's, not the message's.
    Ok(text.strip_suffix('\n').map(str::to_owned).unwrap_or(text))
}

/// A line of `--jsonl`.
#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow, default)]
    id: Option<&'l RawValue>,
    text: String,
}

/// Answers line by line; a bad line gets an object with `error` in its place, so that lines and answers stay in step.
fn answer_lines(ask: impl Fn(&str) -> anyhow::Result<Answer>) -> anyhow::Result<Found> {
    let mut input = io::stdin().lock();
    let mut out = io::stdout().lock();
    let mut found = Found::Nothing;
    let mut bad = false;
    let mut line = Vec::new();
    for number in 1u64.. {
        line.clear();
        if input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line).context("standard input")?
            == 0
        {
            break;
        }
        let whole = line.last() == Some(&b'\n') || (line.len() as u64) < MAX_LINE;
        if !whole {
            skip_line(&mut input)?;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let parsed: Result<Line<'_>, String> = if whole {
            serde_json::from_slice(&line)
                .map_err(|error| format!("column {}: {}", error.column(), cause(&error)))
        } else {
            Err(format!("longer than {MAX_LINE} bytes"))
        };
        let (id, json) = match parsed {
            Ok(Line { id, text }) => match ask(&text) {
                Ok(answer) => {
                    if answer.alarm {
                        found = Found::Scam;
                    }
                    (id, answer.json)
                }
                Err(error) => {
                    bad = true;
                    complain(&format!("standard input: line {number}: {error:#}"));
                    (id, failure(&format!("{error:#}"))?)
                }
            },
            Err(cause) => {
                bad = true;
                complain(&format!("standard input: line {number}: {cause}"));
                (None, failure(&cause)?)
            }
        };
        // The `id` goes in first, byte for byte as it was given.
        writeln!(out, "{{\"id\":{},{}", id.map_or("null", RawValue::get), &json[1..])?;
    }
    out.flush()?;
    Ok(if bad { Found::BadInput } else { found })
}

/// What stands in place of an answer.
fn failure(error: &str) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Failure<'e> {
        error: &'e str,
    }
    serde_json::to_string(&Failure { error })
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let line_break = buffer.iter().position(|&byte| byte == b'\n');
        let length = line_break.map_or(buffer.len(), |at| at + 1);
        input.consume(length);
        if line_break.is_some() {
            return Ok(());
        }
    }
}

/// What is wrong with a line of JSON, without a word of its text.
fn cause(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Data => "not an object with a string `text`",
        serde_json::error::Category::Eof => "the JSON ends too early",
        _ => "not valid JSON",
    }
}

/// A classification in plain words.
fn describe(c: &Classification, probabilities: bool) -> String {
    let thai = c.language == Language::Thai;
    let name = |label: Label| if thai { label.thai() } else { label.english() };
    let mut shown = format!("{}  {:.3}  {} ({})\n", c.verdict, c.score, c.label, name(c.label));
    for reason in &c.evidence {
        shown += &format!("  {:+.1}  {}\n", reason.weight, reason.text);
    }
    for link in &c.links {
        shown += &format!("  {}  {}\n", if thai { "ลิงก์" } else { "link" }, printable(&link.url));
    }
    if probabilities {
        for (label, p) in &c.probabilities {
            shown += &format!("  {p:.4}  {label}\n");
        }
    }
    shown
}
