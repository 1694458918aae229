//! Groups messages into campaigns: near-duplicates, and messages that name the same account, number, handle or site.
//!
//! How it works, and what it promises:
//!
//! - **Words.** Links, numbers and codes are taken out, disguises undone ([`ruthan::normalize`]); messages with equal
//!   words are one *wording*. Wordings that share half of their five-character shingles (MinHash of 128 functions, found by
//!   banding and checked before they are united) are of one campaign, as long as they are also not far from the wording
//!   that the campaign began with, so that a chain of small steps does not lead from one scam to another. Shorter
//!   wordings than 12 shingles say too little: they must be equal to the letter.
//! - **Actors.** Messages that name the same bank account, payee, telephone number, chat handle, wallet, address or site
//!   are of one campaign. What many share never unites: domains of known organisations, official handles, hotlines,
//!   amounts, codes, masked IDs; of shorteners, free hosting and chat services only the very page counts.
//! - **Hubs.** Something that stands in as many harmless messages as alarms, or in more than
//!   [`Options::hub_wordings`] wordings, is nobody's own (a bank's number that impostors quote), and a message that names
//!   more than 8 actors is a list: neither unites anything.
//! - **Harmless messages.** Only alarms are grouped, unless [`Options::all`] is set; then words alone never unite an
//!   alarm with a message that is none, so that a genuine notice is not of the campaign that imitates it.
//!
//! Time is linear in the rows but for sorting. Memory grows with the different wordings and indicators, not with the
//! rows: some 200 bytes a wording and its sample (at most 600 bytes), some 100 an indicator. What comes out does not
//! depend on the order of the rows, unless [`Options::most_wordings`] is reached.

mod actor;
mod mask;
mod minhash;
mod union;

use std::collections::{BTreeMap, HashMap};

use ruthan::{Indicator, Label, Link, Verdict};
use serde::Serialize;

use crate::digest::digest;
use actor::Actor;
use minhash::{BANDS, Signature};
use union::Union;

/// Two wordings must be so alike to be of one campaign.
const ALIKE: f32 = 0.5;
/// And so alike must those be that their campaigns began with.
const NOT_FAR: f32 = 0.25;
/// Wordings with fewer shingles are compared to the letter.
const SHORTEST: usize = 12;
/// With how many wordings of a band each other one is compared at most.
const LEADERS: usize = 8;
/// A message that names more actors is a list of them.
const MOST_ACTORS: usize = 8;
/// How much of a sample is kept, in bytes.
const SAMPLE: usize = 600;
/// How much of a sender's name is kept, in bytes.
const SENDER: usize = 96;
/// How many indicators and senders of a campaign are handed out, the most frequent first.
const MOST_LISTED: usize = 20;

/// A message that was judged.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    /// The text as given.
    pub text: &'r str,
    /// What it was found to be.
    pub verdict: Verdict,
    /// The kind of message, if known.
    pub label: Option<Label>,
    /// Its links.
    pub links: &'r [Link],
    /// Its other indicators.
    pub indicators: &'r [Indicator],
    /// Who sent it, if known.
    pub sender: Option<&'r str>,
    /// When, in milliseconds since 1970 (UTC), if known.
    pub time: Option<i64>,
    /// Where it stands.
    pub place: Place,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The number of the file, as the caller counts them.
    pub file: u32,
    /// The row in the file.
    pub row: u64,
}

/// How messages are grouped.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Whether harmless messages are grouped too. Standard: no.
    pub all: bool,
    /// Of how many messages a campaign is at least. Standard: 2.
    pub least: u64,
    /// What stands in more wordings than this unites nothing. Standard: 200.
    pub hub_wordings: usize,
    /// How many different wordings are kept at most; messages with others are then only counted
    /// ([`Grouped::left_out`]). Standard: no limit but that of 32-bit numbers.
    pub most_wordings: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { all: false, least: 2, hub_wordings: 200, most_wordings: u32::MAX as usize }
    }
}

/// What is kept of a row, see [`Campaigns::sketch`].
#[derive(Clone, Debug)]
pub struct Sketch<'r> {
    row: Row<'r>,
    /// `None` if the message is not to be grouped.
    words: Option<Words>,
    actors: Vec<(u64, Actor)>,
}

impl Sketch<'_> {
    /// The sites that the message's links lead to, without those of known organisations.
    pub(crate) fn sites(&self) -> impl Iterator<Item = &str> {
        let actors = self.actors.iter().map(|(_, actor)| actor);
        actors.filter(|actor| matches!(actor.kind, "domain" | "page")).map(|actor| &*actor.value)
    }
}

/// What is kept of a message's words.
#[derive(Clone, Debug)]
struct Words {
    digest: u64,
    signature: Option<Box<Signature>>,
}

impl Words {
    fn of(row: &Row<'_>) -> Self {
        let words = mask::words(row.text, row.links, row.indicators);
        let signature = Signature::of(&words, SHORTEST).map(Box::new);
        let side = if row.verdict.is_alarm() { "alarm" } else { "harmless" };
        // Of a short text, all that is filled in counts.
        let digest = digest(&[side, if signature.is_some() { &words } else { row.text }]);
        Self { digest, signature }
    }
}

/// The actors that a message names, each once.
fn actors(row: &Row<'_>) -> Vec<(u64, Actor)> {
    let links = row.links.iter().filter_map(actor::of_link);
    let mut actors: Vec<(u64, Actor)> = links
        .chain(row.indicators.iter().filter_map(actor::of_indicator))
        .map(|actor| (digest(&[actor.kind, &actor.value]), actor))
        .collect();
    actors.sort_unstable();
    actors.dedup();
    if actors.len() > MOST_ACTORS {
        actors.clear();
    }
    actors
}

/// A group of messages.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Campaign {
    /// A name that stays the same for the same messages, and mostly when more of them turn up.
    pub id: String,
    /// How many messages.
    pub size: u64,
    /// How many wordings, links and numbers apart.
    pub wordings: u64,
    /// When the first message was sent, in milliseconds since 1970 (UTC), if any was dated.
    pub first_seen: Option<i64>,
    /// When the last was.
    pub last_seen: Option<i64>,
    /// One of the messages, of the most frequent wording; cut at 600 bytes.
    pub sample: String,
    /// Where that message stands.
    pub place: Place,
    /// How many messages got which verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// How many messages are of which kind, the most frequent first.
    pub labels: Vec<Counted<Label>>,
    /// What the messages name, the most frequent first; at most 20.
    pub indicators: Vec<Counted<Named>>,
    /// How many different indicators there are.
    pub indicator_count: u64,
    /// Who sent them, the most frequent first; at most 20.
    pub senders: Vec<Counted<String>>,
    /// How many different senders there are.
    pub sender_count: u64,
}

/// Something and the number of messages that it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counted<T> {
    /// The thing.
    pub value: T,
    /// The number.
    pub messages: u64,
}

/// An indicator that says who is behind a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Named {
    /// What it is: `domain` (registrable), `page` (host and path), or as the library names its indicators.
    pub kind: &'static str,
    /// Its canonical form.
    pub value: String,
}

/// All messages with equal words.
#[derive(Debug)]
struct Wording {
    digest: u64,
    alarm: bool,
    signature: Option<Box<Signature>>,
    verdicts: BTreeMap<Verdict, u64>,
    first: Option<i64>,
    last: Option<i64>,
    /// Of all its messages the least, so that their order does not matter.
    sample: (Box<str>, Place),
}

/// What is counted by wording.
#[derive(Debug)]
struct Fact {
    thing: Thing,
    /// How many messages named it that were not grouped.
    elsewhere: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Actor(Named),
    Label(Label),
    Sender(Box<str>),
}

/// What the messages were grouped into.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Grouped {
    /// The campaigns, the largest first.
    pub campaigns: Vec<Campaign>,
    /// How many messages found no room, see [`Options::most_wordings`].
    pub left_out: u64,
    /// The campaign of each wording.
    places: HashMap<u64, u32>,
}

impl Grouped {
    /// The campaign that a message is of, when read again.
    pub fn campaign_of(&self, row: &Row<'_>) -> Option<&Campaign> {
        let place = self.places.get(&Words::of(row).digest)?;
        self.campaigns.get(*place as usize)
    }
}

/// A campaign's name, from the least digest of its wordings.
fn id(least: u64) -> String {
    format!("{least:016x}")
}

/// Gathers messages and groups them.
///
/// ```
/// use ruthan::{Label, Verdict};
/// use ruthan_report::campaigns::{Campaigns, Options, Place, Row};
///
/// let mut campaigns = Campaigns::new(Options::default());
/// for (row, text) in [
///     "พัสดุของคุณสมชายจัดส่งไม่สำเร็จ ยืนยันที่อยู่ภายในวันนี้ https://flash.goxth.com/a1",
///     "พัสดุของคุณมาลีจัดส่งไม่สำเร็จ ยืนยันที่อยู่ภายในวันนี้ https://flash.th-xq.cc/9",
///     "ภาษีของท่านค้างชำระ ติดต่อเจ้าหน้าที่ทันที https://rd.th-xq.cc/tax",
/// ]
/// .into_iter()
/// .enumerate()
/// {
///     campaigns.add(&Row {
///         text,
///         verdict: Verdict::Scam,
///         label: Some(Label::Delivery),
///         links: &ruthan::links(text),
///         indicators: &ruthan::indicators(text),
///         sender: None,
///         time: None,
///         place: Place { file: 0, row: row as u64 + 1 },
///     });
/// }
/// let found = campaigns.finish().campaigns;
/// // The first two are worded alike, the last two are on one domain.
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].size, 3);
/// ```
#[derive(Debug)]
pub struct Campaigns {
    options: Options,
    wordings: Vec<Wording>,
    /// The place of each wording, by its digest.
    by_digest: HashMap<u64, u32>,
    facts: Vec<Fact>,
    by_fact: HashMap<u64, u32>,
    /// How many messages of a wording say so.
    counts: HashMap<(u32, u32), u64>,
    left_out: u64,
}

impl Campaigns {
    /// Starts with no message.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            wordings: Vec::new(),
            by_digest: HashMap::new(),
            facts: Vec::new(),
            by_fact: HashMap::new(),
            counts: HashMap::new(),
            left_out: 0,
        }
    }

    /// Adds a message.
    pub fn add(&mut self, row: &Row<'_>) {
        self.add_sketch(self.sketch(*row));
    }

    /// Reads a message, to be added: the costly part, some tens of microseconds, which any thread can do.
    pub fn sketch<'r>(&self, row: Row<'r>) -> Sketch<'r> {
        let grouped = self.options.all || row.verdict.is_alarm();
        Sketch { words: grouped.then(|| Words::of(&row)), actors: actors(&row), row }
    }

    /// Adds a message that was read already.
    pub fn add_sketch(&mut self, sketch: Sketch<'_>) {
        let Sketch { row, words, actors } = sketch;
        let Some(words) = words else {
            for (digest, actor) in actors {
                // What no alarm has named yet may be named later: all are kept.
                if let Some(fact) = self.fact(digest, || Thing::Actor(actor.into())) {
                    self.facts[fact as usize].elsewhere += 1;
                }
            }
            return;
        };
        let Some(place) = self.wording(words, &row) else {
            self.left_out += 1;
            return;
        };
        let sender = row.sender.map(|sender| cut(sender.trim(), SENDER)).filter(|s| !s.is_empty());
        let mut facts: Vec<Option<u32>> = actors
            .into_iter()
            .map(|(digest, actor)| self.fact(digest, || Thing::Actor(actor.into())))
            .collect();
        facts.push(row.label.and_then(|label| {
            self.fact(digest(&["label", label.as_str()]), || Thing::Label(label))
        }));
        facts.push(sender.and_then(|sender| {
            self.fact(digest(&["sender", sender]), || Thing::Sender(sender.into()))
        }));
        for fact in facts.into_iter().flatten() {
            *self.counts.entry((place, fact)).or_default() += 1;
        }
    }

    /// The place of the message's wording, with the message counted there; `None` if there is no room.
    fn wording(&mut self, words: Words, row: &Row<'_>) -> Option<u32> {
        let Words { digest, signature } = words;
        let text = cut(row.text, SAMPLE);
        let room = self.wordings.len() < self.options.most_wordings;
        let next = u32::try_from(self.wordings.len()).ok().filter(|_| room);
        let place = match self.by_digest.get(&digest) {
            Some(&place) => place,
            None => *self.by_digest.entry(digest).insert_entry(next?).get(),
        };
        if place as usize == self.wordings.len() {
            self.wordings.push(Wording {
                digest,
                alarm: row.verdict.is_alarm(),
                signature,
                verdicts: BTreeMap::new(),
                first: None,
                last: None,
                sample: (text.into(), row.place),
            });
        }
        let wording = &mut self.wordings[place as usize];
        *wording.verdicts.entry(row.verdict).or_default() += 1;
        wording.first = [wording.first, row.time].into_iter().flatten().min();
        wording.last = wording.last.max(row.time);
        if (text, row.place) < (&*wording.sample.0, wording.sample.1) {
            wording.sample = (text.into(), row.place);
        }
        Some(place)
    }

    /// The place of a fact; `None` if there is no room, as with wordings.
    fn fact(&mut self, digest: u64, thing: impl FnOnce() -> Thing) -> Option<u32> {
        if let Some(&place) = self.by_fact.get(&digest) {
            return Some(place);
        }
        // Of a limited collector's wordings each has a few facts of its own.
        let room = self.facts.len() / 4 <= self.options.most_wordings;
        let place = u32::try_from(self.facts.len()).ok().filter(|_| room)?;
        self.facts.push(Fact { thing: thing(), elsewhere: 0 });
        self.by_fact.insert(digest, place);
        Some(place)
    }

    /// Groups the messages.
    pub fn finish(mut self) -> Grouped {
        self.put_in_order();
        let roots = self.unite();
        let campaigns = self.gather(&roots);
        let by_id: HashMap<&str, u32> = campaigns.iter().map(|c| c.id.as_str()).zip(0..).collect();
        let mut places = HashMap::new();
        for (wording, &root) in self.wordings.iter().zip(&roots) {
            // The root is the wording with the least digest, by which the campaign is called.
            if let Some(&place) = by_id.get(&*id(self.wordings[root as usize].digest)) {
                places.insert(wording.digest, place);
            }
        }
        Grouped { campaigns, places, left_out: self.left_out }
    }

    /// Sorts the wordings by what they are, not by when they came.
    fn put_in_order(&mut self) {
        self.by_digest = HashMap::new();
        self.by_fact = HashMap::new();
        let mut order: Vec<u32> = (0..).take(self.wordings.len()).collect();
        order.sort_unstable_by_key(|&place| self.wordings[place as usize].digest);
        let mut places = order.clone();
        for (new, old) in (0..).zip(order) {
            places[old as usize] = new;
        }
        self.wordings.sort_unstable_by_key(|wording| wording.digest);
        let counts = std::mem::take(&mut self.counts);
        self.counts = counts
            .into_iter()
            .map(|((place, fact), n)| ((places[place as usize], fact), n))
            .collect();
    }

    /// The first wording of the campaign of each wording.
    fn unite(&self) -> Vec<u32> {
        let count = u32::try_from(self.wordings.len()).expect("places are kept in 32 bits");
        let mut union = Union::new(count);
        for band in 0..BANDS {
            self.unite_band(band, &mut union);
        }
        let by_words: Vec<u32> = (0..count).map(|place| union.find(place)).collect();
        for places in self.places_by_actor() {
            let mut campaigns: Vec<u32> =
                places.iter().map(|&place| by_words[place as usize]).collect();
            campaigns.sort_unstable();
            campaigns.dedup();
            if campaigns.len() <= self.options.hub_wordings {
                for &campaign in &campaigns[1..] {
                    union.join(campaigns[0], campaign);
                }
            }
        }
        (0..count).map(|place| union.find(place)).collect()
    }

    /// Unites wordings that agree in a band and are alike.
    fn unite_band(&self, band: usize, union: &mut Union) {
        // The band above the place: sorting brings those together that agree.
        let mut met: Vec<u64> = (0..)
            .zip(&self.wordings)
            .filter_map(|(place, wording): (u32, _)| {
                let signature = wording.signature.as_deref()?;
                Some(u64::from(signature.band(band)) << 32 | u64::from(place))
            })
            .collect();
        met.sort_unstable();
        let mut leaders: Vec<u32> = Vec::with_capacity(LEADERS);
        for group in met.chunk_by(|a, b| a >> 32 == b >> 32) {
            leaders.clear();
            for &member in group {
                #[allow(clippy::cast_possible_truncation)]
                let place = member as u32;
                let leader = leaders.iter().copied().find(|&leader| {
                    union.find(leader) == union.find(place)
                        || self.are_alike(leader, place, ALIKE)
                            && self.are_alike(union.find(leader), union.find(place), NOT_FAR)
                });
                match leader {
                    Some(leader) => union.join(leader, place),
                    None if leaders.len() < LEADERS => leaders.push(place),
                    None => {}
                }
            }
        }
    }

    /// Whether two wordings share so many of their shingles, and both warn or neither does.
    fn are_alike(&self, a: u32, b: u32, least: f32) -> bool {
        let (a, b) = (&self.wordings[a as usize], &self.wordings[b as usize]);
        match (&a.signature, &b.signature) {
            (Some(x), Some(y)) => a.alarm == b.alarm && x.similarity(y) >= least,
            _ => false,
        }
    }

    /// The wordings that name each actor who may unite them.
    fn places_by_actor(&self) -> Vec<Vec<u32>> {
        let mut named: Vec<(u32, u32, u64, u64)> = self
            .counts
            .iter()
            .filter(|((_, fact), _)| matches!(self.facts[*fact as usize].thing, Thing::Actor(_)))
            .map(|(&(place, fact), &messages)| {
                let alarm = self.wordings[place as usize].alarm;
                let (alarms, others) = if alarm { (messages, 0) } else { (0, messages) };
                (fact, place, alarms, others)
            })
            .collect();
        named.sort_unstable();
        named
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| {
                let alarms: u64 = group.iter().map(|g| g.2).sum();
                let others: u64 = group.iter().map(|g| g.3).sum();
                // Among harmless messages alone a shared number is what unites them.
                let others = others + self.facts[group[0].0 as usize].elsewhere;
                alarms == 0 || others < alarms
            })
            .map(|group| group.iter().map(|g| g.1).collect())
            .collect()
    }

    /// Adds up the wordings of each campaign.
    fn gather(&self, roots: &[u32]) -> Vec<Campaign> {
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut sizes = vec![0; roots.len()];
        for (wording, &root) in self.wordings.iter().zip(roots) {
            sizes[root as usize] += wording.size();
        }
        for (place, &root) in (0..).zip(roots) {
            if sizes[root as usize] >= self.options.least {
                members.entry(root).or_default().push(place);
            }
        }
        let mut facts: BTreeMap<u32, HashMap<u32, u64>> = BTreeMap::new();
        for (&(place, fact), &messages) in &self.counts {
            let root = roots[place as usize];
            if members.contains_key(&root) {
                *facts.entry(root).or_default().entry(fact).or_default() += messages;
            }
        }
        let mut campaigns: Vec<Campaign> = members
            .iter()
            .map(|(root, places)| self.campaign(places, facts.remove(root).unwrap_or_default()))
            .collect();
        campaigns.sort_by(|a, b| b.size.cmp(&a.size).then_with(|| a.id.cmp(&b.id)));
        campaigns
    }

    fn campaign(&self, places: &[u32], facts: HashMap<u32, u64>) -> Campaign {
        let wordings = || places.iter().map(|&place| &self.wordings[place as usize]);
        let mut verdicts = BTreeMap::new();
        for (&verdict, messages) in wordings().flat_map(|w| &w.verdicts) {
            *verdicts.entry(verdict).or_default() += messages;
        }
        let (mut labels, mut indicators, mut senders) = (Vec::new(), Vec::new(), Vec::new());
        for (fact, messages) in facts {
            match self.facts[fact as usize].thing.clone() {
                Thing::Label(value) => labels.push(Counted { value, messages }),
                Thing::Actor(value) => indicators.push(Counted { value, messages }),
                Thing::Sender(value) => senders.push(Counted { value: value.into(), messages }),
            }
        }
        let (indicator_count, sender_count) = (indicators.len() as u64, senders.len() as u64);
        most_frequent(&mut labels, Label::ALL.len());
        most_frequent(&mut indicators, MOST_LISTED);
        most_frequent(&mut senders, MOST_LISTED);
        let typical = wordings().max_by_key(|w| (w.size(), std::cmp::Reverse(w.digest)));
        let (sample, place) = typical.map(|w| w.sample.clone()).unwrap_or_default();
        Campaign {
            // The least digest of many stays the least for long.
            id: id(wordings().map(|w| w.digest).min().unwrap_or_default()),
            size: wordings().map(Wording::size).sum(),
            wordings: places.len() as u64,
            first_seen: wordings().filter_map(|w| w.first).min(),
            last_seen: wordings().filter_map(|w| w.last).max(),
            sample: sample.into(),
            place,
            verdicts,
            labels,
            indicators,
            indicator_count,
            senders,
            sender_count,
        }
    }
}

impl Wording {
    fn size(&self) -> u64 {
        self.verdicts.values().sum()
    }
}

impl From<Actor> for Named {
    fn from(Actor { kind, value }: Actor) -> Self {
        Self { kind, value }
    }
}

/// Sorts by number and then by name, and drops all but the first.
fn most_frequent<T: Ord>(counted: &mut Vec<Counted<T>>, most: usize) {
    counted
        .sort_unstable_by(|a, b| b.messages.cmp(&a.messages).then_with(|| a.value.cmp(&b.value)));
    counted.truncate(most);
}

/// The beginning of a text, at most so many bytes of whole characters.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests;
