//! How serde writes a type.

/// The form in which serde writes the values of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text.
    Text,
    /// A number that may have a fraction.
    Number,
    /// A whole number.
    Integer,
    /// A number, or a text of digits: that is settled elsewhere.
    Digits,
    /// `true` or `false`.
    Boolean,
    /// A moment as the server's scheduled delays read it.
    Moment,
    /// `null`.
    Null,
    /// A list.
    List,
    /// An object with names that the type knows.
    Object,
    /// An object with names that the type does not know, or not all of them.
    Map,
    /// Not known: it fits everything.
    Unknown,
}

impl Form {
    /// What `#[teleflow(kind = "…")]` can say, and the form of each.
    pub const OF_KINDS: [(&'static str, Self); 8] = [
        ("string", Self::Text),
        ("number", Self::Number),
        ("integer", Self::Integer),
        ("boolean", Self::Boolean),
        ("date", Self::Moment),
        ("array", Self::List),
        ("object", Self::Map),
        ("any", Self::Unknown),
    ];

    /// The form that a `kind` names; [`Unknown`](Self::Unknown) if it names none.
    #[must_use]
    pub fn of_kind(kind: &str) -> Self {
        let found = Self::OF_KINDS.into_iter().find(|(name, _)| *name == kind);
        found.map_or(Self::Unknown, |(_, form)| form)
    }

    /// The form in words, with its article.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Number | Self::Digits => "a number",
            Self::Integer => "an integer",
            Self::Boolean => "a boolean",
            Self::Moment => "a date",
            Self::Null => "`null`",
            Self::List => "an array",
            Self::Object | Self::Map => "an object",
            Self::Unknown => "a value of unknown type",
        }
    }
}

/// A name that serde writes in an object.
#[derive(Debug, Clone, Copy)]
pub struct Name<'a> {
    /// The name on the wire.
    pub name: &'a str,
    /// serde may leave it out.
    pub skippable: bool,
    /// The form of its value, unless that is `null`.
    pub form: Form,
    /// It may be `null`.
    pub optional: bool,
    /// A type of the application's says the form, and its `Serialize` may be handwritten.
    pub said: bool,
}

impl<'a> Name<'a> {
    /// A name that is always written.
    #[must_use]
    pub const fn always(name: &'a str, form: Form, optional: bool) -> Self {
        Self { name, skippable: false, form, optional, said: false }
    }

    /// A name that may be left out.
    #[must_use]
    pub const fn perhaps(name: &'a str, form: Form, optional: bool) -> Self {
        Self { name, skippable: true, form, optional, said: false }
    }

    /// A name that is always written, whose form the type of the field says.
    #[must_use]
    pub const fn always_said(name: &'a str, form: Form, optional: bool) -> Self {
        Self { name, skippable: false, form, optional, said: true }
    }

    /// A name that may be left out, whose form the type of the field says.
    #[must_use]
    pub const fn perhaps_said(name: &'a str, form: Form, optional: bool) -> Self {
        Self { name, skippable: true, form, optional, said: true }
    }
}

/// All that a type says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'a> {
    /// The form of every value, but for `null`. Only an [`Object`](Form::Object) knows all its names.
    pub form: Form,
    /// A value may be `null`.
    pub optional: bool,
    /// The type's name.
    pub holder: &'a str,
    /// The names that the type knows.
    pub names: &'a [Name<'a>],
    /// The only strings that the type can be, but for `null`; empty if that is not known.
    pub values: &'a [&'a str],
}

/// The index of `name` among the names; their number if it is not one of them.
#[must_use]
pub const fn index_of(names: &[Name<'_>], name: &str) -> usize {
    let mut rest = names;
    let mut index = 0;
    while let [first, others @ ..] = rest {
        if is_same(first.name, name) {
            return index;
        }
        rest = others;
        index += 1;
    }
    index
}

/// Is `name` among the names?
#[must_use]
pub const fn knows(names: &[Name<'_>], name: &str) -> bool {
    index_of(names, name) < names.len()
}

/// Is `name` one of these?
pub(crate) const fn contains(names: &[&str], name: &str) -> bool {
    let mut rest = names;
    while let [first, others @ ..] = rest {
        if is_same(first, name) {
            return true;
        }
        rest = others;
    }
    false
}

/// `left == right`, which no constant can say.
///
/// From the end, since names often begin alike; evaluating constants is slow.
pub(crate) const fn is_same(left: &str, right: &str) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    while let ([left_rest @ .., a], [right_rest @ .., b]) = (left, right) {
        if *a != *b {
            return false;
        }
        (left, right) = (left_rest, right_rest);
    }
    true
}
