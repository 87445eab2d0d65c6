//! Recursive types are checked as deep as a workflow reads them.

#![deny(warnings)]

use std::collections::BTreeMap;

use serde::Serialize;
use teleflow::TeleflowPayload;
use teleflow::__private::{FieldAt, Shape, index_of};

#[derive(Serialize, TeleflowPayload)]
struct Tree {
    name: String,
    children: Vec<Tree>,
    parent: Option<Box<Self>>,
    by_name: BTreeMap<String, Tree>,
}

#[derive(Serialize, TeleflowPayload)]
struct Chicken<'a> {
    egg: Option<&'a Egg<'a>>,
}

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "type")]
enum Egg<'a> {
    Whole { chicken: &'a Chicken<'a> },
    Broken,
}

#[derive(Serialize, TeleflowPayload)]
struct Node<T> {
    value: T,
    next: Option<Box<Node<T>>>,
}

/// A type that grows with every step.
#[derive(Serialize, TeleflowPayload)]
struct Growing<T> {
    value: T,
    next: Option<Box<Growing<(T, T)>>>,
}

#[derive(Serialize, TeleflowPayload)]
#[serde(transparent)]
struct Forest(Vec<Tree>);

#[derive(Serialize, TeleflowPayload)]
#[serde(untagged)]
enum Nested {
    One(Box<[Nested]>),
    Two(Box<[Nested]>),
}

macro_rules! shape {
    ($type:ty) => {
        <$type as TeleflowPayload>::SHAPE
    };
    ($type:ty, [] $($rest:tt)*) => {
        shape!(<$type as TeleflowPayload>::Element $($rest)*)
    };
    ($type:ty, $name:literal $($rest:tt)*) => {
        shape!(<<$type as TeleflowPayload>::Object as FieldAt<{ index_of(<$type as TeleflowPayload>::FIELDS, $name) }>>::Type $($rest)*)
    };
}

const _: () = {
    assert!(matches!(shape!(Tree, "children", [], "children", [], "name"), Shape::String));
    assert!(matches!(shape!(Tree, "parent", "parent", "by_name", "any", "children"), Shape::Array));
    assert!(matches!(shape!(Chicken<'static>, "egg", "chicken", "egg"), Shape::Object));
    assert!(matches!(shape!(Chicken<'static>, "egg", "type"), Shape::String));
    assert!(matches!(shape!(Node<u8>, "next", "next", "value"), Shape::Integer));
    assert!(matches!(shape!(Growing<u8>, "next", "next", "value"), Shape::Array));
    assert!(matches!(shape!(Forest, [], "children", [], "no such name"), Shape::Unknown));
    assert!(matches!(shape!(Nested, [], [], []), Shape::Array));
};

fn main() {}
