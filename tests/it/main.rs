//! The tests of the workspace.

mod conformance;
mod emulator;
mod emulator_introspection;
mod ui;
