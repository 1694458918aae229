//! Reads the constants of an ONNX file: of the format only what the embedded engine needs.
//!
//! Field numbers are those of `onnx.proto` (ONNX IR version 8); all other fields are passed over.

use std::collections::HashMap;

use prost::Message;
use prost::bytes::Bytes;

use crate::error::Error;

/// `TensorProto.DataType`.
const FLOAT: i32 = 1;
const INT8: i32 = 3;
/// `TensorProto.DataLocation`: the numbers lie in another file.
const EXTERNAL: i32 = 1;

#[derive(Clone, PartialEq, Message)]
struct ModelProto {
    #[prost(message, optional, tag = "7")]
    graph: Option<GraphProto>,
    #[prost(message, repeated, tag = "14")]
    metadata_props: Vec<StringStringEntryProto>,
}

#[derive(Clone, PartialEq, Message)]
struct StringStringEntryProto {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(string, tag = "2")]
    value: String,
}

#[derive(Clone, PartialEq, Message)]
struct GraphProto {
    #[prost(message, repeated, tag = "5")]
    initializer: Vec<TensorProto>,
}

#[derive(Clone, PartialEq, Message)]
struct TensorProto {
    #[prost(int64, repeated, tag = "1")]
    dims: Vec<i64>,
    #[prost(int32, tag = "2")]
    data_type: i32,
    #[prost(string, tag = "8")]
    name: String,
    #[prost(bytes = "bytes", tag = "9")]
    raw_data: Bytes,
    #[prost(int32, tag = "14")]
    data_location: i32,
}

/// The constants of a network by name, and what its metadata says. Nothing is copied out of the file.
pub(crate) struct Constants {
    tensors: HashMap<String, TensorProto>,
    metadata: HashMap<String, String>,
}

impl Constants {
    /// Reads an ONNX file.
    pub(crate) fn read(onnx: Bytes) -> Result<Self, Error> {
        let model = ModelProto::decode(onnx).map_err(|error| problem(&error.to_string()))?;
        let graph = model.graph.ok_or_else(|| problem("it holds no graph"))?;
        let tensors = graph.initializer.into_iter().map(|t| (t.name.clone(), t)).collect();
        let metadata = model.metadata_props.into_iter().map(|e| (e.key, e.value)).collect();
        Ok(Self { tensors, metadata })
    }

    /// What the metadata says under `key`.
    pub(crate) fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata.get(key).map(String::as_str)
    }

    /// The length of a tensor of one dimension. Nobody has counted its numbers yet.
    pub(crate) fn length(&self, name: &str) -> Result<usize, Error> {
        match self.tensor(name)?.dims[..] {
            [length] => usize::try_from(length).ok(),
            _ => None,
        }
        .ok_or_else(|| problem(&format!("`{name}` is not of one dimension")))
    }

    /// The numbers of an 8-bit tensor of this shape, as they lie in the file.
    pub(crate) fn bytes(&self, name: &str, shape: &[usize]) -> Result<Bytes, Error> {
        self.data(name, INT8, 1, shape)
    }

    /// The numbers of a tensor of this shape; all of them are finite.
    pub(crate) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let data = self.data(name, FLOAT, size_of::<f32>(), shape)?;
        let (numbers, _) = data.as_chunks();
        let numbers: Vec<f32> = numbers.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        if let Some(at) = numbers.iter().position(|number| !number.is_finite()) {
            return Err(problem(&format!("number {at} of `{name}` is not finite")));
        }
        Ok(numbers)
    }

    fn tensor(&self, name: &str) -> Result<&TensorProto, Error> {
        self.tensors.get(name).ok_or_else(|| problem(&format!("it has no tensor `{name}`")))
    }

    fn data(&self, name: &str, kind: i32, size: usize, shape: &[usize]) -> Result<Bytes, Error> {
        let tensor = self.tensor(name)?;
        if tensor.data_location == EXTERNAL {
            return Err(problem(&format!("`{name}` lies in another file, which is never opened")));
        }
        let same =
            tensor.dims.iter().copied().eq(shape.iter().map(|&n| i64::try_from(n).unwrap_or(-1)));
        let wanted = shape.iter().try_fold(size, |bytes, &n| bytes.checked_mul(n));
        if tensor.data_type != kind || !same || Some(tensor.raw_data.len()) != wanted {
            return Err(problem(&format!(
                "`{name}` is of type {}, shape {:?} and {} bytes; type {kind} and shape {shape:?} are wanted",
                tensor.data_type,
                tensor.dims,
                tensor.raw_data.len()
            )));
        }
        Ok(tensor.raw_data.clone())
    }
}

fn problem(text: &str) -> Error {
    Error::Schema(format!("model.onnx: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(change: impl FnOnce(&mut TensorProto)) -> Bytes {
        let mut tensor = TensorProto {
            dims: vec![2, 1],
            data_type: FLOAT,
            name: "น้ำหนัก".into(),
            raw_data: Bytes::from_static(&[0, 0, 128, 63, 0, 0, 0, 192]),
            data_location: 0,
        };
        change(&mut tensor);
        let graph = Some(GraphProto { initializer: vec![tensor] });
        let entry = StringStringEntryProto { key: "form".into(), value: "x".into() };
        ModelProto { graph, metadata_props: vec![entry] }.encode_to_vec().into()
    }

    fn floats(file: Bytes) -> Result<Vec<f32>, String> {
        let read = || Constants::read(file)?.floats("น้ำหนัก", &[2, 1]);
        read().map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_come_out_as_they_were_written() {
        assert_eq!(floats(file(|_| {})).unwrap(), [1.0, -2.0]);
        let constants = Constants::read(file(|_| {})).unwrap();
        assert_eq!((constants.metadata("form"), constants.metadata("less")), (Some("x"), None));
        assert!(constants.length("น้ำหนัก").is_err());
        let one = Constants::read(file(|t| t.dims = vec![3])).unwrap();
        assert_eq!(one.length("น้ำหนัก").unwrap(), 3);
    }

    #[test]
    fn what_is_amiss_is_named() {
        let whole = file(|_| {});
        for (file, cause) in [
            (file(|t| t.name = "b".into()), "no tensor `น้ำหนัก`"),
            (file(|t| t.dims = vec![1, 2]), "shape [1, 2]"),
            (file(|t| t.dims = vec![i64::MAX, 2]), "shape [2, 1] are wanted"),
            (file(|t| t.data_type = INT8), "type 3"),
            (file(|t| t.raw_data = t.raw_data.slice(1..)), "7 bytes"),
            (file(|t| t.data_location = EXTERNAL), "lies in another file"),
            (file(|t| t.raw_data = vec![0, 0, 192, 127, 0, 0, 0, 0].into()), "number 0 of"),
            (whole.slice(..whole.len() - 3), "model.onnx"),
            (Bytes::new(), "no graph"),
            (Bytes::from_static(b"not a network"), "model.onnx"),
        ] {
            let error = floats(file).unwrap_err();
            assert!(error.contains(cause), "{cause}: {error}");
        }
    }
}
