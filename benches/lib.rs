//! What the benches share: the messages they run on.

use std::fs;
use std::path::Path;

/// The messages that this project wrote, Thai and English mixed, in an order that is the same every time.
///
/// # Panics
///
/// If `data/messages` cannot be read.
pub fn messages() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/messages");
    let mut files: Vec<_> = ["th", "en"]
        .into_iter()
        .flat_map(|language| fs::read_dir(folder.join(language)).expect("the corpus is there"))
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    files.sort();
    let mut texts: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let lines = fs::read_to_string(file).expect("the file can be read");
            lines
                .lines()
                .map(|line| {
                    let row: serde_json::Value = serde_json::from_str(line).expect("a row is JSON");
                    row["text"].as_str().expect("a row has a text").to_owned()
                })
                .collect::<Vec<_>>()
        })
        .collect();
    // A stride that shares no factor with the length visits each once, languages and kinds mixed.
    let (count, stride) = (texts.len(), 7_919);
    assert!(
        !count.is_multiple_of(stride),
        "the stride is prime, so only a multiple shares a factor"
    );
    (0..count).map(|i| std::mem::take(&mut texts[i * stride % count])).collect()
}
