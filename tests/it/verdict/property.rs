//! Any report gives a verdict: random responses, deliveries and requests.

use super::*;

use std::collections::HashSet;

use proptest::prelude::*;
use teleflow::transport::{Response, Transport, TransportError, TransportFuture};

/// Status, headers and body.
type Parts = (u16, Vec<(&'static str, String)>, String);

/// The response to every attempt. `None`: the connection breaks.
#[derive(Debug, Clone)]
struct Answer(Option<Parts>);

impl Transport for Answer {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        Box::pin(async move {
            let Some((status, headers, body)) = self.0.clone() else {
                return Err(TransportError::interrupted("reset"));
            };
            let headers = headers.iter().filter_map(|(name, value)| {
                let value = if *name == "idempotency-key" { request.idempotency_key()? } else { value };
                Some((http::HeaderName::from_static(name), value.parse().ok()?))
            });
            Ok(Response::new(status, headers.collect(), body))
        })
    }
}

fn answer() -> impl Strategy<Value = Answer> {
    let status = prop_oneof![
        Just(201_u16),
        prop::sample::select(vec![200_u16, 400, 401, 402, 404, 408, 409, 413, 422, 429, 500, 503]),
        any::<u16>(),
    ];
    let header = prop_oneof![
        any::<u64>().prop_map(|wait| ("retry-after", wait.to_string())),
        (0_u64..3).prop_map(|wait| ("retry-after", wait.to_string())),
        Just(("idempotency-key", String::new())),
        Just(("idempotency-replay", String::from("true"))),
        Just(("ratelimit-policy", String::from("60;w=1;burst=66"))),
    ];
    let result = prop::sample::select(vec![
        r#"{"status":"processed"}"#,
        r#"{"status":"processed","transactionId":"t-1"}"#,
        r#"{"status":"error","error":["workflow_not_found"]}"#,
        r#"{"status":"error","error":["no"]}"#,
        r#"{"status":"trigger_not_active"}"#,
        r#"{"status":"odd"}"#,
        "7",
    ]);
    let results = prop::collection::vec(result.clone(), 0..6);
    let body = prop_oneof![
        result.prop_map(|result| format!(r#"{{"data":{result}}}"#)),
        results.prop_map(|results| format!(r#"{{"data":[{}]}}"#, results.join(","))),
        Just(String::from(r#"{"message":"workflow_not_found"}"#)),
        ".{0,40}",
    ];
    prop::option::weighted(0.9, (status, prop::collection::vec(header, 0..3), body)).prop_map(Answer)
}

fn request() -> impl Strategy<Value = Request> {
    let bulk = |events: usize| {
        let bulk: Bulk = (0..events).map(|n| event("welcome", json!({"n": n}), &format!("t-{n}"))).collect();
        stored(bulk.into_request())
    };
    prop_oneof![Just(welcome()), Just(broadcast()), (1_usize..6).prop_map(bulk)]
}

fn delivery() -> impl Strategy<Value = Delivery> {
    let seconds = || prop_oneof![0_u64..200_000, any::<u64>()].prop_map(Duration::from_secs);
    (prop_oneof![0_u32..20, any::<u32>()], seconds(), seconds())
        .prop_map(|(number, age, give_up)| Delivery::new(number, age).give_up_after(give_up))
}

/// Checks a verdict that is not `Done` or `Replace`.
fn check_single(verdict: &Verdict) {
    match verdict {
        Verdict::Again { after, reason, .. } => {
            assert!(*after >= Duration::from_millis(500) && *after <= DAY + Duration::from_secs(1), "{after:?}");
            assert!(reason.error().retry_after().is_some() || *after <= Duration::from_secs(901), "{after:?}");
            assert!(!reason.to_string().is_empty());
        }
        Verdict::Dead { reason } => assert!(!reason.to_string().is_empty()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn any_report_gives_a_verdict_about_each_event() {
    let config = ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(answer in answer(), request in request(), delivery in delivery(), retries in any::<bool>())| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let policy = if retries { RetryPolicy::default() } else { RetryPolicy::none() };
            let client = Client::builder().transport(answer.clone()).retry(policy).build().unwrap();
            match client.deliver(&request, delivery).await {
                Verdict::Done(report) => assert_eq!(report.errors().count(), 0),
                Verdict::Replace { report, parts } => {
                    let sent: Vec<_> = request.transaction_ids().collect();
                    let mut left: HashSet<_> = report.errors().map(|(position, _)| sent[position]).collect();
                    for (part, verdict) in &parts {
                        check_single(verdict);
                        assert_ne!(part.idempotency_key(), request.idempotency_key());
                        assert_eq!(&stored(Ok(part.clone())), part);
                        for id in part.transaction_ids() {
                            assert!(left.remove(id), "{id} twice, or queued");
                        }
                    }
                    assert!(left.is_empty(), "{left:?} lost");
                }
                verdict => check_single(&verdict),
            }
        });
    });
}
