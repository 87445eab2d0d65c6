//! The tests of the workspace.

mod ui;
