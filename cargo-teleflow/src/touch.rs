//! Makes cargo look again at the crates that use teleflow: it cannot see a file that was not there before.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;
use std::{env, io};

use serde_json::Value;

use crate::catalog::Catalog;

/// Sets the time of the root files of all packages of the workspace that use teleflow, directly or through others, if
/// the catalog has changed since.
///
/// # Errors
///
/// A text that says what went wrong.
pub(crate) fn dependents(package: &Path, catalog: &Catalog) -> Result<(), String> {
    let Some(changed) = catalog.changed() else {
        return Ok(());
    };
    let metadata = metadata(package)?;
    let lock = metadata.get("workspace_root").and_then(Value::as_str).map(|root| Path::new(root).join("Cargo.lock"));
    let lock = lock.and_then(|lock| fs::read_to_string(lock).ok()).unwrap_or_default();
    for root in roots(&metadata, &lock) {
        // Where the file system counts in seconds, the same time may be before or after.
        let is_older = |time: SystemTime| time <= changed;
        if fs::metadata(root).and_then(|root| root.modified()).is_ok_and(is_older) {
            touch(Path::new(root)).map_err(|error| format!("{root}: {error}"))?;
        }
    }
    Ok(())
}

/// What cargo says about the packages of the workspace.
fn metadata(package: &Path) -> Result<Value, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--no-deps", "--format-version", "1"];
    let output = Command::new(cargo).args(arguments).current_dir(package).output();
    let output = output.map_err(|error| format!("cargo cannot be run: {error}"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(format!("cargo metadata: {}", complaint.lines().next().unwrap_or("it failed")));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata: it cannot be read as JSON: {error}"))
}

fn touch(path: &Path) -> io::Result<()> {
    File::options().append(true).open(path)?.set_modified(SystemTime::now())
}

/// The root files that belong to packages which use teleflow. `lock`: the text of `Cargo.lock`, which knows how
/// packages outside the workspace depend on each other.
fn roots<'a>(metadata: &'a Value, lock: &'a str) -> Vec<&'a str> {
    let packages: Vec<&Value> = list(metadata, "packages").collect();
    let mut uses: Vec<(&str, &str)> = locked(lock);
    for package in &packages {
        let of_it = list(package, "dependencies").filter_map(|one| Some((name(package)?, name(one)?)));
        uses.extend(of_it);
    }
    let mut users = BTreeSet::from(["teleflow"]);
    loop {
        let more: Vec<&str> = uses.iter().filter(|(_, used)| users.contains(used)).map(|(user, _)| *user).collect();
        let before = users.len();
        users.extend(more);
        if users.len() == before {
            break;
        }
    }
    let of_users = packages.into_iter().filter(|package| {
        // The library itself has no workflows, unless it depends on itself.
        name(package).is_some_and(|name| name != "teleflow" && users.contains(name))
    });
    let targets = of_users.flat_map(|package| list(package, "targets"));
    let roots = targets.filter(|target| list(target, "kind").all(|kind| kind != "custom-build"));
    roots.filter_map(|target| target.get("src_path")?.as_str()).collect()
}

/// Which package depends on which, by name, as cargo writes it into `Cargo.lock`: one name or dependency on a line.
fn locked(lock: &str) -> Vec<(&str, &str)> {
    let mut uses = Vec::new();
    let mut user = None;
    for line in lock.lines().map(str::trim) {
        if line == "[[package]]" {
            user = None;
        } else if let Some(name) = line.strip_prefix("name = \"") {
            user = name.strip_suffix('"');
        } else if let Some(user) = user
            && let Some(used) = line.strip_prefix('"')
        {
            // `name`, `name version`, or `name version (source)`.
            let used = used.split([' ', '"']).next().unwrap_or_default();
            uses.push((user, used));
        }
    }
    uses
}

fn name(object: &Value) -> Option<&str> {
    object.get("name")?.as_str()
}

fn list<'a>(object: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    object.get(key).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::roots;
    use serde_json::json;

    #[test]
    fn users_are_found_through_others_whatever_they_call_them() {
        let package = |name: &str, uses: &[&str], kind: &str| {
            let dependencies: Vec<_> = uses.iter().map(|name| json!({ "name": name, "rename": "x" })).collect();
            let targets = json!([
                { "kind": [kind], "src_path": format!("{name}/root.rs") },
                { "kind": ["custom-build"], "src_path": format!("{name}/build.rs") },
            ]);
            json!({ "name": name, "dependencies": dependencies, "targets": targets })
        };
        let metadata = json!({ "packages": [
            package("app", &["notify"], "bin"),
            package("notify", &["serde", "teleflow"], "lib"),
            package("other", &["serde"], "lib"),
            package("teleflow", &["serde"], "lib"),
        ] });
        assert_eq!(roots(&metadata, ""), ["app/root.rs", "notify/root.rs"]);
        // Through one outside the workspace.
        let lock = "version = 4\n\n[[package]]\nname = \"facade\"\nversion = \"0.1.0\"\ndependencies = [\n \"serde\",\n \"teleflow 0.1.0 (registry+x)\",\n]\n\n\
                    [[package]]\nname = \"other\"\nversion = \"0.1.0\"\ndependencies = [\n \"facade\",\n]\n";
        assert_eq!(roots(&metadata, lock), ["app/root.rs", "notify/root.rs", "other/root.rs"]);
        for odd in [json!(null), json!({ "packages": 1 }), json!({ "packages": [1, { "name": 2 }] })] {
            assert!(roots(&odd, "[[package]]\nname = \"x\n\"\"").is_empty());
        }
    }
}
