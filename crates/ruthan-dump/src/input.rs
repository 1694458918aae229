//! Where a dump comes from.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A file to read, or standard input.
///
/// ```
/// use ruthan_dump::Input;
///
/// assert_eq!(Input::new("inbox.csv").name(), "inbox.csv");
/// assert_eq!(Input::new("-").name(), "<stdin>");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// None for standard input.
    path: Option<PathBuf>,
}

impl Input {
    /// Names a file; `-` is standard input.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { path: (path.as_os_str() != "-").then_some(path) }
    }

    /// Names standard input.
    pub fn stdin() -> Self {
        Self { path: None }
    }

    /// Returns the file's path, none for standard input.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Returns the name for messages to people.
    pub fn name(&self) -> String {
        match &self.path {
            Some(path) => path.display().to_string(),
            None => "<stdin>".to_owned(),
        }
    }

    /// Opens the file.
    pub(crate) fn open(&self) -> Result<Box<dyn Read + Send>> {
        let Some(path) = &self.path else { return Ok(Box::new(io::stdin())) };
        let open = || {
            let file = File::open(path)?;
            // Some systems open a directory and fail at the first read, with a stranger message.
            if file.metadata()?.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            Ok(file)
        };
        match open() {
            Ok(file) => Ok(Box::new(file)),
            Err(cause) => Err(Error::Open { file: self.name(), cause }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_opened_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Input::new(folder.path().join("ไม่มี.csv")).open().err().unwrap();
        assert!(missing.to_string().contains("ไม่มี.csv`: cannot be opened: No such file"));
        let directory = Input::new(folder.path()).open().err().unwrap();
        assert!(directory.to_string().contains("directory"), "{directory}");
    }
}
