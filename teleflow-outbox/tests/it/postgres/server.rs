//! A server for one test.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use tokio_postgres::Config;

/// A server of its own, because a restart or new settings would disturb the other tests.
pub(crate) struct Server {
    pub(crate) config: Config,
    restart: String,
    process: Child,
}

impl Server {
    pub(crate) fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/with-postgres");
        let mut process = Command::new(script)
            .args(["sh", "-c", "echo $DATABASE_URL; echo $TELEFLOW_POSTGRES_RESTART; cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let config = lines.next().unwrap().parse().unwrap();
        Self { config, restart: lines.next().unwrap(), process }
    }

    pub(crate) async fn restart(&self, mode: &'static str) {
        let restart = self.restart.clone();
        let restarted = tokio::task::spawn_blocking(move || Command::new(restart).arg(mode).status());
        assert!(restarted.await.unwrap().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // `cat` ends, and with it the server.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
