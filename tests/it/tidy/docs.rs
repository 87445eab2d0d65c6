//! Every public type and every public fallible function has an example; the function also documents its errors.

use std::fs;

use syn::visit::Visit;

use super::{files, root};

/// The gaps in the documentation of a source.
#[derive(Default)]
struct Gaps {
    /// The type or trait whose items are visited.
    of: Option<String>,
    found: Vec<String>,
}

fn text(attributes: &[syn::Attribute]) -> String {
    let lines =
        attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| match &attribute
            .meta
        {
            syn::Meta::NameValue(pair) => match &pair.value {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) => Some(line.value()),
                _ => None,
            },
            _ => None,
        });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_hidden(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("doc")
            && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "hidden")
    })
}

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

/// Whether the returned value can be an error.
fn can_fail(output: &syn::ReturnType) -> bool {
    let syn::ReturnType::Type(_, returned) = output else { return false };
    let syn::Type::Path(path) = &**returned else { return false };
    path.path.segments.last().is_some_and(|last| {
        let name = last.ident.to_string();
        matches!(name.as_str(), "Result" | "Sending" | "TransportFuture")
    })
}

impl Gaps {
    fn a_type(&mut self, name: &syn::Ident, visibility: &syn::Visibility, attributes: &[syn::Attribute]) {
        let doc = text(attributes);
        if is_public(visibility) && !is_hidden(attributes) && !doc.contains("```") {
            self.found.push(format!("{name} has no example"));
        }
    }

    fn function(&mut self, signature: &syn::Signature, attributes: &[syn::Attribute]) {
        if is_hidden(attributes) {
            return;
        }
        let (doc, name) = (text(attributes), &signature.ident);
        let name = self.of.as_ref().map_or_else(|| name.to_string(), |of| format!("{of}::{name}"));
        if doc.trim().is_empty() {
            self.found.push(format!("{name} is not documented"));
        }
        if can_fail(&signature.output) {
            if !doc.contains("# Errors") {
                self.found.push(format!("{name} can fail and has no `# Errors`"));
            }
            // The trait has the example of its only method.
            if !doc.contains("```") && !name.ends_with("Transport::attempt") {
                self.found.push(format!("{name} can fail and has no example"));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Gaps {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.a_type(&item.ident, &item.vis, &item.attrs);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.a_type(&item.ident, &item.vis, &item.attrs);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.a_type(&item.ident, &item.vis, &item.attrs);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        if !is_public(&item.vis) || is_hidden(&item.attrs) || item.ident == "Sealed" {
            return;
        }
        self.a_type(&item.ident, &item.vis, &item.attrs);
        self.of = Some(item.ident.to_string());
        for item in &item.items {
            if let syn::TraitItem::Fn(function) = item {
                self.function(&function.sig, &function.attrs);
            }
        }
        self.of = None;
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if item.trait_.is_some() {
            return;
        }
        if let syn::Type::Path(path) = &*item.self_ty {
            self.of = path.path.segments.last().map(|last| last.ident.to_string());
        }
        for item in &item.items {
            if let syn::ImplItem::Fn(function) = item
                && is_public(&function.vis)
            {
                self.function(&function.sig, &function.attrs);
            }
        }
        self.of = None;
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if is_public(&item.vis) {
            self.function(&item.sig, &item.attrs);
        }
    }
}

fn gaps(source: &str) -> Vec<String> {
    let mut gaps = Gaps::default();
    gaps.visit_file(&syn::parse_file(source).unwrap());
    gaps.found
}

#[test]
fn public_items_are_documented_with_examples_and_errors() {
    let mut wrong = Vec::new();
    for name in ["teleflow", "teleflow-emulator", "teleflow-outbox"] {
        for path in files(&root().join(name).join("src"), "rs") {
            if path.file_name().is_some_and(|name| name == "__private.rs" || name == "main.rs") {
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            wrong.extend(gaps(&source).into_iter().map(|gap| format!("{}: {gap}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_gap_is_found() {
    assert_eq!(gaps("/// A.\npub struct A;"), ["A has no example"]);
    assert_eq!(gaps("/// A.\n/// ```\n/// ```\npub struct A;\nstruct B;\npub(crate) enum C {}"), [""; 0]);
    assert_eq!(gaps("impl A { pub fn f(&self) {} fn g(&self) {} }"), ["A::f is not documented"]);
    let bare = "impl A { /// F.\npub fn f() -> Result<()> {} }";
    assert_eq!(gaps(bare), ["A::f can fail and has no `# Errors`", "A::f can fail and has no example"]);
    assert_eq!(gaps("impl A { /// F.\n/// # Errors\n/// ```\npub fn f() -> Sending<R> {} }"), [""; 0]);
    assert_eq!(gaps("/// T.\n/// ```\npub trait T { fn f() -> Result<()>; }").len(), 3);
}

/// The compile error in the README is printed by the compiler, for a struct of the UI tests.
#[test]
fn the_readme_shows_an_error_as_the_compiler_prints_it() {
    let page = fs::read_to_string(root().join("README.md")).unwrap();
    let shown: Vec<&str> =
        page.lines().filter(|line| line.starts_with("error:") || line.starts_with("error[")).collect();
    assert!(!shown.is_empty(), "the README shows no compile error");
    let printed: Vec<String> =
        files(&root().join("tests/ui"), "stderr").iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    for line in shown {
        // The UI tests have their catalog in another folder.
        let line = line.replace("[.teleflow/", "[workflows/");
        assert!(printed.iter().any(|text| text.lines().any(|other| other == line)), "no UI test prints: {line}");
    }
}

/// Code in the README that rustdoc does not compile, in blocks of the language `rs`, is part of an example.
#[test]
fn the_readme_shows_lines_of_an_example() {
    let page = fs::read_to_string(root().join("README.md")).unwrap();
    let example = fs::read_to_string(root().join("examples/outbox_drivers/sqlx.rs")).unwrap();
    let mut shown: Vec<&str> = Vec::new();
    for block in page.split("\n```rs\n").skip(1) {
        shown.extend(block.split("\n```").next().unwrap().lines());
    }
    assert!(!shown.is_empty(), "the README shows no lines of an example");
    for line in shown {
        assert!(example.lines().any(|other| other.trim() == line.trim()), "not in the example: {line}");
    }
}

#[test]
fn the_readme_has_at_most_150_lines() {
    let lines = fs::read_to_string(root().join("README.md")).unwrap().lines().count();
    assert!(lines <= 150, "{lines} lines");
}
