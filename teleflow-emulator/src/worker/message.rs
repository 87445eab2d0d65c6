//! Steps that send a message: they render its templates, store a record and call the provider.
// Source: `send-message.usecase.ts`, and the use cases for each channel next to it.

// A module imports only from those below it.
mod run;
mod email;
mod sms;
mod push;
mod chat;
mod in_app;
mod sending;
mod preferences;
mod context;
mod outcome;
pub(crate) mod record;
pub(crate) mod content;
pub(crate) mod render;
mod details;

pub(crate) use details::{Detail, text::FILTERED};
pub(crate) use outcome::{PreviousStep, StepResult, StepRun};
pub(crate) use record::Message;
pub(crate) use run::{check_conditions, run};
