//! The verbs, each as one statement. So each is one transaction, and one connection serves all tasks of a relay.

use std::collections::HashSet;
use std::time::Duration;

use tokio_postgres::types::Type;

use super::connection::{Connection, Parameter};
use crate::error::{Error, Result};
use crate::queue_name::QueueName;
use crate::store::{Backend, BackendFuture, Claim, DeadMessage, Lease, Metrics, Part, PartFate, Settlement};

/// pgmq's functions do not take `read_ct`, so the statements that settle use its documented tables, which
/// all versions have: `msg_id`, `read_ct`, `enqueued_at`, `vt`, `message`. Columns that newer versions add can be null.
pub(super) struct Queue {
    connection: Connection,
    name: QueueName,
}

impl Queue {
    pub(super) fn new(connection: Connection, name: QueueName) -> Self {
        Self { connection, name }
    }

    /// Executes a statement on the queue's tables: `{q}`, its dead-letter queue `{dead}`.
    async fn execute(&self, what: &str, sql: &str, parameters: &[Parameter<'_>]) -> Result<Vec<tokio_postgres::Row>> {
        let (queue, dead) = (self.name.as_str(), self.name.dead());
        let sql = sql.replace("{q}", &format!("pgmq.q_{queue}")).replace("{dead}", &format!("pgmq.q_{dead}"));
        self.connection.query(what, &sql, parameters).await
    }

    /// Executes a statement about these leases, which are `{lease} (msg_id, read_ct, number)` in it, and returns the ids of
    /// its rows.
    async fn settle_each(&self, leases: &[Lease], sql: &str, parameters: &[Parameter<'_>]) -> Result<Vec<i64>> {
        if leases.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<i64> = leases.iter().map(|lease| lease.id).collect();
        let read_cts: Vec<i64> = leases.iter().map(|lease| lease.read_ct).collect();
        let mut all: Vec<Parameter<'_>> = vec![(&ids, Type::INT8_ARRAY), (&read_cts, Type::INT8_ARRAY)];
        all.extend(parameters.iter().cloned());
        let sql = sql.replace("{lease}", "unnest($1, $2) with ordinality as lease (msg_id, read_ct, number)");
        let rows = self.execute("settle messages", &sql, &all).await?;
        rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().map_err(unexpected)
    }

    async fn settle(&self, settlements: Vec<(Lease, Settlement)>) -> Result<Vec<bool>> {
        let leases: Vec<Lease> = settlements.iter().map(|(lease, _)| *lease).collect();
        let (mut deleted, mut archived, mut returned) = (Vec::new(), Vec::new(), Vec::new());
        let (mut shown, mut waits, mut settled) = (Vec::new(), Vec::new(), HashSet::new());
        for (lease, settlement) in settlements {
            match settlement {
                Settlement::Delete => deleted.push(lease),
                Settlement::Archive => archived.push(lease),
                Settlement::GiveBack => returned.push(lease),
                Settlement::ShowAfter(wait) => {
                    shown.push(lease);
                    waits.push(seconds(wait));
                }
                Settlement::Dead(reason) => {
                    if self.make_dead(lease, reason).await? {
                        settled.insert(lease.id);
                    }
                }
                Settlement::Replace(parts) => {
                    if self.replace(lease, parts).await? {
                        settled.insert(lease.id);
                    }
                }
            }
        }
        let fence = "q.msg_id = lease.msg_id and q.read_ct = lease.read_ct";
        let delete = format!("delete from {{q}} as q using {{lease}} where {fence} returning q.msg_id");
        settled.extend(self.settle_each(&deleted, &delete, &[]).await?);
        let archive = format!(
            "with fenced as materialized (
                 select q.msg_id from {{q}} as q join {{lease}} on {fence} for update of q
             ) select msg_id, pgmq.archive($3, msg_id) from fenced"
        );
        settled.extend(self.settle_each(&archived, &archive, &[(&self.name.as_str(), Type::TEXT)]).await?);
        let give_back = format!(
            "update {{q}} as q set vt = clock_timestamp(), read_ct = q.read_ct - 1 from {{lease}} where {fence}
             returning q.msg_id"
        );
        settled.extend(self.settle_each(&returned, &give_back, &[]).await?);
        let show = format!(
            "update {{q}} as q set vt = clock_timestamp() + make_interval(secs => ($3::float8[])[lease.number])
             from {{lease}} where {fence} returning q.msg_id"
        );
        settled.extend(self.settle_each(&shown, &show, &[(&waits, Type::FLOAT8_ARRAY)]).await?);
        Ok(leases.iter().map(|lease| settled.contains(&lease.id)).collect())
    }

    async fn make_dead(&self, lease: Lease, reason: String) -> Result<bool> {
        let sql = "with gone as (
                       delete from {q} where msg_id = $1 and read_ct = $2 returning message
                   ) insert into {dead} (vt, message)
                   select clock_timestamp(), jsonb_build_object('reason', $3, 'request', message) from gone returning 1";
        self.settle_one(lease, sql, &[(&without_nul(reason), Type::TEXT)]).await
    }

    async fn replace(&self, lease: Lease, parts: Vec<Part>) -> Result<bool> {
        let columns = Columns::new(parts);
        let sql = "with gone as (
                       delete from {q} where msg_id = $1 and read_ct = $2 returning read_ct, enqueued_at
                   ), part as (
                       select gone.read_ct, gone.enqueued_at, part.message::jsonb, part.wait, part.reason, part.number
                       from gone, unnest($3, $4, $5) with ordinality as part (message, wait, reason, number)
                   ), visible as (
                       insert into {q} (read_ct, enqueued_at, vt, message)
                       select read_ct, enqueued_at, clock_timestamp() + make_interval(secs => wait), message
                       from part where reason is null order by number
                   ), dead as (
                       insert into {dead} (vt, message)
                       select clock_timestamp(), jsonb_build_object('reason', reason, 'request', message)
                       from part where reason is not null order by number
                   ) select 1 from gone";
        let parameters: [Parameter<'_>; 3] = [
            (&columns.messages, Type::TEXT_ARRAY),
            (&columns.waits, Type::FLOAT8_ARRAY),
            (&columns.reasons, Type::TEXT_ARRAY),
        ];
        self.settle_one(lease, sql, &parameters).await
    }

    /// Executes a statement about one lease, which is `$1` and `$2` in it. `false` if it returns no row.
    async fn settle_one(&self, lease: Lease, sql: &str, parameters: &[Parameter<'_>]) -> Result<bool> {
        let mut all: Vec<Parameter<'_>> = vec![(&lease.id, Type::INT8), (&lease.read_ct, Type::INT8)];
        all.extend(parameters.iter().cloned());
        Ok(!self.execute("settle a message", sql, &all).await?.is_empty())
    }
}

impl Backend for Queue {
    fn name(&self) -> String {
        format!("postgres queue `{}`", self.name.as_str())
    }

    fn claim(&self, lease: Duration, max: usize) -> BackendFuture<'_, Vec<Claim>> {
        Box::pin(async move {
            let max = i32::try_from(max).unwrap_or(i32::MAX);
            let parameters: [Parameter<'_>; 3] =
                [(&self.name.as_str(), Type::TEXT), (&whole_seconds(lease), Type::INT4), (&max, Type::INT4)];
            let sql = format!(
                "select msg_id, read_ct::int8, {}, coalesce(message::text, 'null') from pgmq.read($1, $2, $3)",
                millis_since("enqueued_at")
            );
            let rows = self.execute("claim messages", &sql, &parameters).await?;
            let claim = |row: &tokio_postgres::Row| {
                Ok(Claim {
                    lease: Lease { id: row.try_get(0)?, read_ct: row.try_get(1)? },
                    age: from_millis(row.try_get(2)?),
                    message: row.try_get(3)?,
                })
            };
            let mut claims: Vec<Claim> = rows.iter().map(claim).collect::<Result<_, _>>().map_err(unexpected)?;
            claims.sort_unstable_by_key(|claim| claim.lease.id);
            Ok(claims)
        })
    }

    fn settle(&self, settlements: Vec<(Lease, Settlement)>) -> BackendFuture<'_, Vec<bool>> {
        Box::pin(self.settle(settlements))
    }

    fn dead(&self, max: usize) -> BackendFuture<'_, Vec<DeadMessage>> {
        Box::pin(async move {
            let max = i64::try_from(max).unwrap_or(i64::MAX);
            let sql = format!(
                "select msg_id, coalesce(message->>'reason', ''), {},
                 coalesce((message->'request')::text, message::text, 'null') from {{dead}} order by msg_id limit $1",
                millis_since("enqueued_at")
            );
            let rows = self.execute("list dead messages", &sql, &[(&max, Type::INT8)]).await?;
            let dead = |row: &tokio_postgres::Row| {
                Ok(DeadMessage::new(row.try_get(0)?, row.try_get(1)?, from_millis(row.try_get(2)?), row.try_get(3)?))
            };
            rows.iter().map(dead).collect::<Result<_, _>>().map_err(unexpected)
        })
    }

    fn redrive(&self, id: i64) -> BackendFuture<'_, bool> {
        Box::pin(async move {
            // It was claimed before, so it may have been sent: it is not sent in a bulk with others.
            let sql = "with gone as (
                           delete from {dead} where msg_id = $1 returning message
                       ) insert into {q} (read_ct, vt, message)
                       select 1, clock_timestamp(), coalesce(message->'request', message) from gone returning 1";
            let rows = self.execute("redrive a message", sql, &[(&id, Type::INT8)]).await?;
            Ok(!rows.is_empty())
        })
    }

    fn purge_dead(&self, older_than: Duration) -> BackendFuture<'_, u64> {
        Box::pin(async move {
            let sql = "with gone as (
                           delete from {dead} where enqueued_at < clock_timestamp() - make_interval(secs => $1) returning 1
                       ) select count(*) from gone";
            let rows = self.execute("delete old dead messages", sql, &[(&seconds(older_than), Type::FLOAT8)]).await?;
            only(&rows)?.try_get(0).map(count).map_err(unexpected)
        })
    }

    fn metrics(&self) -> BackendFuture<'_, Metrics> {
        Box::pin(async move {
            // `pgmq.metrics` would count the rows of each queue, too.
            let sql = format!(
                "select count(*), {}, (select count(*) from {{dead}}), count(*) filter (where vt <= clock_timestamp())
                 from {{q}}",
                millis_since("min(enqueued_at)")
            );
            let rows = self.execute("count messages", &sql, &[]).await?;
            let row = only(&rows)?;
            let metrics = || {
                let oldest: Option<i64> = row.try_get(1)?;
                Ok(Metrics {
                    queued: count(row.try_get(0)?),
                    due: count(row.try_get(3)?),
                    oldest_age: oldest.map(from_millis),
                    dead: count(row.try_get(2)?),
                })
            };
            metrics().map_err(unexpected)
        })
    }
}

/// The parts as columns.
struct Columns {
    messages: Vec<String>,
    waits: Vec<f64>,
    reasons: Vec<Option<String>>,
}

impl Columns {
    fn new(parts: Vec<Part>) -> Self {
        let mut columns = Self { messages: Vec::new(), waits: Vec::new(), reasons: Vec::new() };
        for Part { message, fate } in parts {
            let (wait, reason) = match fate {
                PartFate::ShowAfter(wait) => (wait, None),
                PartFate::Dead(reason) => (Duration::ZERO, Some(without_nul(reason))),
            };
            columns.messages.push(message);
            columns.waits.push(seconds(wait));
            columns.reasons.push(reason);
        }
        columns
    }
}

/// PostgreSQL's texts cannot contain it.
fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// The time since `time`, in milliseconds. It is negative if the clock was set back, and 0 if `time` is infinite.
fn millis_since(time: &str) -> String {
    format!(
        "case isfinite({time}) when true then (extract(epoch from clock_timestamp() - {time}) * 1000)::int8
         when false then 0 end"
    )
}

fn from_millis(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or_default())
}

/// An interval that leaves room for a sum. A century is later than any message.
fn seconds(duration: Duration) -> f64 {
    const CENTURY: f64 = 100.0 * 366.0 * 24.0 * 3600.0;
    duration.as_secs_f64().min(CENTURY)
}

/// pgmq's leases are in whole seconds. One that is longer than the relay's own does no harm.
fn whole_seconds(lease: Duration) -> i32 {
    let seconds = lease.as_secs().saturating_add(u64::from(lease.subsec_nanos() > 0));
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

fn count(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

fn only(rows: &[tokio_postgres::Row]) -> Result<&tokio_postgres::Row> {
    rows.first().ok_or_else(|| Error::new("PostgreSQL returned no row"))
}

fn unexpected(error: tokio_postgres::Error) -> Error {
    Error::new("PostgreSQL returned a row of another form").with_source(error)
}
