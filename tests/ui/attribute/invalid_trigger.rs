//! Texts that are not trigger identifiers.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "")]
struct Empty {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "  ")]
struct Blank {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = " order-shipped")]
struct SpaceBefore {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped ")]
struct SpaceAfter {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order\tshipped")]
struct Tab {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped\n")]
struct LineBreak {}

fn main() {}
