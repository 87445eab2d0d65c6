//! Replays what the real server answered against the emulator behind a port, and compares.
//!
//! `TELEFLOW_CORPUS` and `TELEFLOW_SEEDS` name other files of the same form, `TELEFLOW_GROUPS` the groups
//! (`auth,trigger`). The form is explained in `tests/conformance/README.md`. The last line printed is
//! `conformance: N of M core, N of M quirk`, where M counts the lines of the chosen groups.

pub(crate) mod compare;
mod corpus;
mod replay;
pub(crate) mod wire;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use corpus::{Entry, Tier};
use teleflow_emulator::{Emulator, Seeds};

/// Groups replayed when `TELEFLOW_GROUPS` names none.
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

    let seeds = Seeds::from_json(&file("TELEFLOW_SEEDS", "seeds.json")).expect("the seeds can be read");
    let serving = Emulator::from_seeds(seeds).with_admin_paths(true).serve("127.0.0.1:0").await.expect("a free port");
    let mut verdicts = replay::all(serving.addr(), &entries).await;

    let known = BTreeMap::from(KNOWN_QUIRKS);
    let mut tally: BTreeMap<Tier, (usize, usize)> = BTreeMap::from([(Tier::Core, (0, 0)), (Tier::Quirk, (0, 0))]);
    let mut faults = 0;
    for entry in &entries {
        let differences = verdicts.remove(&entry.number).unwrap_or_else(|| vec!["was not replayed".to_owned()]);
        let (passed, lines) = tally.entry(entry.tier).or_default();
        *lines += 1;
        *passed += usize::from(differences.is_empty());
        let listed = known.get(entry.id.as_str()).filter(|_| entry.tier == Tier::Quirk);
        let complaint = match (listed, differences.is_empty()) {
            (None, true) => continue,
            (Some(reason), false) => {
                println!("{} differs, as listed: {reason}", entry.id);
                continue;
            }
            (Some(_), true) => vec!["passes: take it off the list of known quirks".to_owned()],
            (None, false) => differences,
        };
        faults += 1;
        println!("{} (line {}, {:?}):", entry.id, entry.number, entry.tier);
        complaint.iter().for_each(|line| println!("    {line}"));
    }
    let [(core, cores), (quirk, quirks)] = [tally[&Tier::Core], tally[&Tier::Quirk]];
    // On a line of its own, whatever the test runner has written before.
    println!();
    println!("conformance: {core} of {cores} core, {quirk} of {quirks} quirk");
    assert_eq!(faults, 0, "{faults} lines of the corpus are answered otherwise: see above");
}

/// The text of a file that a variable may name, from here or from the workspace's root.
fn file(variable: &str, default: &str) -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = match env::var_os(variable) {
        None => tests.join("conformance").join(default),
        Some(named) if Path::new(&named).exists() => PathBuf::from(named),
        Some(named) => tests.join("..").join(named),
    };
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{variable}: {}: {error}", path.display()))
}
