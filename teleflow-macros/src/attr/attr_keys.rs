//! Which keys `#[teleflow(…)]` takes, and every fault that one of them can have by itself.

use proc_macro2::{Span, TokenTree};
use syn::spanned::Spanned;
use syn::{Error, LitStr, Path};
use teleflow_catalog::suggest::nearest;

use crate::attr::meta_item::{MetaItem, MetaValue, strings};
use crate::tokens::text::quoted;

/// Where a key stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Above a struct that derives `TeleflowWorkflow`.
    Struct,
    /// Above one of its fields.
    Field,
    /// Above a type that derives `TeleflowPayload`.
    Type,
    /// Above a field of that.
    Part,
}

pub(crate) struct Known {
    pub name: &'static str,
    places: &'static [Place],
    /// How it is written.
    form: &'static str,
}

const KNOWN: [Known; 14] = [
    Known { name: "trigger", places: &[Place::Struct], form: r#"trigger = "order-shipped""# },
    Known { name: "transaction_id", places: &[Place::Struct], form: r#"transaction_id = "order-{order_id}""# },
    Known { name: "catalog", places: &[Place::Struct], form: r#"catalog = "path/to/folder""# },
    Known { name: "unchecked", places: &[Place::Struct], form: "unchecked" },
    Known { name: "omit", places: &[Place::Struct], form: r#"omit("nickname")"# },
    Known { name: "crate", places: &[Place::Struct, Place::Type], form: r#"crate = "path::to::teleflow""# },
    Known { name: "to", places: &[Place::Field], form: "to" },
    Known { name: "actor", places: &[Place::Field], form: "actor" },
    Known { name: "tenant", places: &[Place::Field], form: "tenant" },
    Known { name: "address", places: &[Place::Field], form: "address" },
    Known { name: "address", places: &[Place::Struct], form: r#"address("email")"# },
    Known { name: "shadowed", places: &[Place::Struct], form: r#"shadowed("step")"# },
    Known { name: "shadowed", places: &[Place::Field], form: "shadowed" },
    Known { name: "kind", places: &[Place::Field, Place::Type, Place::Part], form: r#"kind = "string""# },
];

/// A complaint, and the key that was meant.
pub(crate) struct Fault {
    pub error: Error,
    pub meant: Option<&'static str>,
}

pub(crate) type Read<T> = Result<T, Fault>;

/// The key of an item, if it is one that belongs here.
pub(crate) fn known(item: &MetaItem, place: Place) -> Read<&'static Known> {
    let here = || KNOWN.iter().filter(|known| known.places.contains(&place)).map(|known| known.name);
    let (kind, example, meant) = match place {
        Place::Struct => ("a struct", r#"trigger = "order-shipped""#, Some("trigger")),
        Place::Field => ("a field", "to", None),
        Place::Type => ("a type inside a payload", r#"kind = "string""#, None),
        Place::Part => ("a field inside a payload", r#"kind = "string""#, None),
    };
    let Some(name) = &item.key else {
        let message = format!("no key: {kind} takes {}, as in `#[teleflow({example})]`", quoted(here()),);
        return Err(Fault { error: Error::new_spanned(&item.tokens, message), meant });
    };
    let written = name.to_string();
    let named = || KNOWN.iter().filter(|known| known.name == written);
    // Without brackets, a key that may have them is the field's.
    let is_fit = |known: &&Known| !matches!(item.value, MetaValue::Bare) || !known.form.contains('(');
    let here_first = named().filter(is_fit).find(|known| known.places.contains(&place));
    match here_first.or_else(|| named().next()) {
        Some(known) if known.places.contains(&place) => Ok(known),
        Some(Known { name: known, form, places }) => {
            let elsewhere = match place {
                Place::Struct => format!("a field: write `#[teleflow({form})]` above that field"),
                Place::Field => format!("the struct: write `#[teleflow({form})]` above it"),
                Place::Part if places.contains(&Place::Type) => {
                    format!("the type: write `#[teleflow({form})]` above it")
                }
                Place::Type | Place::Part => format!(
                    "a struct that derives `TeleflowWorkflow`, and this is only a part of a payload: remove `{known}`"
                ),
            };
            let message = format!("`{known}` belongs to {elsewhere}");
            Err(Fault { error: Error::new(name.span(), message), meant: Some(known) })
        }
        None => {
            let meant = nearest(&written, here());
            let hint = match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("{kind} takes {}", quoted(here())),
            };
            let message = format!("unknown key `{written}`: {hint}");
            Err(Fault { error: Error::new(name.span(), message), meant })
        }
    }
}

impl Known {
    pub(crate) fn text(&self, item: &MetaItem) -> Read<LitStr> {
        match &item.value {
            MetaValue::Text(text) => Ok(text.clone()),
            MetaValue::Crowded(stray) => Err(self.crowded(stray)),
            _ => {
                let message = format!("`{}` takes a string: write `{}`", self.name, self.form);
                Err(self.fault(Error::new_spanned(&item.tokens, message)))
            }
        }
    }

    pub(crate) fn path(&self, item: &MetaItem) -> Read<Path> {
        let text = self.text(item)?;
        text.parse_with(Path::parse_mod_style).map_err(|_| {
            let message = format!("`{}` is no path: write `{}`", text.value(), self.form);
            self.fault(Error::new(text.span(), message))
        })
    }

    /// The strings between the brackets.
    pub(crate) fn texts(&self, item: &MetaItem) -> Read<Vec<LitStr>> {
        let texts = match &item.value {
            MetaValue::List(list) => strings(list),
            MetaValue::Crowded(stray) => return Err(self.crowded(stray)),
            _ => None,
        };
        texts.filter(|texts| !texts.is_empty()).ok_or_else(|| {
            let message = format!("`{}` takes strings in brackets: write `{}`", self.name, self.form);
            self.fault(Error::new_spanned(&item.tokens, message))
        })
    }

    pub(crate) fn kind(&self, item: &MetaItem) -> Read<LitStr> {
        let text = self.text(item)?;
        let kinds = || teleflow_catalog::rules::Kind::ALL.into_iter().map(teleflow_catalog::rules::Kind::as_str);
        if kinds().any(|kind| kind == text.value()) {
            return Ok(text);
        }
        let hint = match nearest(&text.value(), kinds()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", quoted(kinds())),
        };
        let message = format!("unknown kind `{}`: {hint}", text.value());
        Err(self.fault(Error::new(text.span(), message)))
    }

    pub(crate) fn flag(&self, item: &MetaItem) -> Read<Span> {
        match &item.value {
            MetaValue::Bare => Ok(item.tokens.span()),
            MetaValue::Crowded(stray) => Err(self.crowded(stray)),
            _ => {
                let message = format!("`{0}` takes no value: write `#[teleflow({0})]`", self.name);
                Err(self.fault(Error::new_spanned(&item.tokens, message)))
            }
        }
    }

    pub(crate) fn once<T>(&self, slot: &mut Option<T>, value: T, item: &MetaItem) -> Read<()> {
        if slot.is_some() {
            let message = format!("`{}` is given twice: remove one", self.name);
            return Err(self.fault(Error::new_spanned(&item.key, message)));
        }
        *slot = Some(value);
        Ok(())
    }

    fn crowded(&self, stray: &TokenTree) -> Fault {
        self.fault(Error::new_spanned(stray, "a comma is missing before this"))
    }

    fn fault(&self, error: Error) -> Fault {
        Fault { error, meant: Some(self.name) }
    }
}
