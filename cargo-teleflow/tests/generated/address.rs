// Workflow `call-me` is commented out: it requires `phone`, which the server uses as the address instead of the subscriber's.
// If you intend that, uncomment the code:
//
// /// Workflow `call-me`, "Called \u{22}so\u{22}\u{a}\u{60}x\u{60}".
// ///
// /// It is switched off, so the server drops its events.
// ///
// /// The workflow requires an actor (step `a\u{a}b`): call `.actor(..)`.
// ///
// /// Templates use a tenant (steps `x` and `y`): call `.tenant(..)`.
// #[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
// #[teleflow(trigger = "call-me")]
// pub struct CallMe {
//     /// Not read by any known step.
//     pub inner: CallMeInner,
//     /// Required.
//     #[teleflow(address)]
//     pub phone: String,
// }
//
// /// `inner` of [`CallMe`].
// #[derive(Debug, Clone, Serialize, TeleflowPayload)]
// pub struct CallMeInner {
//     /// Not read by any known step.
//     pub x: String,
// }
