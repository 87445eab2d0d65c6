//! The tenant on whose behalf an event is sent.

use std::fmt;

use serde::Serialize;

use crate::json::Json;
use crate::payload_type::{Unknown, object};

/// The tenant on whose behalf an event is sent.
///
/// The server never creates one: an event for a tenant that it does not know is dropped, here an
/// [`ErrorKind::Dropped`](crate::ErrorKind::Dropped) with [`Status::NoTenant`](crate::Status::NoTenant).
/// Name and data, where given, are written to the tenant by the server's worker.
/// (`parse-event-request.usecase.ts`, `process-tenant.usecase.ts`.)
///
/// `Debug` shows the identifier alone.
///
/// It always goes as an object: as a bare text it fails in workflows that read a tenant's variables.
///
/// ```
/// use teleflow::Tenant;
///
/// let acme = Tenant::new("acme").name("Acme Ltd").data(serde_json::json!({"plan": "gold"}));
/// assert_eq!(acme.identifier(), "acme");
/// ```
#[derive(Clone, PartialEq, Serialize)]
pub struct Tenant {
    identifier: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Json>,
}

object!(Tenant, "Tenant" {
    0 always "identifier": str,
    1 skippable "name": str,
    2 skippable "data": Unknown;
    3
});

impl Tenant {
    /// The tenant with this identifier.
    #[must_use]
    pub fn new(identifier: impl Into<String>) -> Self {
        Self { identifier: identifier.into(), name: None, data: None }
    }

    /// Its name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// [`name`](Self::name) if there is a value; otherwise the tenant stays as it is.
    #[must_use]
    pub fn maybe_name(self, name: Option<impl Into<String>>) -> Self {
        match name {
            Some(name) => self.name(name),
            None => self,
        }
    }

    /// Data of the application's: what serializes to a JSON object, under the rules of a payload.
    #[must_use]
    pub fn data(mut self, data: impl Serialize) -> Self {
        self.data = Some(Json::of(&data));
        self
    }

    /// [`data`](Self::data) if there is a value; otherwise the tenant stays as it is.
    #[must_use]
    pub fn maybe_data(self, data: Option<impl Serialize>) -> Self {
        match data {
            Some(data) => self.data(data),
            None => self,
        }
    }

    /// Its identifier.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    pub(crate) fn fault(&self) -> Option<String> {
        if self.identifier.trim().is_empty() {
            return Some(String::from("the tenant has a blank identifier"));
        }
        Some(self.data.as_ref()?.fault()?.of("tenant.data"))
    }
}

/// Shows the identifier alone.
impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant").field("identifier", &self.identifier).finish_non_exhaustive()
    }
}

macro_rules! from_text {
    ($($text:ty),* $(,)?) => {$(
        impl From<$text> for Tenant {
            fn from(identifier: $text) -> Self {
                Self::new(identifier)
            }
        }
    )*};
}

from_text!(&str, String, &String, std::borrow::Cow<'_, str>);

impl From<&Tenant> for Tenant {
    fn from(tenant: &Tenant) -> Self {
        tenant.clone()
    }
}
