//! Many workflows: lists that are not whole, and servers that are slow or limit the rate.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Canned, Project, document, ok};

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
fn nothing_is_removed_where_the_list_is_not_whole() {
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
        assert!(ran.stderr.contains(reason) && ran.stderr.contains("no file was removed"), "{ran:?}");
        assert!(project.path(".teleflow/z.json").is_file());
        // What may be on a page that is missing is not called gone.
        let ran = project.run(server.url(), &["check"]).ended(0);
        assert!(ran.stderr.contains(reason) && !ran.stdout.contains("gone"), "{ran:?}");
    }
}

#[test]
fn a_whole_list_is_no_reason_for_a_warning() {
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

/// A server of many workflows that takes its time, and counts.
struct Slow {
    url: String,
    /// Requests that are being served, and the most that ever were.
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
}

impl Slow {
    /// `limit`: so many requests are allowed in a second.
    fn new(workflows: usize, takes: Duration, limit: Option<usize>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            now: Arc::default(),
            most: Arc::default(),
            refused: Arc::default(),
        };
        let (now, most, refused) = (Arc::clone(&server.now), Arc::clone(&server.most), Arc::clone(&server.refused));
        let bucket = Arc::new(Mutex::new((limit.unwrap_or_default(), Instant::now())));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (now, most, refused) = (Arc::clone(&now), Arc::clone(&most), Arc::clone(&refused));
                let bucket = Arc::clone(&bucket);
                std::thread::spawn(move || {
                    let allowed = limit.is_none_or(|limit| {
                        let (left, since) = &mut *bucket.lock().unwrap();
                        if since.elapsed() >= Duration::from_secs(1) {
                            (*left, *since) = (limit, Instant::now());
                        }
                        let allowed = *left > 0;
                        *left = left.saturating_sub(1);
                        allowed
                    });
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(takes);
                    if !allowed {
                        refused.fetch_add(1, Ordering::SeqCst);
                    }
                    // Before the response: whoever has it may ask again at once.
                    now.fetch_sub(1, Ordering::SeqCst);
                    serve(stream.unwrap(), workflows, allowed);
                });
            }
        });
        server
    }
}

fn serve(mut stream: TcpStream, workflows: usize, allowed: bool) {
    let mut head = String::new();
    let mut reader = BufReader::new(&stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or_default() == 0 {
            return;
        }
    }
    let target = head.split(' ').nth(1).unwrap();
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
fn details_are_asked_for_some_at_a_time_and_progress_is_said() {
    let server = Slow::new(250, Duration::from_millis(150), None);
    let project = Project::new();
    let ran = project.run(&server.url, &["pull"]).ended(0);
    let most = server.most.load(Ordering::SeqCst);
    assert!((4..=8).contains(&most), "{most} at the same time");
    assert!(ran.stdout.ends_with("250 workflows: 250 added, 0 changed, 0 unchanged\n"), "{ran:?}");
    // In order, however they came.
    let lines: Vec<&str> = ran.stdout.lines().take(250).collect();
    assert!(lines.is_sorted() && lines.len() == 250, "{ran:?}");
    let first = ran.stderr.lines().next().unwrap_or_default();
    assert!(first.starts_with("note: ") && first.ends_with(" of 250 workflows so far"), "{ran:?}");
}

#[test]
fn what_has_come_is_written_before_the_rest_has() {
    let server = Slow::new(200, Duration::from_millis(100), None);
    let project = Project::new();
    let watched = project.path(".teleflow");
    let seen = std::thread::spawn(move || {
        let started = Instant::now();
        loop {
            let files = std::fs::read_dir(&watched).map(|files| files.count()).unwrap_or_default();
            if files > 0 || started.elapsed() > Duration::from_secs(20) {
                return files;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    project.run(&server.url, &["pull"]).ended(0);
    let seen = seen.join().unwrap();
    assert!((1..150).contains(&seen), "{seen} files when the first was seen");
}

#[test]
fn a_long_pause_is_said_once() {
    let refused = AtomicUsize::new(0);
    let all = ["a", "b", "c", "d", "e", "f"];
    let server = Canned::new(move |target, _| match target.strip_prefix("/v1/workflows/id%20of%20") {
        _ if target.starts_with("/v1/workflows?") => ok(&json!({ "data": all.map(plain), "totalCount": all.len() })),
        Some(_) if refused.fetch_add(1, Ordering::SeqCst) < all.len() => (429, "retry-after: 3\r\n", String::new()),
        Some(name) => ok(&json!({ "data": plain(name) })),
        None => (404, "", String::new()),
    });
    let ran = Project::new().run(server.url(), &["pull"]).ended(0);
    assert_eq!(ran.stderr.matches("note: the server asks for a pause of 3 s\n").count(), 1, "{ran:?}");
}

#[test]
fn a_rate_limit_slows_a_pull_down_and_does_not_end_it() {
    let server = Slow::new(60, Duration::from_millis(5), Some(20));
    let project = Project::new();
    let ran = project.run(&server.url, &["pull"]).ended(0);
    assert!(ran.stdout.ends_with("60 workflows: 60 added, 0 changed, 0 unchanged\n"), "{ran:?}");
    let refused = server.refused.load(Ordering::SeqCst);
    assert!((1..=30).contains(&refused), "{refused} were refused");
}
