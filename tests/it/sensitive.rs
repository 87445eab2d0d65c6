//! Sensitive fields: they are sent as they are, and redacted in what people read.

mod requests;
mod test_kit;

use std::collections::{BTreeMap, HashMap};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use teleflow::{Event, Request, TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[serde(rename_all = "camelCase")]
#[teleflow(trigger = "card-added")]
struct CardAdded<'a> {
    holder: &'a str,
    #[teleflow(sensitive)]
    card_number: &'a str,
    #[teleflow(sensitive)]
    #[serde(rename = "secret/pin", skip_serializing_if = "Option::is_none")]
    pin: Option<u16>,
}

const CARD_ADDED: CardAdded<'static> = CardAdded { holder: "Ada", card_number: "4000-1234", pin: Some(4711) };

/// The payload as the command of `to_curl` shows it.
fn shown(request: &Request) -> Value {
    let command = request.to_curl();
    let body = command.split("--data-raw '").nth(1).expect("a body").trim_end_matches('\'');
    let mut body: Value = serde_json::from_str(&body.replace(r"'\''", "'")).expect(body);
    body["payload"].take()
}

/// What is shown of this payload.
fn shown_of(payload: &impl Serialize) -> Value {
    let request = Event::untyped("w", payload).to("ada").into_request().unwrap();
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["payload"], serde_json::to_value(payload).unwrap(), "the payload is sent as it is");
    shown(&request)
}

#[test]
fn fields_of_the_struct_are_redacted_under_their_wire_names() {
    let request = CARD_ADDED.to("ada").into_request().unwrap();
    assert_eq!(shown(&request), json!({"holder": "Ada", "cardNumber": "[redacted]", "secret/pin": "[redacted]"}));
    assert_eq!(request.sensitive_paths().collect::<Vec<_>>(), [["/cardNumber", "/secret~1pin"]]);
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["payload"], json!({"holder": "Ada", "cardNumber": "4000-1234", "secret/pin": 4711}));

    let request = CardAdded { pin: None, ..CARD_ADDED }.broadcast().into_request().unwrap();
    assert_eq!(shown(&request), json!({"holder": "Ada", "cardNumber": "[redacted]"}));
}

#[derive(Serialize, TeleflowPayload)]
struct Card<'a> {
    holder: &'a str,
    #[teleflow(sensitive)]
    #[serde(serialize_with = "teleflow::sensitive")]
    number: &'a str,
}

const CARD: Card<'static> = Card { holder: "Ada", number: "4000-1234" };

fn redacted_card() -> Value {
    json!({"holder": "Ada", "number": "[redacted]"})
}

#[derive(Serialize)]
struct Nested<'a> {
    list: Vec<Card<'a>>,
    map: BTreeMap<&'a str, Card<'a>>,
    option: Option<Box<Card<'a>>>,
    missing: Option<Card<'a>>,
    tuple: (u8, Card<'a>),
    array: [[&'a Card<'a>; 1]; 1],
    #[serde(flatten)]
    flattened: Card<'a>,
}

#[test]
fn values_inside_lists_maps_options_and_flattened_fields_are_redacted() {
    let shown = shown_of(&Nested {
        list: vec![CARD, CARD],
        map: BTreeMap::from([("a/b~c", CARD), ("", CARD)]),
        option: Some(Box::new(CARD)),
        missing: None,
        tuple: (1, CARD),
        array: [[&CARD]],
        flattened: CARD,
    });
    let card = redacted_card();
    let expected = json!({
        "list": [card, card],
        "map": {"a/b~c": card, "": card},
        "option": card,
        "missing": null,
        "tuple": [1, card],
        "array": [[card]],
        "holder": "Ada",
        "number": "[redacted]",
    });
    assert_eq!(shown, expected);
}

#[derive(Serialize)]
enum External<'a> {
    Struct {
        #[serde(serialize_with = "teleflow::sensitive")]
        number: &'a str,
    },
    Newtype(#[serde(serialize_with = "teleflow::sensitive")] Vec<u8>),
    Tuple(u8, #[serde(serialize_with = "teleflow::sensitive")] Option<bool>),
    Card(Card<'a>),
}

#[derive(Serialize)]
#[serde(tag = "by")]
enum Internal<'a> {
    Struct {
        #[serde(serialize_with = "teleflow::sensitive")]
        number: &'a str,
    },
    Card(Card<'a>),
}

#[derive(Serialize)]
#[serde(tag = "by", content = "with")]
enum Adjacent<'a> {
    Newtype(#[serde(serialize_with = "teleflow::sensitive")] u64),
    Card(Card<'a>),
}

#[derive(Serialize)]
#[serde(untagged)]
enum Untagged<'a> {
    Newtype(#[serde(serialize_with = "teleflow::sensitive")] Card<'a>),
    Struct {
        #[serde(serialize_with = "teleflow::sensitive")]
        number: &'a str,
    },
}

/// A newtype, and a type that is serialized by hand.
#[derive(Serialize)]
struct Pin(#[serde(serialize_with = "teleflow::sensitive")] u16);

struct ByHand;

impl Serialize for ByHand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        teleflow::sensitive(&["4000-1234"], serializer)
    }
}

#[test]
fn values_inside_enums_and_newtypes_are_redacted() {
    let number = "4000-1234";
    let redacted = json!({"number": "[redacted]"});
    let external = [
        External::Struct { number },
        External::Newtype(vec![1, 2]),
        External::Tuple(1, Some(true)),
        External::Card(CARD),
    ];
    let internal = [Internal::Struct { number }, Internal::Card(CARD)];
    let adjacent = [Adjacent::Newtype(4711), Adjacent::Card(CARD)];
    let untagged = [Untagged::Newtype(CARD), Untagged::Struct { number }];
    let expected = json!({
        "external": [{"Struct": redacted}, {"Newtype": "[redacted]"}, {"Tuple": [1, "[redacted]"]}, {"Card": redacted_card()}],
        "internal": [{"by": "Struct", "number": "[redacted]"}, {"by": "Card", "holder": "Ada", "number": "[redacted]"}],
        "adjacent": [{"by": "Newtype", "with": "[redacted]"}, {"by": "Card", "with": redacted_card()}],
        "untagged": ["[redacted]", redacted],
        "others": ["[redacted]", "[redacted]"],
    });

    #[derive(Serialize)]
    struct Payload<'a> {
        external: [External<'a>; 4],
        internal: [Internal<'a>; 2],
        adjacent: [Adjacent<'a>; 2],
        untagged: [Untagged<'a>; 2],
        others: (Pin, ByHand),
    }
    assert_eq!(shown_of(&Payload { external, internal, adjacent, untagged, others: (Pin(4711), ByHand) }), expected);
}

#[derive(Serialize, TeleflowWorkflow)]
#[serde(tag = "type")]
#[teleflow(trigger = "flattened")]
struct Flattened<'a> {
    id: u8,
    #[teleflow(sensitive)]
    code: &'a str,
    #[teleflow(sensitive)]
    #[serde(flatten)]
    rest: HashMap<String, Card<'a>>,
}

#[test]
fn a_flattened_field_is_redacted_with_all_its_names() {
    let rest = HashMap::from([("a".to_owned(), CARD), ("b".to_owned(), CARD)]);
    let request = Flattened { id: 7, code: "1", rest }.to("ada").into_request().unwrap();
    let expected = json!({"type": "Flattened", "id": 7, "code": "[redacted]", "a": "[redacted]", "b": "[redacted]"});
    assert_eq!(shown(&request), expected);
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "flattened")]
struct FlattenedAndSkipped<'a> {
    id: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<&'a str>,
    #[teleflow(sensitive)]
    #[serde(flatten)]
    rest: HashMap<&'a str, &'a str>,
}

#[test]
fn a_flattened_value_with_the_name_of_a_skipped_field_is_redacted() {
    let rest = HashMap::from([("holder", "4000-1234")]);
    let request = FlattenedAndSkipped { id: 7, holder: None, rest }.to("ada").into_request().unwrap();
    assert_eq!(shown(&request), json!({"id": 7, "holder": "[redacted]"}));
}

#[derive(Serialize)]
struct FlattenedMark<'a> {
    #[serde(flatten, serialize_with = "teleflow::sensitive")]
    card: Card<'a>,
}

#[derive(Serialize)]
#[serde(tag = "by")]
enum TaggedMark<'a> {
    Card(#[serde(serialize_with = "teleflow::sensitive")] Card<'a>),
}

struct AsValue<'a>(Card<'a>);

impl Serialize for AsValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::to_value(&self.0).unwrap().serialize(serializer)
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Key<'a>(#[serde(serialize_with = "teleflow::sensitive")] &'a str);

#[test]
fn the_whole_payload_is_redacted_if_a_mark_is_lost() {
    assert_eq!(shown_of(&FlattenedMark { card: CARD }), "[redacted]");
    assert_eq!(shown_of(&TaggedMark::Card(CARD)), "[redacted]");
    assert_eq!(shown_of(&AsValue(CARD)), "[redacted]");
    assert_eq!(shown_of(&json!({"number": 1})), json!({"number": 1}));
    assert_eq!(shown_of(&BTreeMap::from([(Key("4000-1234"), 1)])), "[redacted]");

    #[derive(Serialize)]
    struct Root<'a>(#[serde(serialize_with = "teleflow::sensitive")] Card<'a>);
    assert_eq!(shown_of(&Root(CARD)), "[redacted]");
}

#[test]
fn a_json_value_has_no_marks() {
    let payload = json!({"card": CARD});
    assert_eq!(shown_of(&payload), payload);
}

#[test]
fn raw_json_and_values_inside_of_sensitive_ones_are_redacted() {
    #[derive(Serialize)]
    struct Payload<'a> {
        #[serde(serialize_with = "teleflow::sensitive")]
        raw: Box<serde_json::value::RawValue>,
        #[serde(serialize_with = "teleflow::sensitive")]
        outer: Vec<Card<'a>>,
        list: Vec<Card<'a>>,
    }
    let raw = serde_json::value::RawValue::from_string(r#" {"number": [1, 2] } "#.to_owned()).unwrap();
    let shown = shown_of(&Payload { raw, outer: vec![CARD, CARD], list: vec![CARD] });
    assert_eq!(shown, json!({"raw": "[redacted]", "outer": "[redacted]", "list": [redacted_card()]}));
}
