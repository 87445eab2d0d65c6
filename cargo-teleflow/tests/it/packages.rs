//! Packages that the real cargo builds, with this checkout's `teleflow`.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Project, Ran};

const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Variables that change how cargo builds. Tests must not inherit them.
const FOREIGN: [&str; 9] = [
    "TELEFLOW_API_KEY",
    "TELEFLOW_API_URL",
    "TELEFLOW_CATALOG",
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_TERM_VERBOSE",
];

/// A folder with packages. Their dependencies are compiled once for all tests; the packages' own artifacts are removed when this
/// is dropped.
pub(crate) struct Packages {
    pub(crate) files: Project,
    names: Vec<String>,
}

/// An error or warning of the compiler.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    /// The file of the primary span.
    pub(crate) file: String,
    pub(crate) is_error: bool,
    pub(crate) message: String,
}

impl Packages {
    /// A package in its own workspace. No two tests may use the same name.
    pub(crate) fn one(name: &str) -> Self {
        let packages = Self { files: Project::without_package(), names: Vec::new() };
        packages.and(name, "", "\n[workspace]\n")
    }

    /// A workspace with these members.
    pub(crate) fn workspace(members: &[&str]) -> Self {
        let files = Project::without_package();
        files.write("Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n"));
        let packages = Self { files, names: Vec::new() };
        packages.locked("");
        members.iter().fold(packages, |packages, name| packages.and(name, name, ""))
    }

    /// One more package, in this folder.
    pub(crate) fn and(mut self, name: &str, folder: &str, rest: &str) -> Self {
        let teleflow = fs::canonicalize(Path::new(CHECKOUT).join("teleflow")).unwrap();
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nteleflow = {{ path = {teleflow:?}, default-features = false, features = [\"reqwest\"] }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
             tokio = {{ version = \"1\", features = [\"rt\"] }}\n{rest}"
        );
        let within = |file: &str| if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
        self.files.write(&within("Cargo.toml"), &manifest);
        if rest.contains("[workspace]") {
            self.locked(folder);
        }
        self.names.push(name.to_owned());
        self
    }

    /// Copies the lock file of the checkout.
    fn locked(&self, folder: &str) {
        fs::copy(Path::new(CHECKOUT).join("Cargo.lock"), self.files.path(folder).join("Cargo.lock")).unwrap();
    }

    /// Runs cargo in a folder, with no variables of ours but these.
    pub(crate) fn cargo(&self, variables: &[(&str, &str)], folder: &str, arguments: &[&str]) -> Ran {
        let output = self.command(folder).args(arguments).envs(variables.iter().copied()).output().unwrap();
        let ran = Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        // "evaluation panicked" is the error of a failed check in a constant.
        for panicked in [" panicked at ", "macro panicked", "derive panicked"] {
            assert!(!ran.stderr.contains(panicked), "{}", ran.stderr);
        }
        ran
    }

    fn command(&self, folder: &str) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        for variable in FOREIGN {
            command.env_remove(variable);
        }
        command
            .current_dir(self.files.path(folder))
            .env("CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/packages"))
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never");
        command
    }

    /// Builds a package.
    pub(crate) fn build(&self, variables: &[(&str, &str)], folder: &str) -> Ran {
        self.cargo(variables, folder, &["build", "--quiet"])
    }

    /// Asserts that the package builds without a diagnostic.
    #[track_caller]
    pub(crate) fn builds(&self, folder: &str) {
        let ran = self.build(&[], folder).ended(0);
        assert_eq!(ran.stderr, "");
    }

    /// Asserts that the package does not build, and returns the diagnostics.
    #[track_caller]
    pub(crate) fn fails(&self, folder: &str) -> String {
        self.build(&[], folder).ended(101).stderr
    }

    /// Builds the package, and returns the diagnostics one by one.
    pub(crate) fn diagnostics(&self, folder: &str) -> (bool, Vec<Diagnostic>) {
        let ran = self.cargo(&[], folder, &["build", "--quiet", "--message-format=json"]);
        let lines = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let messages = lines.filter(|line| line["reason"] == "compiler-message");
        let said = messages.filter_map(|line| {
            let message = &line["message"];
            let span = message["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
            Some(Diagnostic {
                file: span["file_name"].as_str()?.to_owned(),
                is_error: message["level"] == "error",
                message: message["message"].as_str()?.to_owned(),
            })
        });
        (ran.code == 0, said.collect())
    }
}

impl Drop for Packages {
    fn drop(&mut self) {
        for name in &self.names {
            // A failure only wastes space.
            let _ = self.command("").args(["clean", "--quiet", "--package", name]).output();
        }
    }
}
