//! What is said of a type that does not fit, where a workflow reads it.

use std::collections::HashMap;

use serde::Serialize;
use teleflow::TeleflowPayload;
use teleflow_catalog::{rules::ConstString, rules::Kind, rules::Requirement, rules::WorkflowRef, rules::compat};

use super::At;

#[derive(Serialize, TeleflowPayload)]
struct Line {
    sku: String,
    count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Serialize, TeleflowPayload)]
struct Open {
    own: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    perhaps: Option<u8>,
    #[serde(flatten)]
    rest: HashMap<String, u8>,
}

const PLACE: WorkflowRef<'_> = WorkflowRef { trigger: "order-shipped", file: "order-shipped.json" };

fn want(path: &'static str, kind: Kind, required: bool) -> Requirement<'static> {
    let name = path.rsplit('.').next().unwrap_or(path);
    Requirement { path, name, kind, required, exact: required, nullable: false, steps: "step `email`" }
}

fn said(complaint: Option<ConstString>) -> String {
    complaint.map(|text| text.as_str().to_owned()).unwrap_or_default()
}

fn field<T: TeleflowPayload + ?Sized>(want: &Requirement<'_>, place: &WorkflowRef<'_>) -> Option<ConstString> {
    compat::check_field(want, place, &T::TYPE_INFO)
}

fn kind_fits<T: TeleflowPayload + ?Sized>(path: &'static str, kind: Kind, required: bool) -> bool {
    compat::check_value(&want(path, kind, required), &PLACE, T::SHAPE, T::OPTIONAL).is_none()
}

#[test]
fn of_a_field_that_is_missing_or_may_be() {
    let of = |path, required| said(field::<Line>(&want(path, Kind::String, required), &PLACE));
    assert_eq!(of("line.sku", true), "");
    assert!(of("line.skuu", true).starts_with("`Line` has no field `skuu`"), "{}", of("line.skuu", true));
    assert!(of("line.note", true).contains("may be missing"), "{}", of("line.note", true));
    assert_eq!(of("line.note", false), "");
    // What stands for another type has its name, too.
    assert!(said(field::<Option<Box<Line>>>(&want("a.b", Kind::Any, true), &PLACE)).contains("`Line`"));
}

#[test]
fn nothing_of_a_name_that_the_type_does_not_know() {
    let of = |path| said(field::<Open>(&want(path, Kind::Number, true), &PLACE));
    assert_eq!(of("open.own"), "");
    assert_eq!(of("open.other"), "");
    assert!(of("open.perhaps").contains("may be missing"));
    assert!(field::<HashMap<String, u8>>(&want("map.any", Kind::String, true), &PLACE).is_none());
    assert!(field::<serde_json::Value>(&want("map.any", Kind::String, true), &PLACE).is_none());
    let _ = |open: Open| (open.own, open.perhaps, open.rest);
}

#[test]
fn of_a_kind_that_is_another() {
    assert!(kind_fits::<At<Line, 0>>("line.sku", Kind::String, true));
    assert!(!kind_fits::<At<Line, 0>>("line.sku", Kind::Number, true));
    assert!(!kind_fits::<At<Line, 1>>("line.count", Kind::Number, true));
    assert!(kind_fits::<At<Line, 1>>("line.count", Kind::Number, false));
    assert!(kind_fits::<At<Line, 3>>("line.other", Kind::Number, true));
    assert!(!kind_fits::<At<Open, 0>>("open.own", Kind::Date, true));
    assert!(!kind_fits::<At<HashMap<String, Line>, 0>>("map.any", Kind::Array, true));
    let _ = |line: Line| (line.sku, line.count, line.note);
}
