//! Sends the requests of a bulk, one after the other.

use super::Bulk;
use super::split;
use crate::bulk_report::BulkReport;
use crate::client::Client;
use crate::error::Result;
use crate::receipt::Receipt;
use crate::send_request::send_request;

pub(super) async fn send(client: Client, bulk: Bulk) -> BulkReport {
    let (events, invalid) = bulk.into_valid();
    let mut results: Vec<(usize, Result<Receipt>)> =
        invalid.into_iter().map(|(position, error)| (position, Err(error))).collect();
    let parts = split::plan(&events.sizes(), client.dispatcher().burst());
    let mut refusal = None;
    for part in &parts {
        let request = events.request(part);
        let of_part = send_request(&client, &request, &mut refusal).await;
        results.extend(events.positions(part).zip(of_part));
    }
    results.sort_by_key(|(position, _)| *position);
    BulkReport::new(results.into_iter().map(|(_, result)| result).collect())
}
