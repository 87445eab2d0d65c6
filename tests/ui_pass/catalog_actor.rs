use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "welcome", catalog = "workflows")]
struct Welcome {
    #[teleflow(to)]
    user: String,
    #[teleflow(actor)]
    inviter: String,
    #[teleflow(tenant)]
    shop: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "welcome", catalog = "workflows", omit("actor"))]
struct Generic<T> {
    user: T,
}

fn main() {
    let client = &teleflow::Client::builder().transport(teleflow_emulator::Emulator::new()).build().unwrap();
    let _ = Welcome { user: String::new(), inviter: String::new(), shop: String::new() }.send(client);
    let _ = Generic { user: 7 }.to("ada").tenant("hats").send(client);
}
