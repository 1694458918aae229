//! The stages that a message passes, each alone and together.

use std::sync::LazyLock;

use jsonschema::Validator;
use ruthan::{Classifier, Span};
use serde_json::{Value, json};

/// The classifier with the model and engine inside the program, made once.
pub(crate) fn classifier() -> &'static Classifier {
    static CLASSIFIER: LazyLock<Classifier> = LazyLock::new(|| {
        let builder = Classifier::builder().engine(ruthan::Engine::Embedded).threads(1);
        builder.build().expect("the embedded model loads")
    });
    &CLASSIFIER
}

/// The bytes as a message: what is not UTF-8 becomes replacement characters, as in a lenient reader.
pub(crate) fn message(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn stands_in(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "a span is not within the text");
}

/// Spans lie within the text and in order, the output is bounded, and normalising again changes nothing.
pub fn normalize(bytes: &[u8]) {
    let text = &*message(bytes);
    let normalized = ruthan::normalize(text);
    assert!(normalized.text().len() <= 4 * text.len());
    for change in normalized.changes() {
        stands_in(text, change.span);
        let _ = normalized.text_of(change.span);
    }
    stands_in(text, normalized.span_of(0..normalized.text().len()));
    assert_eq!(ruthan::normalize(normalized.text()).text(), normalized.text());
}

/// Each link stands where it says, behind the one before, with a host and a reason; there are no more than the limit.
pub fn links(bytes: &[u8]) {
    let text = &*message(bytes);
    let links = ruthan::links(text);
    assert!(links.len() <= ruthan::MAX_LINKS);
    let mut end = 0;
    for link in links {
        assert_eq!(text.get(link.span.range()), Some(link.text.as_str()));
        assert!(!link.host.is_empty() && !link.evidence.is_empty());
        assert!(link.span.start >= end);
        end = link.span.end;
    }
}

/// Each indicator stands where it says, behind the one before; there are no more than the limit.
pub fn indicators(bytes: &[u8]) {
    let text = &*message(bytes);
    let indicators = ruthan::indicators(text);
    assert!(indicators.len() <= ruthan::MAX_INDICATORS);
    let mut end = 0;
    for indicator in indicators {
        stands_in(text, indicator.span);
        assert!(!indicator.value.is_empty());
        assert!(indicator.span.start >= end);
        end = indicator.span.end;
    }
}

/// The whole way: scores are probabilities, spans lie within the text, and asking again, alone or in a batch, gives the
/// same answer.
pub fn features(bytes: &[u8]) {
    let text = &*message(bytes);
    let once = classifier().classify(text).expect("messages of a fuzzer are short");
    assert!((0.0..=1.0).contains(&once.score));
    assert!((once.probabilities.values().sum::<f32>() - 1.0).abs() < 1e-3);
    for evidence in &once.evidence {
        assert!(evidence.weight.is_finite());
        if let Some(span) = evidence.span {
            stands_in(text, span);
        }
    }
    let again = classifier().classify(text).expect("it was read before");
    assert_eq!(json!(once), json!(again), "the same text twice, and two answers");
    let batch = classifier().classify_batch(&["สวัสดี", text, ""]);
    let among = batch[1].as_ref().expect("it was read before");
    assert!((among.score - once.score).abs() <= 1e-4, "the score depends on the neighbours");
    assert_eq!(among.links.len(), once.links.len());
}

/// The objects that the command line writes of a message are JSON again, keep the schema, and hold the spans as given.
pub fn cli_json(bytes: &[u8]) {
    static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
        let schema = include_str!("../../../crates/ruthan-cli/schema.json");
        let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
        jsonschema::validator_for(&schema).expect("the schema is one")
    });
    let text = &*message(bytes);
    let normalized = ruthan::normalize(text);
    let mut object = json!(classifier().classify(text).expect("messages of a fuzzer are short"));
    object.as_object_mut().expect("it is an object").insert("id".into(), json!(1));
    let objects = [
        object,
        json!({ "id": 1, "links": classifier().links(text) }),
        json!({ "id": 1, "indicators": classifier().indicators(text) }),
        json!({ "id": 1, "text": normalized.text(), "changes": normalized.changes() }),
    ];
    for object in objects {
        let line = object.to_string();
        assert!(!line.contains(['\n', '\r', '\0']), "an object is one line");
        let read: Value = serde_json::from_str(&line).expect("what was written is JSON");
        if let Err(error) = SCHEMA.validate(&read) {
            panic!("{error}");
        }
    }
}
