//! Many workflows: incomplete lists, and servers that are slow or limit the rate.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use crate::support::{Canned, Project, document, ok, step};

fn plain(name: &str) -> Value {
    document(name, &json!([]), &json!([]))
}

/// A server whose list has these pages, with a total for each.
fn paged(pages: Vec<(Vec<&'static str>, Option<u64>)>) -> Canned {
    Canned::new(move |target, _| match target.strip_prefix("/v1/workflows?page=") {
        Some(rest) => {
            let page: usize = rest.split('&').next().unwrap().parse().unwrap();
            let (names, total) = pages.get(page).cloned().unwrap_or_default();
            let mut body = json!({ "data": names.into_iter().map(plain).collect::<Vec<_>>(), "pageSize": 2 });
            if let Some(total) = total.or(pages.last().unwrap().1) {
                body["totalCount"] = json!(total);
            }
            ok(&body)
        }
        None => match target.strip_prefix("/v1/workflows/id%20of%20") {
            Some(name) => ok(&json!({ "data": plain(name) })),
            None => (404, "", String::new()),
        },
    })
}

#[test]
fn nothing_is_removed_if_the_list_is_incomplete() {
    for (pages, reason) in [
        (vec![(vec!["a", "b"], Some(5)), (vec!["c"], Some(5))], "it has 3, but its `totalCount` is 5"),
        (vec![(vec![], Some(1))], "it has 0, but its `totalCount` is 1"),
        (vec![(vec!["a", "b"], Some(2)), (vec!["c"], Some(2))], "it has 3, but its `totalCount` is 2"),
        (vec![(vec!["a", "b"], Some(1)), (vec!["c", "d"], Some(1))], "it has 4, but its `totalCount` is 1"),
        (vec![(vec!["a", "b"], Some(3)), (vec!["b"], Some(3))], "it has 2, but its `totalCount` is 3"),
        (vec![(vec!["a", "b"], Some(4)), (vec!["c"], Some(3))], "it changed while it was read"),
        (vec![(vec!["a", "b"], Some(3)), (vec!["b", "c"], Some(3))], "its pages overlap"),
        (vec![(vec!["a", "b"], None), (vec!["a", "b"], None)], "its pages overlap"),
    ] {
        let server = paged(pages);
        let project = Project::new();
        project.run(paged(vec![(vec!["z"], Some(1))]).url(), &["pull"]).ended(0);
        let ran = project.run(server.url(), &["pull"]).ended(0);
        let warning = format!(
            "warning: the server's list of workflows may be incomplete: {reason}; run `cargo teleflow pull` again\n"
        );
        assert_eq!(ran.stderr, warning);
        assert!(!ran.stdout.contains("gone"), "{ran:?}");
        let ran = project.run(server.url(), &["pull", "--prune"]).ended(1);
        assert!(ran.stderr.contains(reason) && ran.stderr.contains("no files were removed"), "{ran:?}");
        assert!(project.path(".teleflow/z.json").is_file());
        // A workflow on a missing page is not reported as removed.
        let ran = project.run(server.url(), &["check"]).ended(0);
        assert!(ran.stderr.contains(reason) && !ran.stdout.contains("gone"), "{ran:?}");
    }
}

#[test]
fn a_complete_list_causes_no_warning() {
    for pages in [
        vec![(vec!["a", "b"], Some(3)), (vec!["c"], Some(3))],
        vec![(vec!["a", "b"], Some(2)), (vec![], Some(2))],
        vec![(vec!["a", "b"], None), (vec!["c"], None)],
    ] {
        let project = Project::new();
        project.run(paged(vec![(vec!["z"], Some(1))]).url(), &["pull"]).ended(0);
        let ran = project.run(paged(pages).url(), &["pull", "--prune"]).ended(0);
        assert_eq!(ran.stderr, "");
        assert!(!project.path(".teleflow/z.json").exists());
    }
}

/// A slow server with many workflows, which counts requests.
struct Slow {
    url: String,
    served: Arc<Served>,
}

#[derive(Default)]
struct Served {
    /// Requests that are being served, and the most that ever were.
    now: AtomicUsize,
    most: AtomicUsize,
    refused: AtomicUsize,
    /// How many requests were allowed since the last refusal, and when that was.
    bucket: Mutex<(usize, Option<Instant>)>,
}

impl Served {
    /// Refuses all requests for a second after `limit` requests.
    fn allows(&self, limit: usize) -> bool {
        let (allowed, refused) = &mut *self.bucket.lock().unwrap();
        if refused.is_some_and(|refused| refused.elapsed() >= Duration::from_secs(1)) {
            (*allowed, *refused) = (0, None);
        }
        if *allowed == limit {
            refused.get_or_insert_with(Instant::now);
            return false;
        }
        *allowed += 1;
        true
    }
}

impl Slow {
    /// `together`: the first response waits for this many requests. `limit`: after this many requests, the next are refused.
    fn new(workflows: usize, takes: Duration, together: usize, limit: Option<usize>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { url, served: Arc::default() };
        let served = Arc::clone(&server.served);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let served = Arc::clone(&served);
                std::thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let Some(target) = target(&stream) else { return };
                    let allowed = limit.is_none_or(|limit| served.allows(limit));
                    served.most.fetch_max(served.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    let started = Instant::now();
                    let is_alone = || target.contains("/id%20of%20") && served.most.load(Ordering::SeqCst) < together;
                    std::thread::sleep(takes);
                    while is_alone() && started.elapsed() < Duration::from_secs(20) {
                        std::thread::sleep(Duration::from_millis(5));
                    }
                    if !allowed {
                        served.refused.fetch_add(1, Ordering::SeqCst);
                    }
                    // Before the response: whoever has it may ask again at once.
                    served.now.fetch_sub(1, Ordering::SeqCst);
                    serve(&mut stream, &target, workflows, allowed);
                });
            }
        });
        server
    }
}

fn target(stream: &TcpStream) -> Option<String> {
    let mut head = String::new();
    let mut reader = BufReader::new(stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or_default() == 0 {
            return None;
        }
    }
    head.split(' ').nth(1).map(str::to_owned)
}

fn serve(stream: &mut TcpStream, target: &str, workflows: usize, allowed: bool) {
    let (status, headers, body) = match target.strip_prefix("/v1/workflows") {
        _ if !allowed => (429, "retry-after: 1\r\nratelimit-remaining: 0\r\nratelimit-reset: 1\r\n", json!({})),
        None => (404, "", json!({})),
        Some(rest) => match rest.strip_prefix("?page=") {
            Some(page) => {
                let page: usize = page.split('&').next().unwrap().parse().unwrap();
                let all = (0..workflows).map(|number| plain(&format!("flow-{number}")));
                let data: Vec<_> = all.skip(page * 100).take(100).collect();
                (200, "", json!({ "data": data, "totalCount": workflows }))
            }
            None => (200, "", json!({ "data": plain(rest.trim_start_matches("/id%20of%20")) })),
        },
    };
    let body = body.to_string();
    let length = body.len();
    let _ =
        write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}");
}

#[test]
fn several_workflows_are_fetched_at_a_time_and_progress_is_printed() {
    let server = Slow::new(250, Duration::from_millis(150), 4, None);
    let project = Project::new();
    let ran = project.run(&server.url, &["pull"]).ended(0);
    let most = server.served.most.load(Ordering::SeqCst);
    assert!((4..=8).contains(&most), "{most} at the same time");
    assert!(ran.stdout.ends_with("250 workflows: 250 added, 0 changed, 0 unchanged\n"), "{ran:?}");
    // Sorted, in whichever order they arrived.
    let lines: Vec<&str> = ran.stdout.lines().take(250).collect();
    assert!(lines.is_sorted() && lines.len() == 250, "{ran:?}");
    let first = ran.stderr.lines().next().unwrap_or_default();
    assert!(first.starts_with("note: fetched ") && first.ends_with(" of 250 workflows"), "{ran:?}");
}

#[test]
fn files_are_written_before_all_workflows_are_fetched() {
    let project = Project::new();
    let (folder, seen) = (project.path(".teleflow"), Arc::new(AtomicUsize::new(0)));
    let seen_by_server = Arc::clone(&seen);
    let all: Vec<String> = (0..20).map(|number| format!("flow-{number}")).collect();
    let server = Canned::new(move |target, _| match target.strip_prefix("/v1/workflows/id%20of%20") {
        _ if target.starts_with("/v1/workflows?") => {
            ok(&json!({ "data": all.iter().map(|name| plain(name)).collect::<Vec<_>>(), "totalCount": all.len() }))
        }
        Some(name) => {
            if name == "flow-19" {
                let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
                let whole = files.filter(|file| file.path().extension().is_some_and(|extension| extension == "json"));
                seen_by_server.store(whole.count(), Ordering::SeqCst);
            }
            ok(&json!({ "data": plain(name) }))
        }
        None => (404, "", String::new()),
    });
    project.run(server.url(), &["pull"]).ended(0);
    let seen = seen.load(Ordering::SeqCst);
    assert!((1..20).contains(&seen), "{seen} files when the last workflow was asked for");
}

#[test]
fn a_long_pause_is_printed_once() {
    let refused = AtomicUsize::new(0);
    let until = OnceLock::new();
    let all = ["a", "b", "c", "d", "e", "f"];
    let server = Canned::new(move |target, _| match target.strip_prefix("/v1/workflows/id%20of%20") {
        _ if target.starts_with("/v1/workflows?") => ok(&json!({ "data": all.map(plain), "totalCount": all.len() })),
        Some(_) if refused.fetch_add(1, Ordering::SeqCst) < all.len() => {
            // A date is the same for all, however long this takes.
            let until = *until.get_or_init(|| SystemTime::now() + Duration::from_secs(6));
            let header = format!("retry-after: {}\r\n", httpdate::fmt_http_date(until));
            (429, header.leak(), String::new())
        }
        Some(name) => ok(&json!({ "data": plain(name) })),
        None => (404, "", String::new()),
    });
    let ran = Project::new().run(server.url(), &["pull"]).ended(0);
    assert_eq!(ran.stderr.matches("note: the server asks for a pause of ").count(), 1, "{ran:?}");
}

#[test]
fn a_rate_limit_slows_a_pull_down_and_does_not_end_it() {
    let server = Slow::new(60, Duration::from_millis(5), 0, Some(20));
    let project = Project::new();
    let ran = project.run(&server.url, &["pull"]).ended(0);
    assert!(ran.stdout.ends_with("60 workflows: 60 added, 0 changed, 0 unchanged\n"), "{ran:?}");
    let refused = server.served.refused.load(Ordering::SeqCst);
    assert!((1..=30).contains(&refused), "{refused} were refused");
}

#[test]
fn a_layout_is_requested_once_even_if_the_server_fails() {
    let all = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let email = |name: &str| {
        let mut step = step("email", "");
        step["template"]["_layoutId"] = json!("shared");
        document(name, &json!([step]), &json!([]))
    };
    let server = Canned::new(move |target, _| match target.strip_prefix("/v1/workflows/id%20of%20") {
        _ if target.starts_with("/v1/workflows?") => ok(&json!({ "data": all.map(plain), "totalCount": all.len() })),
        _ if target == "/v1/layouts/shared" => (503, "", String::new()),
        Some(name) => ok(&json!({ "data": email(name) })),
        None => (404, "", String::new()),
    });
    let ran = Project::new().run(server.url(), &["pull"]).ended(1);
    assert!(
        ran.stderr.starts_with("error: the server failed at ") && ran.stderr.contains("/v1/layouts/shared"),
        "{ran:?}"
    );
    let asked = server.requests().into_iter().filter(|head| head.starts_with("GET /v1/layouts/"));
    assert_eq!(asked.count(), 5, "five attempts in all");
}
