//! The names that the macro reckons with are those that serde writes.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::errors::Errors;
use crate::workflow::names::wire_names;
use crate::workflow::parse;

/// Each struct stands twice: for serde to write its value, and as tokens for the macro.
macro_rules! agree {
    ($($(#[$attr:meta])* struct $name:ident { $($(#[$field_attr:meta])* $field:ident,)* })*) => {$({
        #[derive(Serialize)]
        #[allow(non_snake_case, dead_code)]
        $(#[$attr])*
        struct $name { $($(#[$field_attr])* $field: u8,)* }

        let written = serde_json::to_value($name { $($field: 0,)* }).expect("it serializes");
        let written: BTreeSet<&str> =
            written.as_object().expect("it is an object").keys().map(String::as_str).collect();

        let item = syn::parse_quote! {
            $(#[$attr])*
            struct $name { $($(#[$field_attr])* $field: u8,)* }
        };
        let mut errors = Errors::default();
        let reckoned = wire_names(&parse::parse(&item, &mut errors)).expect("the names are known");
        errors.finish().expect("no key is at fault");
        let reckoned: BTreeSet<&str> = reckoned.iter().map(String::as_str).collect();
        assert_eq!(reckoned, written, "{}", stringify!($($attr)*));
    })*};
}

/// Fields that differ in how many words they have, and where their underscores and digits are.
macro_rules! every_case {
    ($($case:literal)*) => {
        agree! {$(
            #[serde(rename_all = $case)]
            struct Fields {
                id,
                order_id,
                a_b_c,
                two__underscores,
                _leading,
                trailing_,
                item2_of_3,
                not_asciiß_ß,
                alreadyCamel,
                r#type,
                r#async_id,
                #[serde(rename = "as IS_said")] renamed,
                #[serde(rename(serialize = "out", deserialize = "in"))] one_way,
                #[serde(rename(deserialize = "in"))] other_way,
                #[serde(alias = "other")] aliased_field,
                #[serde(skip_serializing_if = "zero")] sometimes_left_out,
            }
        )*}
    };
}

fn zero(_: &u8) -> bool {
    false
}

#[test]
fn in_every_case_of_rename_all() {
    every_case! {
        "lowercase" "UPPERCASE" "PascalCase" "camelCase"
        "snake_case" "SCREAMING_SNAKE_CASE" "kebab-case" "SCREAMING-KEBAB-CASE"
    }
}

#[test]
fn with_what_else_serde_knows() {
    agree! {
        struct Plain { order_id, r#type, }
        #[serde(rename_all(serialize = "camelCase", deserialize = "kebab-case"))]
        struct OneWay { order_id, }
        #[serde(rename_all(deserialize = "kebab-case"))]
        struct OtherWay { order_id, }
        #[serde(tag = "kind", rename_all = "UPPERCASE")]
        struct Tagged { order_id, }
        struct Skipping {
            kept,
            #[serde(skip)] skipped,
            #[serde(skip_serializing, default)] not_written,
            #[serde(skip_deserializing)] not_read,
        }
        #[serde(deny_unknown_fields, bound(serialize = ""), rename = "Other")]
        struct Unrelated { #[serde(default, serialize_with = "seven")] order_id, }
    }
}

fn seven<S: serde::Serializer>(_: &u8, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(7)
}
