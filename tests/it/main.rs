//! The tests of the workspace.

mod conformance;
mod derive;
mod emulator;
mod ui;
