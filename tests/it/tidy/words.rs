//! Words and phrases that this project no longer uses, in documentation, comments, messages and help texts.
//! `CONTRIBUTING.md` says how we write, and has the glossary.

use std::fs;

use proc_macro2::{TokenStream, TokenTree};
use regex_lite::Regex;

use super::{CRATES, files, root};

/// A pattern, and the reason: what to write instead. `(?i)` is added.
const RETIRED: [(&str, &str); 25] = [
    (r"\b(stand|stands|standing|stood)\b", "say where a thing is, or what it means"),
    (r"\btells? of\b", "say what it contains or reports"),
    (r"\bbeside\b", "next to, with, or besides"),
    (r"\bperhaps\b", "may; or say when"),
    (r"\banew\b", "again"),
    (r"\bmend(s|ed|ing)?\b", "fix, correct"),
    (r"\b(hold|holds|held|holding)\b[^.;:]{0,40}\bagainst\b", "check, compare"),
    (r"\b(comes?|came|coming|goes|going|went) out\b", "is returned, is sent, is printed"),
    (r"\ball the same\b", "anyway"),
    (r"\bput together\b", "build, assemble"),
    (r"(^|[.] )What [^.?]*([.]|$)", "name the thing; do not use a clause with `what` as the subject"),
    (r"\b(is|are|was|were|be|been) no [a-z]", "is not a"),
    (r"\bjudg(e|es|ed|ing|ment|ement)\b", "check, classify, decide"),
    (r"\bwant(s|ed)?\b", "requires, reads, expects"),
    (r"\bspell(s|ed|t|ing|ings)?\b", "write; `syntactic type`"),
    (r"\bfits?\b", "matches, is compatible"),
    (r"\bcrowded\b", "name the extra tokens"),
    (r"\bfiled\b", "`workflow file`"),
    (r"\bcomplain(s|t|ts|ed)?\b", "error; reports"),
    (r"\btime limits?\b", "`timeout` (one attempt) or `deadline` (the whole request)"),
    (r"\brepeat(s|ed|edly|ing)?\b", "retry; again"),
    (r"\b(an|the|its|no|this|that|each|every|any|other|another|good|of) answers?\b", "response"),
    (r"\bin (doubt|every form|all forms)\b", "unknown fate; name the shapes"),
    (r"\b(a|the|its|their|own|one's|whole|long) way (of|to|from|back|through|up|down|that)\b", "path, route"),
    (r"\bof (one's|a user's|the author's|the application's) own\b", "your own; custom"),
];

/// The retired phrases in a text.
fn retired(patterns: &[(Regex, &str)], text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (pattern, reason) in patterns {
        for hit in pattern.find_iter(text) {
            // "There is no workflow" says that something does not exist.
            let before = text[..hit.start()].trim_end().to_ascii_lowercase();
            let last = hit.as_str().chars().next_back().map_or(0, char::len_utf8);
            let follows = text[hit.end() - last..].split_whitespace().next().unwrap_or_default();
            let exists = before.ends_with("there") || matches!(follows, "longer" | "more" | "less" | "later" | "one");
            if hit.as_str().to_ascii_lowercase().contains(" no ") && exists {
                continue;
            }
            found.push(format!("`{}` ({reason}), in: {}", hit.as_str().trim(), around(text, hit.start())));
        }
    }
    found
}

/// The part of a text that is around a position.
fn around(text: &str, at: usize) -> String {
    let start = text.char_indices().map(|(index, _)| index).rfind(|index| *index + 40 <= at).unwrap_or(0);
    text[start..].chars().take(110).collect()
}

fn patterns() -> Vec<(Regex, &'static str)> {
    RETIRED.iter().map(|(pattern, reason)| (Regex::new(&format!("(?i){pattern}")).unwrap(), *reason)).collect()
}

/// The texts of a Rust source: each block of comments, and each string literal.
fn texts_of_source(source: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut block = String::new();
    let mut is_code = false;
    for line in source.lines().chain([""]) {
        let comment = line.trim_start().strip_prefix("//").map(|line| line.trim_start_matches(['/', '!']).trim());
        match comment {
            Some(line) if line.starts_with("```") => is_code = !is_code,
            Some("") => texts.push(std::mem::take(&mut block)),
            Some(line) if !is_code && !line.starts_with("Source:") => {
                block.push_str(line);
                block.push(' ');
            }
            Some(_) => {}
            None => {
                is_code = false;
                texts.push(std::mem::take(&mut block));
                if let Some((_, comment)) = line.split_once(" // ") {
                    texts.push(comment.to_owned());
                }
            }
        }
    }
    add_literals(source.parse().unwrap(), &mut texts);
    texts.retain(|text| !text.is_empty());
    texts
}

fn add_literals(tokens: TokenStream, texts: &mut Vec<String>) {
    for token in tokens {
        match token {
            // Comments have been read already.
            TokenTree::Group(group) if group.stream().to_string().starts_with("doc =") => {}
            TokenTree::Group(group) => add_literals(group.stream(), texts),
            TokenTree::Literal(literal) => {
                texts.extend(syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|text| text.value()));
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// The paragraphs of a Markdown file, without code.
fn texts_of_page(page: &str) -> Vec<String> {
    let outside_code = page.split("```").step_by(2);
    let paragraphs = outside_code.flat_map(|part| part.split("\n\n"));
    paragraphs.map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn retired_phrases_are_not_used() {
    let patterns = patterns();
    let mut wrong = Vec::new();
    let mut look = |path: &std::path::Path, texts: Vec<String>| {
        let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
        for text in texts {
            wrong.extend(retired(&patterns, &text).into_iter().map(|phrase| format!("{name}: {phrase}")));
        }
    };
    let folders = CRATES.map(|name| format!("{name}/src"));
    for folder in folders.iter().map(String::as_str).chain(["teleflow-macros/docs", "examples", "benches"]) {
        for path in files(&root().join(folder), "rs") {
            look(&path, texts_of_source(&fs::read_to_string(&path).unwrap()));
        }
    }
    let pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|page| root().join(page));
    for path in pages.into_iter().chain(files(&root().join("docs"), "md")) {
        // These rules and their glossary name the words that we do not use.
        let page = fs::read_to_string(&path).unwrap();
        let page = page.split("\n## How we write").next().unwrap_or_default();
        look(&path, texts_of_page(page));
    }
    assert!(wrong.is_empty(), "{} retired phrases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_retired_phrase_is_found() {
    let patterns = patterns();
    let count = |text: &str| retired(&patterns, text).len();
    assert_eq!(count("The key stands beside the body."), 2);
    assert_eq!(count("`my crate` is no path"), 1);
    assert_eq!(count("There is no path, and it is no longer read."), 0);
    assert_eq!(count("What is sent is the payload."), 1);
    assert_eq!(count("What is sent: ü"), 1);
    assert_eq!(count("What does the server read?"), 0);
    assert_eq!(count("The server answers 500 to `constructor`."), 0);
    assert_eq!(count("The answer is checked."), 1);
    let source =
        "//! It tells\n//! of it.\n/// ```\n/// perhaps\n/// ```\nfn f() { g(\"anew\") } // beside\n// Source: mend.ts";
    let found: usize = texts_of_source(source).iter().map(|text| count(text)).sum();
    assert_eq!(found, 3);
    assert_eq!(
        texts_of_page("It is\nno path.\n\n```\nperhaps\n```\nPerhaps.").iter().map(|text| count(text)).sum::<usize>(),
        2
    );
}
