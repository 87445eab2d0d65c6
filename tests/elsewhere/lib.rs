//! A crate that re-exports the library, and has macros that use its derives.

pub use serde;
pub use teleflow;

/// Types that the macros name with `$crate`.
pub mod types {
    use teleflow::TeleflowPayload;

    /// A subscriber id.
    pub type Reader = String;

    /// An optional string.
    pub type Maybe = Option<String>;

    /// An item of an order.
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

/// Declares a workflow and a part of its payload, with field types of this crate.
#[macro_export]
macro_rules! order {
    ($workflow:ident, $line:ident) => {
        /// A part of the payload.
        #[derive(Debug, $crate::serde::Serialize, $crate::teleflow::TeleflowPayload)]
        #[serde(crate = "serde")]
        pub struct $line {
            /// A type that derives `TeleflowPayload`.
            pub id: $crate::types::Id,
            /// An array of that type.
            pub ids: Vec<$crate::types::Id>,
            /// A field with a declared kind.
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
            /// A field with a declared kind.
            #[teleflow(kind = "boolean")]
            pub gift: $crate::types::Id,
            /// Nested objects.
            pub items: [$crate::types::Item; 1],
        }
    };
}
