//! The columns of a table of results: built straight from the library's answers, without a Python value in between.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{Array, ArrayRef, ListArray, RecordBatch, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, Field, Fields, Schema, SchemaRef};
use ruthan::{Classification, Label};

use crate::answer::{self, Evidence, Indicator, Link, LinkEvidence, decimal};
use crate::places::Places;

/// A column that can be asked for.
#[derive(Clone, Copy)]
pub(crate) enum Column {
    Score,
    Verdict,
    Label,
    Language,
    Model,
    Evidence,
    Links,
    Indicators,
    Probabilities,
    /// Why a message was not classified; null where it was.
    Error,
}

impl Column {
    /// Every column but the last has the name of a field of a classification.
    pub(crate) const ALL: [(&str, Self); 10] = [
        ("score", Self::Score),
        ("verdict", Self::Verdict),
        ("label", Self::Label),
        ("language", Self::Language),
        ("model", Self::Model),
        ("evidence", Self::Evidence),
        ("links", Self::Links),
        ("indicators", Self::Indicators),
        ("probabilities", Self::Probabilities),
        ("error", Self::Error),
    ];

    fn builder(self) -> Box<dyn Build> {
        match self {
            Self::Score => Box::new(Scores::default()),
            Self::Verdict => Box::new(Words::of(|c| c.verdict.as_str())),
            Self::Label => Box::new(Words::of(|c| c.label.as_str())),
            Self::Language => Box::new(Words::of(|c| c.language.as_str())),
            Self::Model => Box::new(Words::of(|c| &c.model)),
            Self::Evidence => Box::new(List::<EvidenceRows>::default()),
            Self::Links => Box::new(List::<LinkRows>::default()),
            Self::Indicators => Box::new(List::<IndicatorRows>::default()),
            Self::Probabilities => Box::new(Probabilities::default()),
            Self::Error => Box::new(Errors::default()),
        }
    }
}

/// What one row comes to.
#[derive(Clone, Copy)]
pub(crate) enum Row<'a> {
    /// There was no text.
    Null,
    Answer(&'a str, &'a Classification),
    Failed(&'a ruthan::Error),
}

impl<'a> Row<'a> {
    fn classification(self) -> Option<&'a Classification> {
        match self {
            Self::Answer(_, classification) => Some(classification),
            Self::Null | Self::Failed(_) => None,
        }
    }
}

/// Builds one column, row by row.
trait Build: Send {
    fn push(&mut self, row: Row<'_>);
    fn finish(&mut self) -> ArrayRef;
}

/// Builds the columns that were asked for.
pub(crate) struct Columns {
    names: Vec<&'static str>,
    builders: Vec<Box<dyn Build>>,
}

impl Columns {
    pub(crate) fn new(columns: &[(&'static str, Column)]) -> Self {
        Self {
            names: columns.iter().map(|(name, _)| *name).collect(),
            builders: columns.iter().map(|(_, column)| column.builder()).collect(),
        }
    }

    pub(crate) fn push(&mut self, row: Row<'_>) {
        for builder in &mut self.builders {
            builder.push(row);
        }
    }

    /// The schema, which is that of no rows.
    pub(crate) fn schema(&mut self) -> SchemaRef {
        let arrays: Vec<ArrayRef> = self.builders.iter_mut().map(|b| b.finish()).collect();
        Arc::new(Schema::new(fields(&self.names, &arrays)))
    }

    pub(crate) fn finish(&mut self, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
        let arrays = self.builders.iter_mut().map(|b| b.finish()).collect();
        RecordBatch::try_new(Arc::clone(schema), arrays)
    }
}

fn fields(names: &[&'static str], arrays: &[ArrayRef]) -> Fields {
    names
        .iter()
        .zip(arrays)
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect()
}

/// Puts arrays side by side.
fn structure<const N: usize>(
    names: [&'static str; N],
    arrays: [ArrayRef; N],
    nulls: Option<NullBuffer>,
) -> StructArray {
    StructArray::new(fields(&names, &arrays), arrays.to_vec(), nulls)
}

#[derive(Default)]
struct Scores(Float64Builder);

impl Build for Scores {
    fn push(&mut self, row: Row<'_>) {
        self.0.append_option(row.classification().map(|c| decimal(c.score)));
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// A column of names. Plain text, not a dictionary: every program that reads Arrow takes it as it is.
struct Words {
    values: StringBuilder,
    of: fn(&Classification) -> &str,
}

impl Words {
    fn of(of: fn(&Classification) -> &str) -> Self {
        Self { values: StringBuilder::new(), of }
    }
}

impl Build for Words {
    fn push(&mut self, row: Row<'_>) {
        self.values.append_option(row.classification().map(self.of));
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.values.finish())
    }
}

#[derive(Default)]
struct Errors(StringBuilder);

impl Build for Errors {
    fn push(&mut self, row: Row<'_>) {
        match row {
            Row::Failed(error) => self.0.append_value(error.to_string()),
            Row::Null | Row::Answer(..) => self.0.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// The probability of each label, side by side.
struct Probabilities {
    labels: [Float64Builder; Label::ALL.len()],
    present: Vec<bool>,
}

impl Default for Probabilities {
    fn default() -> Self {
        Self { labels: std::array::from_fn(|_| Float64Builder::new()), present: Vec::new() }
    }
}

impl Build for Probabilities {
    fn push(&mut self, row: Row<'_>) {
        let classification = row.classification();
        for (label, builder) in Label::ALL.iter().zip(&mut self.labels) {
            let share = classification.and_then(|c| c.probabilities.get(label));
            builder.append_option(share.map(|&share| decimal(share)));
        }
        self.present.push(classification.is_some());
    }

    fn finish(&mut self) -> ArrayRef {
        let arrays = self.labels.each_mut().map(|b| Arc::new(b.finish()) as ArrayRef);
        let nulls = NullBuffer::from(std::mem::take(&mut self.present));
        Arc::new(structure(Label::ALL.map(Label::as_str), arrays, Some(nulls)))
    }
}

/// The items of a list, each a row of its own.
trait Rows: Default + Send {
    /// Adds the items of a message; says how many.
    fn extend(&mut self, text: &str, classification: &Classification) -> usize;
    fn finish(&mut self) -> StructArray;
}

/// The lengths of lists that lie end to end.
#[derive(Default)]
struct Lengths(Vec<usize>);

impl Lengths {
    fn finish(&mut self, items: StructArray, nulls: Option<NullBuffer>) -> ListArray {
        let offsets = OffsetBuffer::<i32>::from_lengths(std::mem::take(&mut self.0));
        let field = Field::new("item", items.data_type().clone(), true);
        ListArray::new(Arc::new(field), offsets, Arc::new(items), nulls)
    }
}

/// A column of lists.
#[derive(Default)]
struct List<R> {
    rows: R,
    lengths: Lengths,
    present: Vec<bool>,
}

impl<R: Rows> Build for List<R> {
    fn push(&mut self, row: Row<'_>) {
        let (present, length) = match row {
            Row::Answer(text, classification) => (true, self.rows.extend(text, classification)),
            Row::Null | Row::Failed(_) => (false, 0),
        };
        self.lengths.0.push(length);
        self.present.push(present);
    }

    fn finish(&mut self) -> ArrayRef {
        let nulls = NullBuffer::from(std::mem::take(&mut self.present));
        Arc::new(self.lengths.finish(self.rows.finish(), Some(nulls)))
    }
}

/// Places in the text.
#[derive(Default)]
struct Spans {
    start: Int64Builder,
    end: Int64Builder,
    present: Vec<bool>,
}

impl Spans {
    fn push(&mut self, span: Option<(usize, usize)>) {
        // The longest message has fewer bytes than 2^32.
        let place = |place: usize| i64::try_from(place).unwrap_or(i64::MAX);
        self.start.append_option(span.map(|(start, _)| place(start)));
        self.end.append_option(span.map(|(_, end)| place(end)));
        self.present.push(span.is_some());
    }

    fn finish(&mut self) -> ArrayRef {
        let arrays: [ArrayRef; 2] = [Arc::new(self.start.finish()), Arc::new(self.end.finish())];
        let nulls = NullBuffer::from(std::mem::take(&mut self.present));
        Arc::new(structure(["start", "end"], arrays, Some(nulls)))
    }
}

fn texts(builder: &mut StringBuilder) -> ArrayRef {
    Arc::new(builder.finish())
}

#[derive(Default)]
struct EvidenceRows {
    kind: StringBuilder,
    span: Spans,
    byte_span: Spans,
    weight: Float64Builder,
    text: StringBuilder,
}

impl Rows for EvidenceRows {
    fn extend(&mut self, text: &str, classification: &Classification) -> usize {
        let places = Places::new(text);
        for Evidence { kind, span, byte_span, weight, text } in
            answer::evidence(&classification.evidence, &places)
        {
            self.kind.append_value(kind);
            self.span.push(span);
            self.byte_span.push(byte_span);
            self.weight.append_value(weight);
            self.text.append_value(text);
        }
        classification.evidence.len()
    }

    fn finish(&mut self) -> StructArray {
        let arrays = [
            texts(&mut self.kind),
            self.span.finish(),
            self.byte_span.finish(),
            Arc::new(self.weight.finish()),
            texts(&mut self.text),
        ];
        structure(["kind", "span", "byte_span", "weight", "text"], arrays, None)
    }
}

#[derive(Default)]
struct LinkRows {
    url: StringBuilder,
    text: StringBuilder,
    host: StringBuilder,
    registrable_domain: StringBuilder,
    span: Spans,
    byte_span: Spans,
    evidence: Lengths,
    evidence_kind: StringBuilder,
    evidence_weight: Float64Builder,
}

impl Rows for LinkRows {
    fn extend(&mut self, text: &str, classification: &Classification) -> usize {
        let places = Places::new(text);
        for Link { url, text, host, registrable_domain, span, byte_span, evidence } in
            answer::links(&classification.links, &places)
        {
            self.url.append_value(url);
            self.text.append_value(text);
            self.host.append_value(host);
            self.registrable_domain.append_option(registrable_domain);
            self.span.push(Some(span));
            self.byte_span.push(Some(byte_span));
            self.evidence.0.push(evidence.len());
            for LinkEvidence { kind, weight } in evidence {
                self.evidence_kind.append_value(kind);
                self.evidence_weight.append_value(weight);
            }
        }
        classification.links.len()
    }

    fn finish(&mut self) -> StructArray {
        let reasons: [ArrayRef; 2] =
            [texts(&mut self.evidence_kind), Arc::new(self.evidence_weight.finish())];
        let reasons = structure(["kind", "weight"], reasons, None);
        let arrays = [
            texts(&mut self.url),
            texts(&mut self.text),
            texts(&mut self.host),
            texts(&mut self.registrable_domain),
            self.span.finish(),
            self.byte_span.finish(),
            Arc::new(self.evidence.finish(reasons, None)),
        ];
        let names = ["url", "text", "host", "registrable_domain", "span", "byte_span", "evidence"];
        structure(names, arrays, None)
    }
}

#[derive(Default)]
struct IndicatorRows {
    kind: StringBuilder,
    value: StringBuilder,
    text: StringBuilder,
    bank: StringBuilder,
    span: Spans,
    byte_span: Spans,
}

impl Rows for IndicatorRows {
    fn extend(&mut self, text: &str, classification: &Classification) -> usize {
        let places = Places::new(text);
        for Indicator { kind, value, text, bank, span, byte_span } in
            answer::indicators(&classification.indicators, &places)
        {
            self.kind.append_value(kind);
            self.value.append_value(value);
            self.text.append_value(text);
            self.bank.append_option(bank);
            self.span.push(Some(span));
            self.byte_span.push(Some(byte_span));
        }
        classification.indicators.len()
    }

    fn finish(&mut self) -> StructArray {
        let arrays = [
            texts(&mut self.kind),
            texts(&mut self.value),
            texts(&mut self.text),
            texts(&mut self.bank),
            self.span.finish(),
            self.byte_span.finish(),
        ];
        structure(["kind", "value", "text", "bank", "span", "byte_span"], arrays, None)
    }
}
