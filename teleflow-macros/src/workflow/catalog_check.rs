//! The check of the struct against its workflow file: missing variables, and fields of the wrong kind as far as the derive
//! recognizes their types. The compiler makes the other checks: see [`DeferredCheck`](super::model::DeferredCheck).

// A module imports only from those below it.
mod variables;
mod field;
mod omissions;

use syn::ext::IdentExt;
use syn::{Error, LitStr};
use teleflow_catalog::files::{Need, steps_in_words};

use super::model::{CatalogChecks, Member, ParsedInput, UnmetNeed};
use super::names;
use super::workflow_file::{self, WorkflowFile};
use crate::errors::Errors;
use crate::syntactic_type::SyntacticType;

/// Checks the struct. Returns the checks that are left to generated code, and the errors; without a catalog, neither.
pub(crate) fn check_against_catalog(
    input: &ParsedInput<'_>,
    trigger: &LitStr,
    [actor, tenant]: [Option<Member<'_>>; 2],
) -> (Option<CatalogChecks>, Option<Error>) {
    let file = match workflow_file::find(trigger, &input.keys) {
        Ok(Some(file)) => file,
        Ok(None) => return (None, None),
        Err(error) => return (None, Some(error)),
    };
    let mut errors = Errors::default();
    let omitted: Vec<String> = input.keys.omitted.iter().map(LitStr::value).collect();
    omissions::check(input, &file.workflow, &mut errors);
    let actor = unmet_need("actor", file.workflow.actor.as_ref(), actor, &omitted);
    let tenant = unmet_need("tenant", file.workflow.tenant.as_ref(), tenant, &omitted);
    email_variables(input, &file, &mut errors);
    let deferred = variables::check(input, &file, &omitted, &mut errors);
    (Some(CatalogChecks { file, actor, tenant, deferred }), errors.finish().err())
}

/// The need, unless the author omits it or a field always meets it.
fn unmet_need(name: &str, need: Option<&Need>, field: Option<Member<'_>>, omitted: &[String]) -> Option<UnmetNeed> {
    let need = need.filter(|need| need.required || !omitted.iter().any(|path| path == name))?;
    let (field_type, optional_field) = match field.map(|field| (SyntacticType::of(field.ty), field)) {
        Some((SyntacticType::Scalar(_), _)) => return None,
        Some((SyntacticType::Optional(_), field)) => (None, Some(field.ident.unraw().to_string())),
        None => (None, None),
        Some((_, field)) => (Some(Box::new(field.ty.clone())), None),
    };
    Some(UnmetNeed { required: need.required, steps: steps_in_words(&need.steps), field_type, optional_field })
}

/// Rejects variables that e-mail templates read, and that e-mails replace with values of their own.
fn email_variables(input: &ParsedInput<'_>, file: &WorkflowFile, errors: &mut Errors) {
    let sent = names::variables(input).unwrap_or_default();
    let is_read = |variable: &&names::Variable<'_>| file.workflow.email_reads.contains(&variable.name);
    let is_allowed = |variable: &names::Variable<'_>| {
        let keys = variable.field.map(|field| &field.keys);
        keys.is_some_and(|keys| keys.shadowed.is_some() || keys.attempted_keys.contains(&"shadowed"))
    };
    for variable in sent.iter().filter(is_read).filter(|variable| !is_allowed(variable)) {
        let message = format!(
            "the e-mails of workflow `{}` replace `{name}` with a value of their own; {}, or allow it with \
             `#[teleflow(shadowed)]` if something other than an e-mail reads it [{}]",
            file.workflow.trigger,
            variable.how_to_rename(),
            file.display_path,
            name = variable.name,
        );
        errors.push(Error::new(variable.span, message));
    }
}
