//! serde's `rename_all`: how each of its eight cases spells a field, and a variant.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    /// The case that serde knows by this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// The field as it is sent. serde takes it to be in snake case already.
    pub(crate) fn apply(self, field: &str) -> String {
        match self {
            Self::Lower | Self::Snake => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Kebab => field.replace('_', "-"),
            Self::ScreamingKebab => field.replace('_', "-").to_ascii_uppercase(),
            Self::Pascal => words(field),
            Self::Camel => first(&words(field), |letter| letter.to_ascii_lowercase()),
        }
    }
}

impl Case {
    /// The variant as it is sent. serde takes it to be in Pascal case already.
    pub(crate) fn apply_to_variant(self, variant: &str) -> String {
        match self {
            Self::Pascal => variant.to_owned(),
            Self::Lower => variant.to_ascii_lowercase(),
            Self::Upper => variant.to_ascii_uppercase(),
            Self::Camel => first(variant, |letter| letter.to_ascii_lowercase()),
            Self::Snake => snake(variant),
            Self::ScreamingSnake => snake(variant).to_ascii_uppercase(),
            Self::Kebab => snake(variant).replace('_', "-"),
            Self::ScreamingKebab => snake(variant).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

/// A `_` before every capital but the first.
fn snake(variant: &str) -> String {
    let mut snake = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The words of a field, each with a capital.
fn words(field: &str) -> String {
    let capital = |letter: &char| letter.to_ascii_uppercase();
    field.split('_').map(|word| first(word, capital)).collect()
}

fn first(word: &str, change: impl Fn(&char) -> char) -> String {
    let mut letters = word.chars();
    let first = letters.next().as_ref().map(change);
    first.into_iter().chain(letters).collect()
}
