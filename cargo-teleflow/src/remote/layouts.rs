//! Fetches the layouts of e-mails, which the server renders with the payload.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use super::segment::encoded;
use crate::api::Api;
use crate::documents::LAYOUT;
use crate::failure::Failure;

/// The requested layouts by id.
#[derive(Default)]
pub(super) struct Layouts(Mutex<BTreeMap<String, Arc<Cached>>>);

/// The result for one layout. An error is kept too, since it comes after all retries.
type Cached = OnceCell<Result<Value, Failure>>;

impl Layouts {
    /// Adds the layouts to the e-mail templates of a workflow's document.
    pub(super) async fn add(&self, api: &Api, document: &mut Value) -> Result<(), Failure> {
        for template in templates(document) {
            let is_email = template.get("type").and_then(Value::as_str) == Some("email");
            let id = template.get("_layoutId").and_then(Value::as_str).filter(|id| is_email && !id.is_empty());
            if let Some(id) = id {
                let layout = self.layout(api, id).await?;
                template.insert(LAYOUT.to_owned(), layout);
            }
        }
        Ok(())
    }

    async fn layout(&self, api: &Api, id: &str) -> Result<Value, Failure> {
        let cached = {
            let mut layouts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(layouts.entry(id.to_owned()).or_default())
        };
        // Workflows with the same layout wait for one request.
        cached.get_or_init(|| fetch(api, id)).await.clone()
    }
}

async fn fetch(api: &Api, id: &str) -> Result<Value, Failure> {
    let Some(id) = encoded(id) else {
        return Ok(Value::Null);
    };
    let path = format!("/v1/layouts/{id}");
    let mut response = api.get(&path).await?;
    if response.status >= 500 || response.status == 429 {
        // Without the layout, the catalog would lack its variables.
        return Err(api.error_response(&path, &response));
    }
    let is_success = response.is_success();
    let data = response.body.as_mut().and_then(|body| body.get_mut("data")).map(Value::take);
    Ok(match data {
        Some(Value::Object(mut layout)) if is_success => {
            layout.insert("type".to_owned(), "email".into());
            Value::Object(layout)
        }
        _ => Value::Null,
    })
}

/// The templates of all steps and of their variants.
fn templates(document: &mut Value) -> Vec<&mut Map<String, Value>> {
    let mut templates = Vec::new();
    let steps = document.get_mut("steps").and_then(Value::as_array_mut);
    for step in steps.into_iter().flatten().filter_map(Value::as_object_mut) {
        for (key, value) in step {
            match (key.as_str(), value) {
                ("template", Value::Object(template)) => templates.push(template),
                ("variants", Value::Array(variants)) => {
                    let of_variants = variants.iter_mut().filter_map(|variant| variant.get_mut("template"));
                    templates.extend(of_variants.filter_map(Value::as_object_mut));
                }
                _ => {}
            }
        }
    }
    templates
}
