//! Typed client for the Teleflow notification service.
