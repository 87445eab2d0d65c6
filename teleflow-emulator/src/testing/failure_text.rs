//! The texts of failed assertions.

use super::compare::differences;
use super::describe;
use super::escape;
use super::expected::Expected;
use crate::request_log::{EventResult, LoggedEvent, redacted};

/// The most differences that a failure shows.
const MOST_DIFFERENCES: usize = 12;

/// The failure if an expected event was not sent, or not as often as expected.
pub(super) fn not_as_expected(first_line: &str, expected: &Expected, events: &[LoggedEvent]) -> String {
    let line = escape::line(&describe::line(&redacted(&expected.json, &expected.sensitive)));
    let mut text = format!("{first_line}\n\nexpected:\n  {line}\n");
    if let Some(nearest) = nearest(expected, events) {
        text += &nearest;
    }
    text + "\n" + &all(events)
}

/// The differences to the event that is most like the expected one.
fn nearest(expected: &Expected, events: &[LoggedEvent]) -> Option<String> {
    let trigger = describe::trigger(&expected.json);
    let candidates = events.iter().enumerate().filter(|(_, event)| describe::trigger(&event.json) == trigger);
    let compared = candidates.map(|(index, event)| (index + 1, event, differences(expected, event)));
    let Some((number, event, found)) = compared
        .min_by_key(|(_, event, found)| (found.len(), event.json.get("payload") != expected.json.get("payload")))
    else {
        return Some(format!("no event of workflow `{trigger}` was sent\n"));
    };
    if found.is_empty() {
        return not_queued(number, &event.result);
    }
    let mut text = format!("differences to event {number}, the nearest:\n");
    for difference in found.iter().take(MOST_DIFFERENCES) {
        text += &format!("  {}\n", escape::line(difference));
    }
    if found.len() > MOST_DIFFERENCES {
        text += &format!("  and {} more\n", found.len() - MOST_DIFFERENCES);
    }
    Some(text)
}

/// Why an event with the expected fields does not count as sent.
fn not_queued(number: usize, result: &EventResult) -> Option<String> {
    match result {
        EventResult::Queued => None,
        EventResult::NotProcessed => Some(format!("event {number} is equal, but the server did not receive it\n")),
        EventResult::Refused(reason) => {
            let help = match reason.as_str() {
                reason if reason.ends_with("workflow_not_found") => {
                    "; add the workflow with `Emulator::workflow`, or call `Emulator::accept_unknown_workflows`"
                }
                "no_tenant_found" => "; add the tenant with `Emulator::tenant`",
                _ => "",
            };
            Some(format!("event {number} is equal, but the server refused it: {reason}{help}\n"))
        }
    }
}

/// How many events there are, also those that the server did not queue, and a line for each of the last ones.
pub(super) fn all(events: &[LoggedEvent]) -> String {
    let sent = events.iter().filter(|event| event.result == EventResult::Queued).count();
    let mut text = match sent {
        0 => "no events were sent".to_owned(),
        1 => "1 event was sent".to_owned(),
        _ => format!("{sent} events were sent"),
    };
    match events.len() - sent {
        0 => {}
        1 => text += ", and 1 was refused or not received",
        other => text += &format!(", and {other} were refused or not received"),
    }
    if !events.is_empty() {
        text.push(':');
    }
    format!("{text}\n{}", describe::numbered(events))
}

pub(super) fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}
