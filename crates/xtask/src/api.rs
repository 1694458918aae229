//! The public interface of the libraries, as a text that changes on purpose only.
//!
//! Taken from the pages that `cargo doc` writes, which stable Rust makes; rustdoc's JSON, which other tools read, needs a
//! nightly toolchain. So a new release of Rust may write a line in another way: then the text is made anew, and the
//! difference shows that nothing else changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::{root, run};

/// The libraries whose interface others build on.
const LIBRARIES: [&str; 3] = ["ruthan", "ruthan-dump", "ruthan-report"];

/// What begins and ends a declaration in a page: of an item, a method or an associated item.
const ITEMS: [(&str, &str); 3] = [
    ("<pre class=\"rust item-decl\">", "</pre>"),
    IMPLEMENTATION,
    ("<h4 class=\"code-header\">", "</h4>"),
];
/// As [`ITEMS`], of an implementation.
const IMPLEMENTATION: (&str, &str) = ("<h3 class=\"code-header\">", "</h3>");

/// Traits of the compiler's own, which say nothing to who uses a type.
const INTERNAL: [&str; 3] = [" StructuralPartialEq for ", " Freeze for ", " UnsafeUnpin for "];

/// Compares the interface of each library with `tests/api`, or writes it there.
pub(crate) fn check(update: bool) -> anyhow::Result<()> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), std::path::PathBuf::from);
    for library in LIBRARIES {
        let pages = target.join("doc").join(library.replace('-', "_"));
        // A page of something that is no longer there would stay.
        if pages.is_dir() {
            fs::remove_dir_all(&pages)?;
        }
        run(Command::new(env!("CARGO")).args([
            "doc",
            "--quiet",
            "--no-deps",
            "--package",
            library,
        ]))?;
        let now = interface(&pages)?;
        let path = root().join("tests/api").join(format!("{library}.txt"));
        if update {
            fs::write(&path, now)?;
            continue;
        }
        let recorded =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let changes = difference(&recorded, &now);
        ensure!(
            changes.is_empty(),
            "the interface of {library} changed; if on purpose, `cargo xtask api --update`:\n{}",
            changes.join("\n")
        );
    }
    Ok(())
}

/// Reads the declarations of all pages of a folder: a line for each page, its declarations below.
fn interface(folder: &Path) -> anyhow::Result<String> {
    let mut pages = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "html") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    let mut text = String::new();
    for page in pages {
        let declarations = declarations(&fs::read_to_string(&page)?);
        if !declarations.is_empty() {
            let name = page.strip_prefix(folder)?.with_extension("");
            text += &format!("# {}\n", name.display().to_string().replace('\\', "/"));
            for declaration in declarations {
                text += &format!("{declaration}\n");
            }
        }
    }
    Ok(text)
}

/// Takes the declarations out of a page.
fn declarations(page: &str) -> Vec<String> {
    // What every type has by blanket implementations is not ours.
    let page = page.split("id=\"blanket-implementations\"").next().unwrap_or_default();
    // Of an implemented trait the name is enough: its methods are given.
    let (items, traits) = page.split_once("id=\"trait-implementations\"").unwrap_or((page, ""));
    let mut found = between(items, &ITEMS);
    found.extend(between(traits, &[IMPLEMENTATION]));
    found.retain(|line| !INTERNAL.iter().any(|internal| line.contains(internal)));
    found
}

/// Takes what stands between any of some marks, each on one line.
fn between(mut rest: &str, marks: &[(&str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    while let Some((place, begin, end)) =
        marks.iter().filter_map(|(begin, end)| Some((rest.find(begin)?, begin, end))).min()
    {
        rest = &rest[place + begin.len()..];
        let Some(length) = rest.find(end) else { break };
        found.push(plain(&rest[..length]));
        rest = &rest[length..];
    }
    found
}

/// Takes tags out of HTML, and undoes its escapes.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut parts = html.split('<');
    text += parts.next().unwrap_or_default();
    for part in parts {
        let (tag, after) = part.split_once('>').unwrap_or((part, ""));
        // Attributes and bounds stand on lines of their own.
        if tag.trim_start_matches('/').starts_with("div") {
            text.push(' ');
        }
        text += after;
    }
    let escapes = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    for (escape, ch) in escapes {
        text = text.replace(escape, ch);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lists the lines that one text has and the other has not, with the page that each is of.
fn difference(before: &str, after: &str) -> Vec<String> {
    let lines = |text: &str| -> BTreeSet<(String, String)> {
        let mut page = String::new();
        let mut lines = BTreeSet::new();
        for line in text.lines() {
            match line.strip_prefix("# ") {
                Some(name) => name.clone_into(&mut page),
                None => {
                    lines.insert((page.clone(), line.to_owned()));
                }
            }
        }
        lines
    };
    let (before, after) = (lines(before), lines(after));
    let gone = before.difference(&after).map(|(page, line)| format!("- {page}: {line}"));
    let new = after.difference(&before).map(|(page, line)| format!("+ {page}: {line}"));
    gone.chain(new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_read_without_tags_and_what_is_given() {
        let page = "<pre class=\"rust item-decl\"><code><div>#[a]</div>pub struct <a href=\"#\">A</a>&lt;'a&gt; {\n  <span>b</span>: u8, }</code></pre>\
            <p>prose</p><h4 class=\"code-header\">pub fn c(&amp;self) -&gt; u8</h4>\
            <h2 id=\"trait-implementations\"></h2><h3 class=\"code-header\">impl Clone for A</h3>\
            <h4 class=\"code-header\">fn clone(&amp;self) -> A</h4><h3 class=\"code-header\">impl Freeze for A</h3>\
            <h2 id=\"blanket-implementations\"></h2><h3 class=\"code-header\">impl Any for T</h3>";
        assert_eq!(
            declarations(page),
            ["#[a] pub struct A<'a> { b: u8, }", "pub fn c(&self) -> u8", "impl Clone for A"]
        );
    }

    #[test]
    fn what_is_gone_and_what_is_new_is_named_with_its_page() {
        let before = "# a\nfn x()\nfn y()\n# b\nfn x()\n";
        let after = "# a\nfn x()\nfn y(u8)\n# b\nfn x()\n";
        assert_eq!(difference(before, after), ["- a: fn y()", "+ a: fn y(u8)"]);
        assert!(difference(before, before).is_empty());
    }
}
