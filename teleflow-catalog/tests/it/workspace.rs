//! The root of a workspace is the one that cargo finds.

use std::fs;
use std::path::Path;
use std::process::Command;

use teleflow_catalog::files::location;

const PACKAGE: &str = "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

/// The root by `cargo locate-project`; `None` if it rejects the manifests.
fn according_to_cargo(package: &Path) -> Option<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["locate-project", "--workspace", "--message-format", "plain", "--offline"])
        .current_dir(package)
        .output()
        .unwrap();
    let manifest = String::from_utf8(output.stdout).unwrap();
    output.status.success().then(|| manifest.trim_end().trim_end_matches("Cargo.toml").trim_end_matches('/').to_owned())
}

/// The root of the package in `w/p`, relative to the parent of `w`. Asserts that cargo finds the same.
#[track_caller]
fn root(files: &[(&str, String)]) -> String {
    let tree = tempfile::tempdir().unwrap();
    let top = fs::canonicalize(tree.path()).unwrap();
    for (file, text) in files {
        let path = top.join(file);
        fs::create_dir_all(path.parent().unwrap().join("src")).unwrap();
        fs::write(path.parent().unwrap().join("src/lib.rs"), "").unwrap();
        fs::write(path, text).unwrap();
    }
    let package = top.join("w/p");
    let cargo = according_to_cargo(&package);
    let ours = location::root(&package).to_str().unwrap().to_owned();
    assert_eq!(cargo.as_deref(), Some(&*ours), "{files:?}");
    ours.strip_prefix(top.to_str().unwrap()).unwrap().trim_start_matches('/').to_owned()
}

#[test]
fn a_workspace_is_found_in_all_toml_syntax() {
    for (manifest, is_root) in [
        ("[workspace]\nmembers = [\"p\"]\n", true),
        ("\u{feff}[workspace]\nmembers = [\"p\"]\n", true),
        ("[ workspace ]\nmembers = [ 'p' ]\n", true),
        ("\t[workspace] # the root\r\nmembers = [\r\n  \"p\", # ours\r\n]\r\n", true),
        ("[\"workspace\"]\nmembers = [\"p\"]\n", true),
        ("['workspace']\nmembers = [\"p\"]\n", true),
        ("[\"work\\u0073pace\"]\nmembers = [\"p\"]\n", true),
        ("workspace.members = [\"p\"]\n", true),
        ("workspace . 'members' = [\"p\"]\n", true),
        ("workspace = { members = [\"p\"] }\n", true),
        ("\"workspace\" = {members=['p'],resolver=\"2\"}\n", true),
        ("[workspace.package]\nversion = \"1.0.0\"\n[workspace]\nmembers = [\"p\"]\n", true),
        ("[workspace . package]\nversion = \"1.0.0\"\n\n[ workspace ]\nmembers = [\"p\"]\n", true),
        ("[workspace]\nmembers = [\"p\"]\n[workspace.lints.rust]\nunused = \"allow\"\n", true),
        ("[package]\nname = \"w\"\nversion = \"0.1.0\"\n\n[workspace]\nmembers = [\"p\"]\n", true),
        ("[package]\nname = \"w\"\nversion = \"0.1.0\"\ndescription = \"\"\"\n[workspace]\n\"\"\"\n", false),
        ("[package]\nname = \"w\"\nversion = \"0.1.0\"\ndescription = '''\n[workspace]\n'''\n", false),
        ("[package]\nname = \"w\"\nversion = \"0.1.0\"\ndescription = \"\"\"\\\"\"\"\n[workspace]\n\"\"\"\n", false),
        ("[package]\nname = \"w\"\nversion = \"0.1.0\"\nkeywords = [\n\"a\",\n# ]\n\"[workspace]\"\n]\n", false),
        ("# [workspace]\n[package]\nname = \"w\" # [workspace]\nversion = \"0.1.0\"\n", false),
        ("[package]\nname = \"w\"\nversion = \"0.1.0\"\n[package.metadata.workspace]\nx = 1\n", false),
        ("[package]\nname = \"w\"\nversion = \"0.1.0\"\nmetadata = { workspace = { members = [] } }\n", false),
        (
            "[package]\nname = \"w\"\nversion = \"0.1.0\"\n[[package.metadata.list]]\n[package.metadata.list.workspace]\n",
            false,
        ),
        (
            "[package]\nname = \"w\"\nversion = \"0.1.0\"\n[dependencies]\n[dev-dependencies]\n[features]\nworkspace = []\n",
            false,
        ),
    ] {
        let found = root(&[("w/Cargo.toml", manifest.to_owned()), ("w/p/Cargo.toml", PACKAGE.to_owned())]);
        assert_eq!(found, if is_root { "w" } else { "w/p" }, "{manifest}");
    }
}

#[test]
fn a_package_may_name_its_workspace() {
    let pointing = |line: &str| PACKAGE.to_owned() + line;
    let other = ("root/Cargo.toml", "[workspace]\nmembers = [\"../w/p\"]\n".to_owned());
    for line in [
        "workspace = \"../../root\"\n",
        "workspace = '../../root/'\n",
        "workspace = \"\"\"../../root\"\"\"\n",
        "\"workspace\" = \"../.././root\" # there\n",
        "workspace = \"..\\u002f../root\"\n",
    ] {
        assert_eq!(root(&[other.clone(), ("w/p/Cargo.toml", pointing(line))]), "root", "{line}");
    }
    let inline = "package = { name = \"p\", version = \"0.1.0\", workspace = \"../../root\" }\n".to_owned();
    assert_eq!(root(&[other.clone(), ("w/p/Cargo.toml", inline)]), "root");
    // It takes precedence over a workspace above.
    let above = ("w/Cargo.toml", "[workspace]\nmembers = []\n".to_owned());
    assert_eq!(root(&[other, above, ("w/p/Cargo.toml", pointing("workspace = \"../../root\"\n"))]), "root");
}

#[test]
fn the_nearest_workspace_counts_unless_it_excludes_the_package() {
    let package = || ("w/p/Cargo.toml", PACKAGE.to_owned());
    let own = ("w/p/Cargo.toml", PACKAGE.to_owned() + "[workspace]\n");
    let above = |text: &str| ("w/Cargo.toml", text.to_owned());
    assert_eq!(root(&[package()]), "w/p");
    assert_eq!(root(&[own, above("[workspace]\nmembers = []\n")]), "w/p");
    for (manifest, found) in [
        ("[workspace]\nexclude = [\"p\"]\n", "w/p"),
        ("[workspace]\nexclude = ['./p', # out\n]\n", "w/p"),
        ("workspace = { exclude = [\"p\"] }\n", "w/p"),
        ("[workspace]\nexclude = [\"pp\"]\nmembers = [\"*\"]\n", "w"),
        ("[workspace]\nmembers = [\"p\"]\nexclude = [\"p\"]\n", "w"),
    ] {
        assert_eq!(root(&[package(), above(manifest)]), found, "{manifest}");
    }
    // A workspace that excludes the package is skipped.
    let top = ("Cargo.toml", "[workspace]\nmembers = [\"w/p\"]\n".to_owned());
    assert_eq!(root(&[package(), above("[workspace]\nexclude = [\"p\"]\n"), top]), "");
}
