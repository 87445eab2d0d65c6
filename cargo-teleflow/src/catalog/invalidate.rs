//! Makes cargo look again at the crates that use teleflow: it cannot see a file that was not there before.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;
use std::{env, io};

use serde_json::Value;

use super::folder::Catalog;

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
    let (metadata, lock) = packages(package)?;
    for (_, root) in roots(&metadata, &lock).into_iter().filter(|(_, root)| is_older(Path::new(root), changed)) {
        touch(Path::new(root)).map_err(|error| format!("{root}: {error}"))?;
    }
    Ok(())
}

/// The packages that were last built before the catalog changed, and whose source cargo takes for unchanged.
pub(crate) fn stale(package: &Path, catalog: &Catalog) -> Vec<String> {
    let Some((changed, (metadata, lock))) = catalog.changed().zip(packages(package).ok()) else {
        return Vec::new();
    };
    let target = metadata.get("target_directory").and_then(Value::as_str).unwrap_or_default();
    let mut stale: Vec<String> = roots(&metadata, &lock)
        .into_iter()
        .filter(|(name, root)| is_older(Path::new(root), changed) && is_built_before(Path::new(target), name, changed))
        .map(|(name, _)| name.to_owned())
        .collect();
    stale.dedup();
    stale
}

/// Where the file system counts in seconds, the same time may be before or after.
fn is_older(path: &Path, changed: SystemTime) -> bool {
    fs::metadata(path).and_then(|found| found.modified()).is_ok_and(|modified| modified <= changed)
}

/// Has cargo built the package, and each time before this time? The folders of its profiles say so.
fn is_built_before(target: &Path, name: &str, changed: SystemTime) -> bool {
    let folders = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let profiles = folders(target).flat_map(|inner| folders(&inner).chain([inner]));
    let built = profiles.map(|profile| profile.join(".fingerprint")).flat_map(|all| folders(&all).collect::<Vec<_>>());
    let of_it = built.filter(|path| {
        let file = path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
        file.rsplit_once('-').is_some_and(|(before, _)| before == name)
    });
    // Cargo compares the sources with this time.
    let mut times = of_it.map(|path| path.join("invoked.timestamp")).filter(|path| path.exists()).peekable();
    times.peek().is_some() && times.all(|time| is_older(&time, changed))
}

/// What cargo says about the packages of the workspace, and the text of its `Cargo.lock`.
fn packages(package: &Path) -> Result<(Value, String), String> {
    let metadata = metadata(package)?;
    let root = metadata.get("workspace_root").and_then(Value::as_str);
    let lock = root.and_then(|root| fs::read_to_string(Path::new(root).join("Cargo.lock")).ok());
    Ok((metadata, lock.unwrap_or_default()))
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

/// The packages that use teleflow, with their root files. `lock`: the text of `Cargo.lock`, which knows how
/// packages outside the workspace depend on each other.
fn roots<'a>(metadata: &'a Value, lock: &'a str) -> Vec<(&'a str, &'a str)> {
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
    let targets = of_users.flat_map(|package| list(package, "targets").map(move |target| (name(package), target)));
    let roots = targets.filter(|(_, target)| list(target, "kind").all(|kind| kind != "custom-build"));
    roots.filter_map(|(name, target)| Some((name?, target.get("src_path")?.as_str()?))).collect()
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
    use serde_json::{Value, json};

    fn roots<'a>(metadata: &'a Value, lock: &'a str) -> Vec<&'a str> {
        super::roots(metadata, lock).into_iter().map(|(_, root)| root).collect()
    }

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
