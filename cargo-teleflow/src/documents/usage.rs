//! What is known of a payload, gathered place by place, and the variables that follow from it.

use std::collections::{BTreeMap, BTreeSet};

use teleflow_catalog::{files::Type, files::Variable};

/// What lies deeper than this many names is not looked at: no template needs it, and catalog files have an end.
pub(crate) const DEEPEST: usize = 24;

/// A step on the way to a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// What an object has under this name.
    Field(String),
    /// Any element of a list.
    Element,
}

/// How a variable comes to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// The server tests it before it takes an event.
    Tested(Declared),
    /// The server lists it.
    Listed(Declared),
    /// A template renders it.
    Rendered,
    /// A template asks whether it is there.
    Asked,
    /// A template goes through its elements.
    Iterated,
    /// A template looks something up in it, under a name that it computes.
    Keyed,
    /// Something is made of it.
    Used,
}

/// The type that the server gives a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Declared {
    /// None.
    Nothing,
    String,
    Array,
    Boolean,
}

/// What is known of one place, and of those inside it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    tested: Option<Declared>,
    listed: Option<Declared>,
    rendered: bool,
    asked: bool,
    iterated: bool,
    keyed: bool,
    steps: BTreeSet<usize>,
    fields: BTreeMap<String, Self>,
    element: Option<Box<Self>>,
}

/// The way that a name in the server's lists stands for: there it is as the template has it, `order.[ship to]/street`.
pub(crate) fn listed(name: &str) -> Option<Vec<Place>> {
    let plain = |place: Place| match place {
        Place::Field(name) => match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
            Some(inner) => Some(Place::Field(inner.to_owned())),
            // What handlebars says of the loop, and names that a dot has cut in two.
            None => (!name.starts_with('@') && !name.contains(['[', ']'])).then_some(Place::Field(name)),
        },
        Place::Element => Some(place),
    };
    dotted(&name.replace('/', "."))?.into_iter().map(plain).collect()
}

/// The way that a dotted name of the server stands for, if it is one.
pub(crate) fn dotted(name: &str) -> Option<Vec<Place>> {
    let names: Vec<&str> = name.split('.').collect();
    let is_one = !names.contains(&"");
    is_one.then(|| names.into_iter().map(|name| Place::Field(name.to_owned())).collect())
}

impl Node {
    /// Notes what is known of the place at the end of the way, and which step reads it.
    pub(crate) fn note(&mut self, way: &[Place], evidence: Evidence, step: Option<usize>) {
        let (way, evidence) = cut(way, evidence);
        let mut node = self;
        for place in way {
            node.steps.extend(step);
            node = match place {
                Place::Field(name) => node.fields.entry(name.clone()).or_default(),
                Place::Element => node.element.get_or_insert_default(),
            };
        }
        node.steps.extend(step);
        match evidence {
            Evidence::Tested(declared) => node.tested = Some(node.tested.unwrap_or(declared)),
            Evidence::Listed(declared) => node.listed = Some(node.listed.unwrap_or(declared)),
            Evidence::Rendered => node.rendered = true,
            Evidence::Asked => node.asked = true,
            Evidence::Iterated => node.iterated = true,
            Evidence::Keyed => node.keyed = true,
            Evidence::Used => {}
        }
    }

    /// The variables that the payload has by what is known.
    pub(crate) fn variables(mut self, steps: &[String]) -> BTreeMap<String, Variable> {
        self.without_this();
        self.fields.into_iter().map(|(name, node)| (name, node.variable(steps))).collect()
    }

    fn variable(mut self, steps: &[String]) -> Variable {
        let read_by = self.steps.iter().filter_map(|step| steps.get(*step).cloned()).collect();
        let mut required = self.tested.is_some();
        let ty = if self.is_array() {
            Type::Array(self.into_element().map(|element| {
                let element = element.variable(steps);
                // An element that is not there is no element.
                Box::new(Variable { required: false, ..element })
            }))
        } else {
            self.without_this();
            match self.fields.is_empty() {
                true => self.scalar(),
                false => {
                    let is_counted = self.fields.keys().all(|name| is_of_lists(name));
                    let fields = self.variables(steps);
                    required |= fields.values().any(|field| field.required);
                    if is_counted { Type::Any } else { Type::Object(fields) }
                }
            }
        };
        Variable { required, steps: read_by, ..Variable::rendered(ty) }
    }

    /// `this.id` of an object is its `id`.
    fn without_this(&mut self) {
        while let Some(this) = self.fields.remove("this") {
            self.absorb_inside(this);
        }
    }

    fn is_array(&self) -> bool {
        match self.tested {
            Some(Declared::Array) => true,
            Some(Declared::String | Declared::Boolean) => false,
            Some(Declared::Nothing) | None => {
                // A text has letters by number, too.
                let has_more = |element: &Self| !element.fields.is_empty() || element.element.is_some();
                let is_list = self.listed == Some(Declared::Array) || self.iterated;
                is_list || self.element.as_deref().is_some_and(has_more)
            }
        }
    }

    fn scalar(&self) -> Type {
        let said = |declared| match declared {
            Declared::String | Declared::Array => Type::String,
            Declared::Boolean => Type::Boolean,
            Declared::Nothing => Type::Any,
        };
        match (self.tested, self.listed) {
            (Some(tested), _) => said(tested),
            (None, Some(listed)) if listed != Declared::Nothing => said(listed),
            _ if self.rendered => Type::String,
            _ if self.keyed => Type::Object(BTreeMap::new()),
            _ if self.asked => Type::Boolean,
            _ => Type::Any,
        }
    }

    /// What is known of the elements of a list: the server names their fields as if they were its own.
    fn into_element(self) -> Option<Self> {
        let mut element = self.element.map(|element| *element);
        for (name, node) in self.fields {
            let is_index = name.bytes().all(|byte| byte.is_ascii_digit());
            if name == "length" {
                continue;
            }
            let into = element.get_or_insert_default();
            if name == "this" || is_index {
                into.absorb(node);
            } else {
                into.fields.entry(name).or_default().absorb(node);
            }
        }
        element
    }

    fn absorb(&mut self, other: Self) {
        self.tested = self.tested.or(other.tested);
        self.listed = self.listed.or(other.listed);
        self.rendered |= other.rendered;
        self.asked |= other.asked;
        self.iterated |= other.iterated;
        self.keyed |= other.keyed;
        self.steps.extend(&other.steps);
        self.absorb_inside(other);
    }

    fn absorb_inside(&mut self, other: Self) {
        if let Some(element) = other.element {
            self.element.get_or_insert_default().absorb(*element);
        }
        for (name, node) in other.fields {
            self.fields.entry(name).or_default().absorb(node);
        }
    }
}

/// A way that is not too deep, and what is known of its end.
fn cut(way: &[Place], evidence: Evidence) -> (&[Place], Evidence) {
    let (Some(kept), Some(beyond)) = (way.get(..DEEPEST), way.get(DEEPEST)) else {
        return (way, evidence);
    };
    let evidence = match (evidence, beyond) {
        (Evidence::Tested(_), _) => Evidence::Tested(Declared::Nothing),
        (_, Place::Element) => Evidence::Iterated,
        (_, Place::Field(name)) if is_of_lists(name) => Evidence::Used,
        (_, Place::Field(_)) => Evidence::Keyed,
    };
    (kept, evidence)
}

/// Does the way, as the server looks for it, lead into the elements of a list? There it finds nothing.
pub(crate) fn leads_into_a_list(variables: &BTreeMap<String, Variable>, way: &[Place]) -> bool {
    let [Place::Field(name), rest @ ..] = way else {
        return false;
    };
    match variables.get(name).map(|variable| &variable.ty) {
        Some(Type::Array(_)) => !rest.is_empty() && rest != [Place::Field("length".to_owned())],
        Some(Type::Object(fields)) => leads_into_a_list(fields, rest),
        _ => false,
    }
}

/// A list and a text have it of their own accord: a length, or a place by number. Alone it tells nothing of the kind.
fn is_of_lists(name: &str) -> bool {
    name == "length" || (!name.is_empty() && name.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{Declared, Evidence, Node, dotted, listed};
    use Declared::{Array, Boolean, Nothing, String};
    use Evidence::{Listed, Tested};
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
        let mut node = Node::default();
        for length in 1..100 {
            if let Some(way) = dotted(&["a"; 100].get(..length).unwrap_or_default().join(".")) {
                node.note(&way, Listed(Array), None);
            }
        }
        let workflow = Workflow {
            trigger: "t".to_owned(),
            name: std::string::String::new(),
            active: true,
            actor: None,
            tenant: None,
            variables: node.variables(&[]),
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
            (vec![("a.length", Tested(String)), ("a.0.b", Listed(String))], "a:any!"),
            (vec![("a.length", Listed(String)), ("a.unit", Listed(String))], "a:{length:string unit:string}"),
            (vec![("a", Listed(Array)), ("a.0.b", Listed(String))], "a:[{b:string}]"),
            (vec![("a", Listed(Array)), ("a.b", Listed(Array)), ("a.b.c", Listed(String))], "a:[{b:[{c:string}]}]"),
            (vec![("a", Listed(Nothing))], "a:any"),
            (vec![("a.b", Tested(String))], "a:{b:string!}!"),
            (vec![("a", Listed(Array)), ("a.b.c", Tested(String))], "a:[{b:{c:string!}!}]"),
            (vec![("a", Tested(Array)), ("a", Listed(String))], "a:[]!"),
            (vec![("a", Tested(Boolean)), ("a", Listed(Array))], "a:boolean!"),
            (vec![("a.this.b", Listed(String))], "a:{b:string}"),
            (vec![("this.b", Listed(String)), ("this", Listed(String))], "b:string"),
            (vec![("a/b", Listed(String)), ("a.[c d]", Listed(String))], "a:{b:string c d:string}"),
            (vec![("a.@index", Listed(String)), ("a.../b", Listed(String)), ("a.[b.c]", Listed(String))], ""),
            (vec![("a.[b]", Tested(String))], "a:{[b]:string!}!"),
            (vec![("a..b", Listed(String)), ("", Listed(String)), (".", Listed(String))], ""),
        ] {
            let mut node = Node::default();
            for (name, evidence) in names {
                let way = if matches!(evidence, Listed(_)) { listed(name) } else { dotted(name) };
                if let Some(way) = way {
                    node.note(&way, evidence, None);
                }
            }
            let variables = node.variables(&[]);
            let got: Vec<_> = variables.iter().map(|(name, variable)| format!("{name}:{}", words(variable))).collect();
            assert_eq!(got.join(" "), expected);
        }
    }
}
