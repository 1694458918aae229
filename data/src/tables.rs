//! The tables as the library asks them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{fmt, fs};

use crate::hosts::{HostList, parents};
use crate::read::{FIXED, LISTS, put};
use crate::schema::{Brand, ChatService, Cues, Facts, Wording};

/// Brands and lists of hosts, ready to be asked.
///
/// Hosts are passed in the form that the `url` crate's `Url::host_str` gives a domain: ASCII, lower
/// case, Thai and other letters in Punycode, without a port and without a final dot. Any other form
/// matches nothing. No lookup allocates; each takes time in the number of labels and the logarithm
/// of the number of entries.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    brands: Vec<Brand>,
    /// Domain and index of its brand, in byte order.
    domains: Vec<(String, usize)>,
    shorteners: HostList,
    hosting: HostList,
    file_hosts: HostList,
    landing_pages: HostList,
    chat: HostList,
    /// Host and service, in byte order; leading dots as in the file.
    chat_services: Vec<(String, ChatService)>,
    abused_suffixes: Words,
    government: Words,
    lures: Words,
    /// How unusual each letter is behind another, by row and column.
    letters: Vec<Vec<u8>>,
    prose: Words,
    affixes: Words,
    downloads: Words,
    /// Words that tell English, or that it is another language.
    english: HashMap<String, bool>,
    posers: Vec<(char, String)>,
    disguised: Vec<(String, String)>,
    wording: Wording,
    cues: Cues,
}

/// A list of words, in byte order.
#[derive(Clone, Debug, Default)]
struct Words(Vec<String>);

impl Words {
    fn contains(&self, word: &str) -> bool {
        self.0.binary_search_by(|entry| entry.as_str().cmp(word)).is_ok()
    }
}

impl From<Vec<String>> for Words {
    fn from(mut words: Vec<String>) -> Self {
        words.sort_unstable();
        Self(words)
    }
}

impl Tables {
    /// Returns the tables that were checked when the library was built.
    ///
    /// They are read once, at the first call, which takes about a millisecond.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// assert!(tables.brands().len() > 160);
    /// ```
    pub fn embedded() -> &'static Self {
        static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables::from(Facts::embedded()));
        &TABLES
    }

    /// Returns the tables with the files of a folder in place of those of the same names: an analyst's newer brands,
    /// shorteners, hosts. Files that the folder lacks stay as the library has them.
    ///
    /// The files that the normaliser and the wording are made of belong to the library's version and cannot be replaced.
    ///
    /// # Errors
    ///
    /// If the folder or a file cannot be read, a `.toml` or `.txt` file has the name of no list, there is no list in it
    /// at all, or an entry breaks a rule that the library's own files keep. The error names every file and entry.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("ruthan-data-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// std::fs::write(folder.join("shorteners.txt"), "bit.ly\nnew-short.me\n").unwrap();
    /// let tables = ruthan_data::Tables::from_dir(&folder)?;
    /// assert!(tables.is_shortener("new-short.me"));
    /// # std::fs::remove_dir_all(&folder).unwrap();
    /// # Ok::<(), ruthan_data::ListsError>(())
    /// ```
    pub fn from_dir(folder: impl AsRef<Path>) -> Result<Self, ListsError> {
        let folder = folder.as_ref();
        let failed = |problems| ListsError { folder: folder.to_owned(), problems };
        let unread = |error: std::io::Error| failed(vec![error.to_string()]);
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(unread)? {
            names.extend(entry.map_err(unread)?.file_name().into_string());
        }
        names.retain(|name| {
            let extension = Path::new(name).extension();
            extension.is_some_and(|e| e == "toml" || e == "txt")
        });
        names.sort_unstable();
        let mut facts = Facts::embedded();
        let mut problems = Vec::new();
        for name in &names {
            if FIXED.contains(&name.as_str()) {
                problems.push(format!("{name}: it belongs to the library's version"));
            } else if !LISTS.contains(&name.as_str()) {
                problems
                    .push(format!("{name}: no list has this name; there are {}", LISTS.join(", ")));
            } else {
                match fs::read_to_string(folder.join(name)) {
                    Ok(text) => problems.extend(put(&mut facts, name, &text)),
                    Err(error) => problems.push(format!("{name}: {error}")),
                }
            }
        }
        if names.is_empty() {
            problems.push(format!("there is no list in it; there are {}", LISTS.join(", ")));
        }
        if problems.is_empty() {
            problems = crate::check::check(&facts);
        }
        if problems.is_empty() { Ok(Self::from(facts)) } else { Err(failed(problems)) }
    }

    /// Returns every brand, in the order of the file.
    ///
    /// ```
    /// use ruthan_data::Tables;
    ///
    /// let spoken = |name: &str| {
    ///     Tables::embedded().brands().iter().find(|brand| brand.names_th.iter().any(|n| n == name))
    /// };
    /// assert_eq!(spoken("กรมการขนส่งทางบก").unwrap().id, "land-transport");
    /// ```
    pub fn brands(&self) -> &[Brand] {
        &self.brands
    }

    /// Returns the brand with an [`id`](Brand::id).
    ///
    /// ```
    /// let kbank = ruthan_data::Tables::embedded().brand("kasikornbank").unwrap();
    /// assert!(!kbank.links);
    /// ```
    pub fn brand(&self, id: &str) -> Option<&Brand> {
        self.brands.iter().find(|brand| brand.id == id)
    }

    /// Returns the brand that a host belongs to: the host or one of its parents is a domain of the
    /// brand.
    ///
    /// The most specific fact wins. A host on which the brand's customers publish is not the
    /// brand's (`docs.google.com`), while its own name at a service that others use is
    /// (`paotang.onelink.me`).
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// let id = |host| tables.brand_of_host(host).map(|brand| brand.id.as_str());
    /// assert_eq!(id("online.kasikornbank.com"), Some("kasikornbank"));
    /// assert_eq!(id("fle.pub"), Some("flash-express"));
    /// assert_eq!(id("notkasikornbank.com"), None);
    /// assert_eq!(id("kasikornbank.com.th-line.cc"), None);
    /// ```
    pub fn brand_of_host(&self, host: &str) -> Option<&Brand> {
        let (domain, brand) = parents(host).find_map(|name| {
            let found = self.domains.binary_search_by(|(domain, _)| domain.as_str().cmp(name));
            found.ok().map(|i| &self.domains[i])
        })?;
        let anyones =
            [&self.shorteners, &self.hosting, &self.file_hosts, &self.landing_pages, &self.chat]
                .into_iter()
                .filter_map(|list| list.find(host))
                .any(|entry| entry.len() >= domain.len());
        if anyones { None } else { Some(&self.brands[*brand]) }
    }

    /// Returns whether a host hides where its links lead: a shortener, a QR redirector, a deep-link
    /// service.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// assert!(tables.is_shortener("bit.ly"));
    /// assert!(tables.is_shortener("somegame.onelink.me"));
    /// assert!(!tables.is_shortener("notbit.ly"));
    /// ```
    pub fn is_shortener(&self, host: &str) -> bool {
        self.shorteners.find(host).is_some()
    }

    /// Returns the free-hosting domain that a page's host is below, or the host itself where all
    /// customers share one.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// assert_eq!(tables.hosting_of("dlt-th.web.app"), Some("web.app"));
    /// assert_eq!(tables.hosting_of("sites.google.com"), Some("sites.google.com"));
    /// assert_eq!(tables.hosting_of("www.weebly.com"), None); // the builder's own front page
    /// ```
    pub fn hosting_of(&self, host: &str) -> Option<&str> {
        self.hosting.find(host)
    }

    /// Returns the part of a host that all who publish there share: what stands before it is a customer's choice, what
    /// stands in it is the service's own name.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// assert_eq!(tables.shared_part("dlt-th.web.app"), Some("web.app"));
    /// assert_eq!(tables.shared_part("docs.google.com"), Some("docs.google.com"));
    /// assert_eq!(tables.shared_part("kasikornbank.com"), None);
    /// ```
    pub fn shared_part(&self, host: &str) -> Option<&str> {
        let lists = [&self.hosting, &self.file_hosts, &self.landing_pages];
        lists.into_iter().find_map(|list| list.find(host))
    }

    /// Returns whether anyone can put files, documents or forms on a host.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// assert!(tables.is_file_host("drive.google.com"));
    /// assert!(!tables.is_file_host("google.com"));
    /// ```
    pub fn is_file_host(&self, host: &str) -> bool {
        self.file_hosts.find(host).is_some()
    }

    /// Returns whether a host serves link-in-bio pages.
    ///
    /// ```
    /// assert!(ruthan_data::Tables::embedded().is_landing_page("linktr.ee"));
    /// ```
    pub fn is_landing_page(&self, host: &str) -> bool {
        self.landing_pages.find(host).is_some()
    }

    /// Returns whether throw-away registrations favour a public suffix. A weak sign.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// assert!(tables.is_abused_suffix("cc"));
    /// assert!(!tables.is_abused_suffix("co.th"));
    /// ```
    pub fn is_abused_suffix(&self, suffix: &str) -> bool {
        self.abused_suffixes.contains(suffix)
    }

    /// Returns whether only a public body can have registered a host: it is at or below a suffix
    /// such as `go.th` or `gov.uk`.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// assert!(tables.is_government("eservice.dlt.go.th"));
    /// assert!(!tables.is_government("dlt.go.th.xy.cc"));
    /// ```
    pub fn is_government(&self, host: &str) -> bool {
        parents(host).any(|name| self.government.contains(name))
    }

    /// Returns whether a public suffix is an ordinary word too, so that `word.suffix` may be a
    /// sentence whose space is missing.
    ///
    /// ```
    /// assert!(ruthan_data::Tables::embedded().is_prose("at"));
    /// ```
    pub fn is_prose(&self, suffix: &str) -> bool {
        self.prose.contains(suffix)
    }

    /// Returns whether a lower-case name holds a word that throw-away hosts are named by: `login`, `claim`.
    ///
    /// ```
    /// assert!(ruthan_data::Tables::embedded().has_lure("my-login-th"));
    /// ```
    pub fn has_lure(&self, name: &str) -> bool {
        self.lures.0.iter().any(|lure| name.contains(lure.as_str()))
    }

    /// Returns how unusual the letters of a lower-case name are for a name that people register, in nats a letter: about
    /// 2.7 on average, above 3.45 in 3 of 100 popular names and in 19 of 100 phishing names of 2026.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// assert!(tables.unusual("hxodtik") > 3.5 && tables.unusual("kasikornbank") < 3.0);
    /// ```
    pub fn unusual(&self, name: &str) -> f32 {
        let place = |byte: u8| match byte {
            b'a'..=b'z' => usize::from(byte - b'a'),
            b'0'..=b'9' => 26,
            _ => 27,
        };
        let (mut row, mut sum, mut count) = (0, 0_u32, 0_u8);
        for column in name.bytes().take(63).map(place).chain([28]) {
            let number = self.letters.get(row).and_then(|numbers| numbers.get(column));
            sum += u32::from(number.copied().unwrap_or(0));
            count += 1;
            row = column + 1;
        }
        // Quarters of a nat.
        sum as f32 / 4.0 / f32::from(count)
    }

    /// Returns whether impostors join a lower-case word to a brand's name: `th`, `vip`, `online`.
    ///
    /// ```
    /// assert!(ruthan_data::Tables::embedded().is_affix("vip"));
    /// ```
    pub fn is_affix(&self, word: &str) -> bool {
        self.affixes.contains(word)
    }

    /// Returns whether a lower-case path names a file that installs or unpacks something.
    ///
    /// ```
    /// assert!(ruthan_data::Tables::embedded().is_download("/app/secure.apk"));
    /// ```
    pub fn is_download(&self, path: &str) -> bool {
        path.rfind('.').is_some_and(|dot| self.downloads.contains(&path[dot..]))
    }

    /// Returns whether a lower-case word in Latin letters is English, where that can be told: `false`
    /// where it is common in another language and no word of English.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// assert_eq!(tables.is_english("please"), Some(true));
    /// assert_eq!(tables.is_english("untuk"), Some(false));
    /// assert_eq!(tables.is_english("karaoke"), None);
    /// ```
    pub fn is_english(&self, word: &str) -> Option<bool> {
        self.english.get(word).copied()
    }

    /// Returns the letters that a character may stand for where it poses inside a word, likeliest
    /// first; `None` if it is no poser.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// assert_eq!(tables.posing_as('u'), Some("นบ"));
    /// ```
    pub fn posing_as(&self, ch: char) -> Option<&str> {
        let place = self.posers.binary_search_by_key(&ch, |(poser, _)| *poser).ok()?;
        Some(&self.posers[place].1)
    }

    /// Returns the words that senders disguise, each with what is meant, which is as long.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// assert!(tables.disguised_words().any(|(written, _)| written == "โบนัส"));
    /// ```
    pub fn disguised_words(&self) -> impl Iterator<Item = (&str, &str)> {
        self.disguised.iter().map(|(written, meant)| (written.as_str(), meant.as_str()))
    }

    /// Returns the words that say what a number or a name beside them is.
    ///
    /// ```
    /// let cues = ruthan_data::Tables::embedded().cues();
    /// assert!(cues.promptpay.iter().any(|word| word == "พร้อมเพย์"));
    /// ```
    pub fn cues(&self) -> &Cues {
        &self.cues
    }

    /// Returns what the library says to people.
    ///
    /// ```
    /// let wording = ruthan_data::Tables::embedded().wording();
    /// assert_eq!(wording.label["otp"].en, "one-time code");
    /// ```
    pub fn wording(&self) -> &Wording {
        &self.wording
    }

    /// Returns the chat service whose handles, groups or invitations a host serves.
    ///
    /// ```
    /// use ruthan_data::{ChatService, Tables};
    ///
    /// let tables = Tables::embedded();
    /// assert_eq!(tables.chat_service("lin.ee"), Some(ChatService::Line));
    /// assert_eq!(tables.chat_service("xyline.me"), None);
    /// ```
    pub fn chat_service(&self, host: &str) -> Option<ChatService> {
        let found = self.chat.find(host)?;
        let entry =
            |(entry, _): &&(String, ChatService)| entry.strip_prefix('.').unwrap_or(entry) == found;
        self.chat_services.iter().find(entry).map(|(_, service)| *service)
    }
}

impl From<Facts> for Tables {
    fn from(facts: Facts) -> Self {
        let mut domains: Vec<(String, usize)> = facts
            .brands
            .iter()
            .enumerate()
            .flat_map(|(i, brand)| brand.domains.iter().map(move |domain| (domain.clone(), i)))
            .collect();
        domains.sort_unstable();
        Self {
            domains,
            shorteners: HostList::new(facts.shorteners),
            hosting: HostList::new(facts.hosting),
            file_hosts: HostList::new(facts.file_hosts),
            landing_pages: HostList::new(facts.landing_pages),
            chat: HostList::new(facts.chat.iter().map(|(host, _)| host.clone()).collect()),
            chat_services: facts.chat,
            abused_suffixes: facts.abused_suffixes.into(),
            government: facts.government.into(),
            lures: facts.lures.into(),
            letters: facts.letters.into_iter().map(|(_, numbers)| numbers).collect(),
            prose: facts.prose.into(),
            affixes: facts.affixes.into(),
            downloads: facts.downloads.into(),
            english: facts
                .english_words
                .into_iter()
                .map(|word| (word, true))
                .chain(facts.foreign_words.into_iter().map(|word| (word, false)))
                .collect(),
            posers: facts.posers,
            disguised: facts.disguised,
            wording: facts.wording,
            cues: facts.cues,
            brands: facts.brands,
        }
    }
}

impl Facts {
    /// Returns what the library's own files say.
    pub(crate) fn embedded() -> Self {
        let json = include_str!(concat!(env!("OUT_DIR"), "/facts.json"));
        // The build script wrote the file, of the same types, in the same build.
        serde_json::from_str(json).expect("the build script's own file")
    }
}

/// Why a folder of lists cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListsError {
    /// The folder.
    pub folder: PathBuf,
    /// Everything that is wrong, each with its file and entry.
    pub problems: Vec<String>,
}

impl fmt::Display for ListsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot use the lists in `{}`: {}",
            self.folder.display(),
            self.problems.join("; ")
        )
    }
}

impl std::error::Error for ListsError {}

impl Brand {
    /// Returns whether a name or abbreviation, spelt as the entry has it, proves nothing alone.
    ///
    /// ```
    /// let line = ruthan_data::Tables::embedded().brand("line").unwrap();
    /// assert!(line.is_common("LINE"));
    /// assert!(!line.is_common("LINE Official"));
    /// ```
    pub fn is_common(&self, word: &str) -> bool {
        self.common.iter().any(|common| common == word)
    }

    /// Returns the names in Latin and Thai letters that point at this brand and no other thing.
    ///
    /// ```
    /// let flash = ruthan_data::Tables::embedded().brand("flash-express").unwrap();
    /// assert!(flash.distinctive_names().any(|name| name == "แฟลช เอ็กซ์เพรส"));
    /// assert!(!flash.distinctive_names().any(|name| name == "Flash"));
    /// ```
    pub fn distinctive_names(&self) -> impl Iterator<Item = &str> {
        let names = self.names.iter().chain(&self.names_th).map(String::as_str);
        names.filter(|name| !self.is_common(name))
    }

    /// Returns whether two entries are one brand or of one house, so that a message which speaks as
    /// one may well link to the other.
    ///
    /// ```
    /// let tables = ruthan_data::Tables::embedded();
    /// let brand = |id| tables.brand(id).unwrap();
    /// assert!(brand("shopeepay").is_kin_of(brand("shopee")));
    /// assert!(!brand("pea").is_kin_of(brand("mea")));
    /// ```
    pub fn is_kin_of(&self, other: &Self) -> bool {
        self.id == other.id || self.group.is_some() && self.group == other.group
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_of(host: &str) -> Option<&'static str> {
        Tables::embedded().brand_of_host(host).map(|brand| brand.id.as_str())
    }

    #[test]
    fn a_brand_owns_whole_labels_only() {
        for (host, id) in [
            ("ais.co.th", Some("ais")),
            ("m.ais.co.th", Some("ais")),
            ("3.jd.co.th", Some("jd-central")),
            ("keth.me", Some("kex")),
            ("www.pea.co.th", Some("pea")),
            ("pea.rkgo.cc", None),
            ("pea.co.th.rkgo.cc", None),
            ("xpea.co.th", None),
            ("co.th", None),
            ("go.th", None),
            ("", None),
            (".", None),
            ("..ais.co.th", Some("ais")),
        ] {
            assert_eq!(id_of(host), id, "{host:?}");
        }
    }

    #[test]
    fn other_forms_of_a_host_match_nothing() {
        for host in ["AIS.co.th", "ais.co.th.", "ais.co.th:443", "เอไอเอส.ไทย"]
        {
            assert_eq!(id_of(host), None, "{host}");
        }
    }

    #[test]
    fn punycode_hosts_are_ordinary_hosts() {
        let tables = Tables::embedded();
        // ไทยชนะ.com: a genuine Thai name, and unknown here.
        assert_eq!(id_of("xn--12clk4bwa3mcb.com"), None);
        // กสิกร.kasikorn.cc: the bank's name twice, on a domain that is not the bank's.
        assert_eq!(id_of("xn--12ca6h0a4c.kasikorn.cc"), None);
        assert_eq!(tables.hosting_of("xn--12clk4bwa3mcb.web.app"), Some("web.app"));
        assert!(!tables.is_shortener("xn--12clk4bwa3mcb.com"));
        assert_eq!(tables.chat_service("xn--12clk4bwa3mcb.line.me"), None);
    }

    #[test]
    fn the_most_specific_fact_decides() {
        assert_eq!(id_of("www.google.com"), Some("google"));
        for anyones in ["docs.google.com", "sites.google.com", "line.me", "goo.gl"] {
            assert_eq!(id_of(anyones), None, "{anyones}");
        }
        assert_eq!(id_of("store.line.me"), Some("line"));
        assert_eq!(id_of("trueid.onelink.me"), Some("true"));
        assert_eq!(id_of("stranger.onelink.me"), None);
        assert_eq!(id_of("welfare.mof.go.th"), Some("welfare-card"));
        assert_eq!(id_of("www.mof.go.th"), Some("ministry-of-finance"));
    }

    #[test]
    fn thai_names_find_their_brands() {
        let by_name = |name: &str| {
            let mut found = Tables::embedded()
                .brands()
                .iter()
                .filter(|brand| brand.distinctive_names().any(|n| n == name));
            let first = found.next().map(|brand| brand.id.as_str());
            assert!(found.next().is_none(), "{name} is two brands'");
            first
        };
        for (name, id) in [
            ("ธนาคารกสิกรไทย", "kasikornbank"),
            ("ออมสิน", "gsb"),
            ("ธ.ก.ส.", "baac"),
            ("เป๋าตัง", "paotang"),
            ("ไปรษณีย์ไทย", "thailand-post"),
            ("การไฟฟ้าส่วนภูมิภาค", "pea"),
            ("การประปานครหลวง", "mwa"),
            ("กรมสรรพากร", "revenue-department"),
            ("ดีเอสไอ", "dsi"),
            ("ปปง.", "amlo"),
            ("กยศ.", "student-loan-fund"),
            ("บัตรสวัสดิการแห่งรัฐ", "welfare-card"),
        ] {
            assert_eq!(by_name(name), Some(id), "{name}");
        }
        // Both electricity boards are called that.
        assert_eq!(by_name("การไฟฟ้า"), None);
    }

    #[test]
    fn every_listed_domain_leads_to_its_brand() {
        let tables = Tables::embedded();
        for brand in tables.brands() {
            for domain in &brand.domains {
                let user_content =
                    tables.is_file_host(domain) || tables.chat_service(domain).is_some();
                let found = tables.brand_of_host(domain).map(|b| b.id.as_str());
                let expected = if user_content { None } else { Some(brand.id.as_str()) };
                assert_eq!(found, expected, "{domain}");
            }
        }
    }

    #[test]
    fn thai_banks_send_no_links() {
        for brand in Tables::embedded().brands() {
            if brand.country == "TH" && brand.kind == crate::BrandKind::Bank {
                assert!(!brand.links, "{}", brand.id);
            }
        }
    }

    #[test]
    fn chat_hosts_name_their_service() {
        let tables = Tables::embedded();
        for (host, service) in [
            ("line.me", Some(ChatService::Line)),
            ("m.me", Some(ChatService::Messenger)),
            ("t.me", Some(ChatService::Telegram)),
            ("somebody.t.me", Some(ChatService::Telegram)),
            ("chat.whatsapp.com", Some(ChatService::WhatsApp)),
            ("faq.whatsapp.com", None),
            ("pea-line.me", None),
        ] {
            assert_eq!(tables.chat_service(host), service, "{host}");
        }
    }

    #[test]
    fn the_bare_government_suffix_is_a_site_too() {
        let tables = Tables::embedded();
        assert!(tables.is_government("gov.uk"));
        assert!(tables.is_government("www.irs.gov"));
        assert!(!tables.is_government("irs-gov.com"));
        assert!(!tables.is_government("irs.gov.tax-th.com"));
    }

    #[test]
    fn tables_cross_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Tables>();
    }
}
