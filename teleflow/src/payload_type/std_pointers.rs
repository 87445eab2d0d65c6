//! Pointers and wrappers of the standard library, which serialize as their content.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::num::{Saturating, Wrapping};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, RwLock, Weak as ArcWeak};

use super::{FieldInfo, Shape, TeleflowPayload};

macro_rules! transparent {
    ($([$($parameters:tt)*] $type:ty: $optional:expr,)*) => {$(
        // No `do_not_recommend`: an error must name `T`.
        impl<$($parameters)*> TeleflowPayload for $type
        where
            T: TeleflowPayload,
        {
            const SHAPE: Shape = T::SHAPE;
            const OPTIONAL: bool = $optional;
            const NAME: &'static str = T::NAME;
            const FIELDS: &'static [FieldInfo<'static>] = T::FIELDS;
            const VALUES: &'static [&'static str] = T::VALUES;
            type Element = T::Element;
            type Object = T::Object;
        }
    )*};
}

transparent! {
    [T] Option<T>: true,
    [T: ?Sized] Weak<T>: true,
    [T: ?Sized] ArcWeak<T>: true,
    [T: ?Sized] &T: T::OPTIONAL,
    [T: ?Sized] &mut T: T::OPTIONAL,
    [T: ?Sized + ToOwned] Cow<'_, T>: T::OPTIONAL,
    [T: ?Sized] Box<T>: T::OPTIONAL,
    [T: ?Sized] Rc<T>: T::OPTIONAL,
    [T: ?Sized] Arc<T>: T::OPTIONAL,
    [T] Cell<T>: T::OPTIONAL,
    [T: ?Sized] RefCell<T>: T::OPTIONAL,
    [T: ?Sized] Mutex<T>: T::OPTIONAL,
    [T: ?Sized] RwLock<T>: T::OPTIONAL,
    [T] Reverse<T>: T::OPTIONAL,
    [T] Wrapping<T>: T::OPTIONAL,
    [T] Saturating<T>: T::OPTIONAL,
}
