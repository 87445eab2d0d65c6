//! Raw identifiers, a renamed library, and types whose parts come from a `macro_rules!`.

#![deny(warnings)]
#![allow(non_camel_case_types)]

extern crate core as teleflow;
pub extern crate teleflow as tf;

use serde::Serialize;
use tf::TeleflowPayload;
use tf::__private::{FieldAt, Shape};

mod notify {
    pub use tf as library;
}

#[derive(Serialize, TeleflowPayload)]
#[teleflow(crate = "tf")]
struct r#struct<r#fn> {
    r#type: r#fn,
    #[teleflow(kind = "date")]
    r#async: u8,
}

#[derive(Serialize, TeleflowPayload)]
#[teleflow(crate = "crate::notify::library")]
enum r#enum {
    r#struct(r#struct<u8>),
}

macro_rules! part {
    ($name:ident<$life:lifetime> as $kind:literal, $as:literal { $field:ident: $ty:ty, $($other:ident: $others:ty),* }) => {
        #[derive(Serialize, TeleflowPayload)]
        #[teleflow(crate = "tf")]
        struct $name<$life> {
            $field: $ty,
            #[teleflow(kind = $kind)]
            #[serde(rename = $as)]
            price: &$life $ty,
            $($other: $others),*
        }

        #[derive(Serialize, TeleflowPayload)]
        #[teleflow(crate = "tf")]
        struct Whole($ty);
    };
}

part! { Line<'a> as "number", "n" { sku: Option<String>, count: &'a u32 } }

const _: () = {
    let [only] = <r#enum as TeleflowPayload>::FIELDS else { panic!() };
    assert!(matches!(only.name.as_bytes(), b"struct"));
    let [first, second] = <r#struct<u8> as TeleflowPayload>::FIELDS else { panic!() };
    assert!(matches!((first.name.as_bytes(), second.name.as_bytes()), (b"type", b"async")));
    assert!(matches!(<r#struct<u8> as TeleflowPayload>::NAME.as_bytes(), b"struct"));
    let [_, price, _] = <Line<'static> as TeleflowPayload>::FIELDS else { panic!() };
    assert!(matches!(price.name.as_bytes(), b"n"));
    assert!(matches!(<<Line<'static> as FieldAt<1>>::Type as TeleflowPayload>::SHAPE, Shape::Number));
    assert!(<Whole as TeleflowPayload>::OPTIONAL);
};

fn main() {}
