//! Each version of the stored form is read for ever: the golden files in `tests/stored` never change.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use teleflow::Request;

/// The files of a version, by name.
fn golden(version: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stored").join(version);
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).unwrap().trim_end().to_owned())
    };
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(read).collect();
    files.sort();
    files
}

#[test]
fn every_golden_file_is_read_and_version_1_is_written_unchanged() {
    let (unversioned, version_1) = (golden("unversioned"), golden("version_1"));
    assert_eq!((unversioned.len(), version_1.len()), (4, 5));
    let read = |(name, text): &(String, String)| {
        serde_json::from_str::<Request>(text).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    for file in &version_1 {
        let (name, text) = file;
        let request = read(file);
        assert_eq!(serde_json::to_string(&request).unwrap(), *text, "{name}");
        let body = &serde_json::from_str::<Value>(text).unwrap()["body"];
        assert_eq!(body.as_str().unwrap().as_bytes(), request.body(), "{name}");
        match unversioned.iter().find(|(other, _)| other == name) {
            Some(old) => assert_eq!(read(old), request, "{name}"),
            None => assert_eq!(name, "bulk_with_sensitive_paths.json"),
        }
    }
}

#[test]
fn a_store_may_change_the_order_of_the_fields_and_the_whitespace() {
    for (name, text) in golden("version_1") {
        // `Value` sorts the fields.
        let value: Value = serde_json::from_str(&text).unwrap();
        let sorted = serde_json::to_string_pretty(&value).unwrap();
        assert_ne!(sorted, text);
        let expected: Request = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::from_str::<Request>(&sorted).unwrap(), expected, "{name}");
        assert_eq!(serde_json::from_value::<Request>(value).unwrap(), expected, "{name}");
    }
}

#[test]
fn a_future_version_is_an_error_that_says_so() {
    let future = [
        json!({"version": 2}),
        json!({"events": 7, "body": ["x"], "version": 2, "new": null}),
        json!({"version": u64::MAX, "endpoint": "digest"}),
    ];
    for stored in future {
        for error in [
            serde_json::from_str::<Request>(&stored.to_string()).unwrap_err(),
            serde_json::from_value::<Request>(stored.clone()).unwrap_err(),
        ] {
            let error = error.to_string();
            assert!(error.contains(&format!("version {}", stored["version"])), "{error}");
            assert!(error.contains("upgrade"), "{error}");
        }
    }
}

#[test]
fn a_version_that_never_existed_is_an_error() {
    let (_, text) = golden("version_1").remove(0);
    for odd in [json!(0), json!(-1), json!(1.0), json!("1"), Value::Null] {
        let mut stored: Value = serde_json::from_str(&text).unwrap();
        stored["version"] = odd.clone();
        let error = serde_json::from_str::<Request>(&stored.to_string()).unwrap_err().to_string();
        assert!(error.contains("version"), "{odd}: {error}");
    }
}
