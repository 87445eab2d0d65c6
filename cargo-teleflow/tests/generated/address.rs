// Workflow `call-me` is commented out: it requires `phone`, and the server sends to the address in it instead of the subscriber's.
// If that is meant, uncomment this:
//
// /// Workflow `call-me`, "Called \u{22}so\u{22}\u{a}\u{60}x\u{60}".
// ///
// /// It is switched off: the server drops its events.
// ///
// /// The server refuses it without an actor, for step `a\u{a}b`: call `.actor(..)`.
// ///
// /// Its templates read a tenant, for steps `x` and `y`: call `.tenant(..)`.
// #[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
// #[teleflow(trigger = "call-me")]
// pub struct CallMe {
//     /// Read by no step that is known.
//     pub inner: CallMeInner,
//     /// Required.
//     #[teleflow(address)]
//     pub phone: String,
// }
//
// /// `inner` of [`CallMe`].
// #[derive(Debug, Clone, Serialize, TeleflowPayload)]
// pub struct CallMeInner {
//     /// Read by no step that is known.
//     pub x: String,
// }
