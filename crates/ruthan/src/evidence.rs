//! The reasons that a score is made of.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Span;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident, $name:literal, $en:literal, $th:literal;)*) => {
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

            /// The reason in plain words, in English.
            pub const fn english(self) -> &'static str {
                match self { $(Self::$variant => $en),* }
            }

            /// The reason in plain words, in Thai.
            pub const fn thai(self) -> &'static str {
                match self { $(Self::$variant => $th),* }
            }
        }
    };
}

kinds! {
    /// What the words say, judged by the model.
    Wording, "wording", "the wording", "ถ้อยคำในข้อความ";
    /// The link is on a domain of a brand that the message speaks of.
    OwnDomain, "own_domain",
        "the link is on the official domain of the organisation that the message names",
        "ลิงก์อยู่บนโดเมนทางการของหน่วยงานที่ข้อความกล่าวถึง";
    /// The link is on a domain of some known organisation.
    KnownDomain, "known_domain",
        "the link is on the official domain of a known organisation",
        "ลิงก์อยู่บนโดเมนทางการขององค์กรที่รู้จัก";
    /// The link is on a domain that only authorities can register.
    RestrictedDomain, "restricted_domain",
        "the link is on a domain that only public bodies can register",
        "ลิงก์อยู่บนโดเมนที่จดได้เฉพาะหน่วยงานราชการ";
    /// The message speaks as a brand, the link's registrable domain is not the brand's.
    BrandMismatch, "brand_mismatch",
        "the message names an organisation, but the link is not that organisation's",
        "ข้อความอ้างชื่อองค์กร แต่ลิงก์ไม่ใช่ของจริงขององค์กรนั้น";
    /// A brand's name or abbreviation is part of a host that is not the brand's.
    BrandInHost, "brand_in_host",
        "the link's name imitates an organisation's",
        "ชื่อลิงก์เลียนแบบชื่อองค์กร";
    /// A brand's official host stands in the path or query of another link.
    EmbeddedHost, "embedded_host",
        "a genuine address is hidden inside a link that leads elsewhere",
        "มีที่อยู่เว็บจริงซ่อนอยู่ในลิงก์ที่พาไปที่อื่น";
    /// The host is an IP address.
    IpHost, "ip_host",
        "the link leads to a bare number instead of a name",
        "ลิงก์พาไปยังหมายเลขไอพีแทนชื่อเว็บ";
    /// The link names an unusual port.
    Port, "port", "the link names an unusual port", "ลิงก์ระบุพอร์ตที่ผิดปกติ";
    /// The link carries user information before an `@`.
    UserInfo, "user_info",
        "the link hides its true address behind an @ sign",
        "ลิงก์ซ่อนที่อยู่จริงไว้หลังเครื่องหมาย @";
    /// The host is written in punycode.
    Punycode, "punycode",
        "the link's name uses encoded foreign letters",
        "ชื่อลิงก์ใช้ตัวอักษรต่างภาษาแบบเข้ารหัส";
    /// One label of the host mixes scripts.
    MixedScript, "mixed_script",
        "the link's name mixes letters of different scripts",
        "ชื่อลิงก์ปนตัวอักษรหลายภาษา";
    /// The link is shortened.
    Shortener, "shortener",
        "a shortened link hides where it leads",
        "ลิงก์ย่อทำให้ไม่รู้ว่าจะพาไปที่ใด";
    /// The link is a page anyone can make for free.
    FreeHosting, "free_hosting",
        "the link is a page that anyone can make for free",
        "ลิงก์เป็นหน้าเว็บฟรีที่ใครก็สร้างได้";
    /// The link leads to a file host or an application file.
    FileDownload, "file_download",
        "the link leads to a file to download",
        "ลิงก์พาไปดาวน์โหลดไฟล์";
    /// The link ends in a suffix that is often abused.
    AbusedSuffix, "abused_suffix",
        "the link's ending is one that is often abused",
        "นามสกุลโดเมนนี้มักถูกมิจฉาชีพใช้";
    /// The link opens a chat.
    ChatLink, "chat_link",
        "the link opens a chat with a stranger",
        "ลิงก์ชวนเข้าแชตกับคนที่ไม่รู้จัก";
    /// The domain is of no organisation that is known.
    UnknownDomain, "unknown_domain",
        "the link is on a domain of no known organisation",
        "ลิงก์อยู่บนโดเมนที่ไม่ใช่ขององค์กรที่รู้จัก";
    /// Hidden characters were in the text.
    HiddenCharacters, "hidden_characters",
        "hidden characters break up the words",
        "มีอักขระซ่อนแทรกอยู่ในข้อความ";
    /// Letters were disguised so that filters would not read them.
    DisguisedLetters, "disguised_letters",
        "letters are disguised so that filters do not read them",
        "มีการปลอมตัวอักษรเพื่อหลบการตรวจจับ";
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
