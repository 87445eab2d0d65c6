//! What the words of `#[teleflow(kind = "…")]` stand for, as types.

use crate::form::{Unknown, Values};

/// `string`
pub type Text = &'static str;
/// `number`
pub type Number = f64;
/// `boolean`
pub type Boolean = bool;
/// `date`
pub type Moment = crate::deliver_at::DeliverAt;
/// `array`
pub type List = Vec<Unknown>;
/// `object`
pub type Map = Values<Unknown>;
