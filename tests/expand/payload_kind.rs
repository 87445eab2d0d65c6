//! A type with a `kind`.

#[derive(TeleflowPayload)]
#[teleflow(kind = "string")]
enum Money {
    Cents(u64),
}
