//! Makes cargo look again at the crates that use teleflow: it cannot see a file that was not there before.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;
use std::{env, io};

use serde_json::Value;

/// Sets the time of the root files of all packages of the workspace that use teleflow, directly or through others.
///
/// # Errors
///
/// A text that says what went wrong.
pub(crate) fn dependents(package: &Path) -> Result<(), String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--no-deps", "--format-version", "1"];
    let output = Command::new(cargo).args(arguments).current_dir(package).output();
    let output = output.map_err(|error| format!("cargo cannot be run: {error}"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(format!("cargo metadata: {}", complaint.lines().next().unwrap_or("it failed")));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata: it cannot be read as JSON: {error}"))?;
    for root in roots(&metadata) {
        touch(Path::new(root)).map_err(|error| format!("{root}: {error}"))?;
    }
    Ok(())
}

fn touch(path: &Path) -> io::Result<()> {
    File::options().append(true).open(path)?.set_modified(SystemTime::now())
}

/// The root files that belong to packages which use teleflow.
fn roots(metadata: &Value) -> Vec<&str> {
    let packages: Vec<&Value> = list(metadata, "packages").collect();
    let mut users = BTreeSet::from(["teleflow"]);
    loop {
        let uses = |package: &&&Value| {
            list(package, "dependencies").any(|one| name(one).is_some_and(|name| users.contains(name)))
        };
        let more: BTreeSet<&str> = packages.iter().filter(uses).filter_map(|package| name(package)).collect();
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
        assert_eq!(roots(&metadata), ["app/root.rs", "notify/root.rs"]);
        for odd in [json!(null), json!({ "packages": 1 }), json!({ "packages": [1, { "name": 2 }] })] {
            assert!(roots(&odd).is_empty());
        }
    }
}
