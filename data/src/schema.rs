//! The shape of the tables, shared by the build script that writes them and the library that reads
//! them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// An organisation that people get messages from, and that impostors pose as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Brand {
    /// The entry's name in kebab case, unique and stable.
    pub id: String,
    /// What the organisation does.
    pub kind: BrandKind,
    /// ISO 3166-1 alpha-2 code of its home, or `XX` where it has customers in many countries.
    pub country: String,
    /// The house that it belongs to, where several entries share one: a message that speaks as one
    /// of them may link to another. See [`Brand::is_kin_of`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// How messages write it in Latin letters.
    pub names: Vec<String>,
    /// How messages write it in Thai.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names_th: Vec<String>,
    /// Short Latin tokens, lower case, that impostors put into host names: `kplus` in
    /// `kplus-th.cc`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub abbreviations: Vec<String>,
    /// Those of [`names`](Self::names), [`names_th`](Self::names_th) and
    /// [`abbreviations`](Self::abbreviations) that are ordinary words or stand for other things
    /// too, spelt exactly as there. Alone they prove nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub common: Vec<String>,
    /// Its own domains and short-link domains, in ASCII and lower case. A host below one of them is
    /// its own too.
    pub domains: Vec<String>,
    /// Its official chat handles, with the `@`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handles: Vec<String>,
    /// Whether it puts links into its text messages at all. Thai banks have not since March 2023,
    /// nor have banks in Singapore since 2022.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub links: bool,
    /// Where the facts can be checked and where they were found.
    pub source: String,
    /// Year and month of the facts, as in `2026-11`.
    pub date: String,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_yes(flag: &bool) -> bool {
    *flag
}

/// What an organisation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BrandKind {
    /// Holds accounts and moves money.
    Bank,
    /// Pays from a telephone, card networks included.
    Wallet,
    /// Lends or issues cards, and is no bank.
    Lender,
    /// Sells telephone and internet service.
    Telecom,
    /// Carries parcels or letters.
    Courier,
    /// Sells goods, markets and restaurants included.
    Shop,
    /// Acts for a state: ministries, police, courts, tax, regulators.
    Agency,
    /// Supplies electricity, water or gas.
    Utility,
    /// Runs an app, a game, a network or a service on the internet.
    Platform,
    /// Carries or books passengers.
    Travel,
    /// Insures.
    Insurer,
    /// Treats patients or sells medicine.
    Health,
    /// Sells fuel.
    Energy,
    /// Keeps or trades digital assets.
    Crypto,
    /// Collects road tolls and charges.
    Toll,
    /// Fits none of the other kinds.
    Other,
}

impl BrandKind {
    /// Returns the word that stands for the kind in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Wallet => "wallet",
            Self::Lender => "lender",
            Self::Telecom => "telecom",
            Self::Courier => "courier",
            Self::Shop => "shop",
            Self::Agency => "agency",
            Self::Utility => "utility",
            Self::Platform => "platform",
            Self::Travel => "travel",
            Self::Insurer => "insurer",
            Self::Health => "health",
            Self::Energy => "energy",
            Self::Crypto => "crypto",
            Self::Toll => "toll",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for BrandKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A chat service that a link can lead into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChatService {
    /// Discord servers.
    Discord,
    /// Instagram direct messages.
    Instagram,
    /// `KakaoTalk`.
    KakaoTalk,
    /// LINE: friends, official accounts, groups and open chats.
    Line,
    /// Facebook Messenger.
    Messenger,
    /// Signal.
    Signal,
    /// Skype.
    Skype,
    /// Telegram: people, bots, groups and channels.
    Telegram,
    /// Viber.
    Viber,
    /// `WeChat`.
    #[serde(rename = "wechat")]
    WeChat,
    /// `WhatsApp`: people and groups.
    #[serde(rename = "whatsapp")]
    WhatsApp,
    /// Zalo.
    Zalo,
}

impl ChatService {
    /// Returns the service's name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Discord => "Discord",
            Self::Instagram => "Instagram",
            Self::KakaoTalk => "KakaoTalk",
            Self::Line => "LINE",
            Self::Messenger => "Messenger",
            Self::Signal => "Signal",
            Self::Skype => "Skype",
            Self::Telegram => "Telegram",
            Self::Viber => "Viber",
            Self::WeChat => "WeChat",
            Self::WhatsApp => "WhatsApp",
            Self::Zalo => "Zalo",
        }
    }
}

impl fmt::Display for ChatService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Everything that the files say, in the order in which they say it.
///
/// The build script writes this, and [`Tables`](crate::Tables) is made from it. Entries of the host
/// lists keep their leading dot.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub(crate) brands: Vec<Brand>,
    pub(crate) shorteners: Vec<String>,
    pub(crate) hosting: Vec<String>,
    pub(crate) file_hosts: Vec<String>,
    pub(crate) landing_pages: Vec<String>,
    pub(crate) chat: Vec<(String, ChatService)>,
    pub(crate) abused_suffixes: Vec<String>,
    pub(crate) government: Vec<String>,
    pub(crate) lures: Vec<String>,
    pub(crate) letters: Vec<(char, Vec<u8>)>,
    pub(crate) prose: Vec<String>,
    pub(crate) affixes: Vec<String>,
    pub(crate) downloads: Vec<String>,
    pub(crate) english_words: Vec<String>,
    pub(crate) foreign_words: Vec<String>,
    pub(crate) posers: Vec<(char, String)>,
    pub(crate) disguised: Vec<(String, String)>,
    pub(crate) wording: Wording,
    pub(crate) cues: Cues,
}

/// Words that say what a number or a name beside them is.
///
/// Latin words are in lower case and count as whole words, whatever their case in a text; Thai ones count wherever they
/// stand. The longest word at a place decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Cues {
    /// Before a bank account number.
    pub account: Vec<String>,
    /// Before a PromptPay number.
    pub promptpay: Vec<String>,
    /// Before a number to call.
    pub call: Vec<String>,
    /// Before a one-time code.
    pub code: Vec<String>,
    /// After a one-time code.
    pub code_after: Vec<String>,
    /// Before a national ID.
    pub id: Vec<String>,
    /// Before a number that is none of these: an order, a reference, a product.
    pub reference: Vec<String>,
    /// Before a LINE ID, said in so many words.
    pub line_id: Vec<String>,
    /// The chat service LINE.
    pub line: Vec<String>,
    /// The chat service Telegram.
    pub telegram: Vec<String>,
    /// The chat service `WhatsApp`.
    pub whatsapp: Vec<String>,
    /// Services whose names are no indicators.
    pub elsewhere: Vec<String>,
    /// Asks to add someone as a friend or to write to them.
    pub add: Vec<String>,
    /// Words that hold another cue by chance and say nothing.
    pub nothing: Vec<String>,
    /// How each currency is written, by its ISO 4217 code (or that of a token).
    pub currency: BTreeMap<String, Currency>,
    /// What a word behind a number multiplies it by.
    pub multiplier: BTreeMap<String, u64>,
}

/// How amounts of a currency are written. Words of one letter count in this case only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Currency {
    /// Signs and words before the number.
    #[serde(default)]
    pub before: Vec<String>,
    /// Signs and words after the number.
    #[serde(default)]
    pub after: Vec<String>,
    /// Words after a number of hundredths.
    #[serde(default)]
    pub cents: Vec<String>,
}

/// A text for people, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// In English.
    pub en: String,
    /// In Thai.
    pub th: String,
}

/// What the library says to people, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Wording {
    /// What the model made of the words; `{label}` stands for a label's name.
    pub reading: BTreeMap<String, Phrase>,
    /// Each kind of evidence.
    pub evidence: BTreeMap<String, Phrase>,
    /// Each label.
    pub label: BTreeMap<String, Phrase>,
}
