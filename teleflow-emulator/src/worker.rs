//! The worker: takes events out of the queue and makes notifications of them.
//!
//! Source: `trigger-event.usecase.ts` of the server and what it calls. The steps stand in its order.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::definition::Definition;
use crate::history::{Notification, Progress, Row};
use crate::job::Job;
use crate::js;
use crate::recipients::{self, Expansion, Recipient};
use crate::state::State;
use crate::validate;
use crate::world::Environment;

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
    reached: Vec<Recipient>,
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
        self.reached.iter().map(Recipient::id_text)
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

/// Works the queue off, one event after the other: of two with the same transaction id the second is dropped.
pub(crate) fn run(state: &mut State, now: &str) -> Vec<Work> {
    let now = Arc::from(now);
    let jobs = std::mem::take(&mut state.queue);
    let work = |job| {
        let work = expand(state, job);
        notify(state, &work, &now);
        work
    };
    jobs.into_iter().map(work).collect()
}

/// Works the queue off as many workers would at the same moment, none of which sees what the others are making.
pub(crate) fn run_at_once(state: &mut State, now: &str) -> Vec<Work> {
    let now = Arc::from(now);
    let jobs = std::mem::take(&mut state.queue);
    let works: Vec<Work> = jobs.into_iter().map(|job| expand(state, job)).collect();
    works.iter().for_each(|work| notify(state, work, &now));
    works
}

fn expand(state: &mut State, job: Job) -> Work {
    let mut context = Map::new();
    let expansion = recipients_of(state, &job, &mut context)
        .unwrap_or_else(|error| Expansion { recipients: Vec::new(), error: Some(error.to_owned()) });
    Work { job: Arc::new(job), reached: expansion.recipients, context, error: expansion.error }
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
        Value::Object(fields) if validate::subscriber(subscriber).is_empty() => fields.clone(),
        _ => return None,
    };
    let id = fields.get("subscriberId").and_then(Value::as_str)?.trim().to_owned();
    environment.put_subscriber(&id, &fields);
    Some(id)
}

/// Makes the notifications. A recipient that is not known becomes a subscriber.
fn notify(state: &mut State, work: &Work, now: &Arc<str>) {
    let job = &work.job;
    let Some(environment) = state.world.environment_mut(job.environment_id()) else {
        return;
    };
    let Some(workflow) = environment.workflow(job.trigger()).cloned() else {
        return;
    };
    for recipient in &work.reached {
        let subscriber_id = recipient.id_text();
        if recipient.source != "broadcast" {
            let mut fields = recipient.subscriber.clone();
            fields.shift_remove("type");
            environment.put_subscriber(&subscriber_id, &fields);
        }
        state.history.add(Notification {
            id: environment.next_id(),
            job: Arc::clone(job),
            subscriber_id,
            created_at: Arc::clone(now),
            workflow: Arc::clone(&workflow),
            rows: rows(&workflow, environment),
        });
    }
}

/// A row for each active step: done up to the first that holds the event back, and pending after it.
fn rows(workflow: &Definition, environment: &mut Environment) -> Vec<Row> {
    let mut is_held = false;
    let active = workflow.steps().iter().filter(|step| step.active);
    active
        .map(|step| {
            let progress = match (is_held, step.holds_back()) {
                (true, _) => Progress::Pending,
                (false, true) => Progress::Delayed,
                (false, false) => Progress::Completed,
            };
            is_held |= step.holds_back();
            Row { id: environment.next_id(), kind: step.kind().to_owned(), progress }
        })
        .collect()
}
