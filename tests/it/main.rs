//! The tests of the workspace.

mod conformance;
mod emulator;
mod ui;
