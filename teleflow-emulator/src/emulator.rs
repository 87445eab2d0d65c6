//! The emulator itself: what people hold, set up, ask and look into.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use serde_json::{Map, Value};

use crate::admin;
use crate::api::pipeline;
use crate::api::rate_limit::RateLimit;
use crate::api::state::Shared;
use crate::database::definition::Definition;
use crate::database::environment::Environment;
use crate::database::seeds::Seeds;
use crate::database::store::{DEFAULT_KEY, Database};
use crate::database::workflow::Workflow;
use crate::faults::plan::Faults;
use crate::worker::job::Job;
use crate::worker::notification::Notification;
use crate::worker::run::ProcessedJob;
use crate::worker::steps;

/// The Events API in memory.
///
/// Clones share everything: what one accepts, the other lists. It is given to a client as its transport,
/// or put behind a port by `serve`, and answers as the real server does either way.
///
/// ```
/// use teleflow_emulator::{Emulator, Kind, Workflow};
///
/// let emulator = Emulator::new();
/// emulator
///     .workflow(Workflow::new("order-shipped").required("orderId", Kind::String))
///     .subscriber("ada")
///     .topic("staff", ["ada", "grace"])
///     .tenant("acme");
/// assert!(emulator.jobs().is_empty());
/// ```
#[derive(Clone)]
pub struct Emulator {
    shared: Arc<Shared>,
    /// The key that this view acts for.
    key: Arc<str>,
}

impl Default for Emulator {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.shared.lock();
        f.debug_struct("Emulator")
            .field("keys", &state.database.keys.len())
            .field("queued", &state.queue.len())
            .finish_non_exhaustive()
    }
}

impl Emulator {
    /// An emulator with one API key, `test-key`, and one environment with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::over(Database::with_default_key())
    }

    /// An emulator that holds what a seeds file says. It acts for the first key of the file.
    #[must_use]
    pub fn from_seeds(seeds: Seeds) -> Self {
        Self::over(seeds.into_world())
    }

    fn over(database: Database) -> Self {
        let key = database.keys.first().map_or(DEFAULT_KEY, |first| first.key.as_str()).into();
        Self { shared: Arc::new(Shared::new(database)), key }
    }

    /// The same emulator, acting for another key: what it is sent in memory comes with this key, and what is set up
    /// goes into the key's environment.
    ///
    /// An unknown key is refused with 401. Setting something up for it makes it known, in an organization of its own.
    #[must_use]
    pub fn with_key(&self, key: impl Into<Arc<str>>) -> Self {
        Self { shared: Arc::clone(&self.shared), key: key.into() }
    }

    /// Serves the paths under `/__` too, by which the conformance corpus sets its scenes. They are off at first:
    /// like any unknown path they answer 404.
    #[must_use]
    pub fn admin(self, on: bool) -> Self {
        self.shared.admin.store(on, Ordering::Relaxed);
        self
    }

    /// Sets a workflow up, in the place of one of the same trigger identifier.
    pub fn workflow(&self, workflow: Workflow) -> &Self {
        let now = self.shared.clock.timestamp();
        self.set_up(|environment, organization_id| workflow.clone().put_into(environment, organization_id, &now))
    }

    /// Sets a workflow up from its document, in the form in which `GET /v1/workflows/:id` answers it (`data`), in the
    /// place of one of the same trigger identifier.
    ///
    /// # Errors
    ///
    /// If the document is no workflow's.
    ///
    /// # Examples
    ///
    /// ```
    /// let document = serde_json::json!({
    ///     "_id": "65f000000000000000000001", "name": "Welcome", "active": true,
    ///     "triggers": [{ "type": "event", "identifier": "welcome", "variables": [] }],
    ///     "steps": [],
    /// });
    /// let emulator = teleflow_emulator::Emulator::new();
    /// emulator.workflow_document(document)?;
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn workflow_document(&self, document: Value) -> Result<&Self, serde_json::Error> {
        let workflow = Definition::new(document)?;
        Ok(self.set_up(|environment, _| environment.put_workflow(workflow.clone())))
    }

    /// Sets a topic up. Its members need not be known as subscribers.
    pub fn topic<I>(&self, key: &str, subscriber_ids: I) -> &Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let members: Vec<String> = subscriber_ids.into_iter().map(Into::into).collect();
        self.set_up(|environment, _| environment.put_topic(key, members.clone()))
    }

    /// Sets a subscriber up. Broadcasts reach the subscribers that are known; triggers make unknown ones known.
    pub fn subscriber(&self, id: &str) -> &Self {
        self.set_up(|environment, _| environment.put_subscriber(id, &Map::new()))
    }

    /// Sets a tenant up. An event that names an unknown one is dropped.
    pub fn tenant(&self, identifier: &str) -> &Self {
        let name = Map::from_iter([("name".to_owned(), Value::from(identifier))]);
        self.set_up(|environment, _| environment.put_tenant(identifier, &name))
    }

    /// Changes what is there now and what a reset restores.
    fn set_up(&self, change: impl Fn(&mut Environment, &str)) -> &Self {
        let mut state = self.shared.lock();
        let state = &mut *state;
        for database in [&mut state.seeds, &mut state.database] {
            database.environment_of_key(&self.key);
            let organization_id = database.key(&self.key).map(|key| key.organization_id.clone()).unwrap_or_default();
            change(database.environment_of_key(&self.key), &organization_id);
        }
        self
    }

    /// Moves the emulator's clock forward: answers are replayed for 24 hours, buckets fill, and delays end. It runs with tokio's
    /// clock, so that a paused runtime stops it.
    pub fn advance(&self, by: Duration) {
        self.shared.clock.advance(by);
    }

    /// Switches the heeding of `Idempotency-Key` on or off. It is on at first; not every organization has it.
    pub fn idempotency(&self, on: bool) -> &Self {
        self.shared.lock().settings.idempotency = on;
        self
    }

    /// Limits the rate of every environment. The buckets are full again.
    pub fn rate_limit(&self, level: RateLimit) -> &Self {
        self.shared.lock().limit_rate(level);
        self
    }

    /// Makes adding to the queue fail, which the server answers with 500, and with a replay of it to the same key.
    pub fn queue_fails(&self, fails: bool) -> &Self {
        self.shared.lock().settings.queue_fail = fails;
        self
    }

    /// Makes adding to the queue slow. Meanwhile the key is in progress, and a client that gives up does not stop it.
    pub fn queue_delay(&self, delay: Duration) -> &Self {
        self.shared.lock().settings.queue_delay = delay;
        self
    }

    /// Forgets everything but the seeds and what was set up: queue, notifications, keys seen, limits, switches.
    pub fn reset(&self) {
        self.shared.lock().reset();
    }

    /// The events that were accepted and that the worker has not taken yet, of all environments, oldest first.
    #[must_use]
    pub fn jobs(&self) -> Vec<Job> {
        self.shared.lock().queue.clone()
    }

    /// Lets the worker take every queued event, oldest first, and says what it did with each.
    ///
    /// It expands topics, leaves the actor out of them, refuses recipients whose fields are wrong
    /// ([`ProcessedJob::refused`]), and drops an event whose transaction id it has worked on before. Until it has run, a cancel
    /// finds nothing, as on the real server; afterwards it finds the events of workflows with a delay or a digest, until
    /// the delay has ended by the emulator's clock ([`advance`](Self::advance)).
    pub fn run_worker(&self) -> Vec<ProcessedJob> {
        let now = self.shared.clock.since_epoch();
        self.shared.lock().run_worker(now)
    }

    /// What the worker has made, of all environments: a notification for each event and subscriber, oldest first.
    ///
    /// A recipient that the worker refuses has none, as in the server's activity feed: [`ProcessedJob::refused`] lists those. A
    /// delay that has ended by the emulator's clock is completed here, and so are the steps after it.
    #[must_use]
    pub fn notifications(&self) -> Vec<Notification> {
        let mut state = self.shared.lock();
        steps::resume(&mut state.history, self.shared.clock.since_epoch());
        state.history.notifications().to_vec()
    }

    /// Answers a raw request, whose headers must bring the API key. This is what every way in comes down to, less the
    /// faults.
    ///
    /// The future waits only where the emulator was told to be slow.
    ///
    /// ```
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    /// # runtime.block_on(async {
    /// let emulator = teleflow_emulator::Emulator::new();
    /// let request = http::Request::delete("/v1/events/trigger/some-id").body(bytes::Bytes::new())?;
    /// let response = emulator.answer(request).await;
    /// assert_eq!(response.status(), 401);
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let is_admin = self.is_admin_request(&head);
        let request = Request::from_parts(head, body);
        if is_admin { admin::answer(&self.shared, &request) } else { pipeline::answer(&self.shared, request).await }
    }

    pub(crate) fn is_admin_request(&self, head: &Parts) -> bool {
        self.shared.admin.load(Ordering::Relaxed) && admin::is_admin_path(head.uri.path())
    }

    /// What goes wrong, and with which requests: nothing, until it is told.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// The key that this view acts for.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The API keys that are known, in the order in which they were set up.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.shared.lock().database.keys.iter().map(|key| key.key.clone()).collect()
    }
}
