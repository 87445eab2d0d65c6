//! In the content of an e-mail, `subject` and `body` are the e-mail's own variables.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "newsletter", catalog = "workflows")]
struct Newsletter {
    issue: String,
    subject: String,
    #[serde(rename = "body")]
    text: String,
    // No e-mail reads it.
    blocks: Vec<String>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "newsletter", catalog = "workflows")]
struct Allowed {
    issue: String,
    #[teleflow(shadowed)]
    subject: String,
}

fn main() {}
