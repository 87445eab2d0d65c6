//! Seeds: what an emulator holds when it starts, read from a file.

use std::collections::BTreeMap;
use std::{error, fmt};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::definition::Definition;
use super::environment::{Environment, TenantOverride};
use super::store::{ApiKey, Database};

/// What an emulator holds when it starts: keys, workflows, tenants, subscribers, topics.
///
/// The form is that of `tests/conformance/seeds.json`, in which the recorded server's state was written down:
/// `apiKeys` is a list, everything else is listed under the name of its environment, and workflows are
/// the answers of `GET /v1/workflows/:id`. Unknown fields are ignored.
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
#[derive(Debug, Clone)]
pub struct Seeds(Database);

/// Why a text is no [`Seeds`]. It names the place.
///
/// ```
/// let error = teleflow_emulator::Seeds::from_json(r#"{ "apiKeys": [] }"#).unwrap_err();
/// assert_eq!(error.to_string(), "seeds: `apiKeys` is empty: no request could be answered");
/// ```
#[derive(Debug)]
pub struct SeedsError {
    what: String,
    source: Option<serde_json::Error>,
}

impl fmt::Display for SeedsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seeds: {}", self.what)
    }
}

impl error::Error for SeedsError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_ref().map(|source| source as &(dyn error::Error + 'static))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    api_keys: Vec<FileKey>,
    #[serde(default)]
    workflows: BTreeMap<String, Vec<Value>>,
    #[serde(default)]
    tenants: BTreeMap<String, Vec<Map<String, Value>>>,
    #[serde(default)]
    workflow_overrides: BTreeMap<String, Vec<FileOverride>>,
    #[serde(default)]
    subscribers: BTreeMap<String, Vec<Map<String, Value>>>,
    #[serde(default)]
    topics: BTreeMap<String, Vec<FileTopic>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileKey {
    key: String,
    environment: String,
    environment_id: String,
    organization_id: String,
    user_id: String,
}

#[derive(Deserialize)]
struct FileOverride {
    workflow: String,
    tenant: String,
    active: bool,
}

#[derive(Deserialize)]
struct FileTopic {
    key: String,
    #[serde(default)]
    subscribers: Vec<String>,
}

impl Seeds {
    /// Reads seeds from the text of a file.
    ///
    /// # Errors
    ///
    /// A [`SeedsError`] that names the place where the text is no JSON, a field is missing or has another type,
    /// there is no API key, or something is listed for an environment that no key belongs to.
    ///
    /// # Examples
    ///
    /// ```
    /// let error = teleflow_emulator::Seeds::from_json("{").unwrap_err();
    /// assert!(error.to_string().starts_with("seeds: "));
    /// ```
    pub fn from_json(text: &str) -> Result<Self, SeedsError> {
        let file: File = serde_json::from_str(text).map_err(|source| SeedsError {
            what: format!("not in the form of a seeds file: {source}"),
            source: Some(source),
        })?;
        let mut seeding = Seeding { database: Database::default(), ids: BTreeMap::new() };
        seeding.keys(file.api_keys)?;
        // In this order the server numbered them.
        for (environment, documents) in file.workflows {
            seeding.workflows(&environment, documents)?;
        }
        for (environment, tenants) in file.tenants {
            let target = seeding.environment("tenants", &environment)?;
            for tenant in tenants {
                let identifier = text_field("tenants", &environment, &tenant, "identifier")?;
                target.put_tenant(&identifier, &tenant);
            }
        }
        for (environment, overrides) in file.workflow_overrides {
            let target = seeding.environment("workflowOverrides", &environment)?;
            for FileOverride { workflow, tenant, active } in overrides {
                target.put_override(TenantOverride { workflow, tenant, active });
            }
        }
        for (environment, subscribers) in file.subscribers {
            let target = seeding.environment("subscribers", &environment)?;
            for subscriber in subscribers {
                let id = text_field("subscribers", &environment, &subscriber, "subscriberId")?;
                target.put_subscriber(&id, &subscriber);
            }
        }
        for (environment, topics) in file.topics {
            let target = seeding.environment("topics", &environment)?;
            for topic in topics {
                target.put_topic(&topic.key, topic.subscribers);
            }
        }
        Ok(Self(seeding.database))
    }

    pub(crate) fn into_world(self) -> Database {
        self.0
    }
}

/// A database in the making, and the ids of its environments by name.
struct Seeding {
    database: Database,
    ids: BTreeMap<String, String>,
}

impl Seeding {
    fn keys(&mut self, keys: Vec<FileKey>) -> Result<(), SeedsError> {
        if keys.is_empty() {
            return Err(wrong("`apiKeys` is empty: no request could be answered".to_owned()));
        }
        for FileKey { key, environment, environment_id, organization_id, user_id } in keys {
            match self.ids.insert(environment.clone(), environment_id.clone()) {
                None => self.database.environments.push(Environment::new(environment_id.clone())),
                Some(known) if known == environment_id => {}
                Some(_) => {
                    return Err(wrong(format!("`apiKeys`: environment `{environment}` has two different ids")));
                }
            }
            self.database.keys.push(ApiKey { key, user_id, environment_id, organization_id });
        }
        Ok(())
    }

    fn workflows(&mut self, name: &str, documents: Vec<Value>) -> Result<(), SeedsError> {
        let environment = self.environment("workflows", name)?;
        // Listed newest first.
        for (index, document) in documents.into_iter().enumerate().rev() {
            let workflow = Definition::new(document).map_err(|source| SeedsError {
                what: format!("`workflows.{name}[{index}]` is no workflow: {source}"),
                source: Some(source),
            })?;
            environment.put_workflow(workflow);
        }
        Ok(())
    }

    fn environment(&mut self, section: &str, name: &str) -> Result<&mut Environment, SeedsError> {
        let id = self.ids.get(name);
        id.and_then(|id| self.database.environment_mut(id))
            .ok_or_else(|| wrong(format!("`{section}.{name}`: no API key belongs to environment `{name}`")))
    }
}

fn text_field(
    section: &str,
    environment: &str,
    object: &Map<String, Value>,
    field: &str,
) -> Result<String, SeedsError> {
    let text = object.get(field).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| wrong(format!("`{section}.{environment}`: an entry has no text `{field}`")))
}

fn wrong(what: String) -> SeedsError {
    SeedsError { what, source: None }
}
