//! Writes strings as JSON.

/// Appends a JSON string to `out`.
pub(crate) fn write_string(text: &str, out: &mut Vec<u8>) {
    write_utf8(text.as_bytes(), out);
}

/// Appends a JSON string, whose text is UTF-8, to `out`.
pub(crate) fn write_utf8(text: &[u8], out: &mut Vec<u8>) {
    if needs_no_escape(text) {
        write_plain(text, out);
    } else {
        // Writing to memory does not fail, and every `str` is a valid JSON string.
        let _ = serde_json::to_writer(out, str::from_utf8(text).unwrap_or_default());
    }
}

/// Appends a string that [`needs_no_escape`].
#[inline]
pub(super) fn write_plain(text: &[u8], out: &mut Vec<u8>) {
    // For the colon after a name, too.
    out.reserve(text.len() + 3);
    out.push(b'"');
    out.extend_from_slice(text);
    out.push(b'"');
}

/// Whether the text is written as it is. True for almost every name and most values, so eight bytes are checked at once.
#[inline]
pub(super) fn needs_no_escape(text: &[u8]) -> bool {
    let plain = |chunk: &[u8; 8]| are_plain(u64::from_le_bytes(*chunk));
    match (text.last_chunk(), text.first_chunk(), text.last_chunk()) {
        // The last eight bytes may overlap those before.
        (Some(last), ..) => text.as_chunks().0.iter().all(plain) && plain(last),
        (_, Some(first), Some(last)) => {
            are_plain((u64::from(u32::from_le_bytes(*first)) << 32) | u64::from(u32::from_le_bytes(*last)))
        }
        _ => are_plain(text.iter().fold(ONES * u64::from(b' '), |bytes, byte| (bytes << 8) | u64::from(*byte))),
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// Whether none of the eight bytes is a control character, `"` or `\`.
#[inline]
fn are_plain(bytes: u64) -> bool {
    // The highest bit of a byte in the result is set if the byte is below `limit`. A borrow from such a byte may set further
    // bits, which does not matter.
    let below = |bytes: u64, limit: u8| bytes.wrapping_sub(ONES * u64::from(limit)) & !bytes;
    let found =
        below(bytes, b' ') | below(bytes ^ (ONES * u64::from(b'"')), 1) | below(bytes ^ (ONES * u64::from(b'\\')), 1);
    found & (ONES << 7) == 0
}

#[cfg(test)]
mod tests {
    use super::write_string;

    #[test]
    fn strings_are_written_as_serde_json_writes_them() {
        for length in 0..20 {
            for position in 0..length {
                for character in ('\0'..='\u{17f}').chain(['\u{2028}', '\u{1f3a9}']) {
                    let mut text = vec!['a'; length];
                    text[position] = character;
                    let text: String = text.into_iter().collect();
                    let mut out = Vec::new();
                    write_string(&text, &mut out);
                    assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&text).unwrap());
                }
            }
        }
    }
}
