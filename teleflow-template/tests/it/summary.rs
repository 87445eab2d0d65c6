//! Formats a program on one line, for readable tests.

use teleflow_template::{Block, BlockKind, Call, Expression, Program, Statement, Strip};

pub(crate) fn summary(program: &Program) -> String {
    program.iter().map(statement).collect::<Vec<_>>().join(" ")
}

fn statement(statement: &Statement) -> String {
    match statement {
        Statement::Text(text) => format!("{:?}", text.value()),
        Statement::Comment(comment) => format!("!{:?}{}", comment.value, strip(comment.strip)),
        Statement::Mustache(mustache) => {
            let sign = match (mustache.escaped, mustache.decorator) {
                (_, true) => "*",
                (true, false) => "",
                (false, false) => "&",
            };
            format!("{{{sign}{}{}}}", call(&mustache.call), strip(mustache.strip))
        }
        Statement::Partial(partial) => format!("{{>{}{}}}", call(&partial.call), strip(partial.strip)),
        Statement::Block(of) => block(of),
    }
}

fn block(block: &Block) -> String {
    let sign = match block.kind {
        BlockKind::Section => "#",
        BlockKind::Inverted => "^",
        BlockKind::Raw => "raw ",
        BlockKind::Partial => "#>",
        BlockKind::Decorator => "#*",
    };
    let mut all = String::new();
    for (number, branch) in block.branches.iter().enumerate() {
        let params = match branch.block_params.as_slice() {
            [] => String::new(),
            names => format!(" |{}|", names.join(" ")),
        };
        let sign = if number == 0 { sign } else { " else " };
        all += &format!("{sign}{}{params}{}({})", call(&branch.call), strip(branch.strip), summary(&branch.program));
    }
    if let Some(inverse) = &block.inverse {
        all += &format!(" else{}({})", strip(inverse.strip), summary(&inverse.program));
    }
    all + strip(block.close)
}

fn strip(strip: Strip) -> &'static str {
    match (strip.open, strip.close) {
        (false, false) => "",
        (true, false) => "~.",
        (false, true) => ".~",
        (true, true) => "~",
    }
}

fn call(call: &Call) -> String {
    let params = call.params.iter().map(|param| format!(" {}", expression(param)));
    let hash = call.hash.iter().map(|pair| format!(" {}={}", pair.key, expression(&pair.value)));
    expression(&call.callee) + &params.chain(hash).collect::<String>()
}

fn expression(of: &Expression) -> String {
    match of {
        Expression::Path(path) => {
            let start = if path.data { "@" } else { "" };
            format!(
                "{start}{}{}",
                "^".repeat(path.depth),
                if path.parts.is_empty() { ".".to_owned() } else { path.parts.join("/") }
            )
        }
        Expression::String(text, _) => format!("{text:?}"),
        Expression::Number(number, _) => format!("{number}"),
        Expression::Boolean(boolean, _) => format!("{boolean}"),
        Expression::Undefined(_) => "undefined".to_owned(),
        Expression::Null(_) => "null".to_owned(),
        Expression::Call(inner) => format!("({})", call(inner)),
    }
}
