//! What is special about the store in PostgreSQL.

mod connection;
mod install;
mod missing;
mod old_pgmq;
mod restart;
mod server;
mod silence;
mod tls;
