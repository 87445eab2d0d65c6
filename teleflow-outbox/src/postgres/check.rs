//! Checks that pgmq and the queue are usable, and says what to do if they are not.

use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};

use super::failure::failure;
use crate::error::{Error, Result};
use crate::queue_name::QueueName;

/// The state of a database, from its system catalogs, which every user may read.
pub(super) struct Found {
    database: String,
    user: String,
    is_replica: bool,
    /// The server has the files of the extension, so `create extension pgmq` works.
    pub(super) extension_is_available: bool,
    pub(super) pgmq: bool,
    may_use_schema: bool,
    /// Of the functions that this crate calls, those that do not exist with these parameters.
    missing_functions: Vec<String>,
    /// Of the two queues, those that do not exist.
    pub(super) missing_queues: Vec<String>,
    /// Of their tables, those that the user may not read and write. Nothing uses the archive of the dead-letter queue.
    forbidden_tables: Vec<String>,
}

// `1` to `pronargs` arguments are given; the others have defaults.
const SQL: &str = "
    with schema as (select oid from pg_catalog.pg_namespace where nspname = 'pgmq'),
    queue (name) as (select unnest($1)),
    tables (prefix, name, oid) as (
        select prefix, queue.name, class.oid
        from queue cross join (values ('q_'), ('a_')) as prefix (prefix)
        left join pg_catalog.pg_class as class
            on class.relname = prefix || queue.name and class.relnamespace = (select oid from schema)
    ),
    functions (name, arguments) as (values ('send', 2), ('read', 3), ('archive', 2), ('create', 1))
    select current_database()::text, current_user::text, pg_is_in_recovery(),
        exists (select from pg_catalog.pg_available_extensions where name = 'pgmq'),
        exists (select from pg_catalog.pg_class where relname = 'meta' and relnamespace = (select oid from schema)),
        coalesce((select has_schema_privilege(oid, 'usage') from schema), false),
        array(
            select 'pgmq.' || functions.name from functions where not exists (
                select from pg_catalog.pg_proc as proc
                where proc.pronamespace = (select oid from schema) and proc.proname = functions.name
                and functions.arguments between proc.pronargs - proc.pronargdefaults and proc.pronargs
            )
        ),
        array(select distinct name from tables where oid is null order by name),
        array(
            select 'pgmq.' || prefix || name from tables
            where (prefix, name) <> ('a_', $1[2]) and not (
                has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert')
                and has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete')
            )
        )";

/// # Errors
///
/// If a relay could not work with this queue.
pub(super) async fn check(client: &impl GenericClient, queue: &QueueName) -> Result<()> {
    find(client, queue).await?.check(queue)
}

pub(super) async fn find(client: &impl GenericClient, queue: &QueueName) -> Result<Found> {
    let names = [queue.as_str().to_owned(), queue.dead()];
    let found = async {
        let rows = client.query_typed(SQL, &[(&&names[..], Type::TEXT_ARRAY)]).await?;
        rows.first().map(Found::read).transpose()
    };
    found
        .await
        .map_err(|error| failure("read its catalogs", error))?
        .ok_or_else(|| Error::new("PostgreSQL returned nothing about its catalogs"))
}

impl Found {
    fn read(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            database: row.try_get(0)?,
            user: row.try_get(1)?,
            is_replica: row.try_get(2)?,
            extension_is_available: row.try_get(3)?,
            pgmq: row.try_get(4)?,
            may_use_schema: row.try_get(5)?,
            missing_functions: row.try_get(6)?,
            missing_queues: row.try_get(7)?,
            forbidden_tables: row.try_get(8)?,
        })
    }

    fn check(&self, queue: &QueueName) -> Result<()> {
        self.check_server()?;
        self.check_pgmq()?;
        let (queue, dead) = (queue.as_str(), queue.dead());
        if !self.missing_queues.is_empty() {
            return Err(Error::new(format!(
                "database `{}` does not have the queue `{}`; call `teleflow_outbox::postgres::install`, or execute \
                 `select pgmq.create('{queue}'); select pgmq.create('{dead}')`",
                self.database,
                self.missing_queues.join("` and `")
            )));
        }
        if !self.forbidden_tables.is_empty() {
            let tables = self.forbidden_tables.join(", ");
            return Err(Error::new(format!(
                "user `{user}` may not read and write the queue `{queue}`; execute as its owner \
                 `grant select, insert, update, delete on {tables} to \"{user}\"`",
                user = self.user
            )));
        }
        Ok(())
    }

    /// # Errors
    ///
    /// If the server does not write.
    pub(super) fn check_server(&self) -> Result<()> {
        if self.is_replica {
            return Err(Error::new(
                "the server is a replica, which does not write; add `target_session_attrs=read-write` and the hosts of \
                 the other servers to the configuration",
            ));
        }
        Ok(())
    }

    /// # Errors
    ///
    /// If pgmq is missing or too old, or the user may not use it.
    pub(super) fn check_pgmq(&self) -> Result<()> {
        let (database, user) = (&self.database, &self.user);
        if !self.pgmq {
            return Err(Error::new(format!(
                "database `{database}` does not have pgmq; {}",
                if self.extension_is_available {
                    "execute `create extension pgmq` in it"
                } else {
                    "call `teleflow_outbox::postgres::install` with the feature `postgres-install`, or install the extension \
                     on the server and execute `create extension pgmq`"
                }
            )));
        }
        if !self.may_use_schema {
            return Err(Error::new(format!(
                "user `{user}` may not use pgmq; execute as its owner `grant usage on schema pgmq to \"{user}\"`"
            )));
        }
        if !self.missing_functions.is_empty() {
            return Err(Error::new(format!(
                "pgmq in database `{database}` is older than 1.0, or not complete: it does not have `{}` as this library \
                 calls it; update it, with `alter extension pgmq update` if it is an extension",
                self.missing_functions.join("`, `")
            )));
        }
        Ok(())
    }
}
