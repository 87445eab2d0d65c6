//! The keys of `#[teleflow(…)]`, parsed.

use proc_macro2::Span;
use syn::{Attribute, Error, LitStr, Path};

use teleflow_catalog::server_facts::SpecialVariable;

use crate::attr::attr_keys::{AttrKey, KeyResult, Target, find_key};
use crate::attr::meta_item::{MetaItem, items};
use crate::errors::Errors;

/// The keys of a struct.
#[derive(Default)]
pub(crate) struct StructKeys {
    pub trigger: Option<LitStr>,
    pub transaction_id: Option<LitStr>,
    pub krate: Option<Path>,
    pub catalog: Option<LitStr>,
    pub unchecked: Option<Span>,
    /// The variables that the author omits.
    pub omitted: Vec<LitStr>,
    /// The names that `address` and `shadowed` allow.
    pub allowed_names: Vec<(SpecialVariable, LitStr)>,
    /// The keys that the author attempted to write. They are not reported as missing.
    pub attempted_keys: Vec<&'static str>,
}

/// The keys of a field.
#[derive(Default)]
pub(crate) struct FieldKeys {
    pub to: Option<Span>,
    pub actor: Option<Span>,
    pub tenant: Option<Span>,
    pub address: Option<Span>,
    /// Allows that the server replaces the variable in templates.
    pub shadowed: Option<Span>,
    /// How the field is serialized.
    pub kind: Option<LitStr>,
    /// The value is redacted where people read it.
    pub sensitive: Option<Span>,
    /// The keys that the author attempted to write.
    pub attempted_keys: Vec<&'static str>,
}

/// The keys of a type that derives `TeleflowPayload`.
#[derive(Default)]
pub(crate) struct TypeKeys {
    pub krate: Option<Path>,
    /// How the type is serialized.
    pub kind: Option<LitStr>,
    /// The keys that the author attempted to write.
    pub attempted_keys: Vec<&'static str>,
}

/// Parses each item. `parse` stores the value of one key.
fn for_each_key(
    attrs: &[Attribute],
    target: Target,
    errors: &mut Errors,
    mut parse: impl FnMut(&AttrKey, &MetaItem) -> KeyResult<()>,
) -> Vec<&'static str> {
    let mut attempted_keys = Vec::new();
    for item in items(attrs, "teleflow") {
        if let Err(error) = find_key(&item, target).and_then(|key| parse(key, &item)) {
            errors.push(error.error);
            attempted_keys.extend(error.attempted);
        }
    }
    attempted_keys
}

pub(crate) fn on_struct(attrs: &[Attribute], errors: &mut Errors) -> StructKeys {
    let mut keys = StructKeys::default();
    let attempted_keys = for_each_key(attrs, Target::Struct, errors, |key, item| {
        match key.name {
            "trigger" => key.once(&mut keys.trigger, key.string(item)?, item)?,
            "transaction_id" => key.once(&mut keys.transaction_id, key.string(item)?, item)?,
            "catalog" => key.once(&mut keys.catalog, key.string(item)?, item)?,
            "unchecked" => key.once(&mut keys.unchecked, key.flag(item)?, item)?,
            "omit" => keys.omitted.extend(key.strings(item)?),
            "address" => keys.allow(SpecialVariable::Address, key.strings(item)?),
            "shadowed" => keys.allow(SpecialVariable::Reserved, key.strings(item)?),
            _ => key.once(&mut keys.krate, key.path(item)?, item)?,
        }
        Ok(())
    });
    StructKeys { attempted_keys, ..keys }
}

impl StructKeys {
    fn allow(&mut self, special: SpecialVariable, names: Vec<LitStr>) {
        self.allowed_names.extend(names.into_iter().map(|name| (special, name)));
    }
}

pub(crate) fn on_field(attrs: &[Attribute], errors: &mut Errors) -> FieldKeys {
    let mut keys = FieldKeys::default();
    let attempted_keys = for_each_key(attrs, Target::Field, errors, |key, item| {
        let flag = match key.name {
            "kind" => return key.once(&mut keys.kind, key.kind(item)?, item),
            "to" => &mut keys.to,
            "actor" => &mut keys.actor,
            "tenant" => &mut keys.tenant,
            "shadowed" => &mut keys.shadowed,
            "sensitive" => &mut keys.sensitive,
            _ => &mut keys.address,
        };
        key.once(flag, key.flag(item)?, item)
    });
    FieldKeys { attempted_keys, ..keys }
}

pub(crate) fn on_type(attrs: &[Attribute], errors: &mut Errors) -> TypeKeys {
    let mut keys = TypeKeys::default();
    let attempted_keys = for_each_key(attrs, Target::Type, errors, |key, item| match key.name {
        "kind" => key.once(&mut keys.kind, key.kind(item)?, item),
        _ => key.once(&mut keys.krate, key.path(item)?, item),
    });
    TypeKeys { attempted_keys, ..keys }
}

/// The keys of a field of such a type: `kind` and `sensitive`.
pub(crate) fn on_type_field(attrs: &[Attribute], errors: &mut Errors) -> FieldKeys {
    let mut keys = FieldKeys::default();
    let attempted_keys = for_each_key(attrs, Target::TypeField, errors, |key, item| match key.name {
        "kind" => key.once(&mut keys.kind, key.kind(item)?, item),
        _ => key.once(&mut keys.sensitive, key.flag(item)?, item),
    });
    FieldKeys { attempted_keys, ..keys }
}

/// Rejects the keys of a variant.
pub(crate) fn on_variant(attrs: &[Attribute], errors: &mut Errors) {
    for item in items(attrs, "teleflow") {
        let message = "a variant has no keys; write it above the enum, or above a field";
        errors.push(Error::new_spanned(&item.tokens, message));
    }
}
