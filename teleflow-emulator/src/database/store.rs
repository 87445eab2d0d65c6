//! The API keys and the environments.

use super::environment::{Environment, FIRST_ID, object_id};

/// The API key of an emulator without seeds.
pub(crate) const DEFAULT_KEY: &str = "test-key";

/// An API key, and the user, environment and organization that it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct ApiKey {
    pub(crate) key: String,
    pub(crate) user_id: String,
    pub(crate) environment_id: String,
    pub(crate) organization_id: String,
}

/// All stored data.
#[derive(Debug, Clone, Default)]
pub(crate) struct Database {
    pub(crate) keys: Vec<ApiKey>,
    pub(crate) environments: Vec<Environment>,
}

impl Database {
    /// Creates one organization with one empty environment and the default key.
    pub(crate) fn with_default_key() -> Self {
        let mut database = Self::default();
        database.add_key(DEFAULT_KEY);
        database
    }

    pub(crate) fn key(&self, key: &str) -> Option<&ApiKey> {
        self.keys.iter().find(|stored| stored.key == key)
    }

    pub(crate) fn environment(&self, id: &str) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.id == id)
    }

    pub(crate) fn environment_mut(&mut self, id: &str) -> Option<&mut Environment> {
        self.environments.iter_mut().find(|environment| environment.id == id)
    }

    /// The environment of a key. An unknown key is added, with its own organization and environment.
    pub(crate) fn environment_of_key(&mut self, key: &str) -> &mut Environment {
        let id = match self.key(key) {
            Some(stored) => stored.environment_id.clone(),
            None => self.add_key(key),
        };
        let position = self.environments.iter().position(|environment| environment.id == id);
        let index = position.unwrap_or(self.environments.len());
        if position.is_none() {
            self.environments.push(Environment::new(id));
        }
        // In range: the position was found, or an environment was pushed.
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
