//! Where results go: a file that appears only when whole, or a stream.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};
use crate::input::Input;

const BUFFER: usize = 64 << 10;

/// A place to write to.
///
/// A file is written under another name in the same folder, and gets its own when
/// [finished](Output::finish), with its content safely on the disk; until then a file that was there
/// before stays as it is. Dropped unfinished, it leaves nothing behind. What is no regular file (a
/// pipe, a device) is written to directly.
pub struct Output {
    name: String,
    sink: BufWriter<Sink>,
}

/// What stands behind an output.
enum Sink {
    Staged {
        file: NamedTempFile,
        target: PathBuf,
    },
    /// A file under its own name from the beginning.
    Kept(File),
    Direct(Box<dyn Write + Send>),
}

impl Output {
    /// Begins a file; `-` is standard output.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if nothing can be written there.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        if path.as_os_str() == "-" {
            return Ok(Self::stdout());
        }
        let name = path.display().to_string();
        match Sink::create(path) {
            Ok(sink) => Ok(Self { name, sink: BufWriter::with_capacity(BUFFER, sink) }),
            Err(cause) => Err(Error::Write { file: name, cause }),
        }
    }

    /// Writes to standard output.
    pub fn stdout() -> Self {
        Self::to_writer(io::stdout(), "<stdout>")
    }

    /// Writes nowhere.
    pub fn sink() -> Self {
        Self::to_writer(io::sink(), "<nowhere>")
    }

    /// Writes to anything; `name` stands for the file in messages.
    pub fn to_writer(writer: impl Write + Send + 'static, name: impl Into<String>) -> Self {
        let sink = Sink::Direct(Box::new(writer));
        Self { name: name.into(), sink: BufWriter::with_capacity(BUFFER, sink) }
    }

    /// Returns the name for messages to people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Goes on with a file of which the first `length` bytes are kept, in its own name; it is made if it
    /// is not there and `length` is 0. Dropped unfinished, it stays.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] as the system says, and if the file is shorter.
    pub fn append(path: impl AsRef<Path>, length: u64) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let open = || {
            let file = File::options().create(true).truncate(false).write(true).open(path)?;
            if file.metadata()?.len() < length {
                let cause = "it is shorter than it was";
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, cause));
            }
            file.set_len(length)?;
            let mut file = file;
            file.seek(io::SeekFrom::End(0))?;
            Ok(file)
        };
        match open() {
            Ok(file) => {
                let sink = Sink::Kept(file);
                Ok(Self { name, sink: BufWriter::with_capacity(BUFFER, sink) })
            }
            Err(cause) => Err(Error::Write { file: name, cause }),
        }
    }

    /// Puts all that has been written on the disk, where that is a file.
    ///
    /// # Errors
    ///
    /// As the system says.
    pub fn sync(&mut self) -> io::Result<()> {
        self.sink.flush()?;
        match self.sink.get_ref() {
            Sink::Staged { file, .. } => file.as_file().sync_data(),
            Sink::Kept(file) => file.sync_data(),
            Sink::Direct(_) => Ok(()),
        }
    }

    /// Writes what is still held back, and gives the file its name.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] as the system says; [`Error::BrokenPipe`].
    pub fn finish(self) -> Result<()> {
        let Self { name, sink } = self;
        let finish = || match sink.into_inner().map_err(io::IntoInnerError::into_error)? {
            Sink::Staged { file, target } => publish(file, &target),
            Sink::Kept(file) => file.sync_all(),
            Sink::Direct(mut writer) => writer.flush(),
        };
        finish().map_err(|cause| Error::write(&name, cause))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sink.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Sink {
    fn create(path: &Path) -> io::Result<Self> {
        let existing = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            // Renaming would put a file in the place of a device.
            Ok(metadata) if !metadata.is_file() => {
                return Ok(Self::Direct(Box::new(File::options().write(true).open(path)?)));
            }
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        // Nor is a link to be replaced, but what it leads to.
        let target = if existing.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".ruthan-").suffix(".part");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As for any new file: the user's mask takes away what others may not do.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
        if let Some(metadata) = existing {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        Ok(Self::Staged { file, target })
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Staged { file, .. } => file.write(bytes),
            Self::Kept(file) => file.write(bytes),
            Self::Direct(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Staged { file, .. } => file.flush(),
            Self::Kept(file) => file.flush(),
            Self::Direct(writer) => writer.flush(),
        }
    }
}

/// Gives a file its name once its content is on the disk.
fn publish(file: NamedTempFile, target: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    // The name is on the disk once the folder is. Some systems cannot do that for a folder, and the
    // file is whole either way.
    #[cfg(unix)]
    if let Some(folder) = target.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// Refuses an output that is one of the inputs, under whatever name.
///
/// # Errors
///
/// [`Error::Overwrite`] if it is.
pub fn refuse_overwrite(output: impl AsRef<Path>, inputs: &[Input]) -> Result<()> {
    let output = output.as_ref();
    if output.as_os_str() == "-" {
        return Ok(());
    }
    // An output that does not exist yet is no input.
    let Ok(target) = fs::canonicalize(output) else { return Ok(()) };
    let same = |path: &Path| fs::canonicalize(path).is_ok_and(|path| path == target);
    if inputs.iter().filter_map(Input::path).any(same) {
        return Err(Error::Overwrite { file: output.display().to_string() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_appears_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ผล.csv");
        fs::write(&path, "old").unwrap();
        let mut output = Output::create(&path).unwrap();
        output.write_all("ใหม่".as_bytes()).unwrap();
        output.flush().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        output.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "ใหม่");
        assert_eq!(names(folder.path()), ["ผล.csv"]);
    }

    #[test]
    fn a_dropped_file_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut output = Output::create(folder.path().join("a.csv")).unwrap();
        output.write_all(&vec![b'x'; BUFFER * 2]).unwrap();
        drop(output);
        assert!(names(folder.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.csv"), folder.path().join("link.csv"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        Output::create(&link).unwrap().finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_and_stays() {
        use std::os::unix::fs::FileTypeExt;
        let mut output = Output::create("/dev/null").unwrap();
        output.write_all(b"x").unwrap();
        output.finish().unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Output::create(folder.path()).unwrap_err();
        assert!(directory.to_string().contains("cannot be written: is a directory"), "{directory}");
        let missing = Output::create(folder.path().join("ไม่มี/a.csv")).unwrap_err();
        assert!(missing.to_string().contains("ไม่มี/a.csv`: cannot be written"), "{missing}");
    }

    #[test]
    fn an_input_is_no_output() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let inputs = [Input::stdin(), Input::new(&path)];
        refuse_overwrite(&path, &inputs).unwrap();
        fs::write(&path, "text\n").unwrap();
        let roundabout = folder.path().join(".").join("a.csv");
        let error = refuse_overwrite(roundabout, &inputs).unwrap_err();
        assert!(matches!(error, Error::Overwrite { .. }));
        refuse_overwrite("-", &inputs).unwrap();
        refuse_overwrite(folder.path().join("b.csv"), &inputs).unwrap();
    }

    #[test]
    fn a_broken_pipe_is_told_apart() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut output = Output::to_writer(Closed, "<stdout>");
        output.write_all(b"x").unwrap();
        assert!(output.finish().unwrap_err().is_broken_pipe());
    }
}
