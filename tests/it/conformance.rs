//! Replays recorded requests against the emulator, and compares its responses with the recorded ones.
//!
//! `TELEFLOW_CORPUS` and `TELEFLOW_SEEDS` name other files in the same format, `TELEFLOW_GROUPS` the groups
//! (`auth,trigger`). The format is explained in `tests/conformance/README.md`. The last line printed is
//! `conformance: N of M core, N of M quirk`, where M counts the lines of the chosen groups.

pub(crate) mod compare;
pub(crate) mod cases;
mod corpus;
mod messages;
mod render;
mod replay;
mod runs;
mod worker_rules;
pub(crate) mod wire;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use corpus::{Entry, Tier};
use teleflow_emulator::{Emulator, Seeds};

/// The groups to replay if `TELEFLOW_GROUPS` is not set.
const GROUPS: &str = "auth,route,trigger,bulk,broadcast,cancel,idem,ratelimit,map,worker";

/// Quirk lines that may differ, each with the reason.
const KNOWN_QUIRKS: [(&str, &str); 0] = [];

#[tokio::test(flavor = "multi_thread")]
async fn the_emulator_answers_as_the_server_did() {
    let groups = env::var("TELEFLOW_GROUPS").unwrap_or_else(|_| GROUPS.to_owned());
    let groups: Vec<&str> = groups.split(',').map(str::trim).filter(|group| !group.is_empty()).collect();
    let entries = corpus::read(&file("TELEFLOW_CORPUS", "corpus.jsonl"));
    let entries: Vec<Entry> = entries.into_iter().filter(|entry| entry.is_in(&groups)).collect();
    for group in &groups {
        assert!(entries.iter().any(|entry| entry.is_in(&[group])), "the corpus has no line of group `{group}`");
    }

    let seeds = Seeds::from_json(&file("TELEFLOW_SEEDS", "seeds.json")).expect("valid seeds");
    let server = Emulator::from_seeds(seeds).with_admin_paths(true).serve("127.0.0.1:0").await.expect("a free port");
    let mut differences_by_line = replay::all(server.addr(), &entries).await;

    let known = BTreeMap::from(KNOWN_QUIRKS);
    let mut tally: BTreeMap<Tier, (usize, usize)> = BTreeMap::from([(Tier::Core, (0, 0)), (Tier::Quirk, (0, 0))]);
    let mut failures = 0;
    for entry in &entries {
        let differences =
            differences_by_line.remove(&entry.number).unwrap_or_else(|| vec!["was not replayed".to_owned()]);
        let (passed, lines) = tally.entry(entry.tier).or_default();
        *lines += 1;
        *passed += usize::from(differences.is_empty());
        let listed = known.get(entry.id.as_str()).filter(|_| entry.tier == Tier::Quirk);
        let report = match (listed, differences.is_empty()) {
            (None, true) => continue,
            (Some(reason), false) => {
                println!("{} differs, as listed: {reason}", entry.id);
                continue;
            }
            (Some(_), true) => vec!["does not differ: remove it from `KNOWN_QUIRKS`".to_owned()],
            (None, false) => differences,
        };
        failures += 1;
        println!("{} (line {}, {:?}):", entry.id, entry.number, entry.tier);
        report.iter().for_each(|line| println!("    {line}"));
    }
    let [(core, cores), (quirk, quirks)] = [tally[&Tier::Core], tally[&Tier::Quirk]];
    // The test runner may have left an unfinished line.
    println!();
    println!("conformance: {core} of {cores} core, {quirk} of {quirks} quirk");
    assert_eq!(failures, 0, "the responses to {failures} lines of the corpus differ: see above");
}

/// Reads the file that a variable names, relative to the current directory or to the root of the workspace.
fn file(variable: &str, default: &str) -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = match env::var_os(variable) {
        None => tests.join("conformance").join(default),
        Some(named) if Path::new(&named).exists() => PathBuf::from(named),
        Some(named) => tests.join("..").join(named),
    };
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{variable}: {}: {error}", path.display()))
}
