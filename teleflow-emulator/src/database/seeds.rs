//! Seeds: the initial data of an emulator, read from a file.

use std::collections::BTreeMap;
use std::{error, fmt};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::definition::Definition;
use super::environment::{Environment, EnvironmentSettings, TenantOverride};
use super::integration::Integration;
use super::layout::Layout;
use super::message_template::MessageTemplate;
use super::preference::Preference;
use super::store::{ApiKey, Database};

/// The initial data of an emulator: API keys, workflows, tenants, subscribers, topics, and what messages are made with.
///
/// A JSON object with these sections. `apiKeys` is an array; each other section is an object that maps the name of an
/// environment to an array. The names of environments are those of the API keys. Unknown sections are refused; unknown
/// fields of an entry are ignored.
///
/// | section | entries |
/// | --- | --- |
/// | `apiKeys` | `{key, environment, environmentId, organizationId, userId}`. At least one; all other sections are optional |
/// | `workflows` | as `GET /v1/workflows/:id` returns them in `data`, the newest first |
/// | `tenants` | `{identifier, name?, data?}` |
/// | `workflowOverrides` | `{workflow, tenant, active, preferenceSettings?}`. `workflow` is a trigger identifier |
/// | `subscribers` | `{subscriberId, email?, phone?, firstName?, lastName?, locale?, avatar?, data?, channels?}` |
/// | `topics` | `{key, subscribers}`. `subscribers` is an array of subscriber ids |
/// | `integrations` | as `GET /v1/integrations` returns them, with `conditions` and plain `credentials`. Without the section, there is an active one for each channel |
/// | `layouts` | as `GET /v1/layouts` returns them |
/// | `messageTemplates` | the templates of variants by `_id` |
/// | `preferences` | `{subscriberId, workflow?, enabled?, channels?}`. `workflow` is a trigger identifier, `channels` maps `email`, `sms`, `push`, `chat` and `in_app` to booleans |
/// | `settings` | not an array, but an object: `{branding?: {logo, color}, dns?: {mxRecordConfigured, inboundParseDomain}}` |
/// | `note` | any value, which is ignored |
///
/// ```
/// use teleflow_emulator::{Emulator, Seeds};
///
/// let seeds = Seeds::from_json(r#"{
///     "apiKeys": [{ "key": "k", "environment": "dev", "environmentId": "e", "organizationId": "o", "userId": "u" }],
///     "subscribers": { "dev": [{ "subscriberId": "ada", "email": "ada@example.com" }] }
/// }"#)?;
/// let emulator = Emulator::from_seeds(seeds);
/// # Ok::<(), teleflow_emulator::SeedsError>(())
/// ```
#[derive(Clone)]
pub struct Seeds(Database);

/// Without the API keys and the data.
impl fmt::Debug for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seeds").field("keys", &self.0.keys.len()).finish_non_exhaustive()
    }
}

/// The error of [`Seeds::from_json`]. It names the invalid section or field.
///
/// ```
/// let error = teleflow_emulator::Seeds::from_json(r#"{ "apiKeys": [] }"#).unwrap_err();
/// assert_eq!(error.to_string(), "seeds: `apiKeys` is empty; add at least one API key");
/// ```
#[derive(Debug)]
pub struct SeedsError {
    message: String,
    source: Option<serde_json::Error>,
}

impl fmt::Display for SeedsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seeds: {}", self.message)
    }
}

impl error::Error for SeedsError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_ref().map(|source| source as &(dyn error::Error + 'static))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SeedsFile {
    #[serde(rename = "note", default)]
    _note: IgnoredAny,
    api_keys: Vec<KeyEntry>,
    #[serde(default)]
    workflows: BTreeMap<String, Vec<Value>>,
    #[serde(default)]
    tenants: BTreeMap<String, Vec<Map<String, Value>>>,
    #[serde(default)]
    workflow_overrides: BTreeMap<String, Vec<OverrideEntry>>,
    #[serde(default)]
    subscribers: BTreeMap<String, Vec<Map<String, Value>>>,
    #[serde(default)]
    topics: BTreeMap<String, Vec<TopicEntry>>,
    #[serde(default)]
    integrations: BTreeMap<String, Vec<Integration>>,
    #[serde(default)]
    layouts: BTreeMap<String, Vec<Layout>>,
    #[serde(default)]
    message_templates: BTreeMap<String, Vec<TemplateEntry>>,
    #[serde(default)]
    preferences: BTreeMap<String, Vec<Preference>>,
    #[serde(default)]
    settings: BTreeMap<String, EnvironmentSettings>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyEntry {
    key: String,
    environment: String,
    environment_id: String,
    organization_id: String,
    user_id: String,
}

#[derive(Deserialize)]
struct OverrideEntry {
    workflow: String,
    tenant: String,
    active: bool,
    #[serde(rename = "preferenceSettings", default)]
    preference_settings: Value,
}

#[derive(Deserialize)]
struct TemplateEntry {
    #[serde(rename = "_id")]
    id: String,
    #[serde(flatten)]
    template: MessageTemplate,
}

#[derive(Deserialize)]
struct TopicEntry {
    key: String,
    #[serde(default)]
    subscribers: Vec<String>,
}

impl Seeds {
    /// Reads seeds from JSON.
    ///
    /// # Errors
    ///
    /// Returns a [`SeedsError`] if the text is not valid JSON, a section, channel or step type is unknown, a field is missing
    /// or has the wrong type, there is no API key, or a section has an environment without an API key.
    ///
    /// # Examples
    ///
    /// ```
    /// let error = teleflow_emulator::Seeds::from_json("{").unwrap_err();
    /// assert!(error.to_string().starts_with("seeds: "));
    /// ```
    pub fn from_json(text: &str) -> Result<Self, SeedsError> {
        let file: SeedsFile = serde_json::from_str(text)
            .map_err(|source| SeedsError { message: format!("not a seeds file: {source}"), source: Some(source) })?;
        let mut builder = Builder { database: Database::default(), ids: BTreeMap::new() };
        builder.keys(file.api_keys)?;
        // The server assigned its ids in this order.
        for (environment, documents) in file.workflows {
            builder.workflows(&environment, documents)?;
        }
        for (environment, tenants) in file.tenants {
            let target = builder.environment("tenants", &environment)?;
            for tenant in tenants {
                let identifier = string_field("tenants", &environment, &tenant, "identifier")?;
                target.put_tenant(&identifier, &tenant);
            }
        }
        for (environment, overrides) in file.workflow_overrides {
            let target = builder.environment("workflowOverrides", &environment)?;
            for OverrideEntry { workflow, tenant, active, preference_settings } in overrides {
                target.put_override(TenantOverride { workflow, tenant, active, preference_settings });
            }
        }
        for (environment, subscribers) in file.subscribers {
            let target = builder.environment("subscribers", &environment)?;
            for subscriber in subscribers {
                let id = string_field("subscribers", &environment, &subscriber, "subscriberId")?;
                target.put_subscriber(&id, &subscriber);
            }
        }
        for (environment, topics) in file.topics {
            let target = builder.environment("topics", &environment)?;
            for topic in topics {
                target.put_topic(&topic.key, topic.subscribers);
            }
        }
        for (environment, integrations) in file.integrations {
            builder.environment("integrations", &environment)?.integrations = integrations;
        }
        for (environment, layouts) in file.layouts {
            builder.environment("layouts", &environment)?.layouts = layouts;
        }
        for (environment, templates) in file.message_templates {
            let target = builder.environment("messageTemplates", &environment)?;
            target.message_templates = templates.into_iter().map(|entry| (entry.id, entry.template)).collect();
        }
        for (environment, preferences) in file.preferences {
            builder.environment("preferences", &environment)?.preferences = preferences;
        }
        for (environment, settings) in file.settings {
            builder.environment("settings", &environment)?.settings = settings;
        }
        Ok(Self(builder.database))
    }

    pub(crate) fn into_database(self) -> Database {
        self.0
    }
}

/// A database that is being filled, and the ids of its environments by name.
struct Builder {
    database: Database,
    ids: BTreeMap<String, String>,
}

impl Builder {
    fn keys(&mut self, keys: Vec<KeyEntry>) -> Result<(), SeedsError> {
        if keys.is_empty() {
            return Err(error("`apiKeys` is empty; add at least one API key".to_owned()));
        }
        for KeyEntry { key, environment, environment_id, organization_id, user_id } in keys {
            match self.ids.insert(environment.clone(), environment_id.clone()) {
                None => self.database.environments.push(Environment::new(environment_id.clone())),
                Some(id) if id == environment_id => {}
                Some(_) => {
                    return Err(error(format!(
                        "`apiKeys`: environment `{environment}` has two different values of `environmentId`"
                    )));
                }
            }
            self.database.keys.push(ApiKey { key, user_id, environment_id, organization_id });
        }
        Ok(())
    }

    fn workflows(&mut self, name: &str, documents: Vec<Value>) -> Result<(), SeedsError> {
        let environment = self.environment("workflows", name)?;
        // The file lists the newest workflow first.
        for (index, document) in documents.into_iter().enumerate().rev() {
            let workflow = Definition::new(document).map_err(|source| SeedsError {
                message: format!("`workflows.{name}[{index}]` is not a workflow: {source}"),
                source: Some(source),
            })?;
            environment.put_workflow(workflow);
        }
        Ok(())
    }

    fn environment(&mut self, section: &str, name: &str) -> Result<&mut Environment, SeedsError> {
        let id = self.ids.get(name);
        id.and_then(|id| self.database.environment_mut(id))
            .ok_or_else(|| error(format!("`{section}.{name}`: environment `{name}` has no API key in `apiKeys`")))
    }
}

fn string_field(
    section: &str,
    environment: &str,
    object: &Map<String, Value>,
    field: &str,
) -> Result<String, SeedsError> {
    let text = object.get(field).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| error(format!("`{section}.{environment}`: an entry has no string `{field}`")))
}

fn error(message: String) -> SeedsError {
    SeedsError { message, source: None }
}
