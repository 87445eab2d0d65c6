//! One check of one type, and its encoding in generated code.

use super::requirement::{Kind, Requirement};

/// One check of a type in a table of types.
#[derive(Debug, Clone, Copy)]
pub struct TypeCheck<'a> {
    /// The index of the type in the table.
    pub type_index: usize,
    /// The rule that the type is checked by.
    pub rule: Rule<'a>,
}

/// A rule for a type.
#[derive(Debug, Clone, Copy)]
pub enum Rule<'a> {
    /// A value of the type meets the requirement.
    Value(Requirement<'a>),
    /// The type has a field of the requirement's name, and the field meets the requirement.
    Field(Requirement<'a>),
    /// Each string that the type can be is in the list.
    AllowedValues {
        /// The variable's path.
        path: &'a str,
        /// The strings that the schema allows.
        values: &'a [&'a str],
    },
    /// Each field of the type is in the list.
    AllowedFields {
        /// The variable's path; empty for the payload.
        path: &'a str,
        /// The fields that the schema allows.
        names: &'a [&'a str],
    },
}

/// The encoding of a [`TypeCheck`] in generated code: the type's index, the path, the name, a code for the rule, the kind
/// and the flags, the steps, and the list of the rule. Compiling a tuple takes half as long as compiling a call with as
/// many arguments.
pub type TypeCheckRow<'a> = (usize, &'a str, &'a str, u32, &'a str, &'a [&'a str]);

// The code, from its lowest bit: two bits for the rule, one for each flag, the rest for the kind.
const RULE_BITS: u32 = 0b11;
const REQUIRED: u32 = 1 << 2;
const EXACT: u32 = 1 << 3;
const NULLABLE: u32 = 1 << 4;
const KIND_SHIFT: u32 = 5;

impl<'a> TypeCheck<'a> {
    /// Encodes the check.
    #[must_use]
    pub const fn to_row(self) -> TypeCheckRow<'a> {
        match self.rule {
            Rule::Value(requirement) => self.requirement_row(requirement, 0),
            Rule::Field(requirement) => self.requirement_row(requirement, 1),
            Rule::AllowedValues { path, values } => (self.type_index, path, "", 2, "", values),
            Rule::AllowedFields { path, names } => (self.type_index, path, "", 3, "", names),
        }
    }

    const fn requirement_row(self, requirement: Requirement<'a>, rule: u32) -> TypeCheckRow<'a> {
        let Requirement { path, name, kind, required, exact, nullable, steps } = requirement;
        let flags = (required as u32 * REQUIRED) | (exact as u32 * EXACT) | (nullable as u32 * NULLABLE);
        (self.type_index, path, name, rule | flags | ((kind as u32) << KIND_SHIFT), steps, &[])
    }

    /// Decodes a check.
    #[must_use]
    pub const fn from_row((type_index, path, name, code, steps, list): TypeCheckRow<'a>) -> Self {
        let requirement = Requirement {
            path,
            name,
            kind: Kind::from_code(code >> KIND_SHIFT),
            required: code & REQUIRED != 0,
            exact: code & EXACT != 0,
            nullable: code & NULLABLE != 0,
            steps,
        };
        let rule = match code & RULE_BITS {
            0 => Rule::Value(requirement),
            1 => Rule::Field(requirement),
            2 => Rule::AllowedValues { path, values: list },
            _ => Rule::AllowedFields { path, names: list },
        };
        Self { type_index, rule }
    }
}

impl<'a> Rule<'a> {
    /// The requirement, if the rule checks one.
    #[must_use]
    pub const fn requirement(&self) -> Option<&Requirement<'a>> {
        match self {
            Self::Value(requirement) | Self::Field(requirement) => Some(requirement),
            Self::AllowedValues { .. } | Self::AllowedFields { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Rule, TypeCheck};
    use crate::rules::{Kind, Requirement};

    #[track_caller]
    fn round_trips(rule: Rule<'_>) {
        let check = TypeCheck { type_index: 3, rule };
        assert_eq!(format!("{:?}", TypeCheck::from_row(check.to_row())), format!("{check:?}"));
    }

    #[test]
    fn a_row_encodes_the_whole_check() {
        for kind in Kind::ALL {
            for flags in 0..8 {
                let [required, exact, nullable] = [1, 2, 4].map(|flag| flags & flag != 0);
                let (path, name, steps) = ("items[].sku", "sku", "step");
                let requirement = Requirement { path, name, kind, required, exact, nullable, steps };
                round_trips(Rule::Value(requirement));
                round_trips(Rule::Field(requirement));
            }
        }
        round_trips(Rule::AllowedValues { path: "items[].size", values: &["a"] });
        round_trips(Rule::AllowedFields { path: "", names: &["b", "c"] });
    }
}
