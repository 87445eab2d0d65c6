use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "welcome", catalog = "workflows")]
struct Welcome {
}

fn main() {
    let client = &teleflow::Client::new("key").unwrap();
    let _ = Welcome {}.to("ada").send(client);
    let _ = Welcome {}.broadcast().actor("bob").send(client);
    let _ = Welcome {}.to("ada").actor("bob").tenant("hats").send(client);
}
