//! `cargo teleflow outbox drain`: sends what is due.

use std::time::Duration;

use serde_json::json;
use teleflow::{Client, Pause};
use teleflow_outbox::{Gauges, Relay, Store};

use super::age::age;
use super::failed;
use crate::args::ServerArgs;
use crate::args::outbox::{Drain, Format};
use crate::failure::{Failure, chain};
use crate::output::{print, sanitize};
use crate::relay_log;

/// Nothing is given up or deleted because of its age: the relay of the application decides that.
const FOREVER: Duration = Duration::from_secs(100 * 366 * 24 * 3600);

/// The client of the environment. Nothing is sent.
pub(crate) fn client(args: &ServerArgs) -> Result<Client, Failure> {
    let usage = |error: teleflow::Error| Failure::Usage(sanitize(&chain(&error)));
    let mut builder = Client::builder().with_env().map_err(usage)?;
    if let Some(url) = &args.api_url {
        builder = builder.base_url(url);
    }
    builder.user_agent(concat!("cargo-teleflow/", env!("CARGO_PKG_VERSION"))).build().map_err(usage)
}

pub(crate) async fn run(args: &Drain, client: Client, store: Store) -> Result<(), Failure> {
    relay_log::print_warnings();
    let relay = Relay::builder(client, store).give_up_after(FOREVER).keep_dead_for(FOREVER).build();
    let relay = relay.map_err(|error| failed(&error))?;
    let dead_before = relay.gauges().await.map_err(|error| failed(&error))?.dead;
    relay.once().await.map_err(|error| failed(&error))?;
    let gauges = relay.gauges().await.map_err(|error| failed(&error))?;
    let died = gauges.dead.saturating_sub(dead_before);
    print(&match args.queue.format {
        Format::Human => human(&gauges, died),
        Format::Json => json(&gauges, died),
    })?;
    if gauges.queued == 0 && died == 0 { Ok(()) } else { Err(Failure::Reported) }
}

fn human(gauges: &Gauges, died: u64) -> String {
    let mut text = format!("sent    {}\nleft    {}\ndead    {died}\n", gauges.sent, gauges.queued);
    if let (Some(paused), Some(pause)) = (gauges.paused, gauges.pause) {
        let cause = match pause {
            Pause::RateLimit => "The rate limit of the server is reached. Run",
            Pause::BaseUrl => "The base URL is not that of a Teleflow server. Correct it, and run",
            Pause::Account => "The server refuses the API key, or the plan's allowance is used up. Correct it, and run",
            _ => "The server accepts nothing now. Run",
        };
        text += &format!("\n{cause} the command again in {}.\n", age(paused));
    }
    if died > 0 {
        text += "\n`cargo teleflow outbox dead` lists the dead requests with their reasons.\n";
    }
    text
}

fn json(gauges: &Gauges, died: u64) -> String {
    let object = json!({
        "sent": gauges.sent,
        "left": gauges.queued,
        "dead": died,
        "paused_seconds": gauges.paused.map(|paused| paused.as_secs()),
        "pause": gauges.pause.map(|pause| match pause {
            Pause::RateLimit => "rate-limit",
            Pause::BaseUrl => "base-url",
            Pause::Account => "account",
            _ => "other",
        }),
    });
    format!("{object}\n")
}
