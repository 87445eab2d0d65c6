//! Tenants from strings.

use std::borrow::Cow;

use super::Tenant;

macro_rules! from_strings {
    ($($string:ty),*) => {$(
        impl From<$string> for Tenant {
            fn from(identifier: $string) -> Self {
                Self::new(identifier)
            }
        }
    )*};
}

from_strings!(&str, String, &String, Cow<'_, str>);
