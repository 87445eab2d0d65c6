//! Makes cargo rebuild the packages that use teleflow: it does not notice files that are new in the catalog.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;
use std::{env, io};

use serde_json::Value;

use super::find::Catalog;
use crate::json::{array, string};

/// Marks all packages of the workspace that use teleflow, directly or through others, as changed: sets the modification time of
/// root files that are older than the catalog.
///
/// # Errors
///
/// A message if cargo fails, or a root file cannot be changed.
pub(crate) fn invalidate_dependents(package: &Path, catalog: &Catalog) -> Result<(), String> {
    let Some(changed) = catalog.workflows.last_change() else {
        return Ok(());
    };
    let (metadata, lock) = packages(package)?;
    for (_, root) in roots(&metadata, &lock).into_iter().filter(|(_, root)| is_older(Path::new(root), changed)) {
        set_modified_now(Path::new(root)).map_err(|error| format!("{root}: {error}"))?;
    }
    Ok(())
}

/// The packages that were last built before the catalog changed, but that cargo would not rebuild.
pub(crate) fn outdated_packages(package: &Path, catalog: &Catalog) -> Vec<String> {
    let Some((changed, (metadata, lock))) = catalog.workflows.last_change().zip(packages(package).ok()) else {
        return Vec::new();
    };
    let target = metadata.get("target_directory").and_then(Value::as_str).unwrap_or_default();
    let mut outdated: Vec<String> = roots(&metadata, &lock)
        .into_iter()
        .filter(|(name, root)| is_older(Path::new(root), changed) && is_built_before(Path::new(target), name, changed))
        .map(|(name, _)| name.to_owned())
        .collect();
    outdated.dedup();
    outdated
}

/// Returns whether a file was modified before this time, or at it: file systems may store whole seconds only.
fn is_older(path: &Path, changed: SystemTime) -> bool {
    fs::metadata(path).and_then(|found| found.modified()).is_ok_and(|modified| modified <= changed)
}

/// Returns whether cargo has built the package, in all profiles before this time.
fn is_built_before(target: &Path, name: &str, changed: SystemTime) -> bool {
    let folders = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let profiles = folders(target).flat_map(|inner| folders(&inner).chain([inner]));
    let built = profiles.map(|profile| profile.join(".fingerprint")).flat_map(|all| folders(&all).collect::<Vec<_>>());
    let of_package = built.filter(|path| {
        let file = path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
        file.rsplit_once('-').is_some_and(|(before, _)| before == name)
    });
    // Cargo compares the modification times of sources with that of `invoked.timestamp`.
    let mut times = of_package.map(|path| path.join("invoked.timestamp")).filter(|path| path.exists()).peekable();
    times.peek().is_some() && times.all(|time| is_older(&time, changed))
}

/// The output of `cargo metadata`, and the text of `Cargo.lock`.
fn packages(package: &Path) -> Result<(Value, String), String> {
    let metadata = metadata(package)?;
    let root = metadata.get("workspace_root").and_then(Value::as_str);
    let lock = root.and_then(|root| fs::read_to_string(Path::new(root).join("Cargo.lock")).ok());
    Ok((metadata, lock.unwrap_or_default()))
}

/// Runs `cargo metadata`.
fn metadata(package: &Path) -> Result<Value, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--no-deps", "--format-version", "1"];
    let output = Command::new(cargo).args(arguments).current_dir(package).output();
    let output = output.map_err(|error| format!("failed to run cargo: {error}"))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`cargo metadata` failed: {}", message.lines().next().unwrap_or("no message")));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("the output of `cargo metadata` is not valid JSON: {error}"))
}

fn set_modified_now(path: &Path) -> io::Result<()> {
    File::options().append(true).open(path)?.set_modified(SystemTime::now())
}

/// The packages that use teleflow, with their root files. `lock`: the text of `Cargo.lock`, for dependencies between packages
/// outside the workspace.
fn roots<'a>(metadata: &'a Value, lock: &'a str) -> Vec<(&'a str, &'a str)> {
    let packages = array(metadata, "packages");
    let mut uses: Vec<(&str, &str)> = locked_dependencies(lock);
    for package in packages {
        let dependencies = array(package, "dependencies").iter();
        uses.extend(dependencies.filter_map(|dependency| Some((name(package)?, name(dependency)?))));
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
    let dependents = packages.iter().filter(|package| {
        // teleflow itself has no workflows.
        name(package).is_some_and(|name| name != "teleflow" && users.contains(name))
    });
    let targets =
        dependents.flat_map(|package| array(package, "targets").iter().map(move |target| (name(package), target)));
    let roots = targets.filter(|(_, target)| array(target, "kind").iter().all(|kind| kind != "custom-build"));
    roots.filter_map(|(name, target)| Some((name?, target.get("src_path")?.as_str()?))).collect()
}

/// Reads pairs of a package and a dependency from `Cargo.lock`, in which cargo writes each on a line of its own.
fn locked_dependencies(lock: &str) -> Vec<(&str, &str)> {
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
    string(object, "name")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn roots<'a>(metadata: &'a Value, lock: &'a str) -> Vec<&'a str> {
        super::roots(metadata, lock).into_iter().map(|(_, root)| root).collect()
    }

    #[test]
    fn dependents_are_found_through_other_packages_and_under_other_names() {
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
