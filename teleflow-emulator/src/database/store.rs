//! What the server holds: API keys, and in each environment its workflows, tenants, subscribers and topics.

use super::environment::{Environment, FIRST_ID, object_id};

/// The key of an emulator that was made without seeds.
pub(crate) const DEFAULT_KEY: &str = "test-key";

/// An API key, and on whose behalf it acts.
#[derive(Debug, Clone)]
pub(crate) struct ApiKey {
    pub(crate) key: String,
    pub(crate) user_id: String,
    pub(crate) environment_id: String,
    pub(crate) organization_id: String,
}

/// Everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Database {
    pub(crate) keys: Vec<ApiKey>,
    pub(crate) environments: Vec<Environment>,
}

impl Database {
    /// One organization with one environment and one key, and nothing in it.
    pub(crate) fn with_default_key() -> Self {
        let mut database = Self::default();
        database.add_key(DEFAULT_KEY);
        database
    }

    pub(crate) fn key(&self, key: &str) -> Option<&ApiKey> {
        self.keys.iter().find(|known| known.key == key)
    }

    pub(crate) fn environment(&self, id: &str) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.id == id)
    }

    pub(crate) fn environment_mut(&mut self, id: &str) -> Option<&mut Environment> {
        self.environments.iter_mut().find(|environment| environment.id == id)
    }

    /// The environment of a key. A key not known yet gets an environment and an organization of its own.
    pub(crate) fn environment_of_key(&mut self, key: &str) -> &mut Environment {
        let id = match self.key(key) {
            Some(known) => known.environment_id.clone(),
            None => self.add_key(key),
        };
        let position = self.environments.iter().position(|environment| environment.id == id);
        let index = position.unwrap_or(self.environments.len());
        if position.is_none() {
            self.environments.push(Environment::new(id));
        }
        // In range: either found there or pushed just now.
        #[allow(clippy::indexing_slicing)]
        &mut self.environments[index]
    }

    fn add_key(&mut self, key: &str) -> String {
        let serial = u128::try_from(self.keys.len()).unwrap_or_default();
        let id = |offset: u128| object_id(FIRST_ID + serial * 0x10 + offset);
        self.keys.push(ApiKey { key: key.to_owned(), user_id: id(1), organization_id: id(2), environment_id: id(3) });
        self.environments.push(Environment::new(id(3)));
        id(3)
    }
}
