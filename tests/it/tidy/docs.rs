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

#[test]
fn the_readme_has_at_most_150_lines() {
    let lines = fs::read_to_string(root().join("README.md")).unwrap().lines().count();
    assert!(lines <= 150, "{lines} lines");
}

/// The names in the text between backticks: `a::{b,c}` is `a::b` and `a::c`.
fn names_in_backticks(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for code in text.split('`').skip(1).step_by(2) {
        match (code.split_once('{'), code.split_once('}')) {
            (Some((before, _)), Some((inside, after))) => {
                let inside = inside.rsplit('{').next().unwrap_or_default();
                names.extend(inside.split(',').map(|name| format!("{before}{}{after}", name.trim())));
            }
            _ => names.push(code.to_owned()),
        }
    }
    names
}

/// `ARCHITECTURE.md` names files and tests.
#[test]
fn the_files_and_tests_that_the_architecture_names_exist() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let sources = files(&root(), "rs");
    let texts: Vec<String> = sources.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let is_file = |name: &str| {
        let (start, end) = name.split_once('*').unwrap_or((name, name));
        sources.iter().any(|path| {
            let path = path.to_string_lossy().replace('\\', "/");
            path.contains(&format!("/{start}")) && path.ends_with(end)
        })
    };
    let is_test = |name: &str| {
        let pattern = name.rsplit("::").next().unwrap_or_default();
        let prefix = pattern.trim_end_matches('*');
        let module = name.rsplit("::").nth(1).unwrap_or_default();
        let module_exists = module == "…" || is_file(&format!("{module}.rs"));
        let mut functions = texts.iter().flat_map(|text| text.split("fn ").skip(1));
        module_exists
            && (prefix.is_empty()
                || functions.any(|function| {
                    let function = function.split('(').next().unwrap_or_default();
                    function == prefix || (pattern.ends_with('*') && function.starts_with(prefix))
                }))
    };
    let mut missing = Vec::new();
    let mut checked = 0;
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        // The last column has the tests, or the file that answers the question.
        let last = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        for name in names_in_backticks(last) {
            let exists = match &*name {
                name if name.ends_with(".rs") => is_file(name),
                name if name.contains("::")
                    && name.starts_with(char::is_lowercase)
                    && !name.starts_with("teleflow::") =>
                {
                    is_test(name)
                }
                _ => continue,
            };
            checked += 1;
            if !exists {
                missing.push(name);
            }
        }
    }
    assert!(checked > 100, "only {checked} names were found");
    assert!(missing.is_empty(), "these are named, but do not exist: {missing:#?}");
}
