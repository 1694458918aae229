//! What a message can be: nineteen labels in three classes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::wording;

/// What becomes of a person who does what the message asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Nothing, or what they expect.
    Ham,
    /// They buy or subscribe to something real.
    Spam,
    /// They are cheated, or drawn into something illegal.
    Scam,
}

impl Class {
    /// The name as it is written in files: `ham`, `spam` or `scam`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ham => "ham",
            Self::Spam => "spam",
            Self::Scam => "scam",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Class {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        [Self::Ham, Self::Spam, Self::Scam]
            .into_iter()
            .find(|class| class.as_str() == name)
            .ok_or_else(|| UnknownName(name.into()))
    }
}

/// A name that is no label and no class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the name of a label or class")]
pub struct UnknownName(String);

macro_rules! labels {
    ($($variant:ident, $name:literal, $class:ident, $doc:literal;)*) => {
        /// The kind of a message. Every message has one.
        ///
        /// ```
        /// use ruthan::{Class, Label};
        ///
        /// assert_eq!("delivery".parse(), Ok(Label::Delivery));
        /// assert_eq!(Label::Delivery.class(), Class::Scam);
        /// assert_eq!(Label::ALL.len(), 19);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[non_exhaustive]
        pub enum Label {
            $(#[doc = $doc] $variant,)*
        }

        impl Label {
            /// All labels, in the order in which models and tables list them.
            pub const ALL: [Self; 19] = [$(Self::$variant),*];

            /// The name as it is written in files, such as `delivery`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The class to which the label belongs.
            pub const fn class(self) -> Class {
                match self { $(Self::$variant => Class::$class),* }
            }
        }
    };
}

labels! {
    Personal, "personal", Ham, "Chat between people, small talk, questions to a shop or an operator.";
    Otp, "otp", Ham, "A one-time code, password or verification code, or a sign-in notice that carries one.";
    Notice, "notice", Ham, "What a genuine sender tells a customer: balance, delivery, bill, appointment, a warning against scams.";
    Ad, "ad", Spam, "Lawful advertising.";
    Vas, "vas", Spam, "Premium-rate subscriptions and draws that charge the phone bill.";
    Bank, "bank", Scam, "Poses as a bank, card, wallet or payment service.";
    Government, "government", Scam, "Poses as an authority or a utility: police, tax, pension, electricity, toll or fine.";
    Delivery, "delivery", Scam, "Poses as a courier or a marketplace's delivery.";
    Account, "account", Scam, "Takes over another account: telecom, platform, e-mail, app; asks for a code.";
    Loan, "loan", Scam, "Offers a loan, credit line or debt relief out of the blue.";
    Gambling, "gambling", Scam, "Illegal betting, casino, slot or lottery sites and their free credit.";
    Job, "job", Scam, "Easy work, likes and reviews for pay, recruiters out of the blue.";
    Investment, "investment", Scam, "Stock, crypto, gold or forex groups, guaranteed returns, \"teachers\" and signals.";
    Prize, "prize", Scam, "Money, a gift, points or a win that was never asked for, to be claimed.";
    Purchase, "purchase", Scam, "Fake shop, ticket, rental or goods; overpayment and deposit tricks.";
    Romance, "romance", Scam, "Strangers who open with friendship, love, sex or a wrong number.";
    Acquaintance, "acquaintance", Scam, "Poses as family, friend, colleague or boss to get money or codes.";
    Threat, "threat", Scam, "Call-centre threats, extortion, arrest, lawsuit, debt menace, blackmail.";
    Other, "other", Scam, "A scam of no kind above.";
}

impl Label {
    /// The place of the label in [`Label::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// A short name for people, in English.
    pub fn english(self) -> &'static str {
        &wording::label(self).en
    }

    /// A short name for people, in Thai.
    pub fn thai(self) -> &'static str {
        &wording::label(self).th
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Label {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL
            .into_iter()
            .find(|label| label.as_str() == name)
            .ok_or_else(|| UnknownName(name.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_index_and_serde_agree() {
        for (i, label) in Label::ALL.into_iter().enumerate() {
            assert_eq!(label.index(), i);
            assert_eq!(label.as_str().parse(), Ok(label));
            assert_eq!(serde_json::to_string(&label).unwrap(), format!("\"{label}\""));
        }
        assert!("Bank".parse::<Label>().is_err());
    }

    #[test]
    fn fourteen_labels_are_scams() {
        assert_eq!(Label::ALL.iter().filter(|l| l.class() == Class::Scam).count(), 14);
    }
}
