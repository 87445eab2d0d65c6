//! Snapshots of the generated code. `INSTA_UPDATE=always cargo test -p teleflow-macros` accepts a change.

use quote::ToTokens;

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

expansions! { plain generic every_field_key template after_an_error checked sensitive sensitive_flattened }
expansions! { payload_object payload_enum payload_inner payload_kind payload_after_an_error }

fn expansion(file: &str) -> String {
    let file = syn::parse_file(file).expect("an input is a Rust file");
    let input = match file.items.into_iter().last() {
        Some(syn::Item::Struct(item)) => item.into(),
        Some(syn::Item::Enum(item)) => item.into(),
        _ => panic!("an input ends with a struct or an enum"),
    };
    let output = if derives(&input, "TeleflowPayload") {
        crate::payload::derive(&input)
    } else {
        crate::workflow::derive(&input)
    };
    let output = syn::parse2(output).expect("an expansion is a Rust file");
    // The expansion names a workflow file by its absolute path.
    prettyplease::unparse(&output).replace(env!("CARGO_MANIFEST_DIR"), "$PACKAGE")
}

/// Whether the attributes name this derive.
fn derives(input: &syn::DeriveInput, derive: &str) -> bool {
    input.attrs.iter().any(|attribute| attribute.to_token_stream().to_string().contains(derive))
}
