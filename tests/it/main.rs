//! The integration tests of the workspace, in one binary.

mod as_string;
mod bulk;
mod conformance;
mod curl;
mod deliver_at;
mod derive;
mod emulator;
mod environment;
mod fan_out;
mod field_recipients;
mod fuzz;
mod http;
mod invalid_input;
mod payload_types;
mod recipient_guard;
mod request_bodies;
mod responses;
mod retries;
mod secrets;
mod stored_requests;
mod support;
mod test_kit;
mod tidy;
mod transaction_ids;
mod ui;
mod verdict;
