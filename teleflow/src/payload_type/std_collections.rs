//! Collections, arrays and tuples of the standard library.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CStr, CString};

use super::{MapOf, Shape, TeleflowPayload, Unknown};

macro_rules! lists {
    ($([$($parameters:tt)*] $type:ty: $element:ty,)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($parameters)*> TeleflowPayload for $type {
            const SHAPE: Shape = Shape::Array;
            type Element = $element;
            type Object = Unknown;
        }
    )*};
}

lists! {
    [T] Vec<T>: T,
    [T] [T]: T,
    [T, const N: usize] [T; N]: T,
    [T] VecDeque<T>: T,
    [T] LinkedList<T>: T,
    [T] BinaryHeap<T>: T,
    [T] BTreeSet<T>: T,
    [T, S] HashSet<T, S>: T,
}

// serde serializes bytes, and serde_json writes them as numbers.
lists! {
    [] CStr: u8,
    [] CString: u8,
}

// The elements of a tuple have different types.
lists! {
    [A] (A,): A,
    [A, B] (A, B): Unknown,
    [A, B, C] (A, B, C): Unknown,
    [A, B, C, D] (A, B, C, D): Unknown,
    [A, B, C, D, E] (A, B, C, D, E): Unknown,
    [A, B, C, D, E, F] (A, B, C, D, E, F): Unknown,
    [A, B, C, D, E, F, G] (A, B, C, D, E, F, G): Unknown,
    [A, B, C, D, E, F, G, H] (A, B, C, D, E, F, G, H): Unknown,
    [A, B, C, D, E, F, G, H, I] (A, B, C, D, E, F, G, H, I): Unknown,
    [A, B, C, D, E, F, G, H, I, J] (A, B, C, D, E, F, G, H, I, J): Unknown,
    [A, B, C, D, E, F, G, H, I, J, K] (A, B, C, D, E, F, G, H, I, J, K): Unknown,
    [A, B, C, D, E, F, G, H, I, J, K, L] (A, B, C, D, E, F, G, H, I, J, K, L): Unknown,
    [A, B, C, D, E, F, G, H, I, J, K, L, M] (A, B, C, D, E, F, G, H, I, J, K, L, M): Unknown,
    [A, B, C, D, E, F, G, H, I, J, K, L, M, N] (A, B, C, D, E, F, G, H, I, J, K, L, M, N): Unknown,
    [A, B, C, D, E, F, G, H, I, J, K, L, M, N, O] (A, B, C, D, E, F, G, H, I, J, K, L, M, N, O): Unknown,
    [A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P] (A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P): Unknown,
}

macro_rules! maps {
    ($(<$($parameter:ident),*> $type:ty),* $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($parameter),*> TeleflowPayload for $type {
            const SHAPE: Shape = Shape::Map;
            type Element = V;
            type Object = MapOf<V>;
        }
    )*};
}

maps!(<K, V, S> HashMap<K, V, S>, <K, V> BTreeMap<K, V>);
