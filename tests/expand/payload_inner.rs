//! A newtype.

#[derive(Serialize, TeleflowPayload)]
struct Lines(Vec<OrderLine<'static, String>>);
