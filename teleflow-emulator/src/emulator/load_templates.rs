//! Adds the workflows and layouts of template files.

use std::path::Path;

use super::Emulator;
use crate::database::catalog_folder::LoadError;
use crate::database::template_files::TemplateFiles;

impl Emulator {
    /// Adds the workflows and layouts of the template files that `cargo teleflow pull --templates` has written to the
    /// folder `templates` of the catalog. They replace those with the same identifiers.
    ///
    /// Then the emulator renders what the server has. A relative path starts at the current folder: for tests, that is
    /// the folder of the package. Files with another extension than `.json` are ignored.
    ///
    /// # Errors
    ///
    /// Fails, and adds nothing, if the folder cannot be read or has no template files, if a file is not a template file,
    /// or if two files have different layouts with the same identifier. The error names the file.
    ///
    /// # Examples
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("teleflow-templates-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # std::fs::write(folder.join("welcome.json"), r#"{
    /// #     "active": true, "critical": false, "name": "Welcome", "trigger": "welcome", "version": 1,
    /// #     "steps": [{ "active": true, "template": { "type": "sms", "content": "Hello {{name}}" } }]
    /// # }"#)?;
    /// use teleflow_emulator::Emulator;
    ///
    /// let emulator = Emulator::new();
    /// # let _ = r#"
    /// emulator.load_templates(".teleflow/templates")?;
    /// # "#;
    /// # emulator.load_templates(&folder)?;
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load_templates(&self, folder: impl AsRef<Path>) -> Result<&Self, LoadError> {
        let files = TemplateFiles::read(folder.as_ref())?;
        let now = self.shared.clock.timestamp();
        Ok(self.add(|environment, organization_id| files.add_to(environment, organization_id, &now)))
    }
}
