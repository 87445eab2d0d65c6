//! The setters that `Event` and `Broadcast` share.

/// Implements the setters for a type with the fields `parts` and `states`, and the fields listed.
///
/// The documentation of `actor` and `tenant` differs.
macro_rules! setters {
    (
        $type:ident<W $(, $generic:ident)?> { $($field:ident),* }
        $(#[$actor:meta])* actor;
        $(#[$tenant:meta])* tenant;
    ) => {
        impl<W $(, $generic)?, A, T> $type<W $(, $generic)?, A, T> {
            /// Changes the states of the actor and the tenant, which exist only as types.
            fn cast_state<A2, T2>(self) -> $type<W $(, $generic)?, A2, T2> {
                $type { parts: self.parts, $($field: self.$field,)* states: PhantomData }
            }

            $(#[$actor])*
            pub fn actor(mut self, actor: impl Into<Subscriber>) -> $type<W $(, $generic)?, Settled, T> {
                self.parts.options.actor = Some(actor.into());
                self.cast_state()
            }

            /// Sets the actor if there is one. A workflow that requires an actor still requires
            /// [`actor`](Self::actor).
            pub fn maybe_actor(mut self, actor: Option<impl Into<Subscriber>>) -> Self {
                self.parts.options.actor = actor.map(Into::into).or(self.parts.options.actor);
                self
            }

            $(#[$tenant])*
            pub fn tenant(mut self, tenant: impl Into<Tenant>) -> $type<W $(, $generic)?, A, Settled> {
                self.parts.options.tenant = Some(tenant.into());
                self.cast_state()
            }

            /// Sets the tenant if there is one. A workflow that requires a tenant still requires
            /// [`tenant`](Self::tenant).
            pub fn maybe_tenant(mut self, tenant: Option<impl Into<Tenant>>) -> Self {
                self.parts.options.tenant = tenant.map(Into::into).or(self.parts.options.tenant);
                self
            }

            /// Overrides settings of the workflow for this event.
            pub fn overrides(mut self, overrides: Overrides) -> Self {
                self.parts.options.overrides = Some(overrides);
                self
            }

            /// Sets the event's id, instead of one derived from the attribute's template or a random one.
            ///
            /// An id belongs to one event: the server's worker silently drops a second event with the same id, even of
            /// another workflow or to other recipients. See [`TransactionId`].
            pub fn transaction_id(mut self, id: impl Into<TransactionId>) -> Self {
                self.parts.options.transaction_id = Some(id.into());
                self
            }
        }
    };
}

pub(crate) use setters;
