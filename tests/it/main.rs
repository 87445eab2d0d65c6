//! The tests of the workspace.

mod conformance;
mod derive;
mod emulator;
mod emulator_introspection;
mod repeat;
mod ui;
