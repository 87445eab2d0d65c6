//! May a type stand in the interface of another?
//!
//! A public type may have private fields of private types, and then no associated type can be one of these. What a name
//! stands for cannot be seen here, but some names are sure to be public.

use quote::ToTokens;
use syn::{GenericArgument, Generics, PathArguments, Type, TypePath, Visibility};

use super::written::{Field, Written};

/// Types of the standard library, and of others, with names that hardly anybody gives to a private type.
const PUBLIC: &str = "
    Self bool char str String i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 NonZero NonZeroI8
    NonZeroI16 NonZeroI32 NonZeroI64 NonZeroI128 NonZeroIsize NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64
    NonZeroU128 NonZeroUsize Option Box Rc Arc Cow Cell RefCell Mutex RwLock Reverse Wrapping Saturating Vec
    VecDeque LinkedList BinaryHeap HashSet BTreeSet HashMap BTreeMap PhantomData PathBuf IpAddr Ipv4Addr
    Ipv6Addr SocketAddr Duration SystemTime DeliverAt Uuid Url Decimal DateTime Utc NaiveDate NaiveTime
    NaiveDateTime OffsetDateTime ZonedDateTime
";

/// Crates, whose types are public.
const CRATES: [&str; 8] = ["std", "core", "alloc", "chrono", "jiff", "serde_json", "teleflow", "uuid"];

/// Is what the field is made of at least as public as the type that it belongs to?
pub(super) fn is_fit(field: &Field<'_>, written: &Written<'_>) -> bool {
    matches!(written.visibility, Visibility::Inherited)
        || matches!(field.visibility, Visibility::Public(_))
        || is_same(field.visibility, written.visibility)
        || is_public(field.ty, written.generics)
}

/// The same for a type that stands in the place of `written`.
pub(super) fn is_fit_in_its_place(ty: &Type, written: &Written<'_>) -> bool {
    matches!(written.visibility, Visibility::Inherited) || is_public(ty, written.generics)
}

/// Are both spelt alike?
fn is_same(one: &Visibility, other: &Visibility) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}

fn is_public(ty: &Type, generics: &Generics) -> bool {
    let public = |ty: &Type| is_public(ty, generics);
    match ty {
        Type::Array(array) => public(&array.elem),
        Type::Group(group) => public(&group.elem),
        Type::Paren(paren) => public(&paren.elem),
        Type::Reference(reference) => public(&reference.elem),
        Type::Slice(slice) => public(&slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(public),
        Type::Path(TypePath { qself: None, path, .. }) => {
            let first = path.segments.first().filter(|_| path.segments.len() > 1);
            let of_another_crate = path.leading_colon.is_some()
                || first.is_some_and(|first| CRATES.iter().any(|name| first.ident == name));
            let named = path.segments.last().is_some_and(|last| {
                let parameter = generics.type_params().any(|parameter| parameter.ident == last.ident);
                parameter || PUBLIC.split_whitespace().any(|name| last.ident == name)
            });
            let arguments = path.segments.iter().all(|segment| match &segment.arguments {
                PathArguments::None => true,
                PathArguments::AngleBracketed(arguments) => arguments.args.iter().all(|argument| match argument {
                    GenericArgument::Type(ty) => public(ty),
                    GenericArgument::Lifetime(_) | GenericArgument::Const(_) => true,
                    _ => false,
                }),
                PathArguments::Parenthesized(_) => false,
            });
            (of_another_crate || named) && arguments
        }
        _ => false,
    }
}
