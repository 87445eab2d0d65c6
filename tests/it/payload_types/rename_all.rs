//! The wire names of variants and of their assert_fields, in every case of `rename_all`.

use serde::Serialize;
use teleflow::__private::Shape;
use teleflow::TeleflowPayload;

use super::assert_serialized_as;

/// Variants and fields with one and several words, and with underscores and digits in every position.
macro_rules! every_case {
    ($($case:literal)*) => {$({
        #[derive(Serialize, TeleflowPayload)]
        #[serde(rename_all = $case, rename_all_fields = $case)]
        #[allow(non_camel_case_types, non_snake_case)]
        enum Cases {
            A { id: u8, order_id: u8, a_b_c: u8, two__underscores: u8, _leading: u8, trailing_: u8 },
            OrderPlaced(u8),
            XmlHTTP(u8),
            With_Underscore(u8),
            Item2Of3(u8),
            lower(u8),
            r#type(u8),
            NotAsciiÉß(u8),
            #[serde(rename = "as IS_names")]
            Renamed(u8),
            #[serde(rename(serialize = "out", deserialize = "in"))]
            OneWay(u8),
            #[serde(rename(deserialize = "in"))]
            OtherWay(u8),
        }
        let values = [
            Cases::A { id: 1, order_id: 1, a_b_c: 1, two__underscores: 1, _leading: 1, trailing_: 1 },
            Cases::OrderPlaced(1),
            Cases::XmlHTTP(1),
            Cases::With_Underscore(1),
            Cases::Item2Of3(1),
            Cases::lower(1),
            Cases::r#type(1),
            Cases::NotAsciiÉß(1),
            Cases::Renamed(1),
            Cases::OneWay(1),
            Cases::OtherWay(1),
        ];
        let names: Vec<_> = Cases::FIELDS.iter().map(|name| format!("{}?", name.name)).collect();
        assert_serialized_as(Shape::Object, &names.join(" "), &values);
        assert_eq!(names.len(), values.len());

        #[derive(Serialize, TeleflowPayload)]
        #[serde(tag = "t", rename_all_fields = $case)]
        #[allow(non_snake_case)]
        enum Fields {
            A { id: u8, order_id: u8, a_b_c: u8, two__underscores: u8, _leading: u8, trailing_: u8, r#async_id: u8 },
        }
        let value = Fields::A {
            id: 1,
            order_id: 1,
            a_b_c: 1,
            two__underscores: 1,
            _leading: 1,
            trailing_: 1,
            r#async_id: 1,
        };
        let names: Vec<_> = Fields::FIELDS.iter().map(|name| name.name).collect();
        assert_serialized_as(Shape::Object, &names.join(" "), &[value]);
        assert_eq!(names.len(), 8);
    })*};
}

#[test]
fn every_case_of_rename_all() {
    every_case! {
        "lowercase" "UPPERCASE" "PascalCase" "camelCase"
        "snake_case" "SCREAMING_SNAKE_CASE" "kebab-case" "SCREAMING-KEBAB-CASE"
    }
}
