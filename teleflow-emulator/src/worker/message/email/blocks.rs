//! The HTML of the blocks of an e-mail of the type `editor`. It is the emulator's own; only what it shows is the server's.

use serde_json::Value;

/// The HTML of rendered blocks. Their content and their URLs are not escaped.
pub(super) fn html(blocks: &[Value], branding: &Value) -> String {
    blocks.iter().map(|block| format!("<div>{}</div>\n", block_html(block, branding))).collect()
}

fn block_html(block: &Value, branding: &Value) -> String {
    let text = |field: &str| block.get(field).and_then(Value::as_str).unwrap_or_default();
    match text("type") {
        "text" => {
            let align = block.pointer("/styles/textAlign").and_then(Value::as_str).filter(|align| !align.is_empty());
            let align = escaped(align.unwrap_or("left"));
            format!("<div style=\"text-align: {align};\">{}</div>", text("content"))
        }
        "button" => {
            let color = escaped(branding.get("color").and_then(Value::as_str).unwrap_or_default());
            let (url, content) = (text("url"), text("content"));
            format!("<a href=\"{url}\" target=\"_blank\" style=\"background: {color}; color: #ffffff;\">{content}</a>")
        }
        _ => String::new(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
