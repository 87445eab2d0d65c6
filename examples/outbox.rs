//! An order and its notification commit together, and nobody is notified twice, even if the relay is killed.
//!
//! ```sh
//! cargo run --example outbox
//! ```
//!
//! It needs no set-up: the database is an SQLite file in a temporary folder, and the server is an emulator. The relay is
//! another process, which this program starts, kills, starts again and stops.

use std::error::Error;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde::Serialize;
use teleflow::{Client, TeleflowWorkflow};
use teleflow_emulator::{Emulator, Fault, Workflow};
use teleflow_outbox::{Outbox, Relay, sqlite};

const QUEUE: &str = "teleflow";

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped<'a> {
    order_id: &'a str,
    carrier: &'a str,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [command, file, url] if command == "relay" => relay(Path::new(file), url).await,
        _ => shop().await,
    }
}

/// The relay, a process of its own. SIGTERM, with which systemd and Kubernetes stop a process, and Ctrl-C end it after the
/// requests in flight.
async fn relay(file: &Path, url: &str) -> Result<(), Box<dyn Error>> {
    // The short deadline allows a short lease, so that the example does not wait long after the relay was killed.
    let deadline = Duration::from_secs(1);
    let client = Client::builder().api_key("test-key").base_url(url).deadline(deadline).build()?;
    let store = sqlite::store(file, QUEUE).await?;
    let relay = Relay::builder(client, store).lease(Duration::from_secs(6)).build()?;
    relay.run(stop_signal()?).await;
    println!("The relay stops, because it was asked to. Requests that it has sent: {}.", relay.gauges().await?.sent);
    Ok(())
}

/// Is ready when the process is asked to stop.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}

/// The service that takes orders.
async fn shop() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("order-shipped"));
    let server = emulator.serve("127.0.0.1:0").await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("shop.db");
    let mut database = Connection::open(&file)?;
    database.busy_timeout(Duration::from_secs(5))?;
    database.execute_batch(teleflow_outbox::SQLITE_SCHEMA)?;
    database.execute_batch("create table orders (id text primary key, carrier text not null)")?;

    ship(&mut database, "A-7", true)?;
    ship(&mut database, "A-8", false)?;
    let messages: u32 = database.query_row("select count(*) from teleflow_outbox", (), |row| row.get(0))?;
    println!("Order A-7 is committed, order A-8 is rolled back. Notifications in the outbox: {messages}.");
    assert_eq!(messages, 1);

    // The server queues the event, but its response is late. Then the relay is killed: it does not know the result.
    emulator.faults().next(Fault::DelayAfter(Duration::from_secs(2)));
    let first = start_relay(&file, &server.url())?;
    wait_until("the server has the event", || Ok(emulator.jobs().len() == 1)).await?;
    drop(first);
    println!("The server has queued the event. The relay is killed before it knows.");

    emulator.faults().clear();
    let second = start_relay(&file, &server.url())?;
    println!("The next relay waits until the lease of the first is over.");
    wait_until("the outbox is empty", || {
        Ok(database.query_row("select count(*) from teleflow_outbox", (), |row| row.get::<_, u32>(0))? == 0)
    })
    .await?;
    second.terminate()?;

    let notified: Vec<String> = emulator
        .notifications()
        .iter()
        .map(|sent| format!("{} about {}", sent.subscriber_id(), sent.payload()["order_id"]))
        .collect();
    println!("The outbox is empty. Notified: {}.", notified.join(", "));
    assert_eq!(notified, ["ada about \"A-7\""]);
    Ok(())
}

/// Stores an order and its notification in one transaction.
fn ship(database: &mut Connection, order_id: &str, commit: bool) -> Result<(), Box<dyn Error>> {
    let event = OrderShipped { order_id, carrier: "UPS" }.to("ada").into_request()?;
    let put = Outbox::sqlite(QUEUE).put(&event)?;
    let transaction = database.transaction()?;
    transaction.execute("insert into orders (id, carrier) values (?1, 'UPS')", [order_id])?;
    transaction.execute(put.sql(), (put.queue(), put.message()))?;
    if commit {
        transaction.commit()?
    } else {
        transaction.rollback()?
    }
    Ok(())
}

/// The process of a relay. Dropping it kills the process, without a chance to finish anything.
struct RelayProcess(Child);

impl Drop for RelayProcess {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl RelayProcess {
    /// Sends SIGTERM, and waits until the process has ended.
    #[cfg(unix)]
    fn terminate(mut self) -> Result<(), Box<dyn Error>> {
        Command::new("sh").args(["-c", &format!("kill -TERM {}", self.0.id())]).status()?;
        let status = self.0.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the relay ended with {status}").into()) }
    }

    #[cfg(not(unix))]
    fn terminate(self) -> Result<(), Box<dyn Error>> {
        drop(self);
        Ok(())
    }
}

fn start_relay(file: &Path, url: &str) -> Result<RelayProcess, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    Ok(RelayProcess(Command::new(program).arg("relay").arg(file).arg(url).stdin(Stdio::null()).spawn()?))
}

async fn wait_until(what: &str, is_so: impl Fn() -> Result<bool, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    while !is_so()? {
        if start.elapsed() > Duration::from_secs(60) {
            return Err(format!("not within a minute: {what}").into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
