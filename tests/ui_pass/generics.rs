//! All kinds of generic parameters: bounds are checked where the type is used, and only generic types get bounds.

#![deny(warnings)]

use std::borrow::Cow;
use std::fmt::{Debug, Display};
use std::marker::PhantomData;

use serde::Serialize;
use teleflow::{Client, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "digest", transaction_id = "{key}")]
struct Digest<'a, 'b: 'a, T: Clone, K = u64, const N: usize = 3>
where
    T: Debug,
    K: Copy,
{
    key: K,
    items: Vec<T>,
    title: &'a Cow<'b, str>,
    #[serde(skip)]
    counts: [u8; N],
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "digest")]
struct MarkedFields<R, A, T> {
    #[teleflow(to)]
    readers: Vec<R>,
    #[teleflow(actor)]
    author: A,
    #[teleflow(tenant)]
    shop: Option<T>,
}

/// serde requires nothing of `T`.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "digest")]
struct Marked<T> {
    #[serde(skip)]
    marker: PhantomData<T>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "tree")]
struct Tree<T> {
    value: T,
    children: Vec<Tree<T>>,
    parent: Option<Box<Self>>,
}

struct NotSerialize;

fn main() {}

pub fn uses(client: &Client) {
    let title = Cow::Borrowed("Today");
    let _ = Digest { key: 1, items: vec![1], title: &title, counts: [0; 3] }.to("ada").send(client);
    let _ = MarkedFields { readers: vec!["ada"], author: String::new(), shop: Some("hats") }.send(client);
    let _ = Marked::<NotSerialize> { marker: PhantomData }.to("ada").send(client);
    let _ = Tree { value: 1, children: vec![], parent: None }.to("ada").send(client);
    generic(client, 7);
}

fn generic<K: Serialize + Display + Copy>(client: &Client, key: K) {
    let title = Cow::Borrowed("Today");
    let digest = Digest { key, items: vec![1], title: &title, counts: [0; 1] };
    let _ = digest.to("ada").send(client);
}
