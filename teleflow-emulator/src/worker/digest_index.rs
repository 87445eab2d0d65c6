//! An index of the notifications with a digest, so that a digest need not search all notifications.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use serde_json::Value;

use super::notification::Notification;
use super::step_record::{StepId, StepStatus};
use crate::database::definition::Step;
use crate::js;

/// The environment id, the workflow and the subscriber id.
type GroupKey = (String, String, String);

/// The notifications with a digest, by workflow and subscriber, and by the values at the digest keys.
#[derive(Debug, Default)]
pub(crate) struct DigestIndex {
    position_by_key: HashMap<GroupKey, usize>,
    groups: Vec<Group>,
    sets: Vec<DigestSet>,
    by_notification: HashMap<usize, Membership>,
    /// The digest steps that were merged into a digest, by that digest.
    followers: HashMap<StepId, Vec<StepId>>,
}

/// The notifications of one workflow with a digest, for one subscriber.
#[derive(Debug)]
struct Group {
    /// The position of the set of all.
    all: usize,
    /// The digest keys of the workflow, also of its earlier versions.
    paths: Vec<String>,
    /// The positions of the sets by digest key and the JSON of a value.
    by_value: HashMap<(String, String), usize>,
}

/// The group of a notification, and the sets that contain it.
#[derive(Debug)]
struct Membership {
    group: usize,
    sets: Vec<usize>,
}

/// Notifications of one group: all of them, or those with one value at a digest key.
#[derive(Debug, Default)]
pub(crate) struct DigestSet {
    /// The positions of the notifications, oldest first.
    pub(crate) notifications: Vec<usize>,
    /// The digest steps that are delayed.
    pub(crate) delayed: BTreeSet<StepId>,
}

impl DigestIndex {
    /// Adds the last notification of the history, if its workflow has a digest.
    pub(crate) fn add(&mut self, notifications: &[Notification]) {
        let Some((notification, earlier)) = notifications.split_last() else { return };
        if !notification.steps.iter().any(|step| step.kind == "digest") {
            return;
        }
        let group = self.group_of(notification);
        for path in notification.workflow.steps().iter().filter_map(Step::digest_key) {
            self.add_path(group, path, notifications);
        }
        let position = earlier.len();
        self.by_notification.insert(position, Membership { group, sets: Vec::new() });
        let Some(Group { all, paths, .. }) = self.groups.get(group) else { return };
        let (all, paths) = (*all, paths.clone());
        self.add_to_set(all, position);
        for path in &paths {
            self.add_values(group, path, position, notification);
        }
    }

    /// The position of a notification's group, which may be new.
    fn group_of(&mut self, notification: &Notification) -> usize {
        let workflow = notification.workflow.id().unwrap_or(notification.trigger());
        let key = [notification.job.environment_id(), workflow, notification.subscriber_id()].map(str::to_owned);
        let [environment, workflow, subscriber] = key;
        let next = self.groups.len();
        let group = *self.position_by_key.entry((environment, workflow, subscriber)).or_insert(next);
        if group == next {
            self.groups.push(Group { all: self.sets.len(), paths: Vec::new(), by_value: HashMap::new() });
            self.sets.push(DigestSet::default());
        }
        group
    }

    /// Adds a digest key to a group, with the values of the notifications that are in the group already.
    fn add_path(&mut self, group: usize, path: &str, notifications: &[Notification]) {
        let Some(Group { all, paths, .. }) = self.groups.get_mut(group) else { return };
        if paths.iter().any(|known| known == path) {
            return;
        }
        paths.push(path.to_owned());
        let earlier = self.sets.get(*all).map(|set| set.notifications.clone()).unwrap_or_default();
        for position in earlier {
            let Some(notification) = notifications.get(position) else { continue };
            self.add_values(group, path, position, notification);
            let steps = notification.steps.iter().enumerate();
            for (step, record) in steps.filter(|(_, record)| record.kind == "digest") {
                self.set_status(StepId { notification: position, step }, record.status);
            }
        }
    }

    /// Adds a notification to the sets of its values at a digest key. As the database compares values, an array also has
    /// the value of each of its items, and a missing value is `null`.
    fn add_values(&mut self, group: usize, path: &str, position: usize, notification: &Notification) {
        let value = js::at_path(notification.payload(), path).unwrap_or_default();
        let items = value.as_array().into_iter().flatten();
        let keys: BTreeSet<String> = std::iter::once(&*value).chain(items).map(key_of).collect();
        for key in keys {
            let Some(group) = self.groups.get_mut(group) else { return };
            let set = *group.by_value.entry((path.to_owned(), key)).or_insert(self.sets.len());
            if set == self.sets.len() {
                self.sets.push(DigestSet::default());
            }
            self.add_to_set(set, position);
        }
    }

    fn add_to_set(&mut self, set: usize, position: usize) {
        if let Some(stored) = self.sets.get_mut(set) {
            stored.notifications.push(position);
        }
        if let Some(membership) = self.by_notification.get_mut(&position) {
            membership.sets.push(set);
        }
    }

    /// All notifications of a notification's group. `None` if its workflow has no digest.
    pub(crate) fn group(&self, notification: usize) -> Option<&DigestSet> {
        let membership = self.by_notification.get(&notification)?;
        self.sets.get(self.groups.get(membership.group)?.all)
    }

    /// The notifications of a notification's group that have this value at a digest key.
    pub(crate) fn with_value(&self, notification: usize, path: &str, value: &Value) -> Option<&DigestSet> {
        let group = self.groups.get(self.by_notification.get(&notification)?.group)?;
        self.sets.get(*group.by_value.get(&(path.to_owned(), key_of(value)))?)
    }

    /// Notes the new status of a digest step.
    pub(crate) fn set_status(&mut self, id: StepId, status: StepStatus) {
        let Some(membership) = self.by_notification.get(&id.notification) else { return };
        for set in &membership.sets {
            let Some(set) = self.sets.get_mut(*set) else { continue };
            if status == StepStatus::Delayed {
                set.delayed.insert(id);
            } else {
                set.delayed.remove(&id);
            }
        }
    }

    /// Notes that a digest step was merged into the digest `leader`.
    pub(crate) fn add_follower(&mut self, leader: StepId, follower: StepId) {
        self.followers.entry(leader).or_default().push(follower);
    }

    /// The digest steps that were merged into the digest `leader`, oldest first.
    pub(crate) fn followers(&self, leader: StepId) -> Vec<StepId> {
        let mut followers = self.followers.get(&leader).cloned().unwrap_or_default();
        followers.sort_unstable();
        followers
    }

    /// Removes the followers of a digest.
    pub(crate) fn take_followers(&mut self, leader: StepId) -> Vec<StepId> {
        let followers = self.followers(leader);
        self.followers.remove(&leader);
        followers
    }
}

/// The JSON of a value, which is the same for equal values.
fn key_of(value: &Value) -> String {
    let mut key = String::new();
    write_key(value, &mut key);
    key
}

fn write_key(value: &Value, key: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            key.push('{');
            for (name, value) in fields {
                // Writing to a string cannot fail.
                let _ = write!(key, "{}:", Value::from(name.as_str()));
                write_key(value, key);
                key.push(',');
            }
            key.push('}');
        }
        Value::Array(items) => {
            key.push('[');
            for item in items {
                write_key(item, key);
                key.push(',');
            }
            key.push(']');
        }
        // `-0.0` equals `0.0`.
        Value::Number(number) if number.as_f64() == Some(0.0) && number.is_f64() => key.push_str("0.0"),
        other => {
            let _ = write!(key, "{other}");
        }
    }
}
