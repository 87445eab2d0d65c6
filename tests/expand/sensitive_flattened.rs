#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "card-added")]
#[serde(rename_all = "camelCase")]
struct CardAdded {
    holder: String,
    #[teleflow(sensitive)]
    card_number: String,
    #[teleflow(sensitive)]
    #[serde(flatten)]
    account: Account,
}
