//! Telephone numbers: which digits are one, and how it is written to be dialled from anywhere.

use super::number::Digits;

/// What the text around a number says of where it is dialled.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// A word for calling, or for a chat service that goes by telephone numbers, stands before it.
    pub(super) called: bool,
    /// The text is in Thai.
    pub(super) thai: bool,
    /// The country whose money the text names, where that tells how digits are read.
    pub(super) home: Home,
}

/// A country whose signs tell how its digits are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Home {
    /// Amounts are in pounds.
    Britain,
    /// Amounts are in pesos, or the text is in another language than Thai and English.
    Philippines,
    #[default]
    Unknown,
}

/// The number in `+` form (ITU-T E.164), or as it is dialled where it has no such form; `None` if it has not the shape of
/// a telephone number.
pub(super) fn phone(number: &Digits<'_>, around: Around) -> Option<String> {
    let digits = number.text;
    let international = if number.plus { Some(digits) } else { digits.strip_prefix("00") };
    if let Some(rest) = international {
        // `+66 081…`: the trunk zero is not dialled from abroad.
        let rest = match rest.strip_prefix("660") {
            Some(national) if rest.len() >= 11 => format!("66{national}"),
            _ => rest.to_owned(),
        };
        let thai = rest.strip_prefix("66").is_none_or(|national| is_thai(national.len(), national));
        return ((8..=15).contains(&rest.len()) && thai && !rest.starts_with('0'))
            .then(|| format!("+{rest}"));
    }
    if let Some(national) = digits.strip_prefix('0')
        && is_thai(national.len(), national)
        && number.is_grouped(&[
            &[1, 4, 4],
            &[2, 3, 4],
            &[2, 7],
            &[3, 3, 3],
            &[3, 6],
            &[3, 3, 4],
            &[3, 7],
            &[2, 4, 4],
            &[3, 4, 3],
            &[2, 8],
            &[1, 5, 4],
            &[1, 4, 5],
        ])
    {
        return Some(format!("+66{national}"));
    }
    if digits.len() == 11
        && digits.starts_with("66")
        && is_thai(9, &digits[2..])
        && number.is_whole()
    {
        return Some(format!("+{digits}"));
    }
    // Free and shared-cost numbers can be dialled from home alone.
    if digits.len() == 10 && (digits.starts_with("1800") || digits.starts_with("1900")) {
        return Some(digits.to_owned());
    }
    if digits.len() == 11 && digits.starts_with("18") && number.is_grouped(&[&[1, 3, 3, 4]]) {
        return Some(digits.to_owned());
    }
    abroad(number, around)
}

/// The digits behind `+66`: nine of a mobile, eight of a fixed line.
fn is_thai(length: usize, national: &str) -> bool {
    matches!(
        (length, national.as_bytes().first()),
        (9, Some(b'6' | b'8' | b'9')) | (8, Some(b'2'..=b'7'))
    )
}

/// A number of another country, written as at home there. The shape alone would be too little.
fn abroad(number: &Digits<'_>, around: Around) -> Option<String> {
    let digits = number.text;
    let first = digits.as_bytes()[0];
    match digits.len() {
        // North America: three, three, four; neither the first nor the fourth digit is 1, and the first not 0 either.
        10 if matches!(first, b'2'..=b'9')
            && number.groups == [3, 3, 4]
            && matches!(digits.as_bytes()[3], b'2'..=b'9' | b'0') =>
        {
            Some(format!("+1{digits}"))
        }
        10 if around.called && !around.thai && matches!(first, b'6'..=b'9') => {
            Some(format!("+91{digits}"))
        }
        10 if around.called && !around.thai && digits.starts_with("04") => {
            Some(format!("+61{}", &digits[1..]))
        }
        // The Philippines, unless amounts are in pounds: then it is a British number.
        11 if digits.starts_with("09") && around.home != Home::Britain => {
            Some(format!("+63{}", &digits[1..]))
        }
        11 if around.called && digits.starts_with('0') => Some(format!("+44{}", &digits[1..])),
        _ => None,
    }
}

/// Whether a number of so few digits is one that is dialled as it is: 191, 1441.
pub(super) fn is_short(digits: &str) -> bool {
    matches!(digits.len(), 3 | 4) && digits.starts_with('1')
}
