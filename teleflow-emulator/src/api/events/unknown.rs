//! Adds the unknown workflow and the unknown tenant of an event, if the environment accepts them.

use serde_json::{Map, Value};

use super::accept::Event;
use crate::clock::Clock;
use crate::database::environment::Environment;
use crate::database::store::ApiKey;
use crate::database::workflow::Workflow;

pub(super) fn add(environment: &mut Environment, caller: &ApiKey, event: &Event, clock: &Clock) {
    if !environment.adds_unknown {
        return;
    }
    if environment.workflow(&event.identifier).is_none() {
        Workflow::new(&*event.identifier).add_to(environment, &caller.organization_id, &clock.timestamp());
    }
    let tenant = event.tenant.as_ref();
    let identifier = tenant.and_then(|tenant| tenant.as_str().or_else(|| tenant.get("identifier")?.as_str()));
    if let Some(identifier) = identifier.filter(|identifier| !environment.tenants.contains_key(*identifier)) {
        environment.put_tenant(identifier, &Map::from_iter([("name".to_owned(), Value::from(identifier))]));
    }
}
