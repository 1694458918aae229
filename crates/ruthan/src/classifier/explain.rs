//! Which words moved the model: occlusion, after Zeiler and Fergus (2014): each word is hidden in turn, and the network
//! asked again.

use std::ops::Range;

use icu_segmenter::WordSegmenter;
use icu_segmenter::options::WordBreakInvariantOptions;
use serde::Serialize;

use super::{Classifier, Inner, Prepared, WINDOWS, language_of};
use crate::classification::Classification;
use crate::error::Error;
use crate::links::JudgedLink;
use crate::message::AsMessage;
use crate::model::Manifest;
use crate::model::features::{Features, HIDDEN, features, model_text, windows};
use crate::score::log_odds;
use crate::text::{Normalized, Span};

/// A classification, and which words moved the model.
///
/// Serialises as the classification with `words` added.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// What [`Classifier::classify`] answers.
    #[serde(flatten)]
    pub classification: Classification,
    /// The words and links of the passage that decided, in the order of the text. Empty for a message in no language
    /// that the model reads.
    pub words: Vec<Attribution>,
}

/// What one word did to the score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Attribution {
    /// Where it stands in the text as given: bytes of its UTF-8.
    pub span: Span,
    /// How much lower the log-odds of a scam would be without it; below zero it speaks for the message. Words lean on
    /// each other, so these do not add up to the weight of the wording.
    pub weight: f32,
}

impl Classifier {
    /// Classifies a message and says which words moved the model.
    ///
    /// Thai is cut into words by a dictionary; a link counts as one word, by what was found about it. Of a long message
    /// only the window that decided is looked at. Costs one run of the network for each word of that window: about a
    /// millisecond.
    ///
    /// ```
    /// let classifier = ruthan::Classifier::new()?;
    /// let text = "คุณได้รับเงินกู้ 50,000 บาท กดรับที่ bit.ly/x1";
    /// let explanation = classifier.explain(text)?;
    /// let most = explanation.words.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)).unwrap();
    /// assert!(!text[most.span.range()].is_empty() && most.weight > 0.0);
    /// # Ok::<(), ruthan::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub fn explain(&self, message: impl AsMessage) -> Result<Explanation, Error> {
        let prepared = self.prepare(message.as_message())?;
        let (logits, words) = self.attribute(&prepared)?;
        Ok(Explanation { classification: self.finish(prepared, &logits), words })
    }

    /// The logits of the worst window, and what each of its words did.
    fn attribute(&self, prepared: &Prepared<'_>) -> Result<(Vec<f32>, Vec<Attribution>), Error> {
        let Prepared { normalized, judged, .. } = prepared;
        let Inner { manifest: Manifest { features: config, .. }, vocabulary, .. } = &*self.inner;
        let (worst, logits) = self.worst_window(&prepared.windows)?;
        let language = language_of(normalized, judged);
        let Some(calibration) = self.inner.manifest.calibration.get(language.as_str()) else {
            return Ok((logits, Vec::new()));
        };
        let mut places = Vec::new();
        let text = model_text(normalized, &judged.links, &mut places);
        let window = windows(text.len(), config).nth(worst).unwrap_or_default();
        let (text, places) = (&text[window.clone()], &places[window]);
        let words = words(normalized, &judged.links, places);
        let without: Vec<Features> = words
            .iter()
            .map(|word| {
                let left = text
                    .iter()
                    .zip(places)
                    .map(|(&ch, place)| if word.contains(place) { HIDDEN } else { ch });
                features(&left.collect::<Vec<_>>(), config, Some(vocabulary))
            })
            .collect();
        let whole = log_odds(&logits);
        let pieces = normalized.pieces();
        let attribution = |(word, logits): (Range<usize>, Vec<f32>)| Attribution {
            span: Span::new(pieces[word.start].span.start, pieces[word.end - 1].span.end),
            weight: calibration.slope * (whole - log_odds(&logits)),
        };
        let answers = self.window_logits(&without)?;
        Ok((logits, words.into_iter().zip(answers).map(attribution).collect()))
    }

    /// The number and logits of the window that speaks most for a scam, as [`Classifier::logits`] chooses it.
    fn worst_window(&self, windows: &[Features]) -> Result<(usize, Vec<f32>), Error> {
        let answers = self.window_logits(windows)?.into_iter().enumerate();
        let worst = answers.max_by(|a, b| log_odds(&a.1).total_cmp(&log_odds(&b.1)));
        Ok(worst.unwrap_or_default())
    }

    /// The logits of each window.
    fn window_logits(&self, windows: &[Features]) -> Result<Vec<Vec<f32>>, Error> {
        let mut answers = Vec::with_capacity(windows.len());
        for group in windows.chunks(WINDOWS) {
            let logits = self.inner.engine.logits(&group.iter().collect::<Vec<_>>())?;
            answers.extend(logits.chunks_exact(crate::Label::ALL.len()).map(<[f32]>::to_vec));
        }
        Ok(answers)
    }
}

/// The words and links between the first and the last of `places`, as ranges of pieces, in order. Spaces are none.
fn words(normalized: &Normalized, links: &[JudgedLink], places: &[usize]) -> Vec<Range<usize>> {
    let (Some(&first), Some(&last)) = (places.first(), places.last()) else { return Vec::new() };
    let mut words = Vec::new();
    let mut next = first;
    for link in links {
        let start = normalized.piece_at(link.found.range.start);
        let end = normalized.piece_at(link.found.range.end - 1) + 1;
        if (first..=last).contains(&start) {
            words.extend(words_of_text(normalized, next..start));
            words.push(start..end);
            next = end;
        }
    }
    words.extend(words_of_text(normalized, next..(last + 1).max(next)));
    words
}

/// The words among pieces that belong to no link.
fn words_of_text(normalized: &Normalized, pieces: Range<usize>) -> Vec<Range<usize>> {
    let offset = pieces.start;
    let text: String = normalized.pieces()[pieces].iter().map(|piece| piece.ch).collect();
    let segmenter = WordSegmenter::new_dictionary(WordBreakInvariantOptions::default());
    let breaks: Vec<usize> = segmenter.segment_str(&text).collect();
    let mut piece = offset;
    let mut words = Vec::with_capacity(breaks.len());
    for pair in breaks.windows(2) {
        let word = &text[pair[0]..pair[1]];
        let end = piece + word.chars().count();
        if !word.trim().is_empty() {
            words.push(piece..end);
        }
        piece = end;
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::classification::Verdict;

    fn heaviest(text: &str) -> (Explanation, &str) {
        let explanation = Classifier::new().unwrap().explain(text).unwrap();
        let most = explanation.words.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)).unwrap();
        let word = &text[most.span.range()];
        (explanation, word)
    }

    #[test]
    fn finds_the_words_that_make_the_difference() {
        let (explanation, _) = heaviest("แม่คะ หนูเปลี่ยนเบอร์ใหม่ โอนเงินให้หน่อย เดี๋ยวคืนให้ค่ะ");
        let words = explanation.words.len();
        // Far more than the stretches between spaces, and no space among them.
        assert!((10..30).contains(&words), "{words}");
        let (_, word) =
            heaviest("See you at lunch, and here is the thing: usps.parcel-held-fee.top/x");
        assert_eq!(word, "usps.parcel-held-fee.top/x");
    }

    #[test]
    fn places_are_those_of_the_text_as_given() {
        let text = "รัu\u{200B}โบนัส ｆｒｅｅ ทันที";
        let (explanation, _) = heaviest(text);
        let words: Vec<&str> =
            explanation.words.iter().map(|word| &text[word.span.range()]).collect();
        assert_eq!(words, ["รัu", "โบนัส", "ｆｒｅｅ", "ทันที"]);
    }

    #[test]
    fn a_long_message_is_explained_by_its_worst_passage() {
        let harmless = "พรุ่งนี้ไปกินข้าวกันนะ ".repeat(60);
        let text = format!("{harmless}บัญชีของคุณถูกระงับ กดยืนยันที่ scb-th.xyz ทันที {harmless}");
        let classifier = Classifier::new().unwrap();
        let explanation = classifier.explain(text.as_str()).unwrap();
        let at = text.find("scb").unwrap();
        assert!(explanation.words.iter().any(|word| word.span.range().contains(&at)));
        assert!(explanation.words.len() < 100);
    }

    #[test]
    fn what_cannot_be_read_has_no_words_that_count() {
        let explanation = Classifier::new().unwrap().explain("Привет, как дела?").unwrap();
        assert_eq!(explanation.classification.verdict, Verdict::Unknown);
        assert_eq!(explanation.words, []);
        assert_eq!(Classifier::new().unwrap().explain("").unwrap().words, []);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_classification_is_the_same_and_spans_are_in_order(text in "[ก-๏a-z0-9. \u{200B}😀ｆ/:]{0,300}") {
            let classifier = Classifier::new().unwrap();
            let explanation = classifier.explain(text.as_str()).unwrap();
            let classification = classifier.classify(text.as_str()).unwrap();
            prop_assert!((explanation.classification.score - classification.score).abs() < 1e-4);
            prop_assert_eq!(explanation.classification.verdict, classification.verdict);
            for pair in explanation.words.windows(2) {
                prop_assert!(pair[0].span.start <= pair[1].span.start);
            }
            for word in &explanation.words {
                prop_assert!(text.get(word.span.range()).is_some());
                prop_assert!(word.weight.is_finite());
            }
        }
    }
}
