//! The names that the blocks of a template declare, with a fast lookup.

use std::collections::BTreeMap;

/// Names and their values. A name hides the same name of an outer block.
#[derive(Debug)]
pub(crate) struct Scope<'t, V> {
    values: BTreeMap<&'t str, Vec<V>>,
    /// All names, outermost first.
    order: Vec<&'t str>,
}

impl<V> Default for Scope<'_, V> {
    fn default() -> Self {
        Self { values: BTreeMap::new(), order: Vec::new() }
    }
}

impl<'t, V> Scope<'t, V> {
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    pub(crate) fn push(&mut self, name: &'t str, value: V) {
        self.values.entry(name).or_default().push(value);
        self.order.push(name);
    }

    /// Removes the innermost name.
    pub(crate) fn pop(&mut self) {
        if let Some(values) = self.order.pop().and_then(|name| self.values.get_mut(name)) {
            values.pop();
        }
    }

    /// Removes the innermost names until `length` are left.
    pub(crate) fn truncate(&mut self, length: usize) {
        while self.order.len() > length {
            self.pop();
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        self.values.get(name)?.last()
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn an_inner_name_hides_an_outer_one_until_it_is_removed() {
        let mut scope = Scope::default();
        for (name, value) in [("a", 1), ("b", 2), ("a", 3)] {
            scope.push(name, value);
        }
        assert_eq!((scope.get("a"), scope.get("b"), scope.get("c"), scope.len()), (Some(&3), Some(&2), None, 3));
        scope.pop();
        assert_eq!((scope.get("a"), scope.len()), (Some(&1), 2));
        scope.truncate(0);
        scope.pop();
        assert_eq!((scope.get("a"), scope.get("b"), scope.len()), (None, None, 0));
    }
}
