//! A type that stands for the one inside it.

#[derive(Serialize, TeleflowPayload)]
struct Lines(Vec<OrderLine<'static, String>>);
