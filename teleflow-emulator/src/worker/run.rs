//! The worker expands the recipients of a job and makes a notification for each of them.
// Source: `trigger-event.usecase.ts` and what it calls, in the same order.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use teleflow_catalog::server_facts::ReservedKey;

use super::history::History;
use super::job::Job;
use super::notification::Notification;
use super::processed_job::{ProcessedJob, RefusedRecipient};
use super::recipients::{self, Expansion};
use super::runner::Runner;
use super::steps;
use crate::database::environment::Environment;
use crate::database::store::Database;
use crate::js;
use crate::validation::subscriber::subscriber_fields;

/// Expands the recipients of a job.
pub(crate) fn expand(database: &mut Database, history: &History, job: Job) -> ProcessedJob {
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
// Source: `create-subscriber.command.ts`, which converts the id to a string and trims it.
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

/// Makes the notifications of an expanded job, and runs their steps. An unknown recipient becomes a subscriber.
///
/// `now` is the time since 1970.
pub(crate) fn notify(
    database: &mut Database,
    history: &mut History,
    processed: &mut ProcessedJob,
    merged_digest_ids: bool,
    now: Duration,
) {
    let job = Arc::clone(&processed.job);
    let environment_id = job.environment_id();
    let Some(workflow) = database.environment(environment_id).and_then(|stored| stored.workflow(job.trigger())) else {
        return;
    };
    let workflow = Arc::clone(workflow);
    if processed.recipients.is_empty() {
        return;
    }
    if let Some(key) = unstorable_key([Some(job.payload()), job.to(), job.actor()]) {
        processed.error = Some(format!("the worker cannot store the key {key:?}, and loses the event"));
        return;
    }
    let invalid_delay = steps::invalid_delay(&workflow, &job, now);
    if let Some(step) = invalid_delay {
        let path = step.delay_path().unwrap_or_default();
        processed.error = Some(format!("the delay of a step is not a number: there is no valid date at path {path}"));
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
        let Some(environment) = database.environment_mut(environment_id) else { return };
        if recipient.source != "broadcast" {
            let mut fields = recipient.subscriber.clone();
            fields.shift_remove("type");
            environment.put_subscriber(&subscriber_id, &fields);
        }
        if invalid_delay.is_some() {
            continue;
        }
        let steps = if has_steps { steps::pending(&workflow, environment) } else { Vec::new() };
        processed.subscriber_ids.push(subscriber_id.clone());
        let id = environment.next_id();
        let (job, workflow) = (Arc::clone(&job), Arc::clone(&workflow));
        let notification = Notification { id, job, subscriber_id, created: now, workflow, steps, errors: Vec::new() };
        Runner { database, history, merged_digest_ids, now }.start(notification);
    }
}
