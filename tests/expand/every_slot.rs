//! Fields with every key.

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-added", crate = "notify::teleflow")]
struct CommentAdded {
    #[teleflow(to)]
    readers: Vec<String>,
    #[teleflow(actor)]
    author: Option<String>,
    #[serde(skip)]
    #[teleflow(tenant)]
    r#type: Tenant,
    #[teleflow(address)]
    email: String,
}
