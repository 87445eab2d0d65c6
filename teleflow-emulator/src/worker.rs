//! The worker: takes events out of the queue and makes notifications of them.
//!
//! Source: `trigger-event.usecase.ts` of the server and what it calls. The steps stand in its order.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use teleflow_catalog::server_facts::ReservedKey;

use crate::history::Notification;
use crate::job::Job;
use crate::recipients::{self, Expansion, Recipient};
use crate::state::State;
use crate::world::Environment;
use crate::{js, steps, validate};

/// What the worker did with one event.
///
/// ```
/// use teleflow::{Client, Event, Topic};
/// use teleflow_emulator::{Emulator, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("welcome"));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("welcome", serde_json::json!({})).to(Topic::new("nobody-knows-it")).send(&client).await?;
///
/// let done = emulator.run_worker();
/// assert_eq!(done[0].error(), Some("Topic with key nobody-knows-it not found in current environment"));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Work {
    job: Arc<Job>,
    /// Those for whom the worker made a task of its own.
    reached: Vec<Recipient>,
    notified: Vec<String>,
    refused: Vec<RefusedRecipient>,
    /// The actor and the tenant as the worker hands them on.
    context: Map<String, Value>,
    error: Option<String>,
}

impl Work {
    /// The event.
    #[must_use]
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// Why it went no further. The caller of the API never hears of it.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The ids of the subscribers who are notified, in order. An unknown topic ends the work after those who were
    /// named singly.
    pub fn subscriber_ids(&self) -> impl Iterator<Item = String> {
        self.notified.iter().cloned()
    }

    /// The recipients that the worker refuses: they get nothing, and there is no [`Notification`](crate::Notification) for them. The other
    /// recipients of the event are notified.
    ///
    /// The server validates recipients after it has answered, so that the sender gets a receipt. A test does well to
    /// assert that there are none.
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
    /// let [work] = &emulator.run_worker()[..] else { panic!("one event") };
    /// assert_eq!(work.subscriber_ids().collect::<Vec<_>>(), ["grace"]);
    /// assert_eq!(work.refused()[0].subscriber_id(), "ada");
    /// assert_eq!(work.refused()[0].reasons(), ["email must be an email", "locale must be locale"]);
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn refused(&self) -> &[RefusedRecipient] {
        &self.refused
    }

    /// As the recorded test bench wrote it down.
    pub(crate) fn to_json(&self) -> Value {
        let subscriber_jobs: Vec<Value> = self.reached.iter().map(|recipient| self.subscriber_job(recipient)).collect();
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

/// A recipient that the worker refuses, and why.
///
/// [`Work::refused`] lists them.
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
/// for work in emulator.run_worker() {
///     for refused in work.refused() {
///         eprintln!("{} gets nothing: {}", refused.subscriber_id(), refused.reasons().join(", "));
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

    /// Which of its fields are wrong, in the words of the server's validator: `email must be an email`.
    #[must_use]
    pub fn reasons(&self) -> &[String] {
        &self.reasons
    }
}

/// Works the queue off, one event after the other: of two with the same transaction id the second is dropped. `now`
/// counts from 1970.
pub(crate) fn run(state: &mut State, now: Duration) -> Vec<Work> {
    steps::resume(&mut state.history, now);
    let jobs = std::mem::take(&mut state.queue);
    let work = |job| {
        let mut work = expand(state, job);
        notify(state, &mut work, now);
        work
    };
    jobs.into_iter().map(work).collect()
}

/// Works the queue off as many workers would at the same moment, none of which sees what the others are making.
pub(crate) fn run_at_once(state: &mut State, now: Duration) -> Vec<Work> {
    steps::resume(&mut state.history, now);
    let jobs = std::mem::take(&mut state.queue);
    let mut works: Vec<Work> = jobs.into_iter().map(|job| expand(state, job)).collect();
    works.iter_mut().for_each(|work| notify(state, work, now));
    works
}

fn expand(state: &mut State, job: Job) -> Work {
    let mut context = Map::new();
    let expansion = recipients_of(state, &job, &mut context)
        .unwrap_or_else(|error| Expansion { recipients: Vec::new(), error: Some(error.to_owned()) });
    Work {
        job: Arc::new(job),
        reached: expansion.recipients,
        notified: Vec::new(),
        refused: Vec::new(),
        context,
        error: expansion.error,
    }
}

const NOT_UNIQUE: &str =
    "transactionId property is not unique, please make sure all triggers have a unique transactionId";

fn recipients_of(state: &mut State, job: &Job, context: &mut Map<String, Value>) -> Result<Expansion, &'static str> {
    // The guard against repeats looks for what the worker has made, so the API lets every repeat pass.
    if state.history.knows(job.environment_id(), job.transaction_id()) {
        return Err(NOT_UNIQUE);
    }
    let environment = state.world.environment_mut(job.environment_id()).ok_or("Environment not found")?;
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
        None => Expansion { recipients: recipients::everybody(environment), error: None },
    })
}

/// The tenant after its name and data were brought up to date. `None` if it has gone since the event was accepted.
fn update_tenant(environment: &mut Environment, tenant: &Value) -> Option<Value> {
    let identifier = tenant.as_str().or_else(|| tenant.get("identifier")?.as_str())?;
    environment.tenants.get(identifier)?;
    if let Value::Object(fields) = tenant {
        let stored = ["name", "data"].into_iter();
        let changed = stored.filter_map(|name| Some((name.to_owned(), fields.get(name)?.clone()))).collect();
        environment.put_tenant(identifier, &changed);
    }
    let tenant = environment.tenants.get(identifier)?;
    let mut shown = json!({ "identifier": identifier });
    if let (Some(shown), Some(name)) = (shown.as_object_mut(), tenant.get("name")) {
        shown.insert("name".to_owned(), name.clone());
    }
    Some(shown)
}

/// Creates or updates the subscriber that an actor names. `None` if its fields are wrong.
fn upsert_subscriber(environment: &mut Environment, subscriber: &Value) -> Option<String> {
    let fields = match subscriber {
        Value::String(_) => Map::from_iter([("subscriberId".to_owned(), subscriber.clone())]),
        Value::Object(fields) => fields.clone(),
        _ => return None,
    };
    let id = accept(&fields).ok()?;
    environment.put_subscriber(&id, &fields);
    Some(id)
}

/// The subscriber id under which a recipient is stored, or what is wrong with its fields.
///
/// Source: `create-subscriber.command.ts` of the server: the id is made a text and trimmed.
fn accept(subscriber: &Map<String, Value>) -> Result<String, Vec<String>> {
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
    reasons.extend(validate::subscriber_fields(&subscriber.clone().into(), ""));
    if reasons.is_empty() { Ok(id) } else { Err(reasons) }
}

/// The first key in these that the worker's database cannot store.
fn unstorable<'a>(values: impl IntoIterator<Item = Option<&'a Value>>) -> Option<&'a str> {
    values.into_iter().flatten().find_map(|value| js::reserved_key(value, ReservedKey::LosesEvent))
}

/// Makes the notifications. A recipient that is not known becomes a subscriber.
fn notify(state: &mut State, work: &mut Work, now: Duration) {
    let job = Arc::clone(&work.job);
    let Some(environment) = state.world.environment_mut(job.environment_id()) else {
        return;
    };
    let Some(workflow) = environment.workflow(job.trigger()).cloned() else {
        return;
    };
    if work.reached.is_empty() {
        return;
    }
    if let Some(key) = unstorable([Some(job.payload()), job.to(), job.actor()]) {
        work.error = Some(format!("the worker cannot store the key {key:?}, and loses the event"));
        return;
    }
    let has_steps = unstorable([Some(job.overrides()), job.tenant()]).is_none();
    for recipient in &work.reached {
        let subscriber_id = match accept(&recipient.subscriber) {
            Ok(id) => id,
            Err(reasons) => {
                work.refused.push(RefusedRecipient { subscriber_id: recipient.id_text(), reasons });
                continue;
            }
        };
        if recipient.source != "broadcast" {
            let mut fields = recipient.subscriber.clone();
            fields.shift_remove("type");
            environment.put_subscriber(&subscriber_id, &fields);
        }
        let rows = if has_steps { steps::rows(&workflow, environment) } else { Vec::new() };
        if let Some(step) = steps::unusable_delay(&workflow, &rows, &job, now) {
            let path = step.delay_path().unwrap_or_default();
            work.error = Some(format!("the delay of a step is not a number: there is no usable date at path {path}"));
            return;
        }
        work.notified.push(subscriber_id.clone());
        let (id, job, workflow) = (environment.next_id(), Arc::clone(&job), Arc::clone(&workflow));
        steps::start(&mut state.history, Notification { id, job, subscriber_id, created: now, workflow, rows });
    }
}
