//! After an error the type still implements `TeleflowPayload`.

#[derive(Serialize, TeleflowPayload)]
struct Line<T: Clone> {
    #[teleflow(knd = "string")]
    sku: T,
}
