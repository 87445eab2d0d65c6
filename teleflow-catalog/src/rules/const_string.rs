//! A string that is built while a constant is evaluated.

const CAPACITY: usize = 2048;

/// A string of at most 2048 bytes; the rest is cut off.
#[derive(Debug, Clone, Copy)]
pub struct ConstString {
    bytes: [u8; CAPACITY],
    length: usize,
}

impl ConstString {
    /// The empty string.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: [0; CAPACITY], length: 0 }
    }

    /// Appends `piece`.
    #[must_use]
    pub const fn add(mut self, piece: &str) -> Self {
        let mut added = piece.len();
        if added > CAPACITY - self.length {
            added = CAPACITY - self.length;
        }
        // A character is not cut in two.
        while !piece.is_char_boundary(added) {
            added -= 1;
        }
        let (piece, _) = piece.as_bytes().split_at(added);
        let (_, free) = self.bytes.split_at_mut(self.length);
        let (free, _) = free.split_at_mut(added);
        free.copy_from_slice(piece);
        self.length += added;
        self
    }

    /// Appends each name in backticks, separated by commas; after the twelfth, `…`.
    #[must_use]
    pub(crate) const fn add_names(self, names: &[&str]) -> Self {
        let mut text = self;
        let mut rest = names;
        let mut count = 0;
        while let [name, others @ ..] = rest {
            if count == MOST_NAMES {
                return text.add(", …");
            }
            text = text.add(if count == 0 { "`" } else { ", `" }).add(name).add("`");
            count += 1;
            rest = others;
        }
        text
    }

    /// The string.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        let (used, _) = self.bytes.split_at(self.length);
        match std::str::from_utf8(used) {
            Ok(text) => text,
            // `add` appends whole characters only.
            Err(_) => "",
        }
    }
}

/// The most names that a message lists.
const MOST_NAMES: usize = 12;

impl Default for ConstString {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, ConstString};

    #[test]
    fn is_cut_between_characters() {
        let text = ConstString::new().add(&"x".repeat(CAPACITY - 1)).add("ü").add("y");
        assert_eq!(text.as_str(), "x".repeat(CAPACITY - 1) + "y");
        assert_eq!(ConstString::new().add("a").add("").add("bü").as_str(), "abü");
    }
}
