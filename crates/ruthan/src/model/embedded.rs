//! The engine inside the library: one loop over the rows of the network's table.
//!
//! It runs networks of one form, which a network names in its metadata, and takes the numbers out of the ONNX file, so
//! that both engines read the same. A general engine spends most of its time waiting for rows, one after another.

use prost::bytes::Bytes;

use super::engine::{Run, checked};
use super::features::Features;
use super::onnx::Constants;
use crate::error::Error;
use crate::label::Label;

const NAME: &str = "embedded";
/// The form of network that this engine runs, and the key under which the metadata names it.
const FORM: (&str, &str) = ("form", "ruthan-bag-1");
/// Labels.
const K: usize = Label::ALL.len();
/// The least length of a text's features, as the network has it: an empty text has none.
const LEAST: f32 = 1e-6;

/// A network: `models/training/ruthan_training/network.py` says what it computes, `export.py` how it is stored.
pub(crate) struct Embedded {
    /// The 8-bit table, one row of `K` + hidden numbers for each n-gram.
    table: Bytes,
    /// Of each row: its idf, and its idf times its scale.
    scales: Vec<[f32; 2]>,
    columns: Vec<f32>,
    b: Vec<f32>,
    b1: Vec<f32>,
    /// What each hidden unit adds to each label.
    w2: Vec<[f32; K]>,
}

impl Embedded {
    /// Reads a network with `rows` rows.
    pub(crate) fn new(onnx: Bytes, rows: u32) -> Result<Self, Error> {
        let constants = Constants::read(onnx)?;
        if constants.metadata(FORM.0) != Some(FORM.1) {
            return Err(Error::Schema(format!(
                "model.onnx: its metadata does not name the form `{}`, the one that the embedded engine runs",
                FORM.1
            )));
        }
        let rows = rows as usize;
        let hidden = constants.length("b1")?;
        let width = K.saturating_add(hidden);
        let scales = constants.floats("scales", &[rows, 2])?;
        let w2 = constants.floats("w2", &[hidden, K])?;
        Ok(Self {
            table: constants.bytes("table", &[rows, width])?,
            scales: scales.as_chunks().0.to_vec(),
            columns: constants.floats("columns", &[width])?,
            b: constants.floats("b", &[K])?,
            b1: constants.floats("b1", &[hidden])?,
            w2: w2.as_chunks().0.to_vec(),
        })
    }

    /// Brings rows into the cache, many at once: each lies at a random place of megabytes, and the sums below would wait
    /// for one after another.
    fn call_in(&self, rows: &[i32]) {
        let width = self.columns.len();
        let touched = rows.iter().fold((0, 0.0), |(bytes, scales), &row| {
            let row = row.cast_unsigned() as usize;
            let first = row * width;
            (
                bytes ^ self.table[first] ^ self.table[first + width - 1],
                scales + self.scales[row][0],
            )
        });
        // Else the compiler would see that nobody needs them.
        std::hint::black_box(touched);
    }

    /// Appends the logits of one window to `logits`; `sum` is scratch of one number for each column.
    fn window(&self, window: &Features, sum: &mut [f32], logits: &mut Vec<f32>) {
        self.call_in(&window.rows);
        sum.fill(0.0);
        let mut square = 0.0;
        for (&row, &value) in window.rows.iter().zip(&window.values) {
            let row = row.cast_unsigned() as usize;
            let [idf, scale] = self.scales[row];
            square += (value * idf) * (value * idf);
            let weight = value * scale;
            let numbers = &self.table[row * sum.len()..][..sum.len()];
            for (sum, &number) in sum.iter_mut().zip(numbers) {
                *sum += weight * f32::from(number.cast_signed());
            }
        }
        let length = square.sqrt().max(LEAST);
        for (sum, column) in sum.iter_mut().zip(&self.columns) {
            *sum *= column / length;
        }
        let (direct, inner) = sum.split_at(K);
        let mut answer: [f32; K] = std::array::from_fn(|k| direct[k] + self.b[k]);
        for ((inner, b1), w2) in inner.iter().zip(&self.b1).zip(&self.w2) {
            let unit = (inner + b1).max(0.0);
            for (answer, w2) in answer.iter_mut().zip(w2) {
                *answer += unit * w2;
            }
        }
        logits.extend(answer);
    }
}

impl Run for Embedded {
    fn name(&self) -> &'static str {
        NAME
    }

    fn logits(&self, windows: &[&Features]) -> Result<Vec<f32>, Error> {
        let mut logits = Vec::with_capacity(windows.len() * K);
        let mut sum = vec![0.0; self.columns.len()];
        for window in windows {
            self.window(window, &mut sum, &mut logits);
        }
        checked(NAME, logits, windows.len())
    }
}
