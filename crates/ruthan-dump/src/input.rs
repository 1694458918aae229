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

/// A file that has been opened.
pub(crate) struct Opened {
    pub(crate) read: Box<dyn Read + Send>,
    /// The same again, where it is not a stream.
    pub(crate) file: Option<File>,
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
    pub(crate) fn open(&self) -> Result<Opened> {
        let Some(path) = &self.path else {
            return Ok(Opened { read: Box::new(io::stdin()), file: None });
        };
        let open = || {
            let file = File::open(path)?;
            // Some systems open a directory and fail at the first read, with a stranger message.
            if file.metadata()?.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            // A second handle, where it is a file that can be read from its end.
            let seekable = if file.metadata()?.is_file() { Some(File::open(path)?) } else { None };
            Ok((file, seekable))
        };
        match open() {
            Ok((read, file)) => Ok(Opened { read: Box::new(read), file }),
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
