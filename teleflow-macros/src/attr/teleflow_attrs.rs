//! The keys of `#[teleflow(…)]` as the author gave them.

use proc_macro2::Span;
use syn::{Attribute, Error, LitStr, Path};

use teleflow_catalog::server_facts::SpecialVariable;

use crate::attr::attr_keys::{Place, known};
use crate::attr::meta_item::items;
use crate::errors::Errors;

/// The keys above the struct.
#[derive(Default)]
pub(crate) struct OnStruct {
    pub trigger: Option<LitStr>,
    pub transaction_id: Option<LitStr>,
    pub krate: Option<Path>,
    pub catalog: Option<LitStr>,
    pub unchecked: Option<Span>,
    /// Variables that are left out on purpose.
    pub omitted: Vec<LitStr>,
    /// Names that are meant although they mean something to the server, where a flattened field or another type has them:
    /// the key, and its name.
    pub elsewhere: Vec<(SpecialVariable, LitStr)>,
    /// What the keys at fault were meant to be: their lack is no fault of its own.
    pub meant: Vec<&'static str>,
}

/// The keys above a field, each with the place where it was written.
#[derive(Default)]
pub(crate) struct OnField {
    pub to: Option<Span>,
    pub actor: Option<Span>,
    pub tenant: Option<Span>,
    pub address: Option<Span>,
    /// In templates the server's own value takes the field's place, and that is meant.
    pub shadowed: Option<Span>,
    /// How the field is sent, whatever its type.
    pub kind: Option<LitStr>,
    /// What the keys at fault were meant to be.
    pub meant: Vec<&'static str>,
}

/// The keys above a type that stands inside payloads.
#[derive(Default)]
pub(crate) struct OnType {
    pub krate: Option<Path>,
    /// How the type is sent, whatever it is made of.
    pub kind: Option<LitStr>,
    /// What the keys at fault were meant to be.
    pub meant: Vec<&'static str>,
}

pub(crate) fn on_struct(attrs: &[Attribute], errors: &mut Errors) -> OnStruct {
    let mut keys = OnStruct::default();
    for item in items(attrs, "teleflow") {
        let read = known(&item, Place::Struct).and_then(|key| match key.name {
            "trigger" => key.once(&mut keys.trigger, key.text(&item)?, &item),
            "transaction_id" => key.once(&mut keys.transaction_id, key.text(&item)?, &item),
            "catalog" => key.once(&mut keys.catalog, key.text(&item)?, &item),
            "unchecked" => key.once(&mut keys.unchecked, key.flag(&item)?, &item),
            "omit" => {
                keys.omitted.extend(key.texts(&item)?);
                Ok(())
            }
            "address" => {
                keys.elsewhere.extend(key.texts(&item)?.into_iter().map(|name| (SpecialVariable::Address, name)));
                Ok(())
            }
            "shadowed" => {
                keys.elsewhere.extend(key.texts(&item)?.into_iter().map(|name| (SpecialVariable::Reserved, name)));
                Ok(())
            }
            _ => key.once(&mut keys.krate, key.path(&item)?, &item),
        });
        if let Err(fault) = read {
            errors.push(fault.error);
            keys.meant.extend(fault.meant);
        }
    }
    keys
}

pub(crate) fn on_field(attrs: &[Attribute], errors: &mut Errors) -> OnField {
    let mut keys = OnField::default();
    for item in items(attrs, "teleflow") {
        let read = known(&item, Place::Field).and_then(|key| {
            let slot = match key.name {
                "kind" => return key.once(&mut keys.kind, key.kind(&item)?, &item),
                "to" => &mut keys.to,
                "actor" => &mut keys.actor,
                "tenant" => &mut keys.tenant,
                "shadowed" => &mut keys.shadowed,
                _ => &mut keys.address,
            };
            key.once(slot, key.flag(&item)?, &item)
        });
        if let Err(fault) = read {
            errors.push(fault.error);
            keys.meant.extend(fault.meant);
        }
    }
    keys
}

pub(crate) fn on_type(attrs: &[Attribute], errors: &mut Errors) -> OnType {
    let mut keys = OnType::default();
    for item in items(attrs, "teleflow") {
        let read = known(&item, Place::Type).and_then(|key| match key.name {
            "kind" => key.once(&mut keys.kind, key.kind(&item)?, &item),
            _ => key.once(&mut keys.krate, key.path(&item)?, &item),
        });
        if let Err(fault) = read {
            errors.push(fault.error);
            keys.meant.extend(fault.meant);
        }
    }
    keys
}

/// The one key above a field of such a type: how the field is sent, whatever its type.
pub(crate) fn on_part(attrs: &[Attribute], errors: &mut Errors) -> Option<LitStr> {
    let mut kind = None;
    for item in items(attrs, "teleflow") {
        let read = known(&item, Place::Part).and_then(|key| key.once(&mut kind, key.kind(&item)?, &item));
        if let Err(fault) = read {
            errors.push(fault.error);
        }
    }
    kind
}

/// A variant has no keys.
pub(crate) fn on_variant(attrs: &[Attribute], errors: &mut Errors) {
    for item in items(attrs, "teleflow") {
        let message = "a variant takes no key: write it above the enum, or above a field";
        errors.push(Error::new_spanned(&item.tokens, message));
    }
}
