//! The syntax tree of a template.

/// The statements of a template or of a block.
pub type Program = Vec<Statement>;

/// A range of byte offsets in the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
}

impl Text {
    pub(crate) fn new(whole: String, span: Span) -> Self {
        Self { start: 0, end: whole.len(), whole, span, is_stripped: (false, false) }
    }
}

/// One part of a program.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// Text that is printed as it is.
    Text(Text),
    /// `{{! comment}}`.
    Comment(Comment),
    /// `{{name}}`, `{{{name}}}`, `{{&name}}`, and the decorator `{{* name}}`.
    Mustache(Mustache),
    /// `{{> name}}`.
    Partial(Partial),
    /// `{{#name}}…{{/name}}` and its relatives.
    Block(Block),
}

/// Text outside of tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text with all whitespace, but without the backslashes that escape tags. [`Text::value`] is the printed part.
    pub whole: String,
    /// The position, including the backslashes.
    pub span: Span,
    /// The printed part of `whole`.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether the tags before and after the text have removed whitespace.
    pub(crate) is_stripped: (bool, bool),
}

/// `{{! comment}}` or `{{!-- comment --}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The text between the delimiters.
    pub value: String,
    /// Whether it removes whitespace before and after it.
    pub strip: Strip,
    /// The whole tag.
    pub span: Span,
}

/// Whether a tag has a `~` at its start and its end, which removes the whitespace outside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Strip {
    /// The tag is `{{~ …`.
    pub open: bool,
    /// The tag is `… ~}}`.
    pub close: bool,
}

/// A tag that prints a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Mustache {
    /// The name and the arguments.
    pub call: Call,
    /// False for `{{{name}}}` and `{{&name}}`, which print HTML unescaped.
    pub escaped: bool,
    /// `{{* name}}`: a decorator, which prints nothing.
    pub decorator: bool,
    /// Whether it removes whitespace before and after it.
    pub strip: Strip,
    /// The whole tag.
    pub span: Span,
}

/// A tag that includes a partial.
#[derive(Debug, Clone, PartialEq)]
pub struct Partial {
    /// The name and the arguments. An [`Expression::Call`] computes the name.
    pub call: Call,
    /// The whitespace that is printed before each line of the partial.
    pub indent: String,
    /// Whether it removes whitespace before and after it.
    pub strip: Strip,
    /// The whole tag.
    pub span: Span,
}

/// The kind of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// `{{#name}}…{{/name}}`: a helper or a section.
    Section,
    /// `{{^name}}…{{/name}}`: the program is rendered where that of a [`BlockKind::Section`] is not.
    Inverted,
    /// `{{{{name}}}}…{{{{/name}}}}`: tags inside are text.
    Raw,
    /// `{{#> name}}…{{/name}}`: the program is rendered if there is no such partial.
    Partial,
    /// `{{#* inline "name"}}…{{/inline}}`: a decorator.
    Decorator,
}

/// A tag with an end tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The kind.
    pub kind: BlockKind,
    /// The block itself, and those of each `{{else name}}`. There is at least one.
    pub branches: Vec<Branch>,
    /// The part after `{{else}}` or `{{^}}`.
    pub inverse: Option<Inverse>,
    /// The `~` of the end tag.
    pub close: Strip,
    /// From the start tag to the end tag.
    pub span: Span,
}

/// `{{#name}}…` or `{{else name}}…`, up to the next `{{else}}` or the end tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The helper or variable that decides whether the branch is rendered.
    pub call: Call,
    /// The names in `as |item index|`.
    pub block_params: Vec<String>,
    /// The statements inside.
    pub program: Program,
    /// The `~` of the tag.
    pub strip: Strip,
    /// The tag.
    pub tag: Span,
}

/// `{{else}}…` or `{{^}}…`, up to the end tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Inverse {
    /// The statements inside.
    pub program: Program,
    /// The `~` of the tag.
    pub strip: Strip,
    /// The tag.
    pub tag: Span,
}

/// A name with its arguments: `dateFormat date "MM" zone=tz`.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The name of a helper or a variable.
    pub callee: Expression,
    /// The arguments without names.
    pub params: Vec<Expression>,
    /// The arguments with names, in their order.
    pub hash: Vec<Pair>,
    /// From the name to the last argument.
    pub span: Span,
}

/// An argument with a name: `zone=tz`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The name.
    pub key: String,
    /// The value.
    pub value: Expression,
    /// From the name to the value.
    pub span: Span,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A path into the data.
    Path(Path),
    /// `"text"` or `'text'`.
    String(String, Span),
    /// `1.5`. Handlebars reads it as a 64-bit floating point number.
    Number(f64, Span),
    /// `true` or `false`.
    Boolean(bool, Span),
    /// `undefined`.
    Undefined(Span),
    /// `null`.
    Null(Span),
    /// `(helper argument)`.
    Call(Box<Call>),
}

/// `user.name`, `../id`, `@root.x`, `[a b]/c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The path starts with `@`.
    pub data: bool,
    /// The number of `../` at the start.
    pub depth: usize,
    /// The names.
    pub parts: Vec<String>,
    /// The path as it is written, without the brackets around names.
    pub original: String,
    /// The position.
    pub span: Span,
}

impl Path {
    /// Returns whether it starts at the current context or above, so that it cannot name a helper or a block parameter.
    #[must_use]
    pub fn is_scoped(&self) -> bool {
        let mut found = self.original.match_indices("this").map(|(at, this)| self.original.get(at + this.len()..));
        let ends_word = |rest: Option<&str>| rest.is_none_or(|rest| !rest.starts_with(crate::javascript::is_word));
        self.original.starts_with('.') || found.any(ends_word)
    }
}

impl Expression {
    /// The path, if it is one.
    #[must_use]
    pub fn as_path(&self) -> Option<&Path> {
        if let Self::Path(path) = self { Some(path) } else { None }
    }

    /// The position.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Path(path) => path.span,
            Self::String(_, span)
            | Self::Number(_, span)
            | Self::Boolean(_, span)
            | Self::Undefined(span)
            | Self::Null(span) => *span,
            Self::Call(call) => call.span,
        }
    }
}
