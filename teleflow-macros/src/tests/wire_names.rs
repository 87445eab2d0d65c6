//! The names that the derive computes are those that serde writes.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::errors::Errors;
use crate::workflow::names::variables;
use crate::workflow::parse;

/// Declares each struct for serde, and passes it as tokens to the derive.
macro_rules! assert_same_names {
    ($($(#[$attr:meta])* struct $name:ident { $($(#[$field_attr:meta])* $field:ident,)* })*) => {$({
        #[derive(Serialize)]
        #[allow(non_snake_case, dead_code)]
        $(#[$attr])*
        struct $name { $($(#[$field_attr])* $field: u8,)* }

        let json = serde_json::to_value($name { $($field: 0,)* }).expect("it serializes");
        let serialized: BTreeSet<&str> = json.as_object().expect("it is an object").keys().map(String::as_str).collect();

        let item = syn::parse_quote! {
            $(#[$attr])*
            struct $name { $($(#[$field_attr])* $field: u8,)* }
        };
        let mut errors = Errors::default();
        let parsed = parse::parse(&item, &mut errors);
        let computed = variables(&parsed).expect("the names are known");
        errors.finish().expect("no key is an error");
        let computed: BTreeSet<&str> = computed.iter().map(|variable| variable.name.as_str()).collect();
        assert_eq!(computed, serialized, "{}", stringify!($($attr)*));
    })*};
}

/// Fields with one and several words, and with underscores and digits in every position.
macro_rules! every_case {
    ($($case:literal)*) => {
        assert_same_names! {$(
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
                #[serde(skip_serializing_if = "zero")] conditionally_skipped,
            }
        )*}
    };
}

fn zero(_: &u8) -> bool {
    false
}

#[test]
fn every_case_of_rename_all() {
    every_case! {
        "lowercase" "UPPERCASE" "PascalCase" "camelCase"
        "snake_case" "SCREAMING_SNAKE_CASE" "kebab-case" "SCREAMING-KEBAB-CASE"
    }
}

#[test]
fn all_other_attributes_of_serde() {
    assert_same_names! {
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
            #[serde(skip_serializing, default)] not_serialized,
            #[serde(skip_deserializing)] not_deserialized,
        }
        #[serde(deny_unknown_fields, bound(serialize = ""), rename = "Other")]
        struct Unrelated { #[serde(default, serialize_with = "seven")] order_id, }
    }
}

fn seven<S: serde::Serializer>(_: &u8, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(7)
}
