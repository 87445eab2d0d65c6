//! Collects how each variable of a payload is used, and derives the catalog's variables from it.

use std::collections::{BTreeMap, BTreeSet};

use teleflow_catalog::{files::Type, files::Variable};

use super::path::{MAX_DEPTH, Segment, is_index};
use super::usage::{DeclaredType, Evidence};

/// The usages of one variable, of its fields and of its elements.
#[derive(Debug, Default)]
pub(super) struct VariableTree {
    required: Option<DeclaredType>,
    listed: Option<DeclaredType>,
    rendered: bool,
    tested: bool,
    iterated: bool,
    computed_key: bool,
    steps: BTreeSet<usize>,
    fields: BTreeMap<String, Self>,
    element: Option<Box<Self>>,
}

impl VariableTree {
    /// Records a usage of the variable at a path by a step.
    pub(super) fn record(&mut self, path: &[Segment], evidence: Evidence, step: Option<usize>) {
        let (path, evidence) = limit_depth(path, evidence);
        let mut node = self;
        for segment in path {
            node.steps.extend(step);
            node = match segment {
                Segment::Field(name) => node.fields.entry(name.clone()).or_default(),
                Segment::Element => node.element.get_or_insert_default(),
            };
        }
        node.steps.extend(step);
        match evidence {
            Evidence::Required(declared) => node.required = Some(node.required.unwrap_or(declared)),
            Evidence::Listed(declared) => node.listed = Some(node.listed.unwrap_or(declared)),
            Evidence::Rendered => node.rendered = true,
            Evidence::Tested => node.tested = true,
            Evidence::Iterated => node.iterated = true,
            Evidence::ComputedKey => node.computed_key = true,
            Evidence::Used => {}
        }
    }

    /// The variables of the payload. `steps`: the names of the steps.
    pub(super) fn into_variables(mut self, steps: &[String]) -> BTreeMap<String, Variable> {
        self.merge_this();
        self.fields.into_iter().map(|(name, node)| (name, node.into_variable(steps))).collect()
    }

    fn into_variable(mut self, steps: &[String]) -> Variable {
        let read_by = self.steps.iter().filter_map(|step| steps.get(*step).cloned()).collect();
        let mut required = self.required.is_some();
        let ty = if self.is_array() {
            Type::Array(self.into_element().map(|element| {
                let element = element.into_variable(steps);
                // An array may be empty.
                Box::new(Variable { required: false, ..element })
            }))
        } else {
            self.merge_this();
            match self.fields.is_empty() {
                true => self.scalar(),
                false => {
                    let may_be_array = self.fields.keys().all(|name| is_array_property(name));
                    let fields = self.into_variables(steps);
                    required |= fields.values().any(|field| field.required);
                    if may_be_array { Type::Any } else { Type::Object(fields) }
                }
            }
        };
        Variable { required, steps: read_by, ..Variable::rendered(ty) }
    }

    /// Treats `this.id` of an object as its `id`.
    fn merge_this(&mut self) {
        while let Some(this) = self.fields.remove("this") {
            self.merge_inside(this);
        }
    }

    fn is_array(&self) -> bool {
        match self.required {
            Some(DeclaredType::Array) => true,
            Some(DeclaredType::String | DeclaredType::Boolean) => false,
            Some(DeclaredType::Unknown) | None => {
                // An index alone may be that of a string's character.
                let has_inside = |element: &Self| !element.fields.is_empty() || element.element.is_some();
                let is_array = self.listed == Some(DeclaredType::Array) || self.iterated;
                is_array || self.element.as_deref().is_some_and(has_inside)
            }
        }
    }

    fn scalar(&self) -> Type {
        let of_declared = |declared| match declared {
            DeclaredType::String | DeclaredType::Array => Type::String,
            DeclaredType::Boolean => Type::Boolean,
            DeclaredType::Unknown => Type::Any,
        };
        match (self.required, self.listed) {
            (Some(required), _) => of_declared(required),
            (None, Some(listed)) if listed != DeclaredType::Unknown => of_declared(listed),
            _ if self.rendered => Type::String,
            _ if self.computed_key => Type::Object(BTreeMap::new()),
            _ if self.tested => Type::Boolean,
            _ => Type::Any,
        }
    }

    /// The usages of an array's elements. The server lists their fields as fields of the array.
    fn into_element(self) -> Option<Self> {
        let mut element = self.element.map(|element| *element);
        for (name, node) in self.fields {
            if name == "length" {
                continue;
            }
            let merged = element.get_or_insert_default();
            if name == "this" || name.bytes().all(|byte| byte.is_ascii_digit()) {
                merged.merge(node);
            } else {
                merged.fields.entry(name).or_default().merge(node);
            }
        }
        element
    }

    fn merge(&mut self, other: Self) {
        self.required = self.required.or(other.required);
        self.listed = self.listed.or(other.listed);
        self.rendered |= other.rendered;
        self.tested |= other.tested;
        self.iterated |= other.iterated;
        self.computed_key |= other.computed_key;
        self.steps.extend(&other.steps);
        self.merge_inside(other);
    }

    fn merge_inside(&mut self, other: Self) {
        if let Some(element) = other.element {
            self.element.get_or_insert_default().merge(*element);
        }
        for (name, node) in other.fields {
            self.fields.entry(name).or_default().merge(node);
        }
    }
}

/// Cuts a path that is too long, and returns what it reveals about the variable at its new end.
fn limit_depth(path: &[Segment], evidence: Evidence) -> (&[Segment], Evidence) {
    let (Some(kept), Some(next)) = (path.get(..MAX_DEPTH), path.get(MAX_DEPTH)) else {
        return (path, evidence);
    };
    let evidence = match (evidence, next) {
        (Evidence::Required(_), _) => Evidence::Required(DeclaredType::Unknown),
        (_, Segment::Element) => Evidence::Iterated,
        (_, Segment::Field(name)) if is_array_property(name) => Evidence::Used,
        (_, Segment::Field(_)) => Evidence::ComputedKey,
    };
    (kept, evidence)
}

/// Returns whether a path of the server's lists leads into the elements of an array, where the server finds nothing.
pub(super) fn is_inside_array(variables: &BTreeMap<String, Variable>, path: &[Segment]) -> bool {
    let [Segment::Field(name), rest @ ..] = path else {
        return false;
    };
    match variables.get(name).map(|variable| &variable.ty) {
        Some(Type::Array(_)) => !rest.is_empty() && rest != [Segment::Field("length".to_owned())],
        Some(Type::Object(fields)) => is_inside_array(fields, rest),
        _ => false,
    }
}

/// Returns whether arrays and strings have this property. Then it does not reveal the type.
fn is_array_property(name: &str) -> bool {
    name == "length" || is_index(name)
}

#[cfg(test)]
mod tests {
    use super::VariableTree;
    use crate::documents::path::{parse_dotted, parse_listed};
    use crate::documents::usage::{DeclaredType, Evidence};
    use DeclaredType::{Array, Boolean, String, Unknown};
    use Evidence::{Listed, Required};
    use teleflow_catalog::{files::Type, files::Variable, files::Workflow};

    fn words(variable: &Variable) -> std::string::String {
        let kind = match &variable.ty {
            Type::Array(None) => "[]".to_owned(),
            Type::Array(Some(element)) => format!("[{}]", words(element)),
            Type::Object(fields) => {
                let fields: Vec<_> = fields.iter().map(|(name, field)| format!("{name}:{}", words(field))).collect();
                format!("{{{}}}", fields.join(" "))
            }
            other => other.kind().as_str().to_owned(),
        };
        if variable.required { kind + "!" } else { kind }
    }

    #[test]
    fn the_deepest_payload_makes_a_file_that_can_be_read() {
        let mut tree = VariableTree::default();
        for length in 1..100 {
            if let Some(path) = parse_dotted(&["a"; 100].get(..length).unwrap_or_default().join(".")) {
                tree.record(&path, Listed(Array), None);
            }
        }
        let workflow = Workflow {
            trigger: "t".to_owned(),
            name: std::string::String::new(),
            active: true,
            actor: None,
            tenant: None,
            variables: tree.into_variables(&[]),
            email_reads: Vec::new(),
            closed: false,
            schema: None,
        };
        assert_eq!(Workflow::from_json(workflow.to_json().as_bytes()), Ok(workflow));
    }

    #[test]
    fn names_of_the_server_become_variables() {
        for (names, expected) in [
            (vec![("a.b.c", Listed(String))], "a:{b:{c:string}}"),
            (vec![("a", Listed(String)), ("a.id", Listed(String))], "a:{id:string}"),
            (vec![("a.id", Listed(String)), ("a", Listed(Boolean))], "a:{id:string}"),
            (
                vec![("a", Listed(Array)), ("a.this.b", Listed(String)), ("a.c", Listed(Boolean))],
                "a:[{b:string c:boolean}]",
            ),
            (vec![("a", Listed(Array)), ("a.this", Listed(String))], "a:[string]"),
            (vec![("a", Listed(Array)), ("a.length", Listed(String))], "a:[]"),
            (vec![("a.length", Listed(String))], "a:any"),
            (vec![("a.length", Required(String)), ("a.0.b", Listed(String))], "a:any!"),
            (vec![("a.length", Listed(String)), ("a.unit", Listed(String))], "a:{length:string unit:string}"),
            (vec![("a", Listed(Array)), ("a.0.b", Listed(String))], "a:[{b:string}]"),
            (vec![("a", Listed(Array)), ("a.b", Listed(Array)), ("a.b.c", Listed(String))], "a:[{b:[{c:string}]}]"),
            (vec![("a", Listed(Unknown))], "a:any"),
            (vec![("a.b", Required(String))], "a:{b:string!}!"),
            (vec![("a", Listed(Array)), ("a.b.c", Required(String))], "a:[{b:{c:string!}!}]"),
            (vec![("a", Required(Array)), ("a", Listed(String))], "a:[]!"),
            (vec![("a", Required(Boolean)), ("a", Listed(Array))], "a:boolean!"),
            (vec![("a.this.b", Listed(String))], "a:{b:string}"),
            (vec![("this.b", Listed(String)), ("this", Listed(String))], "b:string"),
            (vec![("a/b", Listed(String)), ("a.[c d]", Listed(String))], "a:{b:string c d:string}"),
            (vec![("a.@index", Listed(String)), ("a.../b", Listed(String)), ("a.[b.c]", Listed(String))], ""),
            (vec![("a.[b]", Required(String))], "a:{[b]:string!}!"),
            (vec![("a..b", Listed(String)), ("", Listed(String)), (".", Listed(String))], ""),
        ] {
            let mut tree = VariableTree::default();
            for (name, evidence) in names {
                let path = if matches!(evidence, Listed(_)) { parse_listed(name) } else { parse_dotted(name) };
                if let Some(path) = path {
                    tree.record(&path, evidence, None);
                }
            }
            let variables = tree.into_variables(&[]);
            let got: Vec<_> = variables.iter().map(|(name, variable)| format!("{name}:{}", words(variable))).collect();
            assert_eq!(got.join(" "), expected);
        }
    }
}
