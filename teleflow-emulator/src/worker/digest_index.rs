//! An index of the notifications with a digest, so that a digest need not search all notifications.

use std::collections::{BTreeSet, HashMap};

use super::notification::{Notification, StepId, StepStatus};

/// The environment id, the workflow and the subscriber id.
type GroupKey = (String, String, String);

/// The notifications with a digest, by workflow and subscriber.
#[derive(Debug, Default)]
pub(crate) struct DigestIndex {
    position_by_key: HashMap<GroupKey, usize>,
    groups: Vec<DigestGroup>,
    /// The position of each notification's group.
    by_notification: HashMap<usize, usize>,
    /// The digest steps that were merged into a digest, by that digest.
    followers: HashMap<StepId, Vec<StepId>>,
}

/// The notifications of one workflow with a digest, for one subscriber.
#[derive(Debug, Default)]
pub(crate) struct DigestGroup {
    /// The positions of the notifications, oldest first.
    pub(crate) notifications: Vec<usize>,
    /// The digest steps that are delayed.
    pub(crate) delayed: BTreeSet<StepId>,
}

impl DigestIndex {
    /// Adds the notification at `position`, if its workflow has a digest.
    pub(crate) fn add(&mut self, position: usize, notification: &Notification) {
        if !notification.steps.iter().any(|step| step.kind == "digest") {
            return;
        }
        let workflow = notification.workflow.id().unwrap_or(notification.trigger());
        let key = [notification.job.environment_id(), workflow, notification.subscriber_id()].map(str::to_owned);
        let [environment, workflow, subscriber] = key;
        let next = self.groups.len();
        let group = *self.position_by_key.entry((environment, workflow, subscriber)).or_insert(next);
        if group == next {
            self.groups.push(DigestGroup::default());
        }
        self.by_notification.insert(position, group);
        if let Some(group) = self.groups.get_mut(group) {
            group.notifications.push(position);
        }
    }

    /// The group of a notification. `None` if its workflow has no digest.
    pub(crate) fn group(&self, notification: usize) -> Option<&DigestGroup> {
        self.groups.get(*self.by_notification.get(&notification)?)
    }

    /// Notes the new status of a digest step.
    pub(crate) fn set_status(&mut self, id: StepId, status: StepStatus) {
        let position = self.by_notification.get(&id.notification);
        let Some(group) = position.and_then(|position| self.groups.get_mut(*position)) else { return };
        if status == StepStatus::Delayed {
            group.delayed.insert(id);
        } else {
            group.delayed.remove(&id);
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
