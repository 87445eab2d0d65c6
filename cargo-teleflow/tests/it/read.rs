//! The variables that `pull` finds in the steps of a workflow.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::support::{Canned, Project, document, ok, step};

/// The workflow file and the warnings after a `pull` of a document.
fn pulled(document: Value) -> (Value, String) {
    let (project, server) = (Project::new(), Canned::documents(vec![document], |_| (404, "", "{}".to_owned())));
    let ran = project.run(server.url(), &["pull"]).ended(0);
    (serde_json::from_str(&project.read(".teleflow/w.json")).unwrap(), ran.stderr)
}

/// The variables of a file on a line: `a:{b:string!} c:[any]`.
fn words(variables: &Value) -> String {
    fn word(variable: &Value) -> String {
        let mut word = match (variable["kind"].as_str().unwrap(), &variable["of"]) {
            ("array", of) => format!("[{}]", if of.is_null() { String::new() } else { word(of) }),
            ("object", of) => format!("{{{}}}", if of.is_null() { String::new() } else { words(of) }),
            (kind, _) => kind.to_owned(),
        };
        if variable["required"] == true {
            word.push('!');
        }
        word
    }
    let mut all = String::new();
    for (name, variable) in variables.as_object().unwrap() {
        let space = if all.is_empty() { "" } else { " " };
        write!(all, "{space}{name}:{}", word(variable)).unwrap();
    }
    all
}

/// The variables of a workflow, without warnings.
#[track_caller]
fn variables(steps: &Value, listed: &Value) -> String {
    let (file, warnings) = pulled(document("w", steps, listed));
    assert_eq!(warnings, "");
    words(&file["variables"])
}

fn with(mut value: Value, path: &str, is: Value) -> Value {
    let (parent, key) = path.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap()[key] = is;
    value
}

fn digest(key: &str) -> Value {
    with(step("digest", ""), "/metadata", json!({ "type": "regular", "digestKey": key }))
}

#[test]
fn the_events_of_a_digest_are_payloads() {
    let content = "{{#each step.events}}{{assignment.name}}{{#each tags}}{{this}}{{/each}}{{/each}} {{step.events.[0].due}} \
                   {{#with step.events.[1]}}{{room.number}}{{/with}} {{step.total_count}} {{#if step.digest}}{{one}}{{/if}}";
    let listed = json!([
        { "name": "step.events", "type": "Array" }, { "name": "step.events.assignment.name", "type": "String" },
        { "name": "step.total_count", "type": "String" },
    ]);
    assert_eq!(
        variables(&json!([digest("team"), step("email", content)]), &listed),
        "assignment:{name:string} due:string one:string room:{number:string} tags:[string] team:any"
    );
}

#[test]
fn conditions_of_variants_are_read() {
    let variant = |on: &str, field: &str, value: &str| {
        json!({
            "active": true, "template": { "type": "sms", "content": "{{in_variant}}" },
            "filters": [{ "children": [{ "on": on, "field": field, "value": value, "operator": "EQUAL" }] }],
        })
    };
    let mut off = variant("payload", "never", "x");
    off["active"] = json!(false);
    off["template"]["content"] = json!("{{never_either}} {{unclosed");
    let variants =
        json!([variant("payload", "plan.level", "gold"), variant("tenant", "name", "{{payload.home}}"), off]);
    let sms = with(step("sms", "{{plain}}"), "/variants", variants);
    let (file, warnings) = pulled(document("w", &json!([sms]), &json!([])));
    assert_eq!(warnings, "");
    assert_eq!(words(&file["variables"]), "home:string in_variant:string plain:string plan:{level:any}");
    assert_eq!(file["tenant"], json!({ "steps": ["sms"] }));
    assert_eq!(file["variables"]["plan"]["of"]["level"]["steps"], json!(["sms"]));
}

#[test]
fn paths_of_conditions_and_digests_may_be_written_in_several_ways() {
    let fields = ["{{chatContent}}", "{{ payload.inner.x }}", "items[0].sku", "list.1.id", "plain"];
    let conditions: Vec<_> = fields.iter().map(|field| json!({ "on": "payload", "field": field })).collect();
    let sms = with(step("sms", ""), "/filters", json!([{ "children": conditions }]));
    assert_eq!(
        variables(&json!([sms, digest("attribute_id, event_id"), digest("{{payload.by}}"), digest("a.b")]), &json!([])),
        "a:{b:any} attribute_id:any by:any chatContent:any event_id:any inner:{x:any} items:[{sku:any}] list:[{id:any}] plain:any"
    );
}

#[test]
fn variables_of_steps_that_never_run_are_not_read() {
    let mut off = step("email", "{{order.note}} {{order.id}} {{tenant.name}}");
    off["active"] = json!(false);
    off["filters"] = json!([{ "children": [{ "on": "payload", "field": "filtered" }] }]);
    off["template"]["subject"] = json!("{{only_there}} {{#each rows}}{{cell}}{{/each}} {{rows.length}}");
    off["template"]["preheader"] = json!("{{unclosed");
    off["template"]["variables"] = json!([
        { "name": "tested", "type": "String", "required": true }, { "name": "only_there", "type": "String" },
        { "name": "tenant.name", "type": "String", "required": true },
    ]);
    let mut missing = step("sms", "{{without_active}}");
    missing.as_object_mut().unwrap().remove("active");
    let listed = json!([
        { "name": "order.note", "type": "String" }, { "name": "order.id", "type": "String" }, { "name": "tested", "type": "String" },
        { "name": "only_there", "type": "String" }, { "name": "rows", "type": "Array" }, { "name": "rows.cell", "type": "String" },
        { "name": "rows.length", "type": "String" }, { "name": "unknown", "type": "String" },
    ]);
    let on = step("sms", "{{order.id}}");
    let (file, warnings) = pulled(document("w", &json!([off, missing, on]), &listed));
    assert_eq!(warnings, "");
    assert_eq!(words(&file["variables"]), "order:{id:string} tested:string! unknown:string");
    assert_eq!(file.get("tenant"), None);
}

#[test]
fn a_digest_that_runs_makes_the_server_run_all_steps() {
    let mut off = step("sms", "{{there}}");
    off["active"] = json!(false);
    assert_eq!(variables(&json!([off, digest("team")]), &json!([])), "team:any there:string");
    let mut inactive = digest("team");
    inactive["active"] = json!(false);
    assert_eq!(variables(&json!([off, inactive]), &json!([])), "");
}

#[test]
fn variables_of_the_email_are_not_of_the_payload() {
    let listed = json!([{ "name": "subject", "type": "String" }, { "name": "body", "type": "String" }]);
    let mail = step("email", "<h1>{{subject}}</h1>{{{body}}} {{a}}");
    let (file, warnings) = pulled(document("w", &json!([mail]), &listed));
    assert_eq!((words(&file["variables"]).as_str(), warnings.as_str()), ("a:string", ""));
    assert_eq!(file["email_reads"], json!(["body", "subject"]));

    // Before the e-mail sets them, and in other channels, they are the payload's.
    let mut early = step("email", "{{a}}");
    early["template"]["subject"] = json!("{{subject}}");
    let chat = step("chat", "{{body}}");
    let (file, _) = pulled(document("w", &json!([early, chat]), &listed));
    assert_eq!(words(&file["variables"]), "a:string body:string subject:string");
    assert_eq!(file.get("email_reads"), None);

    let mut tested = step("email", "{{subject}}");
    tested["template"]["variables"] = json!([{ "name": "subject", "type": "String", "required": true }]);
    let (file, _) = pulled(document("w", &json!([tested, digest("body")]), &listed));
    assert_eq!(words(&file["variables"]), "body:string subject:string!");
    assert_eq!(file["email_reads"], json!(["subject"]));

    let collected = step("email", "{{#each step.events}}{{subject}}{{/each}}");
    assert_eq!(variables(&json!([collected]), &json!([])), "subject:string");
}

#[test]
fn arrays_and_maps_are_recognized_by_their_use() {
    let content = "{{list.[0].id}} {{lookup prices currency}} {{name}} {{name.[0]}} {{maybe.[0]}} \
                   {{#each (sortBy items 'price')}}{{sku}}{{/each}} {{#each (groupBy rows 'kind')}}{{key}}{{#each items}}{{cell}}{{/each}}{{/each}} \
                   {{#each names}}{{lookup ../ages @index}}{{/each}} {{unique tags 'label'}}";
    assert_eq!(
        variables(&json!([step("email", content)]), &json!([])),
        "ages:[any] currency:any items:[{price:any sku:string}] list:[{id:string}] maybe:any name:string names:[] prices:{} \
         rows:[{cell:string kind:any}] tags:[{label:any}]"
    );
}

#[test]
fn rare_syntax_is_read() {
    let content = "{{.}} {{^if a}}{{b}}{{/if}} {{^c}}{{d}}{{/c}} {{\"e f\"}} {{g?}} {{\u{a0}h\u{a0}}} {{~i~}} {{{{raw}}}} {{x}} {{{{/raw}}}}";
    assert_eq!(
        variables(&json!([step("sms", content)]), &json!([])),
        "a:boolean b:string c:any d:string e f:string g?:string h:string i:string"
    );
}

#[test]
fn an_invalid_template_causes_a_warning() {
    let mut mail = step("email", "");
    mail["name"] = json!("Mail it");
    mail["template"]["subject"] = json!("{{a}}");
    mail["template"]["content"] = json!([
        { "type": "text", "content": "{{b}}" },
        { "type": "button", "content": "{{#if c}}", "url": "https://x.test/{{list.0}}" },
    ]);
    let mut in_app = step("in_app", "{{d}}}");
    in_app["template"]["cta"] = json!({ "action": { "buttons": [{ "content": "{{e}}" }, { "content": "{{f" }] } });
    let variant = |content: &str| json!({ "active": true, "template": { "type": "in_app", "content": content } });
    in_app["variants"] = json!([variant("{{\u{1b}[2J}}"), variant(&"{{g}}".repeat(300_000))]);
    let (file, warnings) = pulled(document("w", &json!([mail, in_app]), &json!([])));
    assert_eq!(words(&file["variables"]), "a:string b:string e:string");
    let starts = [
        "the text of block 2 of step `Mail it` is not a valid template (line 1, column 10: unexpected end of the template, expected `{{/if}}`)",
        "the link of block 2 of step `Mail it` is not a valid template (line 1, column 23: unexpected `0`, expected a name; write `[0]` \
         for the first element of an array)",
        "the content of step `in_app` is not a valid template (line 1, column 4: unexpected `}}}`, expected an argument or `}}`)",
        "the text of button 2 of step `in_app` is not a valid template (line 1, column 4: a tag is not closed)",
        "the content of variant 1 of step `in_app` is not a valid template (line 1, column 4: unexpected `[`)",
        "the content of variant 2 of step `in_app` is not a valid template (it is longer than 1048576 bytes)",
    ];
    assert_eq!(warnings.lines().count(), starts.len(), "{warnings}");
    for (line, start) in warnings.lines().zip(starts) {
        let after = ", so its variables are missing from the catalog; correct it on the server and run `cargo teleflow pull` again";
        assert_eq!(line, format!("warning: workflow `w`: {start}{after}"));
    }
}

#[test]
fn liquid_reads_the_payload_under_its_name() {
    let content = "Hi {{ payload.user.name | upcase }} {% for item in payload.items %}{{ item.sku }}{% endfor %}\
                   {% if payload.gift %}!{% endif %} {{ subscriber.firstName }} {{ steps.digest.events[0].payload.room }}";
    let other = "{{ workflow.name }} {{ env.X }} {{ context.tenant.id }} {{ payload.total }} {{ steps.x.eventCount }}";
    assert_eq!(
        variables(&json!([step("email", content), step("sms", other)]), &json!([])),
        "gift:boolean items:[{sku:string}] room:string total:string user:{name:any}"
    );
    // One Liquid text decides for all.
    assert_eq!(
        variables(&json!([step("sms", "{{ payload.a }}"), step("chat", "{{ workflow.name }}")]), &json!([])),
        "a:string"
    );
    let listed = json!([{ "name": "payload.b", "type": "String" }, { "name": "workflow.name", "type": "String" }]);
    assert_eq!(variables(&json!([step("sms", "{{ payload.a | upcase }}")]), &listed), "a:any b:string");
    let mut cloud = document("w", &json!([step("sms", "{{ subscriber.x }} {{ plain }}")]), &json!([]));
    cloud["origin"] = json!("novu-cloud");
    assert_eq!(words(&pulled(cloud).0["variables"]), "");
}

#[test]
fn a_payload_of_handlebars_may_have_the_names_of_liquid() {
    let listed = json!([{ "name": "payload.a", "type": "String" }, { "name": "workflow", "type": "String" }]);
    assert_eq!(
        variables(&json!([step("sms", "{{payload.a}} {{workflow}} {{b}}")]), &listed),
        "b:string payload:{a:string} workflow:string"
    );
}

#[test]
fn invalid_liquid_causes_a_warning() {
    let (file, warnings) =
        pulled(document("w", &json!([step("sms", "{% if payload.a %}{{ payload.b | }{% endif %}")]), &json!([])));
    assert_eq!(words(&file["variables"]), "");
    assert_eq!(warnings.lines().count(), 1, "{warnings}");
    assert!(warnings.contains("workflow `w`: the content of step `sms` is not a valid template ("), "{warnings}");
}

#[test]
fn layouts_are_read_like_the_texts_of_their_steps() {
    let mut mail = step("email", "{{a}}");
    mail["template"]["_layoutId"] = json!("L1");
    let mut unknown = step("email", "");
    unknown["template"]["_layoutId"] = json!("L2");
    let mut sms = step("sms", "");
    sms["template"]["_layoutId"] = json!("L3");
    let layout = json!({
        "_id": "L1", "content": "<body>{{subject}} {{{body}}} {{preheader}} {{company.name}} {{footer.text}} {{year}} {{tenant.name}}</body>",
        "variables": [
            { "name": "footer.text", "type": "String", "required": false, "defaultValue": "Bye" },
            { "name": "year", "type": "String", "required": true, "defaultValue": "" },
        ],
    });
    let server =
        Canned::documents(vec![document("w", &json!([mail, mail, unknown, sms]), &json!([]))], move |target| {
            match target {
                "/v1/layouts/L1" => ok(&json!({ "data": layout })),
                _ => (404, "", "{}".to_owned()),
            }
        });
    let project = Project::new();
    let ran = project.run(server.url(), &["pull"]).ended(0);
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    assert!(
        ran.stderr.contains("workflow `w`: the server does not have the layout of step `email (3)`, so "),
        "{ran:?}"
    );
    let file: Value = serde_json::from_str(&project.read(".teleflow/w.json")).unwrap();
    assert_eq!(words(&file["variables"]), "a:string company:{name:string} year:string");
    assert_eq!(file["email_reads"], json!(["body", "subject"]));
    assert_eq!(file["tenant"], json!({ "steps": ["email", "email (2)"] }));
    let asked = server.requests();
    let layouts: Vec<_> = asked.iter().filter_map(|head| head.strip_prefix("GET /v1/layouts/")?.get(..2)).collect();
    assert_eq!(layouts, ["L1", "L2"]);
}

#[test]
fn a_layout_that_cannot_be_fetched_is_an_error() {
    let mut mail = step("email", "");
    mail["template"]["_layoutId"] = json!("L1");
    let server = Canned::documents(vec![document("w", &json!([mail]), &json!([]))], |target| {
        (if target.starts_with("/v1/layouts/") { 502 } else { 404 }, "", String::new())
    });
    let project = Project::new();
    let ran = project.run(server.url(), &["pull"]).ended(1);
    assert!(ran.stderr.contains("/v1/layouts/L1 (502)"), "{ran:?}");
    assert!(project.list(".teleflow").is_empty());
}

#[test]
fn paths_that_are_too_deep_are_cut() {
    let path = |first: &str| (1..300).fold(first.to_owned(), |path, number| path + &format!(".p{number}"));
    let cut = |first: &str, sign: &str| {
        let inner = (1..24).rev().fold(String::new(), |inner, number| match number {
            23 => format!("{{p23:{{}}{sign}}}{sign}"),
            _ => format!("{{p{number}:{inner}}}{sign}"),
        });
        format!("{first}:{inner}")
    };
    let text = format!("{{{{{}}}}} {{{{#each list}}}}{{{{x}}}}{{{{/each}}}}", path("p0"));
    assert_eq!(variables(&json!([step("email", &text)]), &json!([])), format!("list:[{{x:string}}] {}", cut("p0", "")));
    // In the lists of the server, and in Liquid.
    let listed = json!([{ "name": path("q0"), "type": "String" }]);
    assert_eq!(variables(&json!([step("email", "")]), &listed), cut("q0", ""));
    let liquid = format!("{{{{ payload.{} }}}} {{{{ payload.x }}}} {{{{ workflow.name }}}}", path("r0"));
    assert_eq!(variables(&json!([step("email", &liquid)]), &json!([])), cut("r0", "") + " x:string");
    // The server rejects events without the whole path, so also without its start.
    let mut tested = step("email", "");
    tested["template"]["variables"] = json!([{ "name": path("s0"), "type": "String", "required": true }]);
    assert_eq!(variables(&json!([tested]), &json!([])), cut("s0", "!").replace("{}!", "any!"));
    let long = format!("{{{{{}}}}}", path("t0") + &".x".repeat(20_000));
    assert_eq!(variables(&json!([step("email", &long)]), &json!([])), cut("t0", ""));
}
