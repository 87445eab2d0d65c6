//! The tenant on whose behalf an event is sent.

use std::fmt;

use serde::Serialize;

use crate::invalid::Invalid;
use crate::json::JsonData;
use crate::payload_type::{Unknown, object};

mod foreign_types;

/// The tenant on whose behalf an event is sent.
///
/// The server never creates a tenant. It drops an event for an unknown one: that is
/// [`ErrorKind::Dropped`](crate::ErrorKind::Dropped) with [`Status::NoTenant`](crate::Status::NoTenant). The server's worker
/// updates the tenant's name and data if they are set.
///
/// A tenant is always sent as an object: as a bare string it fails in workflows that use a tenant's variables.
///
/// `Debug` shows only the identifier.
///
/// ```
/// use teleflow::Tenant;
///
/// let acme = Tenant::new("acme").name("Acme Ltd").data(serde_json::json!({"plan": "gold"}));
/// assert_eq!(acme.identifier(), "acme");
/// ```
// Source: parse-event-request.usecase.ts, process-tenant.usecase.ts.
#[derive(Clone, PartialEq, Serialize)]
pub struct Tenant {
    identifier: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<JsonData>,
}

object!(Tenant, "Tenant" {
    0 always "identifier": str,
    1 skippable "name": str,
    2 skippable "data": Unknown;
    3
});

impl Tenant {
    /// Creates a tenant with this identifier.
    #[must_use]
    pub fn new(identifier: impl Into<String>) -> Self {
        Self { identifier: identifier.into(), name: None, data: None }
    }

    /// Sets the name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the [`name`](Self::name) if there is one.
    #[must_use]
    pub fn maybe_name(self, name: Option<impl Into<String>>) -> Self {
        match name {
            Some(name) => self.name(name),
            None => self,
        }
    }

    /// Sets the application's own data. It must serialize to a JSON object, by the rules of a payload.
    #[must_use]
    pub fn data(mut self, data: impl Serialize) -> Self {
        self.data = Some(JsonData::of(&data));
        self
    }

    /// Sets the [`data`](Self::data) if there is some.
    #[must_use]
    pub fn maybe_data(self, data: Option<impl Serialize>) -> Self {
        match data {
            Some(data) => self.data(data),
            None => self,
        }
    }

    /// The identifier.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        if self.identifier.trim().is_empty() {
            return Err(Invalid::new("the tenant has a blank identifier"));
        }
        let data = self.data.as_ref().map_or(Ok(()), JsonData::validate);
        data.map_err(|invalid| invalid.named("tenant.data"))
    }
}

/// Shows only the identifier.
impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant").field("identifier", &self.identifier).finish_non_exhaustive()
    }
}

impl From<&Tenant> for Tenant {
    fn from(tenant: &Tenant) -> Self {
        tenant.clone()
    }
}
