//! The name of a workflow's file.

use std::fmt::Write;

/// The longest stem in bytes. File systems allow 255, and the extension and a temporary name need room as well.
const LONGEST: usize = 200;

/// Names that Windows reserves for devices, with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The file name of the workflow with this trigger identifier: `order-shipped.json`.
///
/// Bytes other than ASCII letters, digits, `-` and `_` are percent-encoded, and so is the first letter of a name that Windows
/// reserves for a device. A name over 200 bytes is cut, and `~` and a hash of the whole identifier are appended; shorter names
/// never contain `~`.
///
/// ```
/// assert_eq!(teleflow_catalog::files::file_name("order-shipped"), "order-shipped.json");
/// assert_eq!(teleflow_catalog::files::file_name("../x"), "%2E%2E%2Fx.json");
/// ```
#[must_use]
pub fn file_name(trigger: &str) -> String {
    let mut stem = String::new();
    let device = is_device(trigger);
    for (index, byte) in trigger.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if plain && !(device && index == 0) {
            stem.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(stem, "%{byte:02X}");
        }
    }
    if stem.len() > LONGEST {
        // The stem is ASCII, so any index is a character boundary.
        stem.truncate(LONGEST - 17);
        let _ = write!(stem, "~{:016x}", hash(trigger));
    }
    stem + ".json"
}

fn is_device(trigger: &str) -> bool {
    let name = trigger.to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().any(|port| {
        let number = name.strip_prefix(port);
        number.is_some_and(|number| number.len() == 1 && number.bytes().all(|digit| digit.is_ascii_digit()))
    });
    numbered || DEVICES.contains(&name.as_str())
}

/// FNV-1a: the same on every machine and in every version of Rust.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_name_is_never_a_path_or_a_device() {
        for (trigger, name) in [
            ("order-shipped", "order-shipped.json"),
            ("Order_7", "Order_7.json"),
            ("../x", "%2E%2E%2Fx.json"),
            ("a/b", "a%2Fb.json"),
            ("a\\b:c", "a%5Cb%3Ac.json"),
            ("ü", "%C3%BC.json"),
            ("CON", "%43ON.json"),
            ("nul", "%6Eul.json"),
            ("com1", "%63om1.json"),
            ("com10", "com10.json"),
            ("console", "console.json"),
            ("%2E", "%252E.json"),
            ("", ".json"),
        ] {
            assert_eq!(file_name(trigger), name);
        }
    }

    #[test]
    fn long_names_are_cut_and_stay_distinct() {
        let long = "x".repeat(300);
        let name = file_name(&long);
        assert_eq!(name.len(), 205);
        assert_eq!(name, file_name(&long));
        assert_ne!(name, file_name(&(long.clone() + "y")));
        assert!(name.starts_with(&("x".repeat(183) + "~")));
        assert_eq!(file_name(&"x".repeat(200)), "x".repeat(200) + ".json");
        assert_eq!(file_name(&"ü".repeat(150)).len(), 205);
    }
}
