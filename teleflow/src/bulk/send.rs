//! Sends the requests of a bulk, one after the other.

use super::Bulk;
use crate::bulk_report::BulkReport;
use crate::client::Client;
use crate::error::Result;
use crate::receipt::Receipt;
use crate::send_request::send_request;

pub(super) async fn send(client: Client, bulk: Bulk) -> BulkReport {
    let (chunks, invalid) = bulk.split();
    let mut results: Vec<(usize, Result<Receipt>)> =
        invalid.into_iter().map(|(position, error)| (position, Err(error))).collect();
    let mut refusal = None;
    for chunk in chunks {
        let of_chunk = send_request(&client, &chunk.request, &mut refusal).await;
        results.extend(chunk.positions.into_iter().zip(of_chunk));
    }
    results.sort_by_key(|(position, _)| *position);
    BulkReport::new(results.into_iter().map(|(_, result)| result).collect())
}
