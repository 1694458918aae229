//! The Public Suffix List with its private part, through the crate `psl`.
//!
//! The list is code that is made anew in each crate that calls it, and slow to compile: so all ask here.

/// Returns the domain of a host that somebody registered: the public suffix and the label before it.
///
/// ```
/// use ruthan_data::registrable_domain;
/// assert_eq!(registrable_domain("www.kasikornbank.com"), Some("kasikornbank.com"));
/// assert_eq!(registrable_domain("dlt-th.web.app"), Some("dlt-th.web.app")); // the private part
/// assert_eq!(registrable_domain("co.th"), None);
/// ```
pub fn registrable_domain(host: &str) -> Option<&str> {
    psl::domain_str(host)
}

/// Returns the public suffix of a host in lower case; where the list has none, its last label.
///
/// ```
/// assert_eq!(ruthan_data::public_suffix("www.rd.go.th"), Some("go.th"));
/// assert_eq!(ruthan_data::public_suffix("a.nosuch"), Some("nosuch"));
/// ```
pub fn public_suffix(host: &str) -> Option<&str> {
    psl::suffix_str(host)
}

/// Returns the public suffix of a host in lower case if the list has it.
///
/// ```
/// assert_eq!(ruthan_data::known_suffix("www.rd.go.th"), Some("go.th"));
/// assert_eq!(ruthan_data::known_suffix("a.nosuch"), None);
/// ```
pub fn known_suffix(host: &str) -> Option<&str> {
    let suffix = psl::suffix(host.as_bytes()).filter(psl::Suffix::is_known)?;
    Some(&host[host.len() - suffix.as_bytes().len()..])
}
