//! The generated code, as a reviewer would read it. `INSTA_UPDATE=always cargo test -p teleflow-macros` accepts a change.

macro_rules! expansions {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            let input = include_str!(concat!("../../../tests/expand/", stringify!($name), ".rs"));
            insta::with_settings!({
                snapshot_path => "../../../tests/expand",
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                insta::assert_snapshot!(stringify!($name), expansion(input));
            });
        }
    )*};
}

expansions! { plain generic every_slot template after_an_error }

fn expansion(file: &str) -> String {
    let file = syn::parse_file(file).expect("an input is a Rust file");
    let Some(syn::Item::Struct(item)) = file.items.into_iter().last() else {
        panic!("an input ends with a struct");
    };
    let output = syn::parse2(crate::derive(&item.into())).expect("an expansion is a Rust file");
    prettyplease::unparse(&output)
}
