//! The reasons that a score is made of.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Span;
use crate::wording;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident, $name:literal;)*) => {
        /// What a piece of evidence is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum EvidenceKind {
            $($(#[$doc])* $variant,)*
        }

        impl EvidenceKind {
            /// All kinds, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name as it is written in files, such as `brand_mismatch`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

kinds! {
    /// What the words say, judged by the model.
    Wording, "wording";
    /// The link is on a domain of a brand that the message speaks of.
    OwnDomain, "own_domain";
    /// The link is on a domain of some known organisation.
    KnownDomain, "known_domain";
    /// The link is on a domain that only authorities can register.
    RestrictedDomain, "restricted_domain";
    /// The message speaks as a brand, the link's registrable domain is not the brand's.
    BrandMismatch, "brand_mismatch";
    /// A brand's name or abbreviation is part of a host that is not the brand's.
    BrandInHost, "brand_in_host";
    /// A brand's official host stands in the path or query of another link.
    EmbeddedHost, "embedded_host";
    /// The host is an IP address.
    IpHost, "ip_host";
    /// The link names an unusual port.
    Port, "port";
    /// The link carries user information before an `@`.
    UserInfo, "user_info";
    /// The host is written in punycode.
    Punycode, "punycode";
    /// One label of the host mixes scripts.
    MixedScript, "mixed_script";
    /// The link is shortened.
    Shortener, "shortener";
    /// The link is a page anyone can make for free.
    FreeHosting, "free_hosting";
    /// The link leads to a file host or an application file.
    FileDownload, "file_download";
    /// The link ends in a suffix that is often abused.
    AbusedSuffix, "abused_suffix";
    /// The link opens a chat.
    ChatLink, "chat_link";
    /// The domain is of no organisation that is known.
    UnknownDomain, "unknown_domain";
    /// The message speaks as a bank that puts no links into its messages, and holds one.
    BankLink, "bank_link";
    /// The host is named by words that invite a click, and is no known organisation's.
    LureInHost, "lure_in_host";
    /// The letters of the registered name are such as no one would choose.
    RandomName, "random_name";
    /// The link carries another link, to which it passes on.
    NestedLink, "nested_link";
    /// Hidden characters were in the text.
    HiddenCharacters, "hidden_characters";
    /// Letters were disguised so that filters would not read them.
    DisguisedLetters, "disguised_letters";
}

impl EvidenceKind {
    /// The reason in plain words, in English.
    pub fn english(self) -> &'static str {
        &wording::evidence(self).en
    }

    /// The reason in plain words, in Thai.
    pub fn thai(self) -> &'static str {
        &wording::evidence(self).th
    }
}

impl fmt::Display for EvidenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One reason, with its weight.
///
/// The weights of all evidence of a classification add up to the log-odds of its score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is about.
    pub kind: EvidenceKind,
    /// Where in the text as given it stands; `None` if it is about the whole text.
    pub span: Option<Span>,
    /// What it adds to the log-odds of a scam; below zero it speaks for the message.
    pub weight: f32,
    /// The reason in plain words, in the language of the message.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_serde_and_words_are_there() {
        for kind in EvidenceKind::ALL {
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{kind}\""));
            assert!(kind.thai().chars().any(|ch| ('ก'..='ฮ').contains(&ch)));
            assert!(kind.english().is_ascii());
        }
    }
}
