//! The conditions of a step or a variant.
// Source: `conditions-filter.usecase.ts` and `filter.ts`.

// A module imports only from those below it.
mod groups;
mod child;
mod field;
mod online;
mod previous_step;
mod input;

pub(crate) use groups::evaluate;
pub(crate) use input::{Conditions, PreviousMessage, UNRENDERED_VALUE, WebhookRequest, WebhookResponse};
