//! Strings, numbers, booleans and `null` of the standard library.

use std::fmt;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8, NonZeroU16, NonZeroU32,
    NonZeroU64, NonZeroU128, NonZeroUsize,
};
use std::path::{Path, PathBuf};
use std::sync::atomic::{
    AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16, AtomicU32, AtomicU64,
    AtomicUsize,
};

use super::serialized_as;

serialized_as!(String: char, str, String, Path, PathBuf, fmt::Arguments<'_>);
serialized_as!(String: IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6);
serialized_as!(Boolean: bool, AtomicBool);
serialized_as!(Number: f32, f64);
serialized_as!(Integer: i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);
serialized_as!(Integer: AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize);
serialized_as!(Integer: AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize);
serialized_as!(Integer: NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize);
serialized_as!(Integer: NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize);
serialized_as!(Null: ());

#[diagnostic::do_not_recommend]
impl<T: ?Sized> super::TeleflowPayload for PhantomData<T> {
    const SHAPE: super::Shape = super::Shape::Null;
    type Element = super::Unknown;
    type Object = super::Unknown;
}
