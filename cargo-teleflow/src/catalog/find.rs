//! Finds the catalog.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use teleflow_catalog::files::{Workflow, location};
use teleflow_catalog::templates::{self, TemplateFile};

use super::folder::Folder;
use crate::failure::Failure;

/// The catalog's folders, which need not exist.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) workflows: Folder<Workflow>,
    pub(crate) templates: Folder<TemplateFile>,
    /// The package of the current folder.
    pub(crate) package: Option<PathBuf>,
}

impl Catalog {
    /// Finds the catalog: the folder in `--catalog`, in the environment, the nearest one, or where `pull` creates it.
    pub(crate) fn find(argument: Option<&Path>) -> Result<Self, Failure> {
        let here = env::current_dir()
            .map_err(|error| Failure::Operation(format!("failed to find the current folder: {error}")))?;
        let variable = env::var_os(location::VARIABLE).filter(|folder| !folder.is_empty());
        let package = here.ancestors().find(|folder| folder.join("Cargo.toml").is_file()).map(Path::to_owned);
        let found = location::CatalogLocation::of(package.as_deref().unwrap_or(&here));
        let folder = match (argument, &package, &variable) {
            (Some(folder), ..) => here.join(folder),
            (None, None, Some(absolute)) if Path::new(absolute).is_absolute() => absolute.into(),
            (None, None, _) => {
                let message = "could not find `Cargo.toml` in the current folder or any parent; run the command in a package, \
                               or pass `--catalog <DIR>`";
                return Err(Failure::Usage(message.to_owned()));
            }
            (None, Some(_), variable) => found
                .catalog_or(variable.as_ref().map(OsString::as_os_str))
                .unwrap_or_else(|| found.root.join(location::NAME)),
        };
        let templates = Folder::new(folder.join(templates::FOLDER), found.clone());
        Ok(Self { workflows: Folder::new(folder, found), templates, package })
    }
}
