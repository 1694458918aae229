//! Looking hosts up in sorted lists, without allocating.

/// A list of hosts: some stand for themselves, some for every customer's host below them.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostList {
    /// In byte order, so that the entries with a leading dot come first.
    entries: Vec<String>,
    /// How many have a leading dot.
    below: usize,
}

impl HostList {
    /// Makes a list of entries as the files write them: `bit.ly`, `.weebly.com`.
    pub(crate) fn new(mut entries: Vec<String>) -> Self {
        entries.sort_unstable();
        entries.dedup();
        let below = entries.partition_point(|entry| entry.starts_with('.'));
        Self { entries, below }
    }

    /// Returns the longest entry that covers `host`, without its leading dot.
    pub(crate) fn find(&self, host: &str) -> Option<&str> {
        let (below, whole) = self.entries.split_at(self.below);
        let exact = |name: &str| {
            whole.binary_search_by(|entry| entry.as_str().cmp(name)).ok().map(|i| whole[i].as_str())
        };
        let bare = without_prefix(host);
        // The site's own front page is no customer's: the search begins above the host itself.
        exact(host).or_else(|| exact(bare)).or_else(|| {
            parents(bare).skip(1).find_map(|parent| {
                below.binary_search_by(|entry| entry[1..].cmp(parent)).ok().map(|i| &below[i][1..])
            })
        })
    }
}

/// Returns the host and then each of its parents: `a.b.c`, `b.c`, `c`.
pub(crate) fn parents(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |name| name.split_once('.').map(|(_, parent)| parent))
}

/// Returns the host without a leading `www.` or `m.`, which every site has, unless the rest is no
/// host: `m.me` is one.
pub(crate) fn without_prefix(host: &str) -> &str {
    ["www.", "m."]
        .into_iter()
        .find_map(|prefix| host.strip_prefix(prefix))
        .filter(|rest| rest.contains('.'))
        .unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> HostList {
        HostList::new(entries.iter().map(|&entry| entry.to_owned()).collect())
    }

    #[test]
    fn whole_hosts_match_themselves_alone() {
        let list = list(&["bit.ly", "m.me"]);
        for host in ["bit.ly", "www.bit.ly", "m.bit.ly"] {
            assert_eq!(list.find(host), Some("bit.ly"), "{host}");
        }
        assert_eq!(list.find("m.me"), Some("m.me"));
        for host in ["notbit.ly", "bit.ly.cc", "a.bit.ly", "ly", "me", ""] {
            assert_eq!(list.find(host), None, "{host}");
        }
    }

    #[test]
    fn dotted_entries_match_customers_alone() {
        let list = list(&[".weebly.com"]);
        for host in ["shop.weebly.com", "www.shop.weebly.com", "a.shop.weebly.com"] {
            assert_eq!(list.find(host), Some("weebly.com"), "{host}");
        }
        for host in ["weebly.com", "www.weebly.com", "myweebly.com", "weebly.com.cc"] {
            assert_eq!(list.find(host), None, "{host}");
        }
    }

    #[test]
    fn the_longest_entry_wins() {
        let list = list(&[".goo.gl", ".app.goo.gl", "maps.app.goo.gl"]);
        assert_eq!(list.find("maps.app.goo.gl"), Some("maps.app.goo.gl"));
        assert_eq!(list.find("x.app.goo.gl"), Some("app.goo.gl"));
        assert_eq!(list.find("x.goo.gl"), Some("goo.gl"));
    }

    #[test]
    fn prefixes_come_off_once() {
        assert_eq!(without_prefix("www.m.example.com"), "m.example.com");
        assert_eq!(without_prefix("www.com"), "www.com");
        assert_eq!(without_prefix("m1b.cc"), "m1b.cc");
    }
}
