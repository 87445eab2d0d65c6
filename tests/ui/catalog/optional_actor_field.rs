use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "welcome", catalog = "workflows")]
struct Welcome {
    #[teleflow(to)]
    user: String,
    #[teleflow(actor)]
    inviter: Option<String>,
    #[teleflow(tenant)]
    shop: String,
}

fn main() {
    let client = &teleflow::Client::new("key").unwrap();
    let welcome = Welcome { user: String::new(), inviter: None, shop: String::new() };
    let _ = welcome.send(client);
}
