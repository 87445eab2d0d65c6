//! A module imports only modules that are listed below it: in its crate's `lib.rs`, and inside each folder.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

use super::{CRATES, files, root};

/// A module by its path from the root of its crate, or a path that a source names.
type ModulePath = Vec<String>;

/// The modules of a crate.
#[derive(Default)]
struct Modules {
    /// The child modules of each module, in the order in which its file lists them.
    children: HashMap<ModulePath, Vec<String>>,
    /// For each name that a module re-exports from one of its children: the child.
    reexports: HashMap<(ModulePath, String), String>,
}

impl Modules {
    fn add(&mut self, module: &[String], source: &str) {
        let file = syn::parse_file(source).unwrap();
        let children: Vec<String> = file
            .items
            .iter()
            .filter_map(|item| match item {
                syn::Item::Mod(child) => Some(child.ident.to_string()),
                _ => None,
            })
            .collect();
        for item in &file.items {
            if let syn::Item::Use(item) = item {
                let mut names = Vec::new();
                imported_names(&item.tree, &mut Vec::new(), &mut names);
                for (path, name) in names {
                    let path: Vec<String> = path.into_iter().skip_while(|segment| segment == "self").collect();
                    if let Some(child) = path.first().filter(|first| path.len() > 1 && children.contains(first)) {
                        self.reexports.insert((module.to_vec(), name), child.clone());
                    }
                }
            }
        }
        self.children.insert(module.to_vec(), children);
    }

    /// The error if a file of `module` may not name `path`.
    fn check(&self, module: &[String], path: &[String]) -> Option<String> {
        let shared = module.iter().zip(path).take_while(|(own, other)| own == other).count();
        let (own, named) = (module.get(shared)?, path.get(shared)?);
        let parent = &module[..shared];
        let children = self.children.get(parent)?;
        let position = |name: &String| children.iter().position(|child| child == name);
        let own_position = position(own).unwrap_or_else(|| panic!("`{}` is not listed", module.join("::")));
        let reexported = self.reexports.get(&(parent.to_vec(), named.clone()));
        let other = reexported.filter(|_| shared > 0).unwrap_or(named);
        let from = module.join("::");
        match position(other) {
            Some(other_position) if other_position < own_position => {
                Some(format!("{from} names {}, but `{other}` is not listed below `{own}`", path.join("::")))
            }
            Some(_) => None,
            None if shared == 0 => {
                Some(format!("{from} names crate::{named}, which is not a module: name the module that has it"))
            }
            // With a glob come the re-exports of the modules above.
            None if named == "*" => {
                let above = children[..own_position].iter();
                let mut reexported = self.reexports.iter().filter(|((module, _), _)| module == parent);
                let is_above = reexported.any(|(_, child)| above.clone().any(|above| above == child));
                is_above.then(|| format!("{from} names {}, which includes modules above `{own}`", path.join("::")))
            }
            // An item of the parent itself.
            None => None,
        }
    }
}

/// Each name that a `use` brings in, with its path.
fn imported_names(tree: &syn::UseTree, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    match tree {
        syn::UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            imported_names(&inner.tree, path, found);
            path.pop();
        }
        syn::UseTree::Name(name) => {
            let name = name.ident.to_string();
            let mut full = path.clone();
            if name != "self" {
                full.push(name.clone());
            }
            found.push((full, name));
        }
        syn::UseTree::Rename(rename) => {
            let mut full = path.clone();
            full.push(rename.ident.to_string());
            found.push((full, rename.rename.to_string()));
        }
        syn::UseTree::Glob(_) => {
            let mut full = path.clone();
            full.push("*".to_owned());
            found.push((full, "*".to_owned()));
        }
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| imported_names(tree, path, found)),
    }
}

/// The paths that a source names, from the root of its crate: those that begin with `crate::` or `super::`.
struct NamedPaths {
    /// The module of the code that is being visited.
    module: ModulePath,
    found: Vec<ModulePath>,
}

impl NamedPaths {
    fn in_source(source: &str, module: &[String]) -> Vec<ModulePath> {
        let mut named = Self { module: module.to_vec(), found: Vec::new() };
        named.visit_file(&syn::parse_file(source).unwrap());
        named.found
    }

    fn add(&mut self, path: &[String]) {
        let is_self = path.first().is_some_and(|first| first == "self");
        let path = if is_self { &path[1..] } else { path };
        let supers = path.iter().take_while(|segment| *segment == "super").count();
        let base = match path.first() {
            Some(first) if first == "crate" => Vec::new(),
            _ if supers > 0 => self.module[..self.module.len().saturating_sub(supers)].to_vec(),
            _ => return,
        };
        let rest = path.iter().skip(supers.max(1)).filter(|segment| *segment != "self");
        let path: ModulePath = base.into_iter().chain(rest.cloned()).collect();
        if !path.is_empty() {
            self.found.push(path);
        }
    }

    /// Paths from `crate`, but not from `$crate`, which is for the crates of others.
    fn add_from_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let text = |at: usize| tokens.get(at).map(ToString::to_string).unwrap_or_default();
        for (at, token) in tokens.iter().enumerate() {
            if let TokenTree::Group(group) = token {
                self.add_from_tokens(group.stream());
            } else if let TokenTree::Literal(literal) = token {
                let path =
                    syn::parse_str::<syn::LitStr>(&literal.to_string()).and_then(|text| text.parse::<syn::Path>());
                if let Ok(path) = path {
                    self.visit_path(&path);
                }
            } else if matches!(text(at).as_str(), "crate" | "super")
                && text(at + 1) == ":"
                && (at == 0 || !matches!(text(at - 1).as_str(), "$" | ":"))
            {
                let mut path = vec![text(at)];
                let mut next = at + 1;
                while text(next) == ":" && text(next + 1) == ":" {
                    path.push(text(next + 2));
                    next += 3;
                }
                self.add(&path);
            }
        }
    }
}

impl<'ast> Visit<'ast> for NamedPaths {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        syn::visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut names = Vec::new();
        imported_names(&item.tree, &mut Vec::new(), &mut names);
        names.iter().for_each(|(path, _)| self.add(path));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&names);
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.add_from_tokens(called.tokens.clone());
    }

    /// `#[serde(with = "crate::times")]` names a module too.
    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.add_from_tokens(list.tokens.clone());
    }
}

fn errors(modules: &Modules, module: &[String], source: &str) -> Vec<String> {
    let named = NamedPaths::in_source(source, module);
    named.iter().filter_map(|path| modules.check(module, path)).collect()
}

/// The module that a file is: `json/key.rs` is `json::key`, and `lib.rs` is the root.
fn module_of(folder: &Path, path: &Path) -> ModulePath {
    let inside = path.strip_prefix(folder).unwrap().with_extension("");
    let names = inside.iter().map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| !matches!(name.as_str(), "mod" | "lib" | "main")).collect()
}

#[test]
fn modules_import_only_from_below() {
    let mut wrong = Vec::new();
    for name in CRATES {
        let folder = root().join(name).join("src");
        let mut modules = Modules::default();
        let mut sources = Vec::new();
        for path in files(&folder, "rs") {
            // A program is a root of its own; its modules are listed in `main.rs` where there is no library.
            if path.ends_with("src/main.rs") && folder.join("lib.rs").exists() {
                continue;
            }
            let (module, source) = (module_of(&folder, &path), fs::read_to_string(&path).unwrap());
            modules.add(&module, &source);
            sources.push((module, source));
        }
        let listed = modules.children.get(&Vec::new()).map_or(0, Vec::len);
        assert!(listed > 3, "{name} lists {listed} modules");
        for (module, source) in &sources {
            if !module.is_empty() && !module.iter().any(|name| name == "tests") {
                wrong.extend(errors(&modules, module, source).into_iter().map(|error| format!("{name}: {error}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn path(text: &str) -> ModulePath {
    text.split("::").filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

fn crate_with(sources: &[(&str, &str)]) -> Modules {
    let mut modules = Modules::default();
    sources.iter().for_each(|(module, source)| modules.add(&path(module), source));
    modules
}

#[test]
fn an_import_from_above_is_found() {
    let modules = crate_with(&[("", "mod event;\nmod request;\nmod error;")]);
    let wrong = |source| errors(&modules, &path("request"), source).len();
    assert_eq!(wrong("use crate::error::Error;\nuse crate::request::inner;"), 0);
    assert_eq!(wrong("use crate::event::Event;"), 1);
    assert_eq!(wrong("use crate::{error::Error, event::{Event, Untyped}};"), 2);
    assert_eq!(wrong("fn f() { crate::event::new(crate::error::new()) }"), 1);
    assert_eq!(wrong("use crate::Error;"), 1);
    assert_eq!(wrong("use crate::*;"), 1);
    assert_eq!(wrong("use {crate::event::Event, crate::error};"), 1);
    assert_eq!(wrong("fn f() { println!(\"{}\", crate::event::new()) }"), 1);
    assert_eq!(wrong("macro_rules! m { () => { $crate::Event::new(crate::error::new()) } }"), 0);
    assert_eq!(wrong("type E = Option<crate::event::Event>;"), 1);
    assert_eq!(wrong("impl crate::event::Of for X {}"), 1);
    assert_eq!(wrong("use super::event::Event;"), 1);
    assert_eq!(wrong("fn f() { super::event::new() }"), 1);
    assert_eq!(wrong("use super::error::Error; mod tests { use super::*; use super::super::error; }"), 0);
    assert_eq!(wrong("mod tests { use super::super::event; }"), 1);
    assert_eq!(wrong("use self::super::event::Event;"), 1);
    assert_eq!(wrong("struct A { #[serde(with = \"crate::event::time\")] at: u8 }"), 1);
    assert_eq!(wrong("#[derive(A)] #[a(crate::event::B)] struct C;"), 1);
}

#[test]
fn an_import_from_above_is_found_inside_a_folder() {
    let modules = crate_with(&[
        ("", "mod event;\nmod json;\nmod error;"),
        (
            "json",
            "mod checked;\nmod compound;\nmod key;\npub use checked::Checked;\npub use key::Key as JsonKey;\nstruct Own;",
        ),
        ("json::compound", "mod seq;\nmod map;"),
    ]);
    let wrong = |module, source| errors(&modules, &path(module), source).len();
    assert_eq!(wrong("json::checked", "use super::compound::Seq; use super::key; use crate::error::Error;"), 0);
    assert_eq!(wrong("json::compound", "use super::checked;"), 1);
    assert_eq!(wrong("json::compound", "use crate::json::checked::Checked;"), 1);
    assert_eq!(wrong("json::compound", "fn f() -> super::checked::Checked {}"), 1);
    // The parent re-exports what is above; an item of the parent itself may be named.
    assert_eq!(wrong("json::compound", "use super::Checked;"), 1);
    assert_eq!(wrong("json::compound", "use super::{JsonKey, Own};"), 0);
    assert_eq!(wrong("json::compound", "use super::*;"), 1);
    assert_eq!(wrong("json::checked", "use super::*;"), 0);
    assert_eq!(wrong("json::compound::map", "use super::seq::Seq;"), 1);
    assert_eq!(wrong("json::compound::seq", "use super::map::Map; use super::super::key;"), 0);
    assert_eq!(wrong("json::compound::seq", "use super::super::checked;"), 1);
    assert_eq!(wrong("json::compound::seq", "use super::super::super::event;"), 1);
    assert_eq!(wrong("json::key", "use crate::event::Event;"), 1);
    let folder = Path::new("src");
    assert_eq!(module_of(folder, Path::new("src/json/key.rs")), ["json", "key"]);
    assert_eq!(module_of(folder, Path::new("src/tests/mod.rs")), ["tests"]);
    assert!(module_of(folder, Path::new("src/lib.rs")).is_empty());
}
