//! A struct: the name and the type of each field.

#[derive(Serialize, TeleflowPayload)]
#[serde(rename_all = "camelCase", tag = "type")]
pub struct OrderLine<'a, T>
where
    T: Clone,
{
    pub unit_price: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'a T>,
    #[serde(skip)]
    seen: bool,
    #[teleflow(kind = "number")]
    weight: Option<Decimal>,
    #[serde(with = "as_text")]
    code: u64,
    // A type that may be private.
    place: Shelf,
    r#where: Vec<String>,
}
