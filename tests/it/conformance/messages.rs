//! `messages.jsonl`: what one step makes of an event, as whole messages.
//!
//! Each line becomes the seeds of an emulator. `/__message` then runs the step, because an event cannot have the payloads
//! of a digest, or a tenant that does not exist.

mod case;
mod differences;
mod markup;

use serde_json::{Value, json};
use teleflow_emulator::{Emulator, Seeds};

use super::cases;
use case::Case;

#[tokio::test]
async fn messages_are_those_of_the_server() {
    let lines = cases::cases::<Case>("messages.jsonl");
    let mut answers = Vec::new();
    for line in &lines {
        answers.push(match &line.line {
            Ok(case) => run(case).await,
            Err(_) => Value::Null,
        });
    }
    let answers: Vec<(&str, Value)> = lines.iter().map(|line| line.id.as_str()).zip(answers).collect();
    cases::check_all("messages", &lines, |case| {
        let (_, answer) = answers.iter().find(|(id, _)| *id == case.id()).expect("each line was run");
        differences::of(case, answer)
    });
}

async fn run(case: &Case) -> Value {
    let seeds = Seeds::from_json(&case.seeds().to_string()).expect("valid seeds");
    let emulator = Emulator::from_seeds(seeds).with_admin_paths(true);
    for (channel, error) in case.provider_errors() {
        emulator.fail_channel(channel, error);
    }
    let request = http::Request::post("/__message").body(case.request().to_string().into()).expect("a valid request");
    let response = emulator.answer(request).await;
    serde_json::from_slice(response.body()).unwrap_or_else(|error| json!({ "error": error.to_string() }))
}
