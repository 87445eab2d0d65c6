//! The fields of variants are checked like those of structs.

use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
enum Who {
    Person { nme: String },
    Team(u8),
}

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "type", content = "content")]
enum Tagged {
    Person { nme: String },
    Team { name: Vec<u8> },
}

#[derive(Serialize, TeleflowPayload)]
struct Task<T> {
    to: T,
}

#[derive(Serialize, TeleflowPayload)]
struct ToWho {
    to: Who,
}

#[derive(Serialize, TeleflowPayload)]
struct ToTagged {
    to: Tagged,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "assigned", catalog = "workflows", omit("tasks[].to.content"))]
struct Assigned {
    tasks: Vec<ToWho>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "assigned", catalog = "workflows", omit("tasks[].to.Person"))]
struct AlsoAssigned {
    tasks: Vec<ToTagged>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "assigned", catalog = "workflows")]
struct Generic {
    tasks: Vec<Task<Who>>,
}

fn main() {}
