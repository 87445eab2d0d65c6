//! The keys of `#[teleflow(…)]`, and the errors of a single key.

use proc_macro2::{Span, TokenTree};
use syn::spanned::Spanned;
use syn::{Error, LitStr, Path};
use teleflow_catalog::rules::Kind;
use teleflow_catalog::suggest::nearest;

use crate::attr::meta_item::{MetaItem, MetaValue, strings};
use crate::tokens::text::quoted;

/// The item that an attribute is on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// A struct that derives `TeleflowWorkflow`.
    Struct,
    /// A field of such a struct.
    Field,
    /// A type that derives `TeleflowPayload`.
    Type,
    /// A field of such a type.
    TypeField,
}

pub(crate) struct AttrKey {
    pub name: &'static str,
    targets: &'static [Target],
    /// The key with a value, for messages.
    example: &'static str,
}

const ATTR_KEYS: [AttrKey; 15] = [
    AttrKey { name: "trigger", targets: &[Target::Struct], example: r#"trigger = "order-shipped""# },
    AttrKey { name: "transaction_id", targets: &[Target::Struct], example: r#"transaction_id = "order-{order_id}""# },
    AttrKey { name: "catalog", targets: &[Target::Struct], example: r#"catalog = "path/to/folder""# },
    AttrKey { name: "unchecked", targets: &[Target::Struct], example: "unchecked" },
    AttrKey { name: "omit", targets: &[Target::Struct], example: r#"omit("nickname")"# },
    AttrKey { name: "crate", targets: &[Target::Struct, Target::Type], example: r#"crate = "path::to::teleflow""# },
    AttrKey { name: "to", targets: &[Target::Field], example: "to" },
    AttrKey { name: "actor", targets: &[Target::Field], example: "actor" },
    AttrKey { name: "tenant", targets: &[Target::Field], example: "tenant" },
    AttrKey { name: "address", targets: &[Target::Field], example: "address" },
    AttrKey { name: "address", targets: &[Target::Struct], example: r#"address("email")"# },
    AttrKey { name: "shadowed", targets: &[Target::Struct], example: r#"shadowed("step")"# },
    AttrKey { name: "shadowed", targets: &[Target::Field], example: "shadowed" },
    AttrKey { name: "sensitive", targets: &[Target::Field, Target::TypeField], example: "sensitive" },
    AttrKey { name: "kind", targets: &[Target::Field, Target::Type, Target::TypeField], example: r#"kind = "string""# },
];

/// An error, and the key that the author attempted to write.
pub(crate) struct KeyError {
    pub error: Error,
    pub attempted: Option<&'static str>,
}

pub(crate) type KeyResult<T> = Result<T, KeyError>;

/// The key of an item, if the target accepts it.
pub(crate) fn find_key(item: &MetaItem, target: Target) -> KeyResult<&'static AttrKey> {
    let Some(ident) = &item.key else {
        let (noun, example, attempted) = match target {
            Target::Struct => (target.noun(), r#"trigger = "order-shipped""#, Some("trigger")),
            Target::Field => (target.noun(), "to", None),
            Target::Type | Target::TypeField => (target.noun(), r#"kind = "string""#, None),
        };
        let keys = quoted(target.keys());
        let message = format!("expected a key; {noun} accepts {keys}, as in `#[teleflow({example})]`");
        return Err(KeyError { error: Error::new_spanned(&item.tokens, message), attempted });
    };
    let name = ident.to_string();
    let with_name = || ATTR_KEYS.iter().filter(|key| key.name == name);
    // `address` and `shadowed` are keys of a field, and with brackets keys of a struct.
    let has_value = !matches!(item.value, MetaValue::None);
    let matches_value = |key: &&AttrKey| has_value || !key.example.contains('(');
    let accepted = with_name().filter(matches_value).find(|key| key.targets.contains(&target));
    match accepted.or_else(|| with_name().next()) {
        Some(key) if key.targets.contains(&target) => Ok(key),
        Some(key) => Err(key.error(Error::new(ident.span(), key.wrong_target(target)))),
        None => {
            let attempted = nearest(&name, target.keys());
            let hint = match attempted {
                Some(attempted) => format!("did you mean `{attempted}`?"),
                None => format!("{} accepts {}", target.noun(), quoted(target.keys())),
            };
            let message = format!("unknown key `{name}`; {hint}");
            Err(KeyError { error: Error::new(ident.span(), message), attempted })
        }
    }
}

impl Target {
    fn noun(self) -> &'static str {
        match self {
            Self::Struct => "a struct",
            Self::Field => "a field",
            Self::Type => "a type inside a payload",
            Self::TypeField => "a field inside a payload",
        }
    }

    fn keys(self) -> impl Iterator<Item = &'static str> {
        ATTR_KEYS.iter().filter(move |key| key.targets.contains(&self)).map(|key| key.name)
    }
}

impl AttrKey {
    fn wrong_target(&self, target: Target) -> String {
        let Self { name, example, .. } = self;
        match target {
            Target::Struct => {
                format!("`{name}` is a key of a field; write `#[teleflow({example})]` above that field")
            }
            Target::Field => format!("`{name}` is a key of the struct; write `#[teleflow({example})]` above it"),
            Target::TypeField if self.targets.contains(&Target::Type) => {
                format!("`{name}` is a key of the type; write `#[teleflow({example})]` above it")
            }
            Target::Type | Target::TypeField => {
                format!("`{name}` is a key of a struct that derives `TeleflowWorkflow`; remove it")
            }
        }
    }

    pub(crate) fn string(&self, item: &MetaItem) -> KeyResult<LitStr> {
        match &item.value {
            MetaValue::String(text) => Ok(text.clone()),
            MetaValue::MissingComma(next) => Err(self.missing_comma(next)),
            _ => {
                let message = format!("`{}` expects a string; write `{}`", self.name, self.example);
                Err(self.error(Error::new_spanned(&item.tokens, message)))
            }
        }
    }

    pub(crate) fn path(&self, item: &MetaItem) -> KeyResult<Path> {
        let text = self.string(item)?;
        text.parse_with(Path::parse_mod_style).map_err(|_| {
            let message = format!("`{}` is not a valid path; write `{}`", text.value(), self.example);
            self.error(Error::new(text.span(), message))
        })
    }

    /// The strings in brackets.
    pub(crate) fn strings(&self, item: &MetaItem) -> KeyResult<Vec<LitStr>> {
        let texts = match &item.value {
            MetaValue::List(list) => strings(list),
            MetaValue::MissingComma(next) => return Err(self.missing_comma(next)),
            _ => None,
        };
        texts.filter(|texts| !texts.is_empty()).ok_or_else(|| {
            let message = format!("`{}` expects strings in brackets; write `{}`", self.name, self.example);
            self.error(Error::new_spanned(&item.tokens, message))
        })
    }

    pub(crate) fn kind(&self, item: &MetaItem) -> KeyResult<LitStr> {
        let text = self.string(item)?;
        let kinds = || Kind::ALL.into_iter().map(Kind::as_str);
        if kinds().any(|kind| kind == text.value()) {
            return Ok(text);
        }
        let hint = match nearest(&text.value(), kinds()) {
            Some(similar) => format!("did you mean `{similar}`?"),
            None => format!("write one of {}", quoted(kinds())),
        };
        let message = format!("unknown kind `{}`; {hint}", text.value());
        Err(self.error(Error::new(text.span(), message)))
    }

    pub(crate) fn flag(&self, item: &MetaItem) -> KeyResult<Span> {
        match &item.value {
            MetaValue::None => Ok(item.tokens.span()),
            MetaValue::MissingComma(next) => Err(self.missing_comma(next)),
            _ => {
                let message = format!("`{0}` does not accept a value; write `#[teleflow({0})]`", self.name);
                Err(self.error(Error::new_spanned(&item.tokens, message)))
            }
        }
    }

    pub(crate) fn once<T>(&self, slot: &mut Option<T>, value: T, item: &MetaItem) -> KeyResult<()> {
        if slot.is_some() {
            let message = format!("duplicate key `{}`; remove one", self.name);
            return Err(self.error(Error::new_spanned(&item.key, message)));
        }
        *slot = Some(value);
        Ok(())
    }

    fn missing_comma(&self, next: &TokenTree) -> KeyError {
        self.error(Error::new_spanned(next, "expected a comma before this"))
    }

    fn error(&self, error: Error) -> KeyError {
        KeyError { error, attempted: Some(self.name) }
    }
}
