//! The messages that workflows make, through the public interface.

mod rules;

use std::time::Duration;

use serde_json::{Value, json};
use teleflow::{Client, Event};
use teleflow_emulator::{Channel, Emulator, Message, MessageStatus, Preference, SubscriberRecord, Workflow};

/// Sends an event `order` to `ada`, and returns the messages.
async fn messages(emulator: &Emulator, payload: Value) -> Vec<Message> {
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    Event::untyped("order", payload).to("ada").send(&client).await.unwrap();
    emulator.messages()
}

fn emulator(workflow: Workflow) -> Emulator {
    let ada = SubscriberRecord::new("ada").email("ada@example.com").phone("+4930123").field("firstName", "Ada & Co");
    let emulator = Emulator::new();
    emulator.subscriber(ada.device_token("phone").chat_webhook("https://chat.example.com")).workflow(workflow);
    emulator
}

#[tokio::test]
async fn each_channel_sends_its_message_in_the_order_of_the_steps() {
    let emulator = emulator(
        Workflow::new("order")
            .email("Order {{id}}", "<p>{{id}}</p>")
            .sms("sms {{id}}")
            .in_app("in-app {{id}}")
            .push("push {{id}}", "text {{id}}")
            .chat("chat {{id}}")
            .named("team"),
    );
    let messages = messages(&emulator, json!({ "id": 7 })).await;
    let steps: Vec<&str> = messages.iter().map(Message::step).collect();
    assert_eq!(steps, ["email", "sms", "in_app", "push", "team"]);
    assert!(messages.iter().all(|message| message.status() == MessageStatus::Sent && message.reason().is_none()));
    assert!(messages.iter().all(|message| message.subscriber_id() == "ada" && message.trigger() == "order"));
    let [email, sms, in_app, push, chat] = &messages[..] else { panic!("expected five messages") };
    let email = email.email().unwrap();
    assert_eq!((email.to(), email.subject(), email.text()), (vec!["ada@example.com"], "Order 7", "7".to_owned()));
    assert_eq!(email.html(), "<html><head></head><body><p>7</p></body></html>");
    assert_eq!(sms.sms().unwrap().text(), "sms 7");
    assert_eq!(in_app.in_app().unwrap().content(), "in-app 7");
    let push = push.push().unwrap();
    assert_eq!((push.title(), push.text(), push.device_tokens()), ("push 7", "text 7", vec!["phone"]));
    let chat = chat.chat().unwrap();
    assert_eq!((chat.text(), chat.webhook_url()), ("chat 7", Some("https://chat.example.com")));
}

#[tokio::test]
async fn a_layout_surrounds_an_email_and_shows_its_preheader() {
    let workflow = Workflow::new("order")
        .email("Hi {{subscriber.firstName}}", "<p>Order {{id}}</p>")
        .preheader("For {{subscriber.firstName}}")
        .sender_name("Shop")
        .layout("shop");
    let emulator = emulator(workflow);
    emulator
        .layout("shop", "<body><h1>{{subject}}</h1>{{{body}}}<p style=\"color: {{branding.color}}\">Bye</p></body>")
        .branding("https://example.com/logo.png", "#00ff00");
    let messages = messages(&emulator, json!({ "id": 7 })).await;
    let email = messages[0].email().unwrap();
    // Each rendering escapes, and a layout renders the subject again.
    assert_eq!(email.subject(), "Hi Ada &amp; Co");
    assert_eq!((email.preheader(), email.sender_name()), (Some("For Ada &amp; Co"), Some("Shop")));
    assert_eq!(email.text(), "Hi Ada &amp; Co\nOrder 7\nBye");
    assert!(email.html().contains("color: #00ff00"), "{}", email.html());
    assert!(email.html().contains("For Ada &amp;amp; Co"), "{}", email.html());
}

#[tokio::test]
async fn a_message_without_an_address_or_with_a_broken_template_says_so() {
    let emulator = Emulator::new();
    let workflow = Workflow::new("order").email("s", "c").sms("c").in_app("{{uppercase id}}").push("t", "c").chat("c");
    emulator.workflow(workflow);
    let messages = messages(&emulator, json!({ "id": 7 })).await;
    let found: Vec<_> = messages
        .iter()
        .map(|message| (message.step(), message.status(), message.reason().unwrap_or_default()))
        .collect();
    // Without a device or a webhook there is no message at all.
    assert_eq!(
        found,
        [
            ("email", MessageStatus::Warning, "Subscriber does not have an email address"),
            ("sms", MessageStatus::Warning, "Subscriber does not have active phone"),
            ("in_app", MessageStatus::NotRendered, "value.toUpperCase is not a function"),
        ]
    );
    assert!(messages[0].email().is_some() && messages[2].in_app().is_none());
    let details: Vec<Value> =
        details(&emulator).await.into_iter().filter(|detail| detail["status"] == "Failed").collect();
    let details: Vec<&str> = details.iter().filter_map(|detail| detail["detail"].as_str()).collect();
    assert_eq!(
        details,
        [
            "Subscriber missing recipient details",
            "Subscriber missing recipient details",
            "Message content could not be generated",
            "Subscriber does not have a configured channel",
            "There was one or more errors when trying to execute the notification",
        ]
    );
}

/// The execution details of all steps of the newest notification.
async fn details(emulator: &Emulator) -> Vec<Value> {
    let request = http::Request::get("/v1/notifications").header("authorization", "ApiKey test-key");
    let response = emulator.answer(request.body(bytes::Bytes::new()).unwrap()).await;
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let jobs = body["data"][0]["jobs"].as_array().cloned().unwrap_or_default();
    jobs.iter().flat_map(|job| job["executionDetails"].as_array().cloned().unwrap_or_default()).collect()
}

#[tokio::test]
async fn a_provider_can_fail_and_recover() {
    let emulator = emulator(Workflow::new("order").sms("{{id}}").email("s", "c"));
    emulator.fail_channel(Channel::Sms, "out of order").fail_provider("sendgrid", "bounced");
    let failed = messages(&emulator, json!({ "id": 1 })).await;
    let reasons: Vec<_> = failed.iter().map(|message| (message.status(), message.reason())).collect();
    assert_eq!(reasons, [(MessageStatus::Error, Some("out of order")), (MessageStatus::Error, Some("bounced"))]);
    emulator.restore_channel(Channel::Sms).restore_provider("sendgrid");
    let messages = messages(&emulator, json!({ "id": 2 })).await;
    assert!(messages[2..].iter().all(|message| message.status() == MessageStatus::Sent));
}

#[tokio::test]
async fn conditions_and_preferences_stop_a_step_but_not_the_next_one() {
    let is_large = json!([{ "value": "AND", "children": [
        { "on": "payload", "field": "total", "operator": "LARGER", "value": "100" },
    ] }]);
    let workflow =
        || Workflow::new("order").sms("{{total}}").when(is_large.clone()).in_app("{{total}}").email("s", "c");
    let sent = async |emulator: &Emulator, total: u64| -> Vec<String> {
        let before = emulator.messages().len();
        let messages = messages(emulator, json!({ "total": total })).await;
        messages[before..].iter().map(|message| message.step().to_owned()).collect()
    };
    let emulator = emulator(workflow());
    assert_eq!(sent(&emulator, 101).await, ["sms", "in_app", "email"]);
    assert_eq!(sent(&emulator, 100).await, ["in_app", "email"]);
    emulator.preference(Preference::workflow("ada", "order").channel(Channel::InApp, false));
    assert_eq!(sent(&emulator, 101).await, ["sms", "email"]);
    emulator.preference(Preference::global("ada").channel(Channel::Email, false));
    assert_eq!(sent(&emulator, 101).await, ["sms"]);
    emulator.preference(Preference::global("ada").enabled(false));
    assert_eq!(sent(&emulator, 101).await, [""; 0]);
    emulator.workflow(workflow().critical());
    assert_eq!(sent(&emulator, 101).await, ["sms", "in_app", "email"]);
}

#[tokio::test]
async fn messages_name_the_variables_that_they_lack() {
    let workflow = Workflow::new("order")
        .email("Order {{id}}", "{{#if gift}}{{gift.text}}{{/if}}{{name}}{{subscriber.lastName}}")
        .preheader("{{teaser}}")
        .in_app("{{id}} {{#each items}}{{label}}{{/each}}")
        .link("/{{path}}");
    let messages = messages(&emulator(workflow), json!({ "id": 1, "items": [{ "label": "a" }, {}] })).await;
    let missing: Vec<(&str, &str, &str)> = messages
        .iter()
        .flat_map(|message| {
            message.missing_variables().iter().map(|missing| (message.step(), missing.template(), missing.variable()))
        })
        .collect();
    assert_eq!(
        missing,
        [
            ("email", "preheader", "teaser"),
            ("email", "content", "name"),
            ("email", "content", "subscriber.lastName"),
            ("in_app", "content", "label"),
            ("in_app", "cta.data.url", "path"),
        ]
    );
}

#[tokio::test]
async fn a_digest_and_a_delay_pass_what_happened_before_to_the_next_steps() {
    let workflow = Workflow::new("order")
        .digest(Duration::from_secs(60))
        .sms("{{step.total_count}}: {{#each step.events}}{{id}} {{/each}}")
        .delay(Duration::from_secs(3600))
        .in_app("{{id}}");
    let emulator = emulator(workflow);
    let start = emulator.now();
    assert!(messages(&emulator, json!({ "id": 1 })).await.is_empty());
    assert!(messages(&emulator, json!({ "id": 2 })).await.is_empty());
    emulator.advance_to_idle();
    let [sms, in_app] = &emulator.messages()[..] else { panic!("expected two messages") };
    assert_eq!(sms.sms().unwrap().text(), "2: 1 2 ");
    assert_eq!(in_app.in_app().unwrap().content(), "1");
    let after = |message: &Message| message.sent_at().duration_since(start).unwrap().as_secs();
    assert_eq!((after(sms), after(in_app)), (60, 3660));
}

#[tokio::test]
async fn integrations_of_the_environment_are_used() {
    let emulator = emulator(Workflow::new("order").email("s", "c").sms("c").in_app("c"));
    let mailgun = json!({
        "_id": "65f000000000000000000002", "channel": "email", "providerId": "mailgun", "identifier": "mailgun",
        "active": true, "primary": true, "credentials": { "from": "shop@example.com" },
    });
    emulator.integration_document(mailgun).unwrap().without_integration(Channel::Sms);
    let messages = messages(&emulator, json!({})).await;
    let [email, in_app] = &messages[..] else { panic!("expected two messages") };
    assert_eq!((email.provider(), email.email().unwrap().from()), ("mailgun", "shop@example.com"));
    assert_eq!(in_app.provider(), "novu");
}

#[tokio::test]
async fn replies_to_an_email_have_an_address() {
    let workflow = json!({
        "active": true, "triggers": [{ "identifier": "order", "variables": [] }],
        "steps": [{
            "active": true, "replyCallback": { "active": true, "url": "https://example.com/reply" },
            "template": { "type": "email", "contentType": "customHtml", "subject": "s", "content": "{{step.reply_to_address}}" },
        }],
    });
    let emulator = Emulator::new();
    emulator.subscriber(SubscriberRecord::new("ada").email("ada@example.com")).inbound_domain("in.example.com");
    emulator.workflow_document(workflow).unwrap();
    let messages = messages(&emulator, json!({})).await;
    let email = messages[0].email().unwrap();
    let transaction = messages[0].transaction_id();
    let address = format!("parse+{transaction}-nv-e=650000000000000000000003@in.example.com");
    assert_eq!(email.options()["replyTo"], address);
    assert_eq!(email.text(), address);
}

#[tokio::test]
async fn html_becomes_a_document_as_the_html_standard_describes() {
    let wide = "<div>".repeat(2_000);
    let cases = [
        ("a<table>b<tr><td>c", "ab<table><tbody><tr><td>c</td></tr></tbody></table>"),
        ("<p>a<div>b</div>", "<p>a</p><div>b</div>"),
        ("<b>a<p>b</b>c", "<b>a</b><p><b>b</b>c</p>"),
        ("<br/><img src=x alt='\"&'>", "<br><img src=\"x\" alt=\"&quot;&amp;\">"),
        ("a&nbsp;b &lt; &copy; <!-- c -->", "a&nbsp;b &lt; \u{a9} <!-- c -->"),
        ("<template><i>a</template>", "<template><i>a</i></template>"),
        // A parser drops the first empty line, and the server parses three times.
        ("<pre>\n\nb</pre><pre>\n\n\n\nc</pre>", "<pre>b</pre><pre>\nc</pre>"),
        ("<svg viewBox='0'><path/></svg>", "<svg viewBox=\"0\"><path></path></svg>"),
        (&wide, &format!("{wide}{}", "</div>".repeat(2_000))),
    ];
    for (html, expected) in cases {
        let emulator = emulator(Workflow::new("order").email("s", html));
        let messages = messages(&emulator, json!({})).await;
        let email = messages[0].email().unwrap();
        let body = email.html().strip_prefix("<html><head>").and_then(|html| html.strip_suffix("</body></html>"));
        let body = body.map(|html| html.replacen("</head><body>", "", 1));
        let short: String = html.chars().take(40).collect();
        assert!(body.as_deref() == Some(expected), "{short}: {:.200}", email.html());
        assert!(!email.text().contains('<') || html.contains("&lt;"), "{short}");
    }
}
