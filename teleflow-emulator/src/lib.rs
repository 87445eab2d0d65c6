//! The Teleflow Events API in memory.
