//! The tests of the workspace.

mod conformance;
mod derive;
mod emulator;
mod emulator_faults;
mod emulator_introspection;
mod emulator_rules;
mod fuzz;
mod http;
mod repeat;
mod secrets;
mod support;
mod tidy;
mod ui;
