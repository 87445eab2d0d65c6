//! `pull` writes the catalog in `examples/checked` from its workflows.

use std::fs;
use std::path::Path;

use teleflow_emulator::{Emulator, Seeds};

use crate::support::{Project, Server};

#[test]
fn the_catalog_of_the_example_is_current() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/checked");
    let seeds = fs::read_to_string(example.join("workflows.json")).unwrap();
    let server = Server::of(&Emulator::from_seeds(Seeds::from_json(&seeds).unwrap()));
    let (project, url) = (Project::new(), server.url());
    let variables = [("TELEFLOW_API_KEY", "example-key"), ("TELEFLOW_API_URL", &*url)];
    let ran = project.run_with(&variables, "", &["pull"]).ended(0);
    assert_eq!(ran.stderr, "");

    let committed = example.join(".teleflow");
    let mut names: Vec<_> =
        fs::read_dir(&committed).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, project.list(".teleflow"));
    assert_eq!(names, ["comment-reply.json", "order-shipped.json", "review-reminder.json"]);
    for name in &names {
        let file = fs::read_to_string(committed.join(name)).unwrap();
        assert_eq!(file, project.read(&format!(".teleflow/{name}")), "{name}");
    }

    let catalog = committed.to_str().unwrap();
    let ran = project.run_with(&variables, "", &["check", "--catalog", catalog]).ended(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("3 workflows: no drift\n", ""));
}
