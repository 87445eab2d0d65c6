//! Parses a template file. No content makes it panic.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::lines::{join, join_fields};
use super::template_file::TemplateFile;
use super::write::VERSION;
use crate::files::Malformed;

/// The error message for a file that is not a template file, the same in the command line and the emulator.
#[must_use]
pub fn not_a_template_file(file: &str, reason: &str) -> String {
    format!("`{file}` is not a template file: {reason}; run `cargo teleflow pull --templates` again")
}

type Read<T> = Result<T, Malformed>;

/// Returns why a value is not valid under this key of a step, a variant, a template or a layout: "is not a string".
#[must_use]
pub fn type_error(key: &str, value: &Value) -> Option<&'static str> {
    let (is_valid, error) = match key {
        "active" | "isDefault" | "shouldStopOnFail" => (value.is_boolean(), "is neither `true` nor `false`"),
        "filters" | "variables" => (value.is_array(), "is not an array"),
        "actor" | "cta" | "metadata" | "replyCallback" => (value.is_object(), "is not an object"),
        "content" => (value.is_string() || value.is_array(), "is neither a string nor an array"),
        "contentType" | "identifier" | "layout" | "name" | "preheader" | "senderName" | "subject" | "title"
        | "type" | "uuid" => (value.is_string(), "is not a string"),
        _ => (true, ""),
    };
    (!is_valid).then_some(error)
}

impl TemplateFile {
    /// Parses a template file.
    ///
    /// # Errors
    ///
    /// [`Malformed`], with the path of the wrong value.
    pub fn from_json(bytes: &[u8]) -> Read<Self> {
        let file: Value =
            serde_json::from_slice(bytes).map_err(|error| Malformed(format!("it is not valid JSON: {error}")))?;
        let Value::Object(mut file) = file else {
            return malformed("expected a JSON object");
        };
        match file.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => {
                return malformed(format!(
                    "`version` is {newer}, from a newer `cargo teleflow`, but this version reads {VERSION}"
                ));
            }
            _ => return malformed(format!("`version` is not {VERSION}")),
        }
        let Some(steps) = file.remove("steps") else {
            return malformed("`steps` is missing");
        };
        Ok(Self {
            trigger: text(&mut file, "trigger", "trigger")?,
            name: text(&mut file, "name", "name")?,
            active: flag(&file, "active")?,
            critical: flag(&file, "critical")?,
            preference_settings: match file.remove("preferenceSettings") {
                Some(settings) => object(settings, "preferenceSettings")?,
                None => Map::new(),
            },
            reserved_variables: optional_array(&mut file, "reservedVariables", "reservedVariables")?,
            steps: indexed(array(steps, "steps")?, "steps")
                .map(|(step, at)| read_step(step, &at))
                .collect::<Read<_>>()?,
            layouts: layouts(optional_array(&mut file, "layouts", "layouts")?)?,
        })
    }
}

fn read_step(step: Value, at: &str) -> Read<Map<String, Value>> {
    let mut step = conditional(step, at)?;
    let variants = optional_array(&mut step, "variants", &format!("{at}.variants"))?;
    if !variants.is_empty() {
        let variants = indexed(variants, &format!("{at}.variants"))
            .map(|(variant, at)| conditional(variant, &at).map(Value::Object))
            .collect::<Read<Vec<_>>>()?;
        step.insert("variants".to_owned(), variants.into());
    }
    Ok(step)
}

/// Reads what a step and a variant have in common: conditions, and a template.
fn conditional(value: Value, at: &str) -> Read<Map<String, Value>> {
    let mut fields = object(value, at)?;
    check(&fields, at)?;
    if let Some(template) = fields.remove("template") {
        let at = format!("{at}.template");
        let template = join_fields(object(template, &at)?);
        check(&template, &at)?;
        fields.insert("template".to_owned(), Value::Object(template));
    }
    Ok(fields)
}

fn layouts(layouts: Vec<Value>) -> Read<BTreeMap<String, Map<String, Value>>> {
    let mut read = BTreeMap::new();
    for (layout, at) in indexed(layouts, "layouts") {
        let mut layout = object(join(layout), &at)?;
        check(&layout, &at)?;
        let identifier = text(&mut layout, "identifier", &format!("{at}.identifier"))?;
        if !layout.get("content").is_some_and(Value::is_string) {
            return malformed(format!("`{at}.content` is not a string"));
        }
        if read.insert(identifier.clone(), layout).is_some() {
            return malformed(format!("it has two layouts `{identifier}`"));
        }
    }
    Ok(read)
}

fn check(fields: &Map<String, Value>, at: &str) -> Read<()> {
    match fields.iter().find_map(|(key, value)| Some((key, type_error(key, value)?))) {
        Some((key, error)) => malformed(format!("`{at}.{key}` {error}")),
        None => Ok(()),
    }
}

fn text(fields: &mut Map<String, Value>, name: &str, at: &str) -> Read<String> {
    match fields.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => malformed(format!("`{at}` is not a string")),
    }
}

fn flag(file: &Map<String, Value>, name: &str) -> Read<bool> {
    let flag = file.get(name).and_then(Value::as_bool);
    flag.map_or_else(|| malformed(format!("`{name}` is neither `true` nor `false`")), Ok)
}

fn object(value: Value, at: &str) -> Read<Map<String, Value>> {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => malformed(format!("`{at}` is not an object")),
    }
}

fn array(value: Value, at: &str) -> Read<Vec<Value>> {
    match value {
        Value::Array(items) => Ok(items),
        _ => malformed(format!("`{at}` is not an array")),
    }
}

fn optional_array(fields: &mut Map<String, Value>, name: &str, at: &str) -> Read<Vec<Value>> {
    fields.remove(name).map_or_else(|| Ok(Vec::new()), |value| array(value, at))
}

/// Each element with its path: `steps[0]`.
fn indexed(items: Vec<Value>, at: &str) -> impl Iterator<Item = (Value, String)> {
    items.into_iter().enumerate().map(move |(index, item)| (item, format!("{at}[{index}]")))
}

fn malformed<T>(message: impl Into<String>) -> Read<T> {
    Err(Malformed(message.into()))
}
