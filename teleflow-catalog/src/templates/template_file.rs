//! The content of a template file.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The folder of the template files, in the catalog's folder.
pub const FOLDER: &str = "templates";

/// A workflow as the server's worker reads it, and the layouts of its e-mails.
///
/// The keys are those of the server's documents. Ids are missing, because they differ between environments: a template
/// names its layout by the layout's identifier, in `layout`.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateFile {
    /// The trigger identifier.
    pub trigger: String,
    /// The name that the dashboard shows.
    pub name: String,
    /// Switched on. The server drops the events of a workflow that is not.
    pub active: bool,
    /// Subscribers cannot switch it off.
    pub critical: bool,
    /// The default preferences: whether each channel is switched on.
    pub preference_settings: Map<String, Value>,
    /// `tenant` and `actor`, if the server rejects events without them.
    pub reserved_variables: Vec<Value>,
    /// The steps with their templates and variants.
    pub steps: Vec<Map<String, Value>>,
    /// The layouts by identifier, without the identifier.
    pub layouts: BTreeMap<String, Map<String, Value>>,
}
