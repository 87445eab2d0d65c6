//! Only generic types get bounds. An unmet bound of another type is an error at the struct's declaration.

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "digest", transaction_id = "{key}")]
pub struct Digest<'a, T: Clone, R, K = u64, const N: usize = 3>
where
    R: 'a,
{
    #[teleflow(to)]
    readers: Vec<R>,
    #[teleflow(actor)]
    author: &'a str,
    key: K,
    items: Vec<T>,
    counts: [u8; N],
}
