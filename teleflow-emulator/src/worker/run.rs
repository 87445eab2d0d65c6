//! The worker takes jobs from the queue and makes notifications.
//!
//! Source: `trigger-event.usecase.ts` of the server and what it calls, in the same order.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use teleflow_catalog::server_facts::ReservedKey;

use super::history::History;
use super::job::Job;
use super::notification::Notification;
use super::recipients::{self, Expansion, Recipient};
use super::steps;
use crate::database::environment::Environment;
use crate::database::store::Database;
use crate::js;
use crate::validation::subscriber::subscriber_fields;

/// The result of one job.
///
/// ```
/// use teleflow::{Client, Event, Topic};
/// use teleflow_emulator::{Emulator, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("welcome"));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("welcome", serde_json::json!({})).to(Topic::new("no-such-topic")).send(&client).await?;
///
/// let processed = emulator.run_worker();
/// assert_eq!(processed[0].error(), Some("Topic with key no-such-topic not found in current environment"));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct ProcessedJob {
    job: Arc<Job>,
    /// The recipients after topics were expanded.
    recipients: Vec<Recipient>,
    subscriber_ids: Vec<String>,
    refused: Vec<RefusedRecipient>,
    /// The actor and the tenant, as the worker adds them to each recipient's task.
    context: Map<String, Value>,
    error: Option<String>,
}

impl ProcessedJob {
    /// The job.
    #[must_use]
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The error that stopped the job, if there was one. The server does not report it to the caller of the API.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The ids of the notified subscribers, in order. An unknown topic stops the job after the recipients that are not
    /// topics.
    pub fn subscriber_ids(&self) -> impl Iterator<Item = String> {
        self.subscriber_ids.iter().cloned()
    }

    /// The recipients that the worker refused. They have no [`Notification`](crate::Notification); the other recipients
    /// of the event do.
    ///
    /// The server validates recipients after it has responded, so the sender gets a receipt anyway. A test should
    /// assert that this list is empty.
    ///
    /// ```
    /// use teleflow_emulator::{Emulator, Workflow};
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    /// # runtime.block_on(async {
    /// let emulator = Emulator::new();
    /// emulator.workflow(Workflow::new("welcome"));
    /// let to = r#"["grace", {"subscriberId": "ada", "email": "ada@localhost", "locale": "english"}]"#;
    /// let request = http::Request::post("/v1/events/trigger")
    ///     .header("authorization", "ApiKey test-key")
    ///     .header("content-type", "application/json")
    ///     .body(format!(r#"{{"name": "welcome", "to": {to}}}"#).into())?;
    /// assert_eq!(emulator.answer(request).await.status(), 201);
    ///
    /// let [processed] = &emulator.run_worker()[..] else { panic!("expected one job") };
    /// assert_eq!(processed.subscriber_ids().collect::<Vec<_>>(), ["grace"]);
    /// assert_eq!(processed.refused()[0].subscriber_id(), "ada");
    /// assert_eq!(processed.refused()[0].reasons(), ["email must be an email", "locale must be locale"]);
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn refused(&self) -> &[RefusedRecipient] {
        &self.refused
    }

    /// The job in the format of the conformance recordings.
    pub(crate) fn to_json(&self) -> Value {
        let subscriber_jobs: Vec<Value> =
            self.recipients.iter().map(|recipient| self.subscriber_job(recipient)).collect();
        match &self.error {
            None => json!({ "name": self.job.transaction_id(), "ok": true, "subscriberJobs": subscriber_jobs }),
            Some(error) => {
                json!({ "name": self.job.transaction_id(), "error": error, "subscriberJobs": subscriber_jobs })
            }
        }
    }

    fn subscriber_job(&self, recipient: &Recipient) -> Value {
        let ids = ["_id", "subscriberId", "id"].into_iter();
        let subscriber: Map<String, Value> =
            ids.filter_map(|name| Some((name.to_owned(), recipient.subscriber.get(name)?.clone()))).collect();
        let mut fields = Map::new();
        fields.insert("name".to_owned(), format!("{}{}", self.job.transaction_id(), recipient.id_text()).into());
        fields.insert("subscriber".to_owned(), subscriber.into());
        fields.insert("source".to_owned(), recipient.source.into());
        fields.extend(self.context.clone());
        fields.into()
    }
}

/// A recipient that the worker refused, and the reasons.
///
/// [`ProcessedJob::refused`] lists them.
///
/// ```
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// # let emulator = teleflow_emulator::Emulator::new();
/// # emulator.workflow(teleflow_emulator::Workflow::new("welcome"));
/// # let request = http::Request::post("/v1/events/trigger")
/// #     .header("authorization", "ApiKey test-key")
/// #     .header("content-type", "application/json")
/// #     .body(r#"{"name": "welcome", "to": {"subscriberId": "ada", "email": ""}}"#.into())?;
/// # emulator.answer(request).await;
/// for processed in emulator.run_worker() {
///     for refused in processed.refused() {
///         eprintln!("{} was refused: {}", refused.subscriber_id(), refused.reasons().join(", "));
///     }
/// }
/// # Ok::<(), http::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRecipient {
    subscriber_id: String,
    reasons: Vec<String>,
}

impl RefusedRecipient {
    /// The subscriber id of the recipient.
    #[must_use]
    pub fn subscriber_id(&self) -> &str {
        &self.subscriber_id
    }

    /// The messages of the server's validator, one for each invalid field: `email must be an email`.
    #[must_use]
    pub fn reasons(&self) -> &[String] {
        &self.reasons
    }
}

/// Processes the jobs one after the other: of two jobs with the same transaction id the second one is dropped.
///
/// `now` is the time since 1970.
pub(crate) fn run(database: &mut Database, history: &mut History, jobs: Vec<Job>, now: Duration) -> Vec<ProcessedJob> {
    steps::resume(history, now);
    let process = |job| {
        let mut processed = expand(database, history, job);
        notify(database, history, &mut processed, now);
        processed
    };
    jobs.into_iter().map(process).collect()
}

/// Processes the jobs as parallel workers would: no worker sees the notifications that the others are making.
pub(crate) fn run_in_parallel(
    database: &mut Database,
    history: &mut History,
    jobs: Vec<Job>,
    now: Duration,
) -> Vec<ProcessedJob> {
    steps::resume(history, now);
    let mut processed: Vec<ProcessedJob> = jobs.into_iter().map(|job| expand(database, history, job)).collect();
    processed.iter_mut().for_each(|job| notify(database, history, job, now));
    processed
}

fn expand(database: &mut Database, history: &History, job: Job) -> ProcessedJob {
    let mut context = Map::new();
    let expansion = recipients_of(database, history, &job, &mut context)
        .unwrap_or_else(|error| Expansion { recipients: Vec::new(), error: Some(error.to_owned()) });
    ProcessedJob {
        job: Arc::new(job),
        recipients: expansion.recipients,
        subscriber_ids: Vec::new(),
        refused: Vec::new(),
        context,
        error: expansion.error,
    }
}

const NOT_UNIQUE: &str =
    "transactionId property is not unique, please make sure all triggers have a unique transactionId";

fn recipients_of(
    database: &mut Database,
    history: &History,
    job: &Job,
    context: &mut Map<String, Value>,
) -> Result<Expansion, &'static str> {
    // Only the worker checks for duplicates, so the API accepts every duplicate.
    if history.has_transaction(job.environment_id(), job.transaction_id()) {
        return Err(NOT_UNIQUE);
    }
    let environment = database.environment_mut(job.environment_id()).ok_or("Environment not found")?;
    if let Some(tenant) = js::if_truthy(job.tenant()) {
        match update_tenant(environment, tenant) {
            Some(tenant) => drop(context.insert("tenant".to_owned(), tenant)),
            None => return Ok(Expansion::default()),
        }
    }
    let mut actor_id = None;
    if let Some(actor) = js::if_truthy(job.actor()) {
        let id = upsert_subscriber(environment, actor).ok_or("Bad Request Exception")?;
        context.insert("actor".to_owned(), json!({ "subscriberId": id }));
        actor_id = Some(id);
    }
    Ok(match job.to() {
        Some(to) => recipients::expand(environment, to, actor_id.as_deref()),
        None => Expansion { recipients: recipients::all_subscribers(environment), error: None },
    })
}

/// Updates the name and data of the tenant. `None` if the tenant was deleted after the event was accepted.
fn update_tenant(environment: &mut Environment, tenant: &Value) -> Option<Value> {
    let identifier = tenant.as_str().or_else(|| tenant.get("identifier")?.as_str())?;
    environment.tenants.get(identifier)?;
    if let Value::Object(fields) = tenant {
        let stored = ["name", "data"].into_iter();
        let changed = stored.filter_map(|name| Some((name.to_owned(), fields.get(name)?.clone()))).collect();
        environment.put_tenant(identifier, &changed);
    }
    let tenant = environment.tenants.get(identifier)?;
    let mut summary = json!({ "identifier": identifier });
    if let (Some(summary), Some(name)) = (summary.as_object_mut(), tenant.get("name")) {
        summary.insert("name".to_owned(), name.clone());
    }
    Some(summary)
}

/// Creates or updates the subscriber of an actor. `None` if a field is invalid.
fn upsert_subscriber(environment: &mut Environment, subscriber: &Value) -> Option<String> {
    let fields = match subscriber {
        Value::String(_) => Map::from_iter([("subscriberId".to_owned(), subscriber.clone())]),
        Value::Object(fields) => fields.clone(),
        _ => return None,
    };
    let id = validate_recipient(&fields).ok()?;
    environment.put_subscriber(&id, &fields);
    Some(id)
}

/// The subscriber id under which a recipient is stored, or the messages about its invalid fields.
///
/// Source: `create-subscriber.command.ts` of the server, which converts the id to a string and trims it.
fn validate_recipient(subscriber: &Map<String, Value>) -> Result<String, Vec<String>> {
    let mut reasons = Vec::new();
    let id = match subscriber.get("subscriberId") {
        Some(Value::String(id)) => js::trim(id).to_owned(),
        Some(Value::Number(id)) => id.to_string(),
        Some(Value::Bool(id)) => id.to_string(),
        _ => {
            reasons.push("subscriberId must be a string".to_owned());
            String::new()
        }
    };
    if id.is_empty() && reasons.is_empty() {
        reasons.push("subscriberId should not be empty".to_owned());
    }
    reasons.extend(subscriber_fields(&subscriber.clone().into(), ""));
    if reasons.is_empty() { Ok(id) } else { Err(reasons) }
}

/// The first key in `values` that the worker's database cannot store.
fn unstorable_key<'a>(values: impl IntoIterator<Item = Option<&'a Value>>) -> Option<&'a str> {
    values.into_iter().flatten().find_map(|value| js::reserved_key(value, ReservedKey::LosesEvent))
}

/// Makes the notifications. An unknown recipient becomes a subscriber.
fn notify(database: &mut Database, history: &mut History, processed: &mut ProcessedJob, now: Duration) {
    let job = Arc::clone(&processed.job);
    let Some(environment) = database.environment_mut(job.environment_id()) else {
        return;
    };
    let Some(workflow) = environment.workflow(job.trigger()).cloned() else {
        return;
    };
    if processed.recipients.is_empty() {
        return;
    }
    if let Some(key) = unstorable_key([Some(job.payload()), job.to(), job.actor()]) {
        processed.error = Some(format!("the worker cannot store the key {key:?}, and loses the event"));
        return;
    }
    let has_steps = unstorable_key([Some(job.overrides()), job.tenant()]).is_none();
    for recipient in &processed.recipients {
        let subscriber_id = match validate_recipient(&recipient.subscriber) {
            Ok(id) => id,
            Err(reasons) => {
                processed.refused.push(RefusedRecipient { subscriber_id: recipient.id_text(), reasons });
                continue;
            }
        };
        if recipient.source != "broadcast" {
            let mut fields = recipient.subscriber.clone();
            fields.shift_remove("type");
            environment.put_subscriber(&subscriber_id, &fields);
        }
        let steps = if has_steps { steps::pending(&workflow, environment) } else { Vec::new() };
        if let Some(step) = steps::invalid_delay(&workflow, &steps, &job, now) {
            let path = step.delay_path().unwrap_or_default();
            processed.error =
                Some(format!("the delay of a step is not a number: there is no valid date at path {path}"));
            return;
        }
        processed.subscriber_ids.push(subscriber_id.clone());
        let (id, job, workflow) = (environment.next_id(), Arc::clone(&job), Arc::clone(&workflow));
        steps::start(history, Notification { id, job, subscriber_id, created: now, workflow, steps });
    }
}
