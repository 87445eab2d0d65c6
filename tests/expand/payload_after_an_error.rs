//! After an error the type can still stand in a payload.

#[derive(Serialize, TeleflowPayload)]
struct Line<T: Clone> {
    #[teleflow(knd = "string")]
    sku: T,
}
