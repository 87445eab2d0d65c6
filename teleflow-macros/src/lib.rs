//! The derive macro of the `teleflow` crate.
#[proc_macro_derive(TeleflowWorkflow, attributes(teleflow))]
/// x
pub fn d(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    proc_macro::TokenStream::new()
}
