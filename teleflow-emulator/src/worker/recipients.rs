//! The recipients of an event: the worker expands `to`.
//!
//! Source: `trigger-multicast.usecase.ts` of the server.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::database::environment::Environment;
use crate::js;

/// A recipient of an event.
#[derive(Debug, Clone)]
pub(crate) struct Recipient {
    /// As it was sent: `{subscriberId, …}`.
    pub(crate) subscriber: Map<String, Value>,
    /// How the event reaches the recipient: `single`, `topic` or `broadcast`.
    pub(crate) source: &'static str,
}

impl Recipient {
    fn new(subscriber: Map<String, Value>, source: &'static str) -> Self {
        Self { subscriber, source }
    }

    /// The subscriber id. It is not always a string: the API does not check.
    pub(crate) fn id(&self) -> &Value {
        self.subscriber.get("subscriberId").unwrap_or(&Value::Null)
    }

    /// The subscriber id as a string.
    pub(crate) fn id_text(&self) -> String {
        self.id().as_str().map_or_else(|| self.id().to_string(), str::to_owned)
    }
}

/// The recipients up to an error, and the error.
#[derive(Debug, Default)]
pub(crate) struct Expansion {
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) error: Option<String>,
}

/// Expands `to`: the listed subscribers, then the topic members that are neither listed nor the actor.
pub(crate) fn expand(environment: &Environment, to: &Value, actor_id: Option<&str>) -> Expansion {
    let (subscribers, topic_keys) = match parse_recipients(to) {
        Ok(parsed) => parsed,
        // No recipients at all, not even those listed before the invalid one.
        Err(error) => return Expansion { recipients: Vec::new(), error: Some(error.to_owned()) },
    };
    let mut recipients = subscribers.in_order;
    let mut seen = subscribers.position_by_id;
    let unknown: Vec<&str> =
        topic_keys.iter().map(String::as_str).filter(|key| !environment.topics.contains_key(*key)).collect();
    if !unknown.is_empty() {
        let error = format!("Topic with key {} not found in current environment", unknown.join(","));
        return Expansion { recipients, error: Some(error) };
    }
    let members = topic_keys.iter().filter_map(|key| environment.topics.get(key)?.as_array()).flatten();
    for member in members {
        let is_actor = actor_id.is_some_and(|actor| member.as_str() == Some(actor));
        if !is_actor && seen.insert(member.to_string(), recipients.len()).is_none() {
            recipients.push(Recipient::new(Map::from_iter([("subscriberId".to_owned(), member.clone())]), "topic"));
        }
    }
    Expansion { recipients, error: None }
}

/// Every subscriber of the environment, the actor included.
pub(crate) fn all_subscribers(environment: &Environment) -> Vec<Recipient> {
    let documents = environment.subscribers.values().filter_map(Value::as_object);
    documents
        .map(|document| {
            let field = |name: &str| document.get(name).cloned().unwrap_or_default();
            let picked = json!({ "_id": field("_id"), "subscriberId": field("subscriberId"), "id": field("_id") });
            Recipient::new(js::into_object(picked), "broadcast")
        })
        .collect()
}

const NO_ID: &str =
    "subscriberId under property to is not configured, please make sure all subscribers contains subscriberId property";
const NESTED: &str = "subscriberId under property to is type array, which is not allowed please make sure all \
                      subscribers ids are strings";

/// Subscribers without duplicates: a later entry with the same id replaces the earlier one, at its position.
#[derive(Default)]
struct ListedSubscribers {
    in_order: Vec<Recipient>,
    /// By id as JSON, so that the number 5 and the string "5" differ.
    position_by_id: HashMap<String, usize>,
}

impl ListedSubscribers {
    fn put(&mut self, recipient: Recipient) {
        let position = match self.position_by_id.get(&recipient.id().to_string()) {
            // In JavaScript two arrays are never equal.
            Some(position) if !recipient.id().is_array() => *position,
            _ => self.in_order.len(),
        };
        self.position_by_id.insert(recipient.id().to_string(), position);
        match self.in_order.get_mut(position) {
            Some(earlier) => *earlier = recipient,
            None => self.in_order.push(recipient),
        }
    }
}

/// The subscribers and the topic keys in `to`.
fn parse_recipients(to: &Value) -> Result<(ListedSubscribers, Vec<String>), &'static str> {
    let items = match to {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut subscribers = ListedSubscribers::default();
    let mut topic_keys: Vec<String> = Vec::new();
    for item in items.iter().filter(|item| js::truthy(item)) {
        if item.get("type").and_then(Value::as_str) == Some("Topic") {
            let key = match item.get("topicKey") {
                Some(Value::String(key)) => key.clone(),
                None | Some(Value::Null) => String::new(),
                Some(other) => other.to_string(),
            };
            if !topic_keys.contains(&key) {
                topic_keys.push(key);
            }
            continue;
        }
        let subscriber = match item {
            Value::String(_) => Map::from_iter([("subscriberId".to_owned(), item.clone())]),
            Value::Array(_) => return Err(NESTED),
            Value::Object(fields) if js::if_truthy(fields.get("subscriberId")).is_some() => fields.clone(),
            _ => return Err(NO_ID),
        };
        subscribers.put(Recipient::new(subscriber, "single"));
    }
    Ok((subscribers, topic_keys))
}
