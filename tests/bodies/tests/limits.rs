//! The limits that the documentation of the crates states, each just below, at and just above.

use ruthan::{Classifier, Error, EvidenceKind, MAX_INDICATORS, MAX_LINKS};
use ruthan_dump::{Cause, ReadOptions, Reader};

#[test]
fn the_length_of_a_message() {
    let classifier = Classifier::builder().max_bytes(300).build().unwrap();
    // Thai letters are of three bytes each.
    for (text, fits) in
        [("ก".repeat(99) + "ab", true), ("ก".repeat(100), true), ("ก".repeat(100) + "a", false)]
    {
        let answer = classifier.classify(text.as_str());
        assert_eq!(answer.is_ok(), fits);
        if let Err(error) = answer {
            assert!(matches!(error, Error::TooLong { bytes: 301, limit: 300 }), "{error}");
        }
        // In a batch it does not touch the others.
        let batch = classifier.classify_batch(&["สวัสดี", text.as_str(), "hello"]);
        assert_eq!([&batch[0], &batch[1], &batch[2]].map(Result::is_ok), [true, fits, true]);
    }
}

#[test]
fn the_number_of_links() {
    for count in [MAX_LINKS - 1, MAX_LINKS, MAX_LINKS + 1] {
        let text = (0..count).fold(String::new(), |text, i| text + &format!("ดู shop{i}.com/x "));
        assert_eq!(ruthan::links(&text).len(), count.min(MAX_LINKS));
        assert_eq!(
            Classifier::new().unwrap().classify(&*text).unwrap().links.len(),
            count.min(MAX_LINKS)
        );
    }
}

#[test]
fn the_number_of_indicators() {
    for count in [MAX_INDICATORS - 1, MAX_INDICATORS, MAX_INDICATORS + 1] {
        let text =
            (1000..1000 + count).fold(String::new(), |text, i| text + &format!("โทร 081-234-{i} "));
        assert_eq!(ruthan::indicators(&text).len(), count.min(MAX_INDICATORS));
    }
}

#[test]
fn the_depth_of_links_within_links() {
    let mut link = "https://abcq1.com/x".to_owned();
    for depth in 1..=20 {
        link = format!("https://www.google.com/url?q={link}");
        let links = ruthan::links(&link);
        assert_eq!(links.len(), 1, "{depth}");
        assert!(links[0].evidence.iter().any(|e| e.kind == EvidenceKind::NestedLink), "{depth}");
    }
}

#[test]
fn the_length_of_a_row() {
    let options = ReadOptions::new().max_row_bytes(12);
    for (row, fits) in [("กขค,1", true), ("กขค,12", true), ("กขค,123", false)] {
        let csv = format!("text,n\n{row}\nข,2\n");
        let reader = Reader::from_read(std::io::Cursor::new(csv), "a.csv", &options).unwrap();
        let batches: Vec<_> = reader.map(Result::unwrap).collect();
        assert_eq!(batches[0].num_rows(), 1 + usize::from(fits), "{row}");
        let rejects = &batches[0].rejects;
        assert_eq!(rejects.is_empty(), fits);
        assert!(rejects.iter().all(|r| matches!(r.cause, Cause::TooLong { limit: 12, .. })));
    }
}
