//! The type of the field shows whether the actor is optional, also through an alias or a parameter.

use serde::Serialize;
use teleflow::{Subscriber, TeleflowWorkflow};

type Maybe = Option<String>;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows", omit("comment"))]
struct ByAlias<'a> {
    #[teleflow(actor)]
    inviter: &'a Maybe,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows", omit("comment"))]
struct ByParameter<T> {
    #[teleflow(actor)]
    #[serde(skip)]
    inviter: T,
}

fn main() {
    let client = &teleflow::Client::new("key").unwrap();
    let _ = ByAlias { inviter: &None }.to("ada").send(client);
    let _ = ByParameter { inviter: Some("bob") }.to("ada").send(client);
    let _ = ByParameter { inviter: Some("bob") }.to("ada").actor("bob").send(client);
    let _ = ByParameter { inviter: Subscriber::new("bob") }.to("ada").send(client);
    let _ = ByParameter { inviter: "bob" }.to("ada").send(client);
}
