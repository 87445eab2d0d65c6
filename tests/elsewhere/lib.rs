//! A crate with the library inside, and with macros that hand the derives to other crates.

pub use serde;
pub use teleflow;

/// Types that the macros name by `$crate`.
pub mod types {
    use teleflow::TeleflowPayload;

    /// A subscriber's id.
    pub type Reader = String;

    /// It may be absent.
    pub type Maybe = Option<String>;

    /// What the workflow reads of its items.
    #[derive(Debug, Clone, serde::Serialize, TeleflowPayload)]
    pub struct Item {
        /// A string.
        pub sku: Reader,
        /// A number.
        pub qty: Id,
        /// An object.
        pub price: std::collections::BTreeMap<String, String>,
    }

    /// An id.
    #[derive(Debug, Clone, serde::Serialize, TeleflowPayload)]
    pub struct Id(pub u64);
}

/// A workflow and a part of its payload, whose fields have types of this crate.
#[macro_export]
macro_rules! order {
    ($workflow:ident, $line:ident) => {
        /// A part.
        #[derive(Debug, $crate::serde::Serialize, $crate::teleflow::TeleflowPayload)]
        #[serde(crate = "serde")]
        pub struct $line {
            /// Its type is looked into.
            pub id: $crate::types::Id,
            /// More of them.
            pub ids: Vec<$crate::types::Id>,
            /// Said.
            #[teleflow(kind = "string")]
            pub said: $crate::types::Maybe,
        }

        /// A workflow.
        #[derive(Debug, $crate::serde::Serialize, $crate::teleflow::TeleflowWorkflow)]
        #[serde(crate = "serde")]
        #[teleflow(
            trigger = "order-shipped",
            transaction_id = "order-{reader}",
            catalog = "workflows",
            omit("nickname")
        )]
        pub struct $workflow {
            /// The recipient.
            #[teleflow(to)]
            pub reader: $crate::types::Reader,
            /// The actor.
            #[teleflow(actor)]
            pub author: $crate::types::Maybe,
            /// A variable of the workflow.
            pub carrier: $crate::types::Reader,
            /// Said.
            #[teleflow(kind = "boolean")]
            pub gift: $crate::types::Id,
            /// Inside.
            pub items: [$crate::types::Item; 1],
        }
    };
}
