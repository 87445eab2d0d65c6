//! An internally tagged enum: what is true of every variant.

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[teleflow(crate = "notify::teleflow")]
enum Event {
    Placed { order_id: u64, total: u32 },
    Shipped { order_id: u64, total: f64 },
    #[serde(skip)]
    Lost(Secret),
}
