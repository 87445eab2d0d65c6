//! The errors of a type that is not compatible with a variable that the workflow reads.

use std::collections::HashMap;

use serde::Serialize;
use teleflow::TeleflowPayload;
use teleflow_catalog::rules::{ConstString, Kind, Requirement, Rule, TypeCheck, WorkflowRef, compat};

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
    skippable: Option<u8>,
    #[serde(flatten)]
    rest: HashMap<String, u8>,
}

const WORKFLOW: WorkflowRef<'_> = WorkflowRef { trigger: "order-shipped", file: "order-shipped.json" };

fn requirement(path: &'static str, kind: Kind, required: bool) -> Requirement<'static> {
    let name = path.rsplit('.').next().unwrap_or(path);
    Requirement { path, name, kind, required, exact: required, nullable: false, steps: "step `email`" }
}

fn message(error: Option<ConstString>) -> String {
    error.map(|text| text.as_str().to_owned()).unwrap_or_default()
}

fn check_field<T: TeleflowPayload + ?Sized>(requirement: &Requirement<'_>) -> String {
    message(compat::check_field(requirement, &WORKFLOW, &T::TYPE_INFO))
}

fn is_compatible<T: TeleflowPayload + ?Sized>(path: &'static str, kind: Kind, required: bool) -> bool {
    compat::check_value(&requirement(path, kind, required), &WORKFLOW, T::SHAPE, T::OPTIONAL).is_none()
}

#[test]
fn a_field_that_is_missing_or_may_be() {
    let of = |path, required| check_field::<Line>(&requirement(path, Kind::String, required));
    assert_eq!(of("line.sku", true), "");
    let missing = of("line.skuu", true);
    assert!(missing.starts_with("`Line` has no field `skuu` (it has `sku`, `count`, `note`), but"), "{missing}");
    assert!(of("line.note", true).contains("may be missing"), "{}", of("line.note", true));
    assert_eq!(of("line.note", false), "");
    // A pointer to a type has the type's name.
    assert!(check_field::<Option<Box<Line>>>(&requirement("a.b", Kind::Any, true)).contains("`Line`"));
}

#[test]
fn a_field_that_the_type_does_not_declare_is_not_an_error() {
    let of = |path| check_field::<Open>(&requirement(path, Kind::Number, true));
    assert_eq!(of("open.own"), "");
    assert_eq!(of("open.other"), "");
    assert!(of("open.skippable").contains("may be missing"));
    assert_eq!(check_field::<HashMap<String, u8>>(&requirement("map.any", Kind::String, true)), "");
    assert_eq!(check_field::<serde_json::Value>(&requirement("map.any", Kind::String, true)), "");
    let _ = |open: Open| (open.own, open.skippable, open.rest);
}

#[test]
fn a_value_of_another_kind() {
    assert!(is_compatible::<At<Line, 0>>("line.sku", Kind::String, true));
    assert!(!is_compatible::<At<Line, 0>>("line.sku", Kind::Number, true));
    assert!(!is_compatible::<At<Line, 1>>("line.count", Kind::Number, true));
    assert!(is_compatible::<At<Line, 1>>("line.count", Kind::Number, false));
    assert!(is_compatible::<At<Line, 3>>("line.other", Kind::Number, true));
    assert!(!is_compatible::<At<Open, 0>>("open.own", Kind::Date, true));
    assert!(!is_compatible::<At<HashMap<String, Line>, 0>>("map.any", Kind::Array, true));
    let _ = |line: Line| (line.sku, line.count, line.note);
}

#[test]
#[should_panic(expected = "the index of a type is out of range")]
fn a_check_of_a_type_that_is_not_in_the_table_stops_the_build() {
    let check = TypeCheck { type_index: 1, rule: Rule::Value(requirement("a", Kind::Any, false)) };
    let _ = compat::check_all(&WORKFLOW, &[check.to_row()], &[Line::TYPE_INFO]);
}
