//! A type whose form the author says.

#[derive(TeleflowPayload)]
#[teleflow(kind = "string")]
enum Money {
    Cents(u64),
}
