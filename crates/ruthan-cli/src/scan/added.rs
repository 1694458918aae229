//! The columns that a scan adds.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float32Array, StringArray};
use arrow_schema::{DataType, Field, Schema};
use ruthan::Classification;
use ruthan_dump::{json_field, unique_name};

use crate::arguments::Added;

/// What was found of each row of a batch.
pub(super) struct Answers {
    /// Of the message; none where there is none.
    pub(super) own: Vec<Option<Classification>>,
    /// Of the conversation up to it, where conversations are followed.
    pub(super) conversation: Option<Vec<Option<Classification>>>,
}

/// What is added of the conversation.
const OF_CONVERSATION: [Added; 3] = [Added::Score, Added::Verdict, Added::Label];

/// Appends the fields of the columns that are added, under names that are free.
pub(super) fn append_fields(
    fields: &mut Vec<Arc<Field>>,
    columns: &[Added],
    by_conversation: bool,
) {
    let mut append = |added: Added, wanted: &str| {
        let schema = Schema::new(fields.clone());
        fields.push(Arc::new(field(added, unique_name(&schema, wanted))));
    };
    for &added in columns {
        append(added, name(added));
    }
    if by_conversation {
        for added in OF_CONVERSATION {
            append(added, &format!("conversation_{}", name(added)));
        }
    }
}

/// Makes the columns that are added to a batch.
pub(super) fn columns(columns: &[Added], answers: &Answers) -> anyhow::Result<Vec<ArrayRef>> {
    let own = columns.iter().map(|&added| column(added, &answers.own));
    let conversation = answers
        .conversation
        .iter()
        .flat_map(|answers| OF_CONVERSATION.into_iter().map(move |added| column(added, answers)));
    own.chain(conversation).collect()
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
