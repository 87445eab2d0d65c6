//! The author's names do not collide with those that generated code declares.

use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

trait HasActor {}
trait HasTenant {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "welcome", catalog = "workflows")]
struct Welcome<T: HasActor + HasTenant> {
    user: T,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "welcome", catalog = "workflows")]
struct WithoutActor {
    user: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "welcome", catalog = "workflows")]
struct WithoutTenant {
    user: String,
}

#[derive(Serialize, TeleflowWorkflow, TeleflowPayload)]
#[teleflow(trigger = "order-shipped")]
struct Workflow {
    order_id: u32,
}

#[derive(Serialize)]
struct User;

impl HasActor for User {}
impl HasTenant for User {}

fn main() {
    let client = &teleflow::Client::builder().transport(teleflow_emulator::Emulator::new()).build().unwrap();
    let _ = Welcome { user: User }.to("ada").actor("bob").tenant("hats").send(client);
    let _ = WithoutActor { user: String::new() }.to("ada").actor("bob").tenant("hats").send(client);
    let _ = WithoutTenant { user: String::new() }.to("ada").actor("bob").tenant("hats").send(client);
    let _ = Workflow { order_id: 7 }.to("ada").send(client);
}
