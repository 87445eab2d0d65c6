use serde::{Serialize, Serializer};
use teleflow::TeleflowPayload;

#[derive(Serialize, TeleflowPayload)]
struct Card {
    #[teleflow(sensitive)]
    number: String,
    #[serde(with = "teleflow::as_string")]
    #[teleflow(sensitive)]
    pin: u64,
}

#[derive(TeleflowPayload)]
#[teleflow(kind = "object")]
struct Account {
    #[teleflow(sensitive)]
    number: String,
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("number", &self.number)])
    }
}

fn main() {}
