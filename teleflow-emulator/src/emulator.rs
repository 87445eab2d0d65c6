//! `Emulator`: the public type through which tests set up, send and inspect.

// A module imports only from those below it.
mod load_catalog;
mod load_templates;
mod records;
mod results;
mod time;

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use serde_json::{Map, Value};

use crate::admin;
use crate::api::pipeline;
use crate::api::rate_limit::RateLimit;
use crate::api::state::{Shared, State};
use crate::database::definition::Definition;
use crate::database::environment::Environment;
use crate::database::seeds::Seeds;
use crate::database::store::{DEFAULT_KEY, Database};
use crate::database::subscriber::SubscriberRecord;
use crate::database::workflow::Workflow;
use crate::faults::plan::Faults;

/// The Events API in memory.
///
/// Use it as the transport of a client, or serve it over HTTP with `serve`. Clones share all data: a job that one of
/// them accepts is listed by the others.
///
/// Methods that start with `with_`, [`accept_unknown_workflows`](Self::accept_unknown_workflows) and
/// [`forget_after`](Self::forget_after) belong in the expression that creates the emulator, and return it. Methods that add data
/// or change settings take `&self` and return it.
///
/// It keeps all requests, notifications and messages until [`reset`](Self::reset) or until its last clone is dropped, and the
/// newest 10 000 results of [`run_worker`](Self::run_worker). [`forget_after`](Self::forget_after) limits its memory.
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
    /// The API key of requests that are sent in memory.
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
            .field("queued", &state.worker.queue.len())
            .finish_non_exhaustive()
    }
}

impl Emulator {
    /// Creates an emulator with one API key, `test-key`, and one empty environment.
    #[must_use]
    pub fn new() -> Self {
        Self::with_database(Database::with_default_key())
    }

    /// Creates an emulator with the data of a seeds file. It uses the first API key of the file.
    #[must_use]
    pub fn from_seeds(seeds: Seeds) -> Self {
        Self::with_database(seeds.into_database())
    }

    fn with_database(database: Database) -> Self {
        let key = database.keys.first().map_or(DEFAULT_KEY, |first| first.key.as_str()).into();
        Self { shared: Arc::new(Shared::new(database)), key }
    }

    /// Returns the same emulator with another API key. Requests in memory are sent with this key, and data is added to
    /// the environment of this key.
    ///
    /// Requests with an unknown key are answered with 401. Adding data for an unknown key creates the key, with its own
    /// organization and environment.
    #[must_use]
    pub fn with_api_key(&self, key: impl Into<Arc<str>>) -> Self {
        Self { shared: Arc::clone(&self.shared), key: key.into() }
    }

    /// Switches the paths under `/__` on or off, with which the conformance tests prepare and inspect the server.
    ///
    /// They are off by default, and then answer 404 like any unknown path. To switch them on does not change when the
    /// worker runs; `POST /__config` with `{"workerOnDemand": true}` does, until a reset: a cancel then finds only events
    /// that the worker was told to process.
    #[must_use]
    pub fn with_admin_paths(self, on: bool) -> Self {
        self.shared.admin.store(on, Ordering::Relaxed);
        self
    }

    /// Limits the memory of an emulator that runs for long: after more than this number of requests, it drops all requests,
    /// notifications, messages and idempotency keys, as soon as no step waits for a delay or a digest. After twice as many
    /// requests it also drops the steps that wait. By default it keeps everything, so that a test finds everything.
    ///
    /// ```
    /// let emulator = teleflow_emulator::Emulator::new().forget_after(10_000);
    /// ```
    #[must_use]
    pub fn forget_after(self, requests: usize) -> Self {
        self.shared.forget_after.store(requests, Ordering::Relaxed);
        self
    }

    /// Adds a workflow, or replaces the one with the same trigger identifier.
    pub fn workflow(&self, workflow: Workflow) -> &Self {
        let now = self.shared.clock.timestamp();
        self.add(|environment, organization_id| workflow.clone().add_to(environment, organization_id, &now))
    }

    /// Adds a workflow from the JSON that `GET /v1/workflows/:id` returns as `data`, or replaces the one with the same
    /// trigger identifier.
    ///
    /// # Errors
    ///
    /// Fails if the JSON is not a workflow.
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
        Ok(self.add(|environment, _| environment.put_workflow(workflow.clone())))
    }

    /// Adds a topic, or replaces the one with the same key. Its members need not exist as subscribers.
    pub fn topic<I>(&self, key: impl Into<String>, subscriber_ids: I) -> &Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let members: Vec<String> = subscriber_ids.into_iter().map(Into::into).collect();
        let key = key.into();
        self.add(|environment, _| environment.put_topic(&key, members.clone()))
    }

    /// Adds a subscriber, given by its id or as a [`SubscriberRecord`] with addresses.
    ///
    /// A broadcast reaches all subscribers. The worker adds the recipients of other events as subscribers.
    pub fn subscriber(&self, subscriber: impl Into<SubscriberRecord>) -> &Self {
        let subscriber = subscriber.into();
        self.add(|environment, _| subscriber.clone().add_to(environment))
    }

    /// Adds a tenant. The server drops an event with an unknown tenant.
    pub fn tenant(&self, identifier: impl Into<String>) -> &Self {
        let identifier = identifier.into();
        let name = Map::from_iter([("name".to_owned(), Value::from(identifier.as_str()))]);
        self.add(|environment, _| environment.put_tenant(&identifier, &name))
    }

    /// Accepts events of unknown workflows: the emulator adds the workflow and the tenant that an event names. By default
    /// it responds as the server does, with `workflow_not_found`.
    ///
    /// A workflow that is added this way has one step, which sends an empty in-app message. The emulator still refuses
    /// everything else that the server refuses.
    ///
    /// ```
    /// use teleflow::Event;
    /// use teleflow_emulator::Emulator;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let emulator = Emulator::new().accept_unknown_workflows();
    /// Event::untyped("welcome", serde_json::json!({})).to("ada").send(&emulator.client()).await?;
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn accept_unknown_workflows(self) -> Self {
        self.add(|environment, _| environment.adds_unknown = true);
        self
    }

    /// Changes the current data, and the data that a reset restores.
    fn add(&self, change: impl Fn(&mut Environment, &str)) -> &Self {
        let mut state = self.shared.lock();
        let state = &mut *state;
        for database in [&mut state.seeds, &mut state.database] {
            database.environment_of_key(&self.key);
            let organization_id = database.key(&self.key).map(|key| key.organization_id.clone()).unwrap_or_default();
            change(database.environment_of_key(&self.key), &organization_id);
        }
        self
    }

    /// Switches the server's feature flag `IS_USE_MERGED_DIGEST_ID_ENABLED` on or off. It is off by default.
    ///
    /// With it, a digest contains the events that were merged into it. Without it, the server selects the events by time.
    /// An event that was sent by another digest, or alone, then appears again in a digest that starts within the same
    /// window.
    pub fn merged_digest_ids(&self, on: bool) -> &Self {
        self.shared.lock().worker.merged_digest_ids = on;
        self
    }

    /// Switches support for `Idempotency-Key` on or off. It is on by default; some organizations do not have it.
    pub fn idempotency(&self, on: bool) -> &Self {
        self.shared.lock().settings.idempotency = on;
        self
    }

    /// Sets the rate limit of every environment, and refills all token buckets.
    pub fn rate_limit(&self, level: RateLimit) -> &Self {
        self.shared.lock().set_rate_limit(level);
        self
    }

    /// Makes adding to the queue fail, or work again. The server answers 500, and replays that for the same idempotency
    /// key.
    pub fn fail_queue(&self, fails: bool) -> &Self {
        self.shared.lock().settings.queue_fails = fails;
        self
    }

    /// Makes adding to the queue take this long.
    ///
    /// Meanwhile the idempotency key is in progress. The event is queued even if the client gives up.
    pub fn queue_delay(&self, delay: Duration) -> &Self {
        self.shared.lock().settings.queue_delay = delay;
        self
    }

    /// Removes everything except the seeds and the data that was added: the queue, notifications, messages, results,
    /// idempotency keys, rate limits and settings. The clock keeps its time, and [`faults`](Self::faults) stay.
    pub fn reset(&self) {
        self.shared.lock().reset();
    }

    /// Answers a raw HTTP request, which must have the API key in its headers. No faults are injected.
    ///
    /// The future waits only if [`queue_delay`](Self::queue_delay) is set.
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

    /// Logs an attempt before it is delivered, since a fault may prevent that the server processes it.
    pub(crate) fn log_attempt(&self, request: &mut Request<Bytes>) {
        let number = self.shared.lock().requests.begin(request, self.shared.clock.since_epoch());
        request.extensions_mut().insert(number);
    }

    pub(crate) fn is_admin_request(&self, head: &Parts) -> bool {
        self.shared.admin.load(Ordering::Relaxed) && admin::is_admin_path(head.uri.path())
    }

    /// The faults to inject. There are none by default.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.shared.lock()
    }

    /// The API key of requests that are sent in memory.
    pub(crate) fn api_key(&self) -> &str {
        &self.key
    }

    /// All API keys, in the order in which they were added.
    #[must_use]
    pub fn api_keys(&self) -> Vec<String> {
        self.shared.lock().database.keys.iter().map(|key| key.key.clone()).collect()
    }
}
