//! Adds the workflows of a catalog.

use std::path::Path;

use super::Emulator;
use crate::database::catalog_folder::LoadError;
use crate::database::workflow_files::WorkflowFiles;

impl Emulator {
    /// Adds the workflows of the workflow files that `cargo teleflow pull` has written. Then the emulator refuses, as the
    /// server does, events of other workflows, and events that lack a required variable, actor or tenant.
    ///
    /// The workflows have no templates: each sends an empty in-app message, after its scheduled delays.
    /// [`load_templates`](Self::load_templates) adds the templates, before or after: a workflow that the emulator has
    /// already stays as it is. With [`accept_unknown_workflows`](Self::accept_unknown_workflows) the emulator also
    /// accepts other workflows.
    ///
    /// Of a JSON Schema, the emulator checks only that the required variables exist and are not `null`. A relative path
    /// starts at the current folder: for tests, that is the folder of the package. Files with another extension than
    /// `.json` are ignored.
    ///
    /// # Errors
    ///
    /// Fails, and adds nothing, if the folder cannot be read or has no workflow files, or if a file is not a workflow
    /// file. The error names the file.
    ///
    /// # Examples
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("teleflow-catalog-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # std::fs::write(folder.join("welcome.json"), r#"{
    /// #     "active": true, "format": 1, "name": "Welcome", "trigger": "welcome", "variables": {}
    /// # }"#)?;
    /// use teleflow_emulator::Emulator;
    ///
    /// let emulator = Emulator::new();
    /// # let _ = r#"
    /// emulator.load_catalog(".teleflow")?;
    /// # "#;
    /// # emulator.load_catalog(&folder)?;
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load_catalog(&self, folder: impl AsRef<Path>) -> Result<&Self, LoadError> {
        let files = WorkflowFiles::read(folder.as_ref())?;
        let now = self.shared.clock.timestamp();
        Ok(self.add(|environment, organization_id| files.add_to(environment, organization_id, &now)))
    }
}
