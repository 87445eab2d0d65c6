//! In the content of an e-mail, `subject` and `body` are the e-mail's own.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "newsletter", catalog = "workflows")]
struct Newsletter {
    issue: String,
    subject: String,
    #[serde(rename = "body")]
    text: String,
    // Not read by any e-mail.
    blocks: Vec<String>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "newsletter", catalog = "workflows")]
struct Meant {
    issue: String,
    #[teleflow(shadowed)]
    subject: String,
}

fn main() {}
