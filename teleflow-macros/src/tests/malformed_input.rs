//! The derives expand to valid Rust for any input, and never panic.

use syn::parse::Parser;

#[test]
fn malformed_attributes() {
    let above_struct = [
        "#[teleflow(,)]",
        "#[teleflow(, trigger = \"a\",,)]",
        "#[teleflow(trigger == \"a\")]",
        "#[teleflow(trigger = = \"a\")]",
        "#[teleflow(trigger =)]",
        "#[teleflow(trigger = \"a\"suffix)]",
        "#[teleflow(trigger = b\"a\", crate = c\"a\")]",
        "#[teleflow(r#trigger = \"a\")]",
        "#[teleflow(a::b = \"a\", ::c, 'd, e!(), [f], {g}, <h>)]",
        "#[teleflow(crate = \"\")]",
        "#[teleflow(crate = \"a::\", transaction_id = \"{\u{0}}\")]",
        "#[teleflow(trigger = \"a\", crate = \"r#type::b\")]",
        "#[teleflow(trigger = r#\"a\"b\"#)] #[teleflow(trigger)] #[teleflow()]",
        "#[serde] #[serde = \"\"] #[serde(\"\")] #[serde(rename_all)]",
        "#[serde(rename_all = 7, tag, tag(\"a\"), into, transparent = \"a\")]",
        "#[serde(rename_all = \"Spongecase\", rename_all(serialize), rename_all(serialize(x)))]",
    ];
    let above_field =
        ["", "#[serde(rename)]", "#[serde(rename = 7, rename(), flatten = \"\")]", "#[teleflow(to, to(to), = 5)]"];
    for above_struct in above_struct {
        for above_field in above_field {
            assert_valid_expansion(&format!("{above_struct} struct A {{ {above_field} __: u8, r#type: u8 }}"));
        }
    }
}

#[test]
fn malformed_templates() {
    let template = "{{a}} ß{a}{b:>5}} {{{ {a-{b}{}{0}{r#a}{a.b}\\\" {{}}}{";
    let ends = template.char_indices().map(|(end, _)| end).chain([template.len()]);
    for end in ends {
        let (before, after) = template.split_at(end);
        for part in [before, after] {
            assert_valid_expansion(&format!(
                "#[teleflow(trigger = \"t\", transaction_id = {part:?})] struct A {{ a: u8, b: u8 }}"
            ));
        }
    }
}

#[test]
fn every_kind_of_item() {
    for shape in [
        "enum A {}",
        "enum A { B(#[teleflow(to)] u8) }",
        "union A { a: u8 }",
        "struct A;",
        "struct A();",
        "struct A<T>(T) where T: Copy;",
        "struct A<'a, const N: usize> where [u8; N]: Sized { #[teleflow(to)] a: &'a [u8; N] }",
    ] {
        assert_valid_expansion(shape);
        assert_valid_expansion(&format!(
            "#[teleflow(trigger = \"t\", transaction_id = \"{{a}}\")] #[serde(transparent, tag = \"a\")] {shape}"
        ));
    }
}

#[test]
fn malformed_attributes_of_payload_types() {
    let above_type = [
        "",
        "#[serde(tag = \"t\")]",
        "#[serde(tag = \"t\", content = \"c\")]",
        "#[serde(content = \"c\")]",
        "#[serde(untagged)]",
        "#[serde(untagged, tag = \"t\", content)]",
        "#[serde(transparent)]",
        "#[serde(into = \"\")]",
        "#[serde(into = \"Vec<\")]",
        "#[serde(into = \"[dyn Fn(&u8) -> Self; 5]\")]",
        "#[serde(remote = \"a::B\")]",
        "#[serde(rename_all = \"Spongecase\", rename_all_fields = \"\")]",
        "#[serde(rename_all(), rename_all_fields(serialize = \"camelCase\"))]",
        "#[teleflow(kind = \"\")]",
        "#[teleflow(kind, kind = 5, = , crate = \"a::\")]",
        "#[teleflow(kind = \"array\", crate = \"a\")]",
    ];
    let above_part = [
        "",
        "#[serde(skip)]",
        "#[serde(flatten)]",
        "#[serde(untagged)]",
        "#[serde(with, rename = 5, rename_all, rename_all(serialize), getter)]",
        "#[serde(rename = \"\", skip_serializing_if)] #[serde]",
        "#[teleflow(kind = \"string\")]",
        "#[teleflow(kind = \"\u{0}\", to, , x)] #[teleflow = \"\"]",
    ];
    for above_type in above_type {
        for above in above_part {
            for shape in [
                format!("struct A {{ {above} __: u8, {above} __: B<Self>, {above} r#type: <T as X>::Y }}"),
                format!("struct A<'a, T: ?Sized, const N: usize>({above} &'a T, {above} [u8; N]);"),
                format!("pub(in a::b) struct A<T>({above} pub impl Fn(T) -> u8);"),
                format!("pub struct A({above} Box<dyn Fn(u8) -> Option<fn()>>);"),
                format!("{above} enum A {{ {above} B, {above} C({above} u8), {above} D({above} (), {above} !) }}"),
                format!("pub enum A {{ {above} ß {{ {above} ß: m!(), {above} _a: *const u8 }}, {above} É() }}"),
                format!("union A {{ {above} a: u8 }}"),
            ] {
                assert_valid_expansion(&format!("{above_type} {shape}"));
            }
        }
    }
}

fn assert_valid_expansion(item: &str) {
    let input = syn::parse_str(item).unwrap_or_else(|error| panic!("{item}: {error}"));
    for output in [crate::workflow::derive(&input), crate::payload::derive(&input)] {
        let file = <syn::File as syn::parse::Parse>::parse.parse2(output);
        assert!(file.is_ok_and(|file| !file.items.is_empty()), "{item}");
    }
}
