//! Errors of the server and of usage: one clear line, the right exit code, and no API key.

use serde_json::json;

use crate::support::{CLOSED, Canned, CannedResponse, KEY, Project, Server, document, ok, recorded};

fn pull_error(made: impl Fn(&str, usize) -> CannedResponse + Send + 'static) -> String {
    let project = Project::new();
    let ran = project.run(Canned::new(made).url(), &["pull"]).ended(1);
    assert_eq!((ran.stdout.as_str(), ran.stderr.lines().count()), ("", 1), "{ran:?}");
    assert!(!ran.stderr.contains(KEY), "{ran:?}");
    assert!(project.list(".teleflow").is_empty());
    ran.stderr
}

#[test]
fn an_error_says_what_to_do() {
    let body = |message: &str| json!({ "message": message, "statusCode": 0 }).to_string();
    for (status, text, parts) in [
        (401, body("API Key not found"), ["rejects the API key in `TELEFLOW_API_KEY`", "(401: API Key not found)"]),
        (401, body(&format!("no such key: {KEY}")), ["TELEFLOW_API_KEY", "no such key: [API key]"]),
        (403, String::new(), ["TELEFLOW_API_KEY", "(403)"]),
        (404, body("Cannot GET"), ["does not exist (404: Cannot GET)", "--api-url"]),
        (302, String::new(), ["redirects (302)", "--api-url"]),
        (400, json!({ "message": ["a", "b\u{1b}[1m", 5] }).to_string(), ["(400: a; b\\u{1b}[1m)", "rejects"]),
        (422, json!({ "errors": { "to": { "messages": ["a"] } } }).to_string(), ["(422: to: a)", "rejects"]),
        (418, "<html>".to_owned(), ["(418)", "rejects"]),
        (200, "<html>".to_owned(), ["it cannot be read as JSON", "/v1/workflows?page=0"]),
        (200, "[]".to_owned(), ["`data` is not an array", "/v1/workflows"]),
        (200, "{\"data\":[{\"triggers\":[{\"identifier\":\"x\"}]}]}".to_owned(), ["no `_id`", "/v1/workflows"]),
        (200, "[".repeat(100_000), ["it cannot be read as JSON", "/v1/workflows"]),
    ] {
        let message = pull_error(move |_, _| (status, "location: http://other.test/\r\n", text.clone()));
        assert!(message.starts_with("error: "), "{message}");
        for part in parts {
            assert!(message.contains(part), "no {part} in: {message}");
        }
    }
}

#[test]
fn no_redirect_carries_the_key_to_another_host() {
    let other = Canned::new(|_, _| ok(&json!({ "data": [], "totalCount": 0 })));
    for status in [301, 302, 303, 307, 308] {
        let location: &'static str = format!("location: {}/v1/workflows\r\n", other.url()).leak();
        let message = pull_error(move |_, _| (status, location, String::new()));
        assert!(message.contains("redirects are not followed"), "{message}");
    }
    assert_eq!(other.requests(), [""; 0]);
}

#[test]
fn failures_are_retried_and_then_reported() {
    let server = Canned::new(|_, _| (503, "", json!({ "message": "down" }).to_string()));
    let ran = Project::new().run(server.url(), &["pull"]).ended(1);
    assert!(ran.stderr.contains("failed at ") && ran.stderr.contains("(503: down)"), "{ran:?}");
    assert_eq!(server.requests().len(), 5);
}

#[test]
fn temporary_failures_are_retried() {
    let server = Canned::new(|target, number| match (number, target) {
        (0, _) => (429, "retry-after: 1\r\n", String::new()),
        (1, _) => (500, "", String::new()),
        (2, _) => (CLOSED, "", String::new()),
        (_, list) if list.starts_with("/v1/workflows?") => {
            (200, "", format!("\u{feff}{}", json!({ "data": [], "totalCount": 0 })))
        }
        _ => (404, "", String::new()),
    });
    let started = std::time::Instant::now();
    let ran = Project::new().run(server.url(), &["pull"]).ended(0);
    assert_eq!(ran.stdout, "0 workflows: 0 added, 0 changed, 0 unchanged\n");
    assert_eq!(server.requests().len(), 4);
    assert!(started.elapsed().as_millis() >= 1750, "one second of `Retry-After`, and 0.75 seconds of backoff");
}

#[test]
fn a_missing_connection_is_reported() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let ran = Project::new().run(&format!("http://127.0.0.1:{port}"), &["pull"]).ended(1);
    assert!(ran.stderr.starts_with(&format!("error: no response from http://127.0.0.1:{port}: ")), "{ran:?}");
    assert_eq!(ran.stderr.lines().count(), 1);
}

#[test]
fn a_pull_that_fails_keeps_the_files_it_has_written() {
    let documents = json!([document("a", &json!([]), &json!([])), document("b", &json!([]), &json!([]))]);
    let server = Canned::new(move |target, _| match target {
        list if list.starts_with("/v1/workflows?") => ok(&json!({ "data": documents, "totalCount": 2 })),
        "/v1/workflows/id%20of%20a" => ok(&json!({ "data": documents[0] })),
        "/v1/workflows/id%20of%20b" => ok(&json!({ "data": null })),
        _ => (404, "", String::new()),
    });
    let project = Project::new();
    let ran = project.run(server.url(), &["pull"]).ended(1);
    assert!(ran.stderr.contains("`data` is not an object"), "{ran:?}");
    assert_eq!(ran.stderr.lines().count(), 1);
    assert_eq!(ran.stdout, "added   a (.teleflow/a.json)\n");
    assert_eq!(project.list(".teleflow"), ["a.json"]);
}

#[test]
fn a_workflow_that_is_nested_too_deeply_does_not_stop_the_others() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let plain = |trigger: &str| document(trigger, &json!([]), &json!([]));
    let all = ["a deep document", "a deep schema", "half a surrogate", "plain"];
    let whole = move |trigger: &str| {
        let extra = match trigger {
            "a deep document" => deep(2000),
            "half a surrogate" => r#""\ud800""#.to_owned(),
            _ => "0".to_owned(),
        };
        plain(trigger).to_string().replacen('{', &format!("{{\"extra\":{extra},"), 1)
    };
    let server = Canned::new(move |target, _| {
        let plain = percent_encoding::percent_decode_str(target).decode_utf8().unwrap().into_owned();
        let body = match plain.as_str() {
            "/v2/workflows?limit=1" => "{\"data\":{\"workflows\":[]}}".to_owned(),
            "/v2/workflows/a deep schema" => format!(
                "{{\"data\":{{\"validatePayload\":true,\"payloadSchema\":{}{{}}{}}}}}",
                "{\"items\":".repeat(130),
                "}".repeat(130)
            ),
            list if list.starts_with("/v1/workflows?") => {
                format!("{{\"totalCount\":{},\"data\":[{}]}}", all.len(), all.map(&whole).join(","))
            }
            one => match one.strip_prefix("/v1/workflows/id of ") {
                Some(trigger) => format!("{{\"data\":{}}}", whole(trigger)),
                None => return (404, "", String::new()),
            },
        };
        (200, "", body)
    });
    let project = Project::new();
    let ran = project.run(server.url(), &["pull", "--prune"]).ended(1);
    assert_eq!(project.list(".teleflow"), ["half%20a%20surrogate.json", "plain.json"]);
    assert_eq!(
        ran.stderr,
        "error: failed to read workflows `a deep document`, `a deep schema`: the document or the schema \
         is nested deeper than 100 levels; simplify it on the server\n"
    );
}

#[test]
fn documents_of_any_shape_are_read() {
    for odd in [json!(null), json!(5), json!([5]), json!({}), json!([{ "template": 5, "metadata": [] }]), json!("x")] {
        let mut document = document("odd", &odd, &odd);
        for key in ["name", "active", "extra"] {
            document[key] = odd.clone();
        }
        document["triggers"][0]["reservedVariables"] = odd.clone();
        let server = Canned::documents(vec![document, json!({ "_id": "y", "name": "none", "triggers": odd })], |_| {
            (404, "", String::new())
        });
        let project = Project::new();
        let ran = project.run(server.url(), &["pull"]).ended(0);
        assert_eq!(ran.stderr, "warning: skipping workflow `none`, which has no trigger identifier\n");
        project.run(server.url(), &["check"]).ended(0);
        project.run("", &["generate"]).ended(0);
    }
}

#[test]
fn an_endless_response_is_cut() {
    let message = pull_error(|_, _| (200, "", "x".repeat(33 * 1024 * 1024)));
    assert!(message.contains("it is longer than 33554432 bytes"), "{message}");
}

#[test]
fn wrong_usage_has_its_own_exit_code() {
    let project = Project::new();
    let run =
        |variables: &[(&str, &str)], arguments: &[&str]| project.run_with(variables, "", arguments).ended(2).stderr;
    let key = [("TELEFLOW_API_KEY", "secret-key")];
    for command in ["pull", "check"] {
        assert!(run(&[], &[command]).contains("set the environment variable `TELEFLOW_API_KEY`"));
        assert!(run(&[("TELEFLOW_API_KEY", " \t")], &[command]).contains("set the environment variable"));
        let message = run(&[("TELEFLOW_API_KEY", "secret\u{7f}ü")], &[command]);
        assert!(
            message.contains("`TELEFLOW_API_KEY`: the API key has a control character") && !message.contains("secret"),
            "{message}"
        );
        let message = run(&[("TELEFLOW_API_KEY", "secret\n")], &[command]);
        assert!(message.contains("often a line break at its end") && !message.contains("secret"), "{message}");
        let message = run(&key, &[command, "--api-url", "https://ada:word@x.test"]);
        assert!(message.contains("must not have a user or a password") && !message.contains("word@"), "{message}");
        assert!(run(&key, &[command, "--api-url", "nowhere"]).contains("`--api-url`: the base URL must start with "));
        run(&key, &[command, "--api-key", "k"]);
        let message = run(&[key[0], ("TELEFLOW_API_URL", "nowhere")], &[command]);
        assert!(message.contains("`TELEFLOW_API_URL`: the base URL must start with "), "{message}");
    }
    run(&key, &["pull", "--format", "json"]);
    run(&key, &["check", "--format", "xml"]);
    run(&key, &["push"]);
    run(&key, &[]);
}

#[test]
fn the_url_may_have_v1_or_a_slash_and_the_argument_wins() {
    let server = Server::with(&recorded()[..1]);
    for end in ["", "/", "/v1", "/v1/", "/V1", "//v1"] {
        let project = Project::new();
        let url = format!("{}{end}", server.url());
        let variables = [("TELEFLOW_API_KEY", KEY), ("TELEFLOW_API_URL", "http://127.0.0.1:1")];
        project.run_with(&variables, "", &["pull", "--api-url", &url]).ended(0);
        assert_eq!(project.list(".teleflow").len(), 1);
    }
}

#[test]
fn the_key_goes_into_the_header_as_the_server_reads_it() {
    let server = Canned::new(|_, _| ok(&json!({ "data": [], "totalCount": 0 })));
    Project::new().run(server.url(), &["pull"]).ended(0);
    let [head] = server.requests().try_into().unwrap();
    assert!(head.starts_with("GET /v1/workflows?page=0&limit=100 HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("\r\nauthorization: ApiKey test-key\r\n"), "{head}");
}
