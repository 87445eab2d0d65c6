//! The generated packages.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use teleflow_catalog::files::{Type, Variable, Workflow, file_name};

const STRUCTS: usize = 200;

/// A package of many structs, with a set of derives.
pub struct Package {
    name: &'static str,
    serialize: bool,
    workflow: bool,
    catalog: bool,
}

impl Package {
    /// All packages. Each adds one derive or the catalog to the previous one.
    pub fn all() -> [Self; 4] {
        [
            ("bare", false, false, false),
            ("serde", true, false, false),
            ("plain", true, true, false),
            ("catalog", true, true, true),
        ]
        .map(|(name, serialize, workflow, catalog)| Self { name, serialize, workflow, catalog })
    }

    pub fn name(&self) -> &str {
        self.name
    }

    pub fn folder(&self, scratch: &Path) -> PathBuf {
        scratch.join(self.name)
    }

    fn source(&self, scratch: &Path) -> PathBuf {
        self.folder(scratch).join("src/lib.rs")
    }

    /// Updates the modification time of the source, so that cargo builds it again.
    pub fn touch(&self, scratch: &Path) -> Result<(), Box<dyn Error>> {
        Ok(File::options().append(true).open(self.source(scratch))?.set_modified(SystemTime::now())?)
    }

    /// Writes the package, and replaces an old one.
    pub fn write(&self, root: &Path, scratch: &Path) -> Result<(), Box<dyn Error>> {
        let folder = self.folder(scratch);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(folder.join("src"))?;
        // The same versions of dependencies as the workspace.
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        let library = root.join("teleflow");
        let manifest = format!(
            "[workspace]\n\n[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\n\
             teleflow = {{ path = {library:?}, default-features = false }}\n",
            self.name,
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(self.source(scratch), self.structs())?;
        if self.catalog {
            let catalog = folder.join(".teleflow");
            fs::create_dir_all(&catalog)?;
            for number in 0..STRUCTS {
                fs::write(catalog.join(file_name(&trigger(number))), workflow(number).to_json())?;
            }
        }
        Ok(())
    }

    fn structs(&self) -> String {
        let mut text = String::from(
            "#![allow(unused_imports)]\nuse serde::Serialize;\nuse teleflow::{DeliverAt, TeleflowPayload, TeleflowWorkflow};\n",
        );
        for number in 0..STRUCTS {
            let serialize = if self.serialize { "#[derive(Serialize)]\n" } else { "" };
            // `TeleflowPayload` is needed only with a catalog.
            let payload = if self.catalog { "#[derive(TeleflowPayload)]\n" } else { "" };
            let workflow = match self.workflow {
                true => format!("#[derive(TeleflowWorkflow)]\n#[teleflow(trigger = {:?})]\n", trigger(number)),
                false => String::new(),
            };
            if number % 10 == 0 {
                text += &format!(
                    "\n{serialize}{payload}pub struct Item{number} {{\n    pub sku: String,\n    pub qty: u32,\n}}\n"
                );
            }
            let item = number - number % 10;
            text += &format!(
                "\n{serialize}{workflow}pub struct Event{number} {{\n    pub order_id: u64,\n    pub carrier: String,\n    \
                 pub gift: bool,\n    pub total: f64,\n    pub city: String,\n    pub note: Option<String>,\n    \
                 pub items: Vec<Item{item}>,\n    pub send_at: DeliverAt,\n}}\n"
            );
        }
        text
    }
}

fn trigger(number: usize) -> String {
    format!("event-{number}")
}

/// A workflow that is compatible with the struct.
fn workflow(number: usize) -> Workflow {
    let read =
        |ty: Type, required: bool| Variable { required, steps: vec![String::from("email")], ..Variable::rendered(ty) };
    let fields = BTreeMap::from(
        [("sku", Type::String), ("qty", Type::String)].map(|(name, ty)| (name.to_owned(), read(ty, false))),
    );
    let items = Type::Array(Some(Box::new(read(Type::Object(fields), false))));
    let variables = [
        ("order_id", read(Type::String, true)),
        ("carrier", read(Type::String, true)),
        ("gift", read(Type::Boolean, true)),
        ("total", read(Type::String, false)),
        ("city", read(Type::String, false)),
        ("note", read(Type::String, false)),
        ("items", read(items, true)),
        ("send_at", read(Type::Date, true)),
    ];
    Workflow {
        trigger: trigger(number),
        name: format!("Event {number}"),
        active: true,
        actor: None,
        tenant: None,
        variables: variables.map(|(name, variable)| (name.to_owned(), variable)).into(),
        email_reads: Vec::new(),
        closed: false,
        schema: None,
    }
}
