//! The texts of failed assertions.

use super::compare::differences;
use super::describe;
use super::expected::Expected;
use crate::request_log::{EventResult, LoggedEvent};

/// The most differences that a failure shows.
const MOST_DIFFERENCES: usize = 12;

/// The failure if an expected event was not sent, or not as often as expected.
pub(super) fn not_as_expected(first_line: &str, expected: &Expected, events: &[LoggedEvent]) -> String {
    let mut text = format!("{first_line}\n\nexpected:\n  {}\n", describe::line(&expected.json));
    if let Some(nearest) = nearest(expected, events) {
        text += &nearest;
    }
    text + "\n" + &all(events)
}

/// The differences to the event that is most like the expected one.
fn nearest(expected: &Expected, events: &[LoggedEvent]) -> Option<String> {
    let trigger = describe::trigger(&expected.json);
    let candidates = events.iter().enumerate().filter(|(_, event)| describe::trigger(&event.json) == trigger);
    let compared = candidates.map(|(index, event)| (index + 1, event, differences(expected, &event.json)));
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
        text += &format!("  {difference}\n");
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

/// All events, one line each.
pub(super) fn all(events: &[LoggedEvent]) -> String {
    match events {
        [] => "no events were sent\n".to_owned(),
        [_] => format!("1 event was sent:\n{}", describe::numbered(events)),
        _ => format!("{} events were sent:\n{}", events.len(), describe::numbered(events)),
    }
}

pub(super) fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}
