//! `Request::to_curl`, run by a shell in which `curl` prints its arguments.

use std::process::Command;

use serde_json::{Value, json};
use teleflow::{Broadcast, Event, Request, bulk};

const KEY: &str = "sk the $key";

/// The arguments that `curl` gets, with this base URL.
fn arguments(command: &str, base_url: Option<&str>) -> Vec<String> {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{command}"));
    shell.env_clear().env("TELEFLOW_API_KEY", KEY).envs(base_url.map(|url| ("TELEFLOW_API_URL", url)));
    let output = shell.output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.strip_suffix('\0').unwrap().split('\0').map(str::to_owned).collect()
}

fn expected(request: &Request, root: &str) -> Vec<String> {
    let mut all = vec![String::from("-X"), request.method().into(), format!("{root}{}", request.path())];
    all.extend(["-H".into(), format!("Authorization: ApiKey {KEY}")]);
    if let Some(key) = request.idempotency_key() {
        all.extend(["-H".into(), "Content-Type: application/json".into()]);
        all.extend(["-H".into(), format!("Idempotency-Key: {key}")]);
        all.extend(["--data-raw".into(), String::from_utf8(request.body().to_vec()).unwrap()]);
    }
    all
}

const CLOUD: &str = "https://api-teleflow.khulnasoft.com";

#[test]
fn curl_gets_the_request_whatever_its_texts_contain() {
    for text in [
        "'",
        "''; touch /tmp/x; '",
        "\"$(id)\" `id`",
        "a\nb\r\n",
        "!! !1 $TELEFLOW_API_KEY ${x}",
        "\\'\\\\",
        "@/etc/passwd",
        "~ * ? [a] # & | ;",
        "%s\\0",
        "",
        "käse",
    ] {
        let event = || Event::untyped("welcome", json!({"text": text, text: 1})).to(["ada", "O'Neil"]);
        for request in [
            event().into_request(),
            Event::untyped(format!("w{}", text.trim()), json!({})).to("ada").into_request(),
            Broadcast::untyped("welcome", json!({"text": text})).into_request(),
            bulk![event(), event()].into_request(),
        ] {
            let Ok(request) = request else { continue };
            assert_eq!(arguments(&request.to_curl(), None), expected(&request, CLOUD), "{text:?}");
        }
    }
}

#[test]
fn the_base_url_may_end_with_v1_or_a_slash() {
    let request = Event::untyped("welcome", json!({})).to("ada").into_request().unwrap();
    for (url, root) in [
        (None, CLOUD),
        (Some(""), CLOUD),
        (Some("http://a/teleflow"), "http://a/teleflow"),
        (Some("http://a:3000/v1"), "http://a:3000"),
        (Some("http://a/v1/"), "http://a"),
        (Some("http://a/ $(id) *"), "http://a/ $(id) *"),
    ] {
        assert_eq!(arguments(&request.to_curl(), url), expected(&request, root));
    }
}

/// A terminal that shows the command must not obey a payload.
#[test]
fn control_characters_are_escaped() {
    let payload = json!({"text": "\u{1b}[31m \u{9b}31m \u{7f} \u{202e}abc \u{2028} \u{0} ok"});
    let request = Event::untyped("welcome", payload.clone()).to("ada").into_request().unwrap();
    let command = request.to_curl();
    assert!(
        !command.contains(|c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2028}')),
        "{command:?}"
    );
    let body: Value = serde_json::from_str(arguments(&command, None).last().unwrap()).unwrap();
    assert_eq!(body["payload"], payload);
}

#[test]
fn a_request_that_cancels_has_no_body() {
    let id = "käse/100%'";
    let cancel = json!({"endpoint": "cancel", "body": "", "idempotency_key": null, "events": [{"transaction_id": id}]});
    let request: Request = serde_json::from_value(cancel).unwrap();
    assert_eq!(arguments(&request.to_curl(), None), expected(&request, CLOUD));
}

#[test]
fn the_api_key_is_a_variable() {
    let command = Event::untyped("welcome", json!({})).to("ada").into_request().unwrap().to_curl();
    assert_eq!(command.matches("$TELEFLOW_API_KEY").count(), 1);
    assert!(!command.contains(KEY));
}
