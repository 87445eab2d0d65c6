//! Whether the channel of a step is on for a subscriber.
// Source: `send-message.usecase.ts`, `get-subscriber-global-preference.usecase.ts`,
// `get-subscriber-template-preference.usecase.ts`.

use serde_json::{Map, Value};

use super::context::id_of;
use super::details::{Detail, text};
use super::outcome::StepRun;
use crate::database::preference::Preference;
use crate::js;

/// Checks the preferences, and adds a detail if they stop the step.
pub(super) fn allow(run: &StepRun<'_>, details: &mut Vec<Detail>) -> bool {
    if run.workflow.is_critical() {
        return true;
    }
    let detail = if !global(run) {
        text::FILTERED_GLOBALLY
    } else if !for_workflow(run) {
        text::FILTERED_BY_SUBSCRIBER
    } else {
        return true;
    };
    details.push(Detail::new("Success", detail));
    false
}

fn global(run: &StepRun<'_>) -> bool {
    let Some(preference) = find(run, |preference| preference.workflow.is_none()) else { return true };
    preference.enabled != Some(false) && preference.channels.get(run.step.kind()).is_none_or(js::truthy)
}

/// Only the channels of active steps can be on. An inactive step runs if the workflow has a digest.
fn for_workflow(run: &StepRun<'_>) -> bool {
    let channel = run.step.kind();
    let preference = find(run, |preference| {
        preference.workflow.as_deref().is_some_and(|workflow| run.workflow.has_identifier(workflow))
    });
    let tenant = id_of(run.job.tenant(), "identifier").filter(|tenant| run.environment.tenants.contains_key(*tenant));
    let tenant_override = tenant.and_then(|tenant| run.environment.override_for(run.workflow, tenant));
    let is_active = run.workflow.steps().iter().any(|step| step.active && step.kind() == channel);
    let empty = Map::new();
    let sources = [
        run.workflow.document().get("preferenceSettings").and_then(Value::as_object),
        tenant_override.and_then(|stored| stored.preference_settings.as_object()),
        preference.map(|preference| &preference.channels),
    ];
    let mut is_on = Value::Bool(true);
    for value in sources.into_iter().map(|source| source.unwrap_or(&empty)).filter_map(|source| source.get(channel)) {
        // A value that is not a boolean stays.
        if is_on.is_boolean() {
            is_on = value.clone();
        }
    }
    is_active && preference.is_none_or(|preference| preference.enabled != Some(false)) && js::truthy(&is_on)
}

fn find<'a>(run: &StepRun<'a>, matches: impl Fn(&Preference) -> bool) -> Option<&'a Preference> {
    let mut preferences = run.environment.preferences.iter();
    preferences.find(|preference| preference.subscriber_id == run.subscriber_id && matches(preference))
}
