//! `GET /v1/layouts`: lists layouts, and returns one of them.
// Source: `layouts.controller.ts`, `filter-layouts.use-case.ts` and `filter-layouts.e2e.ts`.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::form;
use super::response::{Failure, Success};
use super::state::Shared;
use crate::database::layout::Layout;
use crate::database::store::ApiKey;
use crate::js;

const DEFAULT_PAGE_SIZE: f64 = 10.0;
const MAX_PAGE_SIZE: f64 = 1000.0;

/// `GET /v1/layouts?page=0&pageSize=10&sortBy=createdAt&orderBy=-1`: newest first, without the envelope.
pub(crate) fn list(shared: &Shared, caller: &ApiKey, query: &str) -> Result<Success, Failure> {
    let parameter =
        |name: &str| form::pairs(query).find(|(key, _)| key == name).map(|(_, value)| js::parse_number(&value));
    let (page, page_size) = (parameter("page").unwrap_or(0.0), parameter("pageSize").unwrap_or(DEFAULT_PAGE_SIZE));
    let order = parameter("orderBy").unwrap_or(-1.0);
    let mut messages = Vec::new();
    for (name, number) in [("page", page), ("pageSize", page_size)] {
        // `x` is NaN, which violates every rule.
        if number.is_nan() || number < 0.0 {
            messages.push(format!("{name} must not be less than 0"));
        }
        if number.fract() != 0.0 {
            messages.push(format!("{name} must be an integer number"));
        }
    }
    if order.fract() != 0.0 {
        messages.push("orderBy must be an integer number".to_owned());
    }
    if !messages.is_empty() {
        return Err(Failure::bad_request(messages));
    }
    if page_size > MAX_PAGE_SIZE {
        return Err(Failure::bad_request(format!("Page size can not be larger then {MAX_PAGE_SIZE}")));
    }

    let state = shared.lock();
    let environment = state.database.environment(&caller.environment_id);
    let mut found: Vec<&Layout> = environment.into_iter().flat_map(|environment| &environment.layouts).collect();
    // The last one is the newest.
    found.sort_by(|a, b| created_at(a).cmp(created_at(b)));
    if order != 1.0 {
        found.reverse();
    }
    let (number, size) = (page as usize, page_size as usize);
    // The database takes a limit of 0 as no limit.
    let limit = if size == 0 { usize::MAX } else { size };
    let data: Vec<Value> =
        found.iter().skip(number.saturating_mul(size)).take(limit).map(|layout| entry(layout)).collect();
    let body = json!({ "page": number, "totalCount": found.len(), "pageSize": size, "data": data });
    Ok(Success { status: StatusCode::OK, body })
}

/// `GET /v1/layouts/:id`.
pub(crate) fn detail(shared: &Shared, caller: &ApiKey, id: &str) -> Result<Success, Failure> {
    let state = shared.lock();
    let environment = state.database.environment(&caller.environment_id);
    let found = environment.and_then(|environment| environment.layouts.iter().find(|layout| layout.id == id));
    let layout = found.ok_or_else(|| {
        Failure::not_found(format!("Layout not found for id {id} in the environment {}", caller.environment_id))
    })?;
    let mut document = entry(layout);
    if let Value::Object(fields) = &mut document {
        let variables = fields.get("variables").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let variables: Vec<Value> = variables.iter().map(variable).collect();
        fields.insert("variables".to_owned(), variables.into());
    }
    Ok(Success::wrapped(StatusCode::OK, document))
}

fn entry(layout: &Layout) -> Value {
    let mut document = layout.document().clone();
    if let Value::Object(fields) = &mut document {
        let is_deleted = fields.get("deleted").cloned().unwrap_or(Value::Bool(false));
        fields.insert("isDeleted".to_owned(), is_deleted);
    }
    document
}

/// A variable without its id.
fn variable(variable: &Value) -> Value {
    let names = ["name", "type", "defaultValue", "required"];
    let kept = names.iter().filter_map(|name| Some(((*name).to_owned(), variable.get(name)?.clone())));
    Value::Object(kept.collect::<Map<_, _>>())
}

/// All timestamps have the same format, so they can be sorted as strings.
fn created_at(layout: &Layout) -> &str {
    layout.document().get("createdAt").and_then(Value::as_str).unwrap_or_default()
}
