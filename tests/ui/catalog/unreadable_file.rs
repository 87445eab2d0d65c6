use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "broken", catalog = "workflows")]
struct Broken {
    order: u8,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "cut-off", catalog = "workflows")]
struct CutOff {
    order: u8,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "newer", catalog = "workflows")]
struct Newer {
    order: u8,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "moved", catalog = "workflows")]
struct Moved {
    order: u8,
}

fn main() {}
