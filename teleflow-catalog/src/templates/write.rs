//! Serializes a template file: with sorted keys and contents as lines, for readable diffs.

use serde_json::{Map, Value};

use super::lines::{split, split_fields};
use super::template_file::TemplateFile;

/// The version of the file format.
pub(super) const VERSION: u64 = 1;

impl TemplateFile {
    /// Serializes the template file.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut file = Map::new();
        file.insert("active".to_owned(), self.active.into());
        file.insert("critical".to_owned(), self.critical.into());
        if !self.layouts.is_empty() {
            let layouts = self.layouts.iter().map(|(identifier, layout)| {
                let mut layout = layout.clone();
                layout.insert("identifier".to_owned(), identifier.as_str().into());
                Value::Object(split_fields(&layout))
            });
            file.insert("layouts".to_owned(), layouts.collect());
        }
        file.insert("name".to_owned(), self.name.as_str().into());
        if !self.preference_settings.is_empty() {
            file.insert("preferenceSettings".to_owned(), Value::Object(split_fields(&self.preference_settings)));
        }
        if !self.reserved_variables.is_empty() {
            file.insert("reservedVariables".to_owned(), self.reserved_variables.iter().map(split).collect());
        }
        file.insert("steps".to_owned(), self.steps.iter().map(|step| Value::Object(split_fields(step))).collect());
        file.insert("trigger".to_owned(), self.trigger.as_str().into());
        file.insert("version".to_owned(), VERSION.into());
        format!("{:#}\n", Value::Object(file))
    }
}
