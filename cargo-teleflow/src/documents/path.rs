//! Paths through a payload: `items[].sku`.

/// The longest path that is followed. Templates need less, and it limits the nesting of workflow files.
pub(super) const MAX_DEPTH: usize = 24;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// The field of an object.
    Field(String),
    /// Any element of an array.
    Element,
}

/// Parses a name of the server's lists, which is written as in a template: `order.[ship to]/street`.
pub(super) fn parse_listed(name: &str) -> Option<Vec<Segment>> {
    let unbracketed = |segment: Segment| match segment {
        Segment::Field(name) => match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
            Some(inner) => Some(Segment::Field(inner.to_owned())),
            // `@index` and its like, and names in brackets that contain a dot.
            None => (!name.starts_with('@') && !name.contains(['[', ']'])).then_some(Segment::Field(name)),
        },
        Segment::Element => Some(segment),
    };
    parse_dotted(&name.replace('/', "."))?.into_iter().map(unbracketed).collect()
}

/// Parses a name with dots; `None` if a part of it is empty.
pub(super) fn parse_dotted(name: &str) -> Option<Vec<Segment>> {
    let names: Vec<&str> = name.split('.').collect();
    let is_path = !names.contains(&"");
    is_path.then(|| names.into_iter().map(|name| Segment::Field(name.to_owned())).collect())
}

/// Returns whether a name is the index of an array's element.
pub(super) fn is_index(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}
