//! The struct against its workflow's file: variables without a field, and fields of the wrong kind as far as their
//! spelling tells. The rest is left to a [`Walk`].

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Error, LitStr, Type, parse_quote};
use teleflow_catalog::files::{Need, Workflow, steps_in_words};
use teleflow_catalog::rules::{Kind, Requirement, Shape, WorkflowRef, compat};
use teleflow_catalog::suggest::nearest;

use super::model::{Checked, Field, Member, Root, Unmet, Walk, Written};
use super::names;
use super::requirement::{From, Node, nodes, paths};
use super::workflow_file::{self, WorkflowFile};
use crate::errors::Errors;
use crate::syntactic_type::SyntacticType;
use crate::tokens::bounds::is_generic;
use crate::tokens::span::ends;

/// What the catalog says of the struct, and what does not fit.
pub(crate) fn check_against_catalog(
    written: &Written<'_>,
    trigger: &LitStr,
    [actor, tenant]: [Option<Member<'_>>; 2],
) -> (Option<Checked>, Option<Error>) {
    let filed = match workflow_file::find(trigger, &written.keys) {
        Ok(Some(filed)) => filed,
        Ok(None) => return (None, None),
        Err(error) => return (None, Some(error)),
    };
    let mut errors = Errors::default();
    omissions(written, &filed.workflow, &mut errors);
    let is_omitted = |path: &str| written.keys.omitted.iter().any(|omitted| omitted.value() == path);
    let unmet = |name: &str, need: &Option<Need>, field: Option<Member<'_>>| {
        let need = need.as_ref().filter(|need| need.required || !is_omitted(name))?;
        let (field, optional) = match field.map(|field| (SyntacticType::of(field.ty), field)) {
            Some((SyntacticType::Scalar(_), _)) => return None,
            Some((SyntacticType::Optional(_), field)) => (None, Some(field.ident.unraw().to_string())),
            None => (None, None),
            // Only the type tells whether it may be without one.
            Some((_, field)) => (Some(Box::new(field.ty.clone())), None),
        };
        Some(Unmet { required: need.required, steps: steps_in_words(&need.steps), field, optional })
    };
    let actor = unmet("actor", &filed.workflow.actor, actor);
    let tenant = unmet("tenant", &filed.workflow.tenant, tenant);
    hidden_in_emails(written, &filed, &mut errors);
    let walks = CatalogCheck { written, filed: &filed }.variables(&is_omitted, &mut errors);
    (Some(Checked { filed, actor, tenant, walks }), errors.finish().err())
}

/// A variable that an e-mail template reads under a name to which the e-mail gives a value of its own.
fn hidden_in_emails(written: &Written<'_>, filed: &WorkflowFile, errors: &mut Errors) {
    let sent = names::variables(written).unwrap_or_default();
    let is_read = |variable: &&names::Variable<'_>| filed.workflow.email_reads.contains(&variable.name);
    let is_meant = |variable: &names::Variable<'_>| {
        let keys = variable.field.map(|field| &field.keys);
        keys.is_some_and(|keys| keys.shadowed.is_some() || keys.meant.contains(&"shadowed"))
    };
    for variable in sent.iter().filter(is_read).filter(|variable| !is_meant(variable)) {
        let message = format!(
            "the e-mails of workflow `{}` replace `{name}` with a value of their own; {}, or allow it with \
             `#[teleflow(shadowed)]` if something other than an e-mail reads it [{}]",
            filed.workflow.trigger,
            variable.how_to_rename(),
            filed.shown,
            name = variable.name,
        );
        errors.push(Error::new(variable.span, message));
    }
}

/// What is left out on purpose must be something that can be.
fn omissions(written: &Written<'_>, workflow: &Workflow, errors: &mut Errors) {
    for omitted in &written.keys.omitted {
        let path = omitted.value();
        let need = match path.as_str() {
            "actor" => workflow.actor.as_ref().map(|need| need.required),
            "tenant" => workflow.tenant.as_ref().map(|need| need.required),
            _ => None,
        };
        let message = match workflow.variable(&path).map(|variable| variable.required).or(need) {
            Some(false) => continue,
            Some(true) => {
                format!("`{path}` cannot be omitted: the server refuses events without it; remove it from `omit`")
            }
            None => {
                let hint = match meant(&path, workflow) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "remove it from `omit`".to_owned(),
                };
                format!("workflow `{}` does not read `{path}`; {hint}", workflow.trigger)
            }
        };
        errors.push(Error::new(omitted.span(), message));
    }
}

/// The variable that was meant: `items[].sku` by `items.sku`.
fn meant(path: &str, workflow: &Workflow) -> Option<String> {
    let known = paths(&workflow.variables);
    let without_brackets = |path: &str| path.replace("[]", "");
    let same = known.iter().find(|known| without_brackets(known) == without_brackets(path));
    same.map(String::as_str).or_else(|| nearest(path, known.iter().map(String::as_str))).map(str::to_owned)
}

struct CatalogCheck<'a> {
    written: &'a Written<'a>,
    filed: &'a WorkflowFile,
}

impl<'a> CatalogCheck<'a> {
    fn place(&self) -> WorkflowRef<'a> {
        WorkflowRef { trigger: &self.filed.workflow.trigger, file: &self.filed.shown }
    }

    /// Each variable of the workflow against the struct.
    fn variables(&self, is_omitted: &dyn Fn(&str) -> bool, errors: &mut Errors) -> Vec<Walk> {
        if self.written.serde_refuses() {
            return Vec::new();
        }
        let into = self.written.serde.into.as_ref();
        let sent = match names::variables(self.written) {
            Some(sent) => sent,
            // What is written in the place of the struct has all the fields.
            None if into.is_some() => Vec::new(),
            None => return Vec::new(),
        };
        let mut walks = Vec::new();
        if self.filed.workflow.closed {
            walks.extend(self.closed(&sent, errors));
        }
        for (name, variable) in &self.filed.workflow.variables {
            let nodes = nodes(name, variable, is_omitted);
            let Some(first) = nodes.first() else {
                self.not_sent_after_all(name, &sent, errors);
                continue;
            };
            let found = sent.iter().find(|sent| sent.name == *name);
            match (found, self.inside()) {
                (Some(found), _) => walks.extend(self.field(found, nodes, errors)),
                (None, Inside::Unknown) => {}
                (None, Inside::Types(types)) => {
                    let (holder, span) = self.outside();
                    let always = match into {
                        Some(_) => "name a type in `into` that is never `null`",
                        None => "the flattened field must not be optional",
                    };
                    walks.push(Walk { root: Root::Inside { types, holder, always }, nodes, span: (span, span) });
                }
                (None, Inside::Nothing) => {
                    if let Some(skipped) = self.skipped(name) {
                        let text = compat::never_sent_field(&first.requirement(), &self.place(), &self.holder());
                        errors.push(Error::new(skipped, text.as_str()));
                        continue;
                    }
                    let near = self.unclaimed(&sent, &first.requirement());
                    let text = compat::missing_field(
                        &first.requirement(),
                        &self.place(),
                        &self.holder(),
                        near.map(|near| near.name.as_str()),
                    );
                    let span = near.map_or(self.written.ident.span(), |near| near.span);
                    errors.push(Error::new(span, text.as_str()));
                }
            }
        }
        walks
    }

    /// The name of the struct.
    fn holder(&self) -> String {
        self.written.ident.unraw().to_string()
    }

    /// The type that has the struct's variables, and where it is named.
    fn outside(&self) -> (String, Span) {
        match &self.written.serde.into {
            Some(into) => (into.value(), into.span()),
            None => (self.holder(), self.written.ident.span()),
        }
    }

    /// The field that serde skips, and that would have been sent under this name.
    fn skipped(&self, name: &str) -> Option<Span> {
        let skipped = self.written.fields().iter().filter(|field| field.serde.skipped);
        let named = |field: &&Field<'_>| names::wire_name(field, self.written).is_some_and(|(wire, _)| wire == name);
        skipped.into_iter().find(named).map(|field| field.ident.span())
    }

    /// A schema forbids names beyond those of the workflow.
    fn closed(&self, sent: &[names::Variable<'_>], errors: &mut Errors) -> Option<Walk> {
        let names: Vec<String> = self.filed.workflow.variables.keys().cloned().collect();
        for variable in sent.iter().filter(|variable| !names.contains(&variable.name)) {
            let known: Vec<&str> = names.iter().map(String::as_str).collect();
            let text = compat::unexpected_field("", &self.place(), &known, &self.holder(), &variable.name);
            errors.push(Error::new(variable.span, text.as_str()));
        }
        let types = match self.inside() {
            Inside::Types(types) => types,
            Inside::Nothing | Inside::Unknown => return None,
        };
        let (_, span) = self.outside();
        Some(Walk { root: Root::Closed { types, names }, nodes: Vec::new(), span: (span, span) })
    }

    /// A variable that is left out has no field.
    fn not_sent_after_all(&self, name: &str, sent: &[names::Variable<'_>], errors: &mut Errors) {
        let variable = self.filed.workflow.variables.get(name);
        if variable.is_some_and(|variable| variable.required) {
            // That it cannot be left out is said already.
            return;
        }
        let omitted = self.written.keys.omitted.iter().find(|omitted| omitted.value() == name);
        if let (Some(omitted), true) = (omitted, sent.iter().any(|sent| sent.name == name)) {
            let message = format!("`{name}` is not omitted: a field is sent under this name; remove it from `omit`");
            errors.push(Error::new(omitted.span(), message));
        }
    }

    /// The field that may be meant, among those that the workflow does not know, if it fits as far as its type tells.
    fn unclaimed<'n>(
        &self,
        sent: &'n [names::Variable<'n>],
        requirement: &Requirement<'_>,
    ) -> Option<&'n names::Variable<'n>> {
        let variables = &self.filed.workflow.variables;
        let unclaimed = || sent.iter().filter(|sent| !variables.contains_key(&sent.name));
        let near = nearest(requirement.name, unclaimed().map(|sent| sent.name.as_str()))?;
        let near = unclaimed().find(|sent| sent.name == near)?;
        requirement.accepts(self.form(near.field?)).then_some(near)
    }

    /// How serde writes a field, as far as its attributes and the spelling of its type tell.
    fn form(&self, field: &Field<'_>) -> Shape {
        if let Some(kind) = &field.keys.kind {
            return Kind::shape_of_name(&kind.value());
        }
        let spelled = SyntacticType::of(field.ty);
        let form = match () {
            () if field.serde.as_string => spelled.as_string().form(),
            () if self.says_nothing(field) => None,
            () => spelled.form(),
        };
        form.unwrap_or(Shape::Unknown)
    }

    /// The types whose fields are written among the struct's own.
    fn inside(&self) -> Inside {
        let serde = &self.written.serde;
        if let Some(into) = &serde.into {
            return into.parse::<Type>().map_or(Inside::Unknown, |into| Inside::Types(vec![into]));
        }
        let mut flattened =
            self.written.fields().iter().filter(|field| field.serde.flatten && !field.serde.skipped).peekable();
        if flattened.peek().is_none() {
            return Inside::Nothing;
        }
        let types = flattened.map(|field| {
            let ty = field.ty;
            (!self.says_nothing(field)).then(|| match field.serde.perhaps {
                // All of its names may be left out, as those of an `Option`.
                Some(_) => parse_quote!(::core::option::Option<#ty>),
                None => ty.clone(),
            })
        });
        types.collect::<Option<Vec<Type>>>().map_or(Inside::Unknown, Inside::Types)
    }

    /// Its type says nothing of how it is written.
    fn says_nothing(&self, field: &Field<'_>) -> bool {
        field.serde.with || field.keys.kind.is_some() || is_generic(field.ty, self.written.generics)
    }

    /// A field against its variable. What only the compiler can see is given back.
    fn field(&self, found: &names::Variable<'_>, nodes: Vec<Node>, errors: &mut Errors) -> Option<Walk> {
        let mut nodes = nodes;
        // What may be left out is left out where it would be `null`.
        if found.field.is_some_and(|field| field.serde.perhaps.is_some())
            && let Some(first) = nodes.first_mut()
        {
            first.accept_null();
        }
        let requirement = nodes.first()?.requirement();
        let mut fault = |at: &dyn ToTokens, text: &str| errors.push(Error::new_spanned(at.to_token_stream(), text));
        let Some(field) = found.field else {
            // serde's `tag`.
            if let Some(text) = compat::check_value(&requirement, &self.place(), Shape::String, false) {
                errors.push(Error::new(found.span, text.as_str()));
            }
            return None;
        };
        if let Some(perhaps) = field.serde.perhaps.as_ref().filter(|_| requirement.required) {
            fault(perhaps, compat::skipped_field(&requirement, &self.place()).as_str());
            return None;
        }
        let spelled = SyntacticType::of(field.ty);
        if let Some(kind) = &field.keys.kind {
            let form = Kind::shape_of_name(&kind.value());
            // What serde's `with` names may write something for `None`.
            let optional = spelled.is_optional() && !field.serde.with;
            if let Some(text) = compat::check_value(&requirement, &self.place(), form, optional) {
                let at: &dyn ToTokens = if requirement.accepts(form) { field.ty } else { kind };
                fault(at, text.as_str());
                return None;
            }
            // The type may be an alias of an `Option`.
            let is_known = spelled.form().is_some() || field.serde.with || is_generic(field.ty, self.written.generics);
            let refuses_null = compat::check_value(&requirement, &self.place(), form, true).is_some();
            return (refuses_null && !is_known).then(|| {
                let root = Root::Kind { ty: Box::new(field.ty.clone()), shape: form };
                Walk { root, nodes: nodes.into_iter().take(1).collect(), span: ends(field.ty) }
            });
        }
        if field.serde.as_string {
            if let Decision::Fault(text) = decide(&nodes, &spelled.as_string(), &self.place()) {
                fault(field.ty, &text);
            }
            return None;
        }
        if self.says_nothing(field) {
            // What is around a type parameter is known.
            let form = if spelled.element().is_some() { Shape::Array } else { Shape::Unknown };
            if !field.serde.with
                && let Some(text) = compat::check_value(&requirement, &self.place(), form, spelled.is_optional())
            {
                fault(field.ty, text.as_str());
            }
            return None;
        }
        match decide(&nodes, &spelled, &self.place()) {
            Decision::Fits => None,
            Decision::Fault(text) => {
                fault(field.ty, &text);
                None
            }
            Decision::Ask => Some(Walk { root: Root::Field(Box::new(field.ty.clone())), nodes, span: ends(field.ty) }),
        }
    }
}

enum Inside {
    Nothing,
    Types(Vec<Type>),
    /// That cannot be known.
    Unknown,
}

enum Decision {
    Fits,
    Fault(String),
    /// The spelling does not tell.
    Ask,
}

/// What the spelling of a type tells. Where it does not tell all, the walk says every complaint.
fn decide(nodes: &[Node], root: &SyntacticType, place: &WorkflowRef<'_>) -> Decision {
    let mut types: Vec<Option<&SyntacticType>> = Vec::new();
    let mut faults = Vec::new();
    for node in nodes {
        let ty = match node.from {
            From::Payload => Some(root),
            From::List(list) => types.get(list).copied().flatten().and_then(SyntacticType::element),
            // No type that is known by its spelling has fields, and none that fits an object got this far.
            From::Object(_) => None,
        };
        types.push(ty);
        let Some(ty) = ty else { continue };
        let Some(form) = ty.form() else {
            // Whatever it is, it fits.
            let has_more = nodes.iter().any(|inner| inner.is_inside(types.len() - 1));
            if node.takes_anything() && !has_more {
                continue;
            }
            return Decision::Ask;
        };
        faults.extend(
            compat::check_value(&node.requirement(), place, form, ty.is_optional())
                .map(|text| text.as_str().to_owned()),
        );
    }
    if faults.is_empty() { Decision::Fits } else { Decision::Fault(faults.join("\n")) }
}
