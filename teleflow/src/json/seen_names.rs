//! Finds duplicate keys: the keys of each open map, and the field names of each open struct.
//!
//! Objects are nested, so their keys form a stack. The keys of the innermost object are on top.

/// Ends a key on the stack. No key contains it: it is reserved.
const END: char = '\0';
/// Up to this many keys of a map are sorted without an allocation.
const FEW: usize = 32;
/// Up to this many names of open structs are kept without an allocation.
const FEW_NAMES: usize = 16;

/// The keys of all open maps, outermost first.
#[derive(Default)]
pub(super) struct MapKeys(String);

/// One map's part of the stack.
pub(super) struct Keys {
    start: usize,
    /// The start and length of the last key.
    last: (usize, usize),
    count: usize,
    /// Each key is greater than the one before, so there is no duplicate.
    ascending: bool,
}

impl MapKeys {
    /// Opens a map.
    pub(super) fn begin(&self) -> Keys {
        Keys { start: self.0.len(), last: (self.0.len(), 0), count: 0, ascending: true }
    }

    /// The stack, to which the caller appends the next key.
    pub(super) fn end(&mut self) -> &mut String {
        if self.0.capacity() == 0 {
            self.0.reserve(256);
        }
        &mut self.0
    }

    /// The key from `start` to the top of the stack.
    pub(super) fn since(&self, start: usize) -> &str {
        self.0.get(start..).unwrap_or_default()
    }

    /// Adds the key from `start` to the top of the stack to the map.
    pub(super) fn add(&mut self, keys: &mut Keys, start: usize) {
        if keys.count > 0 && keys.ascending {
            keys.ascending = self.last(keys) < self.since(start);
        }
        keys.last = (start, self.0.len() - start);
        self.0.push(END);
        keys.count += 1;
    }

    /// The last key of the map.
    pub(super) fn last(&self, keys: &Keys) -> &str {
        let (start, length) = keys.last;
        self.0.get(start..start + length).unwrap_or_default()
    }

    /// A key that is in the map twice, if there is one.
    pub(super) fn duplicate(&self, keys: &Keys) -> Option<String> {
        if keys.ascending {
            return None;
        }
        let own = self.0.get(keys.start..).unwrap_or_default().split_terminator(END);
        let (mut few, mut many) = ([""; FEW], Vec::new());
        let sorted = match few.get_mut(..keys.count) {
            Some(few) => few,
            None => {
                many.resize(keys.count, "");
                &mut *many
            }
        };
        sorted.iter_mut().zip(own).for_each(|(slot, key)| *slot = key);
        sorted.sort_unstable();
        sorted.windows(2).find_map(|pair| match pair {
            [one, other] if one == other => Some(String::from(*one)),
            _ => None,
        })
    }

    /// Closes the map.
    pub(super) fn finish(&mut self, keys: &Keys) {
        self.0.truncate(keys.start);
    }
}

/// The field names of all open structs, outermost first.
pub(super) struct FieldNames {
    first: [&'static str; FEW_NAMES],
    others: Vec<&'static str>,
    count: usize,
}

/// One struct's part of the stack.
pub(super) struct Fields {
    start: usize,
    /// A Bloom filter: a name whose bit is not set is new.
    seen: u64,
}

impl Default for FieldNames {
    fn default() -> Self {
        Self { first: [""; FEW_NAMES], others: Vec::new(), count: 0 }
    }
}

impl FieldNames {
    /// Opens a struct.
    pub(super) fn begin(&self) -> Fields {
        Fields { start: self.count, seen: 0 }
    }

    /// Adds a field to the struct. Returns whether its name is new.
    #[inline]
    pub(super) fn add(&mut self, fields: &mut Fields, name: &'static str) -> bool {
        let bit = bit(name);
        match self.first.get_mut(self.count) {
            Some(slot) if fields.seen & bit == 0 => {
                *slot = name;
                fields.seen |= bit;
                self.count += 1;
                true
            }
            _ => self.add_slowly(fields, name, bit),
        }
    }

    #[cold]
    fn add_slowly(&mut self, fields: &mut Fields, name: &'static str, bit: u64) -> bool {
        let is_new = fields.seen & bit == 0 || !self.since(fields.start).any(|other| other == name);
        fields.seen |= bit;
        match self.first.get_mut(self.count) {
            Some(slot) => *slot = name,
            None => self.others.push(name),
        }
        self.count += 1;
        is_new
    }

    /// Closes the struct.
    pub(super) fn finish(&mut self, fields: &Fields) {
        self.count = fields.start;
        self.others.truncate(fields.start.saturating_sub(FEW_NAMES));
    }

    fn since(&self, start: usize) -> impl Iterator<Item = &'static str> {
        let first = self.first.get(start..self.count.min(FEW_NAMES)).unwrap_or_default();
        let others = self.others.get(start.saturating_sub(FEW_NAMES)..).unwrap_or_default();
        first.iter().chain(others).copied()
    }
}

/// One of 64 bits, by the length, the first and the last byte of the name.
#[inline]
fn bit(name: &str) -> u64 {
    let end = |byte: Option<&u8>| byte.copied().map_or(0, u32::from);
    let bytes = name.as_bytes();
    #[expect(clippy::cast_possible_truncation, reason = "only the last bits are used")]
    let length = name.len() as u32;
    let mixed = end(bytes.first()).wrapping_mul(31) ^ end(bytes.last()).wrapping_mul(7) ^ length.wrapping_mul(13);
    1_u64 << (mixed % 64)
}

#[cfg(test)]
mod tests {
    use super::{FieldNames, MapKeys};

    fn add(stack: &mut MapKeys, keys: &mut super::Keys, key: &str) {
        let start = stack.end().len();
        stack.end().push_str(key);
        stack.add(keys, start);
    }

    #[test]
    fn duplicate_keys_are_found_in_any_order_and_number() {
        for others in [0, 1, 5, 31, 32, 33, 500] {
            let mut stack = MapKeys::default();
            let mut outer = stack.begin();
            add(&mut stack, &mut outer, "z");
            let mut keys = stack.begin();
            for other in 0..others {
                add(&mut stack, &mut keys, &format!("k{}", other * 7 % 500));
            }
            add(&mut stack, &mut keys, "");
            add(&mut stack, &mut keys, "z");
            assert_eq!(stack.duplicate(&keys), None, "{others}");
            add(&mut stack, &mut keys, "");
            assert_eq!(stack.duplicate(&keys), Some(String::new()), "{others}");
            stack.finish(&keys);
            assert_eq!(stack.last(&outer), "z");
        }
    }

    #[test]
    fn duplicate_fields_are_found_among_many() {
        let names: Vec<&'static str> = (0..100).map(|n| &*format!("field_{n}").leak()).collect();
        let mut stack = FieldNames::default();
        let mut outer = stack.begin();
        assert!(stack.add(&mut outer, "field_7"));
        let mut fields = stack.begin();
        assert!(names.iter().all(|name| stack.add(&mut fields, name)));
        assert!(names.iter().all(|name| !stack.add(&mut fields, name)));
        stack.finish(&fields);
        assert!(!stack.add(&mut outer, "field_7"));
        assert!(stack.add(&mut outer, "field_8"));
    }
}
