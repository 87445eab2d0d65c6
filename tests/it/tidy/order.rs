//! A module imports only modules that are listed below it in its crate's `lib.rs`.

use std::fs;
use std::path::Path;

use syn::visit::Visit;

use super::{CRATES, files, root};

/// The modules that a `lib.rs` lists, in its order.
fn listed(lib: &str) -> Vec<String> {
    let file = syn::parse_file(lib).unwrap();
    let modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) => Some(module.ident.to_string()),
        _ => None,
    });
    modules.collect()
}

/// What follows `crate::` in a source: each first segment.
#[derive(Default)]
struct Named(Vec<String>);

impl Named {
    fn tree(&mut self, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => self.0.push(path.ident.to_string()),
            syn::UseTree::Name(name) => self.0.push(name.ident.to_string()),
            syn::UseTree::Rename(rename) => self.0.push(rename.ident.to_string()),
            syn::UseTree::Glob(_) => self.0.push(String::from("*")),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree)),
        }
    }
}

impl<'ast> Visit<'ast> for Named {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if let syn::UseTree::Path(path) = &item.tree
            && path.ident == "crate"
        {
            self.tree(&path.tree);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut segments = path.segments.iter();
        if segments.next().is_some_and(|first| first.ident == "crate")
            && let Some(second) = segments.next()
        {
            self.0.push(second.ident.to_string());
        }
        syn::visit::visit_path(self, path);
    }
}

/// What is wrong with the imports of `source`, which belongs to `module`.
fn complaints(modules: &[String], module: &str, source: &str) -> Vec<String> {
    let mut named = Named::default();
    named.visit_file(&syn::parse_file(source).unwrap());
    let place = |name: &str| modules.iter().position(|module| module == name);
    let own = place(module).unwrap_or_else(|| panic!("`{module}` is not listed"));
    let wrong = named.0.into_iter().filter_map(|name| match place(&name) {
        Some(other) if other < own => Some(format!("{module} names {name}, which is not listed below it")),
        Some(_) => None,
        None => Some(format!("{module} names crate::{name}, which is no module: name the one it is in")),
    });
    wrong.collect()
}

/// The top module that a file belongs to.
fn top(folder: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(folder).unwrap();
    inside.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned()
}

#[test]
fn modules_import_only_from_below() {
    for name in CRATES {
        let folder = root().join(name).join("src");
        let modules = listed(&fs::read_to_string(folder.join("lib.rs")).unwrap());
        assert!(modules.len() > 5, "{name}: {modules:?}");
        let mut wrong = Vec::new();
        for path in files(&folder, "rs") {
            let module = top(&folder, &path);
            if !["lib", "main", "tests"].contains(&module.as_str()) {
                wrong.extend(complaints(&modules, &module, &fs::read_to_string(&path).unwrap()));
            }
        }
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn an_import_from_above_is_seen() {
    let modules = listed("mod event;\nmod request;\nmod error;");
    assert_eq!(modules, ["event", "request", "error"]);
    let wrong = |source| complaints(&modules, "request", source).len();
    assert_eq!(wrong("use crate::error::Error;\nuse crate::request::inner;"), 0);
    assert_eq!(wrong("use crate::event::Event;"), 1);
    assert_eq!(wrong("use crate::{error::Error, event::{Event, Untyped}};"), 1);
    assert_eq!(wrong("fn f() { crate::event::new(crate::error::new()) }"), 1);
    assert_eq!(wrong("use crate::Error;"), 1);
    assert_eq!(wrong("use crate::*;"), 1);
}
