//! Tokens → [`ParsedInput`]. Errors of a single key are found here, all others in `check`.

use syn::{Data, DeriveInput, Fields};

use super::model::{Body, Field, ParsedInput};
use crate::attr::serde_attrs::{ContainerAttrs, FieldAttrs};
use crate::attr::teleflow_attrs;
use crate::errors::Errors;

pub(crate) fn parse<'a>(input: &'a DeriveInput, errors: &mut Errors) -> ParsedInput<'a> {
    ParsedInput {
        ident: &input.ident,
        generics: &input.generics,
        keys: teleflow_attrs::on_struct(&input.attrs, errors),
        serde: ContainerAttrs::from_attributes(&input.attrs),
        body: match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(_) => Body::Named(fields(&data.fields, errors)),
                Fields::Unnamed(_) => Body::Tuple(&data.fields),
                Fields::Unit => Body::Unit,
            },
            Data::Enum(data) => Body::Enum(data.enum_token),
            Data::Union(data) => Body::Union(data.union_token),
        },
    }
}

fn fields<'a>(fields: &'a Fields, errors: &mut Errors) -> Vec<Field<'a>> {
    let fields = fields.iter().filter_map(|field| {
        Some(Field {
            ident: field.ident.as_ref()?,
            ty: &field.ty,
            keys: teleflow_attrs::on_field(&field.attrs, errors),
            serde: FieldAttrs::from_attributes(&field.attrs),
        })
    });
    fields.collect()
}
