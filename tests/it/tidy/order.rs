//! A module imports only modules that are listed below it in its crate's `lib.rs`.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
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

/// The modules that a source names from the root of its crate: what follows `crate::`, or as many `super::` as lead there.
struct Named {
    found: Vec<String>,
    /// How many modules the place looked at is below the root.
    depth: usize,
}

impl Named {
    fn in_source(source: &str, depth: usize) -> Vec<String> {
        let mut named = Self { found: Vec::new(), depth };
        named.visit_file(&syn::parse_file(source).unwrap());
        named.found
    }

    /// Paths from `crate`, but not from `$crate`, which is for the crates of others.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let text = |at: usize| tokens.get(at).map(ToString::to_string).unwrap_or_default();
        for (at, token) in tokens.iter().enumerate() {
            if let TokenTree::Group(group) = token {
                self.tokens(group.stream());
            } else if text(at) == "crate" && text(at + 1) == ":" && (at == 0 || text(at - 1) != "$") {
                self.found.push(text(at + 3));
            }
        }
    }

    /// A path that has not left this place after `supers` steps up.
    fn tree(&mut self, tree: &syn::UseTree, supers: usize) {
        match tree {
            syn::UseTree::Path(path) if path.ident == "crate" => self.tree(&path.tree, self.depth),
            syn::UseTree::Path(path) if path.ident == "super" => self.tree(&path.tree, supers + 1),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, supers)),
            _ if supers < self.depth => {}
            syn::UseTree::Path(path) => self.found.push(path.ident.to_string()),
            syn::UseTree::Name(name) => self.found.push(name.ident.to_string()),
            syn::UseTree::Rename(rename) => self.found.push(rename.ident.to_string()),
            syn::UseTree::Glob(_) => self.found.push(String::from("*")),
        }
    }
}

impl<'ast> Visit<'ast> for Named {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.depth += 1;
        syn::visit::visit_item_mod(self, item);
        self.depth -= 1;
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, 0);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let supers = names.iter().take_while(|name| *name == "super").count();
        let from_root = if names[0] == "crate" { Some(1) } else { (supers >= self.depth).then_some(supers) };
        self.found.extend(from_root.and_then(|at| names.get(at)).cloned());
        syn::visit::visit_path(self, path);
    }

    /// What stands in a macro are tokens.
    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.tokens(called.tokens.clone());
    }
}

/// What is wrong with the imports of `source`, which belongs to `module` and stands `depth` modules below the root.
fn complaints(modules: &[String], module: &str, depth: usize, source: &str) -> Vec<String> {
    let named = Named::in_source(source, depth);
    let place = |name: &str| modules.iter().position(|module| module == name);
    let own = place(module).unwrap_or_else(|| panic!("`{module}` is not listed"));
    let wrong = named.into_iter().filter_map(|name| match place(&name) {
        Some(other) if other < own => Some(format!("{module} names {name}, which is not listed below it")),
        Some(_) => None,
        None => Some(format!("{module} names crate::{name}, which is no module: name the one it is in")),
    });
    wrong.collect()
}

/// The top module that a file belongs to, and how deep below the root it stands.
fn place(folder: &Path, path: &Path) -> (String, usize) {
    let inside = path.strip_prefix(folder).unwrap().with_extension("");
    let names: Vec<_> = inside.iter().map(|name| name.to_string_lossy()).filter(|name| name != "mod").collect();
    (names[0].to_string(), names.len())
}

#[test]
fn modules_import_only_from_below() {
    for name in CRATES {
        let folder = root().join(name).join("src");
        // A program has no library above it.
        let root = ["lib.rs", "main.rs"].map(|file| folder.join(file)).into_iter().find(|file| file.exists()).unwrap();
        let modules = listed(&fs::read_to_string(root).unwrap());
        assert!(modules.len() > 5, "{name}: {modules:?}");
        let mut wrong = Vec::new();
        for path in files(&folder, "rs") {
            let (module, depth) = place(&folder, &path);
            if !["lib", "main", "tests"].contains(&module.as_str()) {
                wrong.extend(complaints(&modules, &module, depth, &fs::read_to_string(&path).unwrap()));
            }
        }
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn an_import_from_above_is_seen() {
    let modules = listed("mod event;\nmod request;\nmod error;");
    assert_eq!(modules, ["event", "request", "error"]);
    let wrong = |source| complaints(&modules, "request", 1, source).len();
    assert_eq!(wrong("use crate::error::Error;\nuse crate::request::inner;"), 0);
    assert_eq!(wrong("use crate::event::Event;"), 1);
    assert_eq!(wrong("use crate::{error::Error, event::{Event, Untyped}};"), 1);
    assert_eq!(wrong("fn f() { crate::event::new(crate::error::new()) }"), 1);
    assert_eq!(wrong("use crate::Error;"), 1);
    assert_eq!(wrong("use crate::*;"), 1);
    assert_eq!(wrong("use {crate::event::Event, crate::error};"), 1);
    assert_eq!(wrong("fn f() { println!(\"{}\", crate::event::new()) }"), 1);
    assert_eq!(wrong("macro_rules! m { () => { $crate::Event::new(crate::error::new()) } }"), 0);
    assert_eq!(wrong("type E = Option<crate::event::Event>;"), 1);
    assert_eq!(wrong("impl crate::event::Of for X {}"), 1);
}

#[test]
fn a_way_up_by_super_is_seen() {
    let modules = listed("mod event;\nmod request;\nmod error;");
    let wrong = |depth, source| complaints(&modules, "request", depth, source).len();
    assert_eq!(wrong(1, "use super::event::Event;"), 1);
    assert_eq!(wrong(1, "fn f() { super::event::new() }"), 1);
    assert_eq!(wrong(1, "use super::error::Error; mod tests { use super::*; use super::super::error; }"), 0);
    assert_eq!(wrong(1, "mod tests { use super::super::event; }"), 1);
    assert_eq!(wrong(2, "use super::Request; use super::{event, error};"), 0);
    assert_eq!(wrong(2, "use super::super::event;"), 1);
    assert_eq!(wrong(2, "use super::{super::event, inner};"), 1);
    let folder = Path::new("src");
    assert_eq!(place(folder, Path::new("src/json/guard.rs")), (String::from("json"), 2));
    assert_eq!(place(folder, Path::new("src/tests/mod.rs")), (String::from("tests"), 1));
}
