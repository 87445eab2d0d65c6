//! Updates one folder of the catalog with the files of the server's workflows.

use std::collections::{BTreeMap, BTreeSet};

use teleflow_catalog::files::{file_name, location};

use crate::catalog::{CatalogFile, Entry, Folder};
use crate::failure::Failure;
use crate::output::{print, sanitize, warn};
use crate::remote::Listing;

/// An update of a folder, and what it has done so far.
pub(crate) struct Update<'a, F> {
    folder: &'a Folder<F>,
    before: BTreeMap<String, Entry<F>>,
    /// A line for each file that was written, by trigger identifier.
    lines: BTreeMap<String, String>,
    added: usize,
    changed: usize,
    unchanged: usize,
    removed: usize,
    /// Files whose workflow is no longer on the server.
    gone: usize,
}

impl<'a, F: CatalogFile> Update<'a, F> {
    /// Reads the folder.
    pub(crate) fn new(folder: &'a Folder<F>) -> Result<Self, Failure> {
        let before = folder.read()?;
        Ok(Self { folder, before, lines: BTreeMap::new(), added: 0, changed: 0, unchanged: 0, removed: 0, gone: 0 })
    }

    /// Removes the files whose workflow is no longer on the server, or prints their names.
    pub(crate) fn prune(&mut self, listing: &Listing, prune: bool) -> Result<(), Failure> {
        let current: BTreeSet<String> = listing.triggers.iter().map(|trigger| file_name(trigger)).collect();
        for (file, entry) in self.before.iter().filter(|(file, _)| !current.contains(*file)) {
            let path = self.folder.display_path(file);
            match &entry.content {
                Err(malformed) => warn(&self.folder.foreign(file, entry, malformed)),
                // The workflow may be missing from an incomplete list.
                Ok(_) if listing.incomplete.is_some() => {}
                Ok(content) if prune => {
                    self.folder.remove(file)?;
                    print(&format!("removed {} ({path})\n", sanitize(content.trigger())))?;
                    self.removed += 1;
                }
                Ok(content) => {
                    let trigger = sanitize(content.trigger());
                    print(&format!("gone    {trigger} ({path}); run `{} --prune` to remove it\n", F::PULL))?;
                    self.gone += 1;
                }
            }
        }
        Ok(())
    }

    /// Writes the file of a workflow if it differs. Returns a warning if the file would be too large.
    pub(crate) fn write(&mut self, content: &F) -> Result<Option<String>, Failure> {
        let trigger = content.trigger();
        let (file, text) = (file_name(trigger), content.to_text());
        if u64::try_from(text.len()).is_ok_and(|length| length > location::LARGEST) {
            let (trigger, name) = (sanitize(trigger), F::NAME);
            return Ok(Some(format!("skipping workflow `{trigger}`: its {name} would be larger than 8 MiB")));
        }
        let verb = match self.before.get(&file) {
            Some(entry) if is_same(&entry.bytes, &text) => {
                self.unchanged += 1;
                return Ok(None);
            }
            Some(_) => "changed",
            None => "added  ",
        };
        self.folder.write(&file, &text)?;
        *if self.before.contains_key(&file) { &mut self.changed } else { &mut self.added } += 1;
        let line = format!("{verb} {} ({})\n", sanitize(trigger), self.folder.display_path(&file));
        self.lines.insert(trigger.to_owned(), line);
        Ok(None)
    }

    /// A line for each file that was written.
    pub(crate) fn lines(&self) -> String {
        self.lines.values().map(String::as_str).collect()
    }

    /// "1 added, 0 changed, 3 unchanged".
    pub(crate) fn counts(&self) -> String {
        let mut counts = format!("{} added, {} changed, {} unchanged", self.added, self.changed, self.unchanged);
        for (number, word) in [(self.removed, "removed"), (self.gone, "gone from the server")] {
            if number > 0 {
                counts += &format!(", {number} {word}");
            }
        }
        counts
    }
}

/// Compares a file without carriage returns, which version control may add.
fn is_same(bytes: &[u8], text: &str) -> bool {
    bytes.iter().filter(|byte| **byte != b'\r').eq(text.as_bytes())
}
