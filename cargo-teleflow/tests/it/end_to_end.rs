//! From end to end: pull a workflow, compile a struct against it, send it; then change the workflow and do it again.

use serde_json::{Value, json};
use teleflow_emulator::Emulator;

use crate::packages::Packages;
use crate::support::{Project, Server, emulator, recorded};

const TRIGGER: &str = "order-shipped-kGnzIEkFf";

/// Sends one event to the server that its argument names.
const PROGRAM: &str = r#"
use serde::Serialize;
use teleflow::{Client, TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped-kGnzIEkFf", omit("order.total"))]
struct OrderShipped<'a> {
    carrier: &'a str,
    gift: Option<bool>,
    items: Vec<Item<'a>>,
    order: Order,
}

#[derive(Serialize, TeleflowPayload)]
struct Item<'a> {
    sku: &'a str,
    qty: u32,
}

#[derive(Serialize, TeleflowPayload)]
struct Order {
    id: u64,
}

fn main() -> std::process::ExitCode {
    let url = std::env::args().nth(1).unwrap();
    let client = Client::builder().api_key("test-key").base_url(url).build().unwrap();
    let items = vec![Item { sku: "HAT-1", qty: 2 }];
    let shipped = OrderShipped { carrier: "UPS", gift: None, items, order: Order { id: 7 } };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    match runtime.block_on(async { shipped.to("ada").send(&client).await }) {
        Ok(receipt) => print!("{}", receipt.transaction_id()),
        Err(error) => {
            print!("{error}");
            return std::process::ExitCode::FAILURE;
        }
    }
    std::process::ExitCode::SUCCESS
}
"#;

fn has(packages: &Packages, program: &str) {
    packages.files.write("src/main.rs", program);
}

/// Runs the program, and returns the payload of the event that it has sent.
#[track_caller]
fn sent(packages: &Packages, emulator: &Emulator, url: &str) -> Value {
    let before = emulator.jobs().len();
    let ran = packages.cargo(&[], "", &["run", "--quiet", "--", url]).ended(0);
    assert_eq!(ran.stderr, "");
    let jobs = emulator.jobs();
    let [job] = &jobs[before..] else { panic!("one event was sent: {jobs:?}") };
    assert_eq!((job.trigger(), job.transaction_id()), (TRIGGER, ran.stdout.as_str()));
    job.payload().clone()
}

/// The recorded workflow, with two more required variables.
fn stricter() -> Value {
    let mut document =
        recorded().into_iter().find(|document| document["triggers"][0]["identifier"] == TRIGGER).unwrap();
    let required = document["steps"][1]["template"]["variables"].as_array_mut().unwrap();
    required.push(json!({ "name": "gift", "type": "Boolean", "required": true }));
    required.push(json!({ "name": "order.total", "type": "String", "required": true }));
    document
}

fn quiet(project: &Project, url: &str, arguments: &[&str]) -> String {
    let ran = project.run(url, arguments).ended(0);
    assert_eq!(ran.stderr, "");
    ran.stdout
}

#[test]
fn an_event_that_the_server_rejects_does_not_compile() {
    let emulator = emulator(&recorded());
    let server = Server::of(&emulator);
    let url = server.url();
    let packages = Packages::one("whole-way");
    has(&packages, PROGRAM);

    quiet(&packages.files, &url, &["pull"]);
    assert_eq!(
        sent(&packages, &emulator, &url),
        json!({ "carrier": "UPS", "gift": null, "items": [{ "sku": "HAT-1", "qty": 2 }], "order": { "id": 7 } })
    );
    quiet(&packages.files, &url, &["check"]);

    emulator.workflow_document(stricter()).unwrap();
    let drift = packages.files.run(&url, &["check"]).ended(1);
    for variable in ["`gift` is now required (step `email`)", "`order.total` is now required (step `email`)"] {
        assert!(drift.stdout.contains(variable), "{drift:?}");
    }
    // The catalog has not changed, so the program still compiles, but fails when it runs.
    packages.builds("");
    let refused = packages.cargo(&[], "", &["run", "--quiet", "--", &url]).ended(1);
    assert!(refused.stdout.contains("missing required key(s) and type(s): gift (Boolean), order.total"), "{refused:?}");

    quiet(&packages.files, &url, &["pull"]);
    let said = packages.fails("");
    for message in [
        format!(
            "error: `gift` may be `null`, but workflow `{TRIGGER}` requires a value (step `email`); \
             send it always, without the `Option` [.teleflow/{TRIGGER}.json]\n --> src/main.rs:9:11\n"
        ),
        "error: `order.total` cannot be omitted: the server refuses events without it; remove it from `omit`\n --> src/main.rs:6:54\n"
            .to_owned(),
    ] {
        assert!(said.contains(&message), "{message}is not in\n{said}");
    }
    assert_eq!(said.matches("error: ").count(), 3, "these two, and that it could not be compiled: {said}");

    let no_longer_omitted = PROGRAM
        .replace(", omit(\"order.total\")", "")
        .replace("gift: Option<bool>", "gift: bool")
        .replace("gift: None", "gift: true");
    has(&packages, &no_longer_omitted);
    let said = packages.fails("");
    let message = format!(
        "`Order` has no field `total`, but workflow `{TRIGGER}` requires `order.total` (step `email`); \
         add the field, for example as a `String` [.teleflow/{TRIGGER}.json]"
    );
    assert!(said.contains(&message), "{message} is not in\n{said}");

    let complete = no_longer_omitted.replace("id: u64", "id: u64,\n    total: &'static str");
    has(&packages, &complete.replace("id: 7", "id: 7, total: \"9.50\""));
    assert_eq!(
        sent(&packages, &emulator, &url),
        json!({
            "carrier": "UPS", "gift": true, "items": [{ "sku": "HAT-1", "qty": 2 }],
            "order": { "id": 7, "total": "9.50" },
        })
    );
    quiet(&packages.files, &url, &["check"]);
}
