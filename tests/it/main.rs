//! The tests of the workspace.

mod as_string;
mod bulk;
mod conformance;
mod deliver_at;
mod derive;
mod emulator;
mod emulator_faults;
mod emulator_introspection;
mod emulator_rules;
mod emulator_runs;
mod emulator_worker;
mod environment;
mod fuzz;
mod http;
mod ids;
mod payload_types;
mod refused;
mod repeat;
mod responses;
mod secrets;
mod stored;
mod support;
mod tidy;
mod ui;
mod wire;
