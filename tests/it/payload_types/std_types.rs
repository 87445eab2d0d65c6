//! The types of std and of other crates for which the library implements `TeleflowPayload`.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CString, OsString};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{NonZeroI128, NonZeroU8, Saturating, Wrapping};
use std::ops::{Bound, Range, RangeFrom, RangeInclusive, RangeTo};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{
    AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16, AtomicU32, AtomicU64,
    AtomicUsize,
};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde_json::{Value, json};
use teleflow::__private::{Shape, TeleflowPayload, Unknown};
use teleflow::{
    Attachment, Channel, DeliverAt, Recipient, Recipients, Subscriber, SubscriberId, Tenant, Topic, TransactionId,
    TriggerId,
};

use super::{At, assert_fields, assert_same_type, assert_serialized_as};

macro_rules! table {
    ($($shape:ident: $($value:expr),* $(,)?;)*) => {$($(
        assert_serialized_as(Shape::$shape, "", &[$value]);
    )*)*};
}

#[test]
fn scalars() {
    table! {
        String: 'a', "a", String::new(), PathBuf::from("a"), Path::new("a"), format_args!("a"),
            IpAddr::V4(Ipv4Addr::LOCALHOST), Ipv4Addr::LOCALHOST, Ipv6Addr::LOCALHOST,
            SocketAddr::from(([1, 2, 3, 4], 5)), SocketAddrV4::new(Ipv4Addr::LOCALHOST, 1),
            SocketAddrV6::new(Ipv6Addr::LOCALHOST, 1, 2, 3);
        Boolean: true, AtomicBool::new(true);
        Integer: 1_u8, 1_u16, 1_u32, 1_u64, 1_u128, 1_usize, -1_i8, -1_i16, -1_i32, -1_i64, -1_i128, -1_isize,
            NonZeroU8::MIN, NonZeroI128::new(1).unwrap(), AtomicU8::new(1), AtomicU16::new(1), AtomicU32::new(1),
            AtomicU64::new(1), AtomicUsize::new(1), AtomicI8::new(-1), AtomicI16::new(-1), AtomicI32::new(-1),
            AtomicI64::new(-1), AtomicIsize::new(-1);
        Number: 1.5_f32, 1.5_f64;
        Map: OsString::from("a");
        Null: (), PhantomData::<u8>;
    }
}

#[test]
fn wrappers_have_the_shape_of_their_content() {
    table! {
        String: &"a", &mut "a", Cow::Borrowed("a"), Box::<str>::from("a"), Rc::<str>::from("a"), Arc::<str>::from("a");
        Integer: Cell::new(1), RefCell::new(1), Mutex::new(1), RwLock::new(1), Reverse(1), Wrapping(1), Saturating(1);
        String: "a", Box::new("a");
    }
    assert_serialized_as(Shape::Integer, "", &[Some(1), None]);
    assert_serialized_as(Shape::Integer, "", &[Box::new(Some(1)), Box::new(None)]);
    let shared = (Rc::new(1), Arc::new(1));
    assert_serialized_as(Shape::Integer, "", &[Rc::downgrade(&shared.0), std::rc::Weak::new()]);
    assert_serialized_as(Shape::Integer, "", &[Arc::downgrade(&shared.1), std::sync::Weak::new()]);
    assert_serialized_as(Shape::Boolean, "", &[Some(Some(true)), Some(None), None]);
    let serialized = assert_serialized_as(Shape::Array, "", &[Some(vec![Some(1), None]), None]);
    serialized.elements::<Option<Vec<Option<i32>>>>();
    let durations = [Rc::new(Duration::ZERO)];
    assert_fields!(assert_serialized_as(Shape::Object, "secs nanos", &durations) => Rc<Duration> { 0: u64, 1: u32; 2 });
}

#[test]
#[expect(clippy::single_range_in_vec_init, reason = "a range is the value")]
fn ranges_and_enums() {
    assert_fields!(assert_serialized_as(Shape::Object, "start end", &[1..2]) => Range<i32> { 0: i32, 1: i32; 2 });
    assert_fields!(assert_serialized_as(Shape::Object, "start end", &[1..=2]) => RangeInclusive<i32> { 0: i32, 1: i32; 2 });
    assert_fields!(assert_serialized_as(Shape::Object, "start", &[1..]) => RangeFrom<i32> { 0: i32; 1 });
    assert_fields!(assert_serialized_as(Shape::Object, "end", &[..Some(2), ..None]) => RangeTo<Option<i32>> { 0: Option<i32>; 1 });
    assert_fields!(assert_serialized_as(Shape::Object, "Ok? Err?", &[Ok(1), Err("late")]) => Result<i32, &str> { 0: i32, 1: &str; 2 });
    assert_serialized_as(Shape::Unknown, "", &[Bound::Unbounded, Bound::Included(1), Bound::Excluded(1)]);
}

#[test]
fn arrays() {
    list(CString::new("a").unwrap());
    list((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
    list(vec![1]);
    list([1, 2]);
    list(&[1, 2][..]);
    list(VecDeque::from([1]));
    list(LinkedList::from([1]));
    list(BinaryHeap::from([1]));
    list(HashSet::from([1]));
    list(BTreeSet::from([Some(1), None]));
    list(Box::<[i32]>::from([1]));
    list((1,));
    list((1, 'a'));
    assert_same_type::<<[Duration; 3] as TeleflowPayload>::Element, Duration>();
    assert_same_type::<<(u8, u8) as TeleflowPayload>::Element, Unknown>();
    assert_serialized_as(Shape::Array, "", &[(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, "a")]);
    assert_serialized_as(Shape::Array, "", &[[(); 0]]);
}

fn list<T: TeleflowPayload + Serialize>(list: T)
where
    T::Element: TeleflowPayload,
{
    assert_serialized_as(Shape::Array, "", &[list]).elements::<T>();
}

#[test]
fn maps() {
    let serialized =
        assert_serialized_as(Shape::Map, "", &[HashMap::from([("a", Some(1))]), HashMap::from([("a", None)])]);
    assert_same_type::<At<HashMap<&str, Option<i32>>, 0>, Option<i32>>();
    assert_same_type::<At<BTreeMap<u8, Duration>, 7>, Duration>();
    drop(serialized);
    assert_serialized_as(Shape::Map, "", &[BTreeMap::from([(1, "a")])]);
    assert_serialized_as(Shape::Map, "", &[serde_json::Map::from_iter([(String::from("a"), Value::Null)])]);
}

#[test]
fn durations_and_json() {
    assert_fields!(assert_serialized_as(Shape::Object, "secs nanos", &[Duration::ZERO]) => Duration { 0: u64, 1: u32; 2 });
    let moments = [SystemTime::UNIX_EPOCH];
    assert_fields!(assert_serialized_as(Shape::Object, "secs_since_epoch nanos_since_epoch", &moments) => SystemTime { 0: u64, 1: u32; 2 });
    assert_serialized_as(Shape::Unknown, "", &[json!(1), json!("a"), json!({"a": 1}), Value::Null]);
    assert_serialized_as(Shape::Number, "", &[serde_json::Number::from(1)]);
    assert_serialized_as(Shape::Unknown, "", &[serde_json::value::to_raw_value(&1).unwrap()]);
}

#[test]
fn types_of_this_library() {
    table! {
        String: Channel::Email, Channel::InApp, SubscriberId::from("a"), TransactionId::from("a"), TriggerId::from("a");
        Date: DeliverAt::after(Duration::ZERO).unwrap();
        Unknown: Recipient::from("a"), Recipients::from_iter(["a"]);
    }
    let files = [Attachment::new("a", "b", []), Attachment::new("a", "b", []).channels([Channel::Email])];
    let serialized = assert_serialized_as(Shape::Object, "name mime file channels?", &files);
    assert_fields!(serialized => Attachment { 0, 1, 2, 3: Vec<Channel>; 4 });

    let tenants = [Tenant::new("a"), Tenant::new("a").name("b").data(json!({"a": 1}))];
    assert_fields!(assert_serialized_as(Shape::Object, "identifier name? data?", &tenants) => Tenant { 0, 1, 2; 3 });

    let plain = Subscriber::new("a");
    let full = Subscriber::new("a").email("a").phone("a").first_name("a").last_name("a").avatar("a").locale("a");
    let serialized = assert_serialized_as(
        Shape::Object,
        "subscriberId email? phone? firstName? lastName? avatar? locale? data?",
        &[plain, full.data(json!({"a": 1}))],
    );
    assert_fields!(serialized => Subscriber { 0: SubscriberId, 1, 2, 3, 4, 5, 6, 7; 8 });
    assert_fields!(assert_serialized_as(Shape::Object, "type topicKey", &[Topic::new("a")]) => Topic { 0, 1; 2 });
}

#[test]
fn types_of_other_crates() {
    table! {
        String: chrono::DateTime::UNIX_EPOCH, chrono::NaiveDate::MIN, chrono::NaiveTime::MIN, chrono::NaiveDateTime::MIN,
            chrono::Month::May, chrono::Weekday::Mon;
        String: jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::UNIX_EPOCH.to_zoned_datetime(jiff::tz::TimeZone::UTC),
            jiff::Span::new().days(1), jiff::SignedDuration::ZERO, jiff::civil::Date::ZERO, jiff::civil::Time::MIN,
            jiff::civil::DateTime::ZERO;
        String: url::Url::parse("https://example.com").unwrap(), uuid::Uuid::nil();
        NumberOrString: rust_decimal::Decimal::ONE;
        Unknown: time::OffsetDateTime::UNIX_EPOCH, time::Date::MIN, time::Time::MIDNIGHT,
            time::PrimitiveDateTime::new(time::Date::MIN, time::Time::MIDNIGHT);
    }
}
