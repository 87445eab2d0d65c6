//! The attributes that are kept.

use std::borrow::Cow;

use crate::js;

const SCHEMES: [&str; 5] = ["http", "https", "ftp", "mailto", "tel"];

/// The value that is kept of an attribute. `None` if the attribute is not kept.
pub(super) fn kept<'a>(element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let is_allowed = match element {
        "a" => matches!(name, "href" | "name" | "target"),
        "img" => matches!(name, "src" | "srcset" | "alt" | "title" | "width" | "height" | "loading"),
        _ => false,
    };
    match name {
        "style" => Some(value.into()),
        _ if !is_allowed => None,
        "href" | "src" => is_safe_url(value).then(|| value.into()),
        "srcset" => Some(images(value)).filter(|images| !images.is_empty()).map(Cow::Owned),
        _ => Some(value.into()),
    }
}

/// Whether a URL has an allowed scheme, or none. Control characters and comments hide nothing.
fn is_safe_url(url: &str) -> bool {
    let mut url: String = url.chars().filter(|character| *character > ' ').collect();
    while let Some((before, (_, after))) =
        url.split_once("<!--").and_then(|(before, comment)| Some((before, comment.split_once("-->")?)))
    {
        url = format!("{before}{after}");
    }
    let Some((scheme, _)) = url.split_once(':') else { return true };
    let mut characters = scheme.chars();
    let is_scheme = characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|character| character.is_ascii_alphanumeric() || ".-+".contains(character));
    !is_scheme || SCHEMES.contains(&scheme.to_ascii_lowercase().as_str())
}

/// The safe images of a `srcset`: each a URL, and its width, height or density.
fn images(srcset: &str) -> String {
    let is_space = |character: char| character.is_ascii_whitespace();
    let mut images = Vec::new();
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|character| is_space(character) || character == ',');
        if rest.is_empty() {
            return images.join(", ");
        }
        let (url, after) = rest.split_at_checked(rest.find(is_space).unwrap_or(rest.len())).unwrap_or((rest, ""));
        let (descriptors, after) =
            if url.ends_with(',') { ("", after) } else { after.split_once(',').unwrap_or((after, "")) };
        let url = url.trim_end_matches(',');
        if let Some(size) = size(descriptors).filter(|_| is_safe_url(url)) {
            images.push(format!("{url}{size}"));
        }
        rest = after;
    }
}

/// Width, height and density, normalized. `None` if they are invalid.
fn size(descriptors: &str) -> Option<String> {
    let (mut width, mut height, mut density) = (None, None, None);
    for descriptor in descriptors.split_ascii_whitespace() {
        let (number, unit) = descriptor.split_at_checked(descriptor.len() - 1)?;
        let integer = || number.parse::<u32>().ok().filter(|number| *number > 0);
        let slot = match unit {
            "w" if density.is_none() => (&mut width, f64::from(integer()?)),
            "h" if density.is_none() => (&mut height, f64::from(integer()?)),
            "x" if width.is_none() && height.is_none() => {
                (&mut density, number.parse().ok().filter(|number: &f64| *number >= 0.0)?)
            }
            _ => return None,
        };
        if slot.0.replace(slot.1).is_some() {
            return None;
        }
    }
    if height.is_some() && width.is_none() {
        return None;
    }
    let part = |value: Option<f64>, unit: &str| {
        let value = value.filter(|value| *value != 0.0);
        value.map(|value| format!(" {}{unit}", js::format_number(value))).unwrap_or_default()
    };
    Some(format!("{}{}{}", part(width, "w"), part(height, "h"), part(density, "x")))
}
