//! The engine inside the library: RTen.

use std::sync::Arc;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::NdTensorView;
use rten_tensor::prelude::*;

use super::engine::{Run, checked, pad};
use super::features::Features;
use crate::error::Error;

const NAME: &str = "embedded";

/// A network loaded into RTen.
pub(crate) struct Embedded {
    model: Model,
    rows: NodeId,
    values: NodeId,
    logits: NodeId,
    /// RTen runs on a pool of its own; batches run inside the same pool, so that no call has to change threads.
    pool: Arc<ThreadPool>,
}

impl Embedded {
    pub(crate) fn new(onnx: &[u8], threads: usize) -> Result<Self, Error> {
        let fail = |cause: String| Error::Engine { engine: NAME, cause };
        let model = ModelOptions::with_all_ops()
            // Optimising runs parts of the network on a pool that RTen keeps for the whole process. Its threads do not
            // survive a fork: a child that loads the model, as Python's workers do, would wait for them without end.
            .enable_optimization(false)
            .load(onnx.to_vec())
            .map_err(|error| fail(error.to_string()))?;
        let node = |name: &str| {
            model.node_id(name).map_err(|_| Error::Schema(format!("the network has no `{name}`")))
        };
        let (rows, values, logits) = (node("rows")?, node("values")?, node("logits")?);
        let pool = Arc::new(ThreadPool::with_num_threads(threads));
        Ok(Self { model, rows, values, logits, pool })
    }
}

impl Run for Embedded {
    fn name(&self) -> &'static str {
        NAME
    }

    fn install(&self, operation: &mut (dyn FnMut() + Send)) {
        self.pool.run(operation);
    }

    fn logits(&self, windows: &[&Features]) -> Result<Vec<f32>, Error> {
        let (width, rows, values) = pad(windows);
        let shape = [windows.len(), width];
        let rows = NdTensorView::from_data(shape, &rows[..]);
        let values = NdTensorView::from_data(shape, &values[..]);
        let fail = |cause: String| Error::Run { engine: NAME, cause };
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.pool)));
        let [logits] = self
            .model
            .run_n(
                vec![(self.rows, rows.as_dyn().into()), (self.values, values.as_dyn().into())],
                [self.logits],
                Some(options),
            )
            .map_err(|error| fail(error.to_string()))?;
        let logits: rten_tensor::NdTensor<f32, 2> =
            logits.try_into().map_err(|_| fail("`logits` is not a matrix of numbers".into()))?;
        checked(NAME, logits.to_vec(), windows.len())
    }
}
