//! A text that can be put together while a constant is evaluated.

const ROOM: usize = 2048;

/// A text of at most 2048 bytes; what does not fit is cut off.
#[derive(Debug, Clone, Copy)]
pub struct ConstString {
    bytes: [u8; ROOM],
    length: usize,
}

impl ConstString {
    /// The empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: [0; ROOM], length: 0 }
    }

    /// The text with `piece` at its end.
    #[must_use]
    pub const fn add(mut self, piece: &str) -> Self {
        let mut fits = piece.len();
        if fits > ROOM - self.length {
            fits = ROOM - self.length;
        }
        // A character is not cut in two.
        while !piece.is_char_boundary(fits) {
            fits -= 1;
        }
        let (piece, _) = piece.as_bytes().split_at(fits);
        let (_, room) = self.bytes.split_at_mut(self.length);
        let (room, _) = room.split_at_mut(fits);
        room.copy_from_slice(piece);
        self.length += fits;
        self
    }

    /// The whole.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        let (written, _) = self.bytes.split_at(self.length);
        match std::str::from_utf8(written) {
            Ok(text) => text,
            // Only whole characters were added.
            Err(_) => "",
        }
    }
}

impl Default for ConstString {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::{ConstString, ROOM};

    #[test]
    fn is_cut_between_characters() {
        let text = ConstString::new().add(&"x".repeat(ROOM - 1)).add("ü").add("y");
        assert_eq!(text.as_str(), "x".repeat(ROOM - 1) + "y");
        assert_eq!(ConstString::new().add("a").add("").add("bü").as_str(), "abü");
    }
}
