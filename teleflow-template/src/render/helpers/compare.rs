//! Helpers that compare two values and render a block.

use std::cmp::Ordering;

use super::super::coerce::{compare, is_equal, is_identical};
use super::super::error::RenderError;
use super::super::helper_call::{HelperCall, Part};
use super::super::value::Value;

type Outcome = Result<Value, RenderError>;

fn choose(call: &mut HelperCall<'_>, predicate: impl Fn(&Value, &Value) -> bool) -> Outcome {
    let is_true = predicate(&call.arg(0), &call.arg(1));
    call.render(2, if is_true { Part::Main } else { Part::Inverse })
}

fn ordered(call: &mut HelperCall<'_>, is_true: fn(Ordering) -> bool) -> Outcome {
    choose(call, |left, right| compare(left, right).is_some_and(is_true))
}

pub(super) fn equals(call: &mut HelperCall<'_>) -> Outcome {
    choose(call, is_equal)
}

pub(super) fn eq(call: &mut HelperCall<'_>) -> Outcome {
    choose(call, is_identical)
}

pub(super) fn ne(call: &mut HelperCall<'_>) -> Outcome {
    choose(call, |left, right| !is_identical(left, right))
}

pub(super) fn gt(call: &mut HelperCall<'_>) -> Outcome {
    ordered(call, Ordering::is_gt)
}

pub(super) fn gte(call: &mut HelperCall<'_>) -> Outcome {
    ordered(call, Ordering::is_ge)
}

pub(super) fn lt(call: &mut HelperCall<'_>) -> Outcome {
    ordered(call, Ordering::is_lt)
}

pub(super) fn lte(call: &mut HelperCall<'_>) -> Outcome {
    ordered(call, Ordering::is_le)
}
