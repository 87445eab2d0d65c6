//! The medians, as a table and as one line.

use crate::Row;
use crate::measure::Costs;

/// The costs of each client of a row, one for each round.
pub(crate) struct Table {
    name: &'static str,
    clients: &'static [&'static str],
    costs: Vec<Vec<Costs>>,
}

impl Table {
    pub(crate) fn new(row: &Row) -> Self {
        Self { name: row.name, clients: row.clients, costs: vec![Vec::new(); row.clients.len()] }
    }

    pub(crate) fn add(&mut self, client: usize, costs: Costs) {
        self.costs[client].push(costs);
    }

    fn median(&self, client: &str, read: impl Fn(&Costs) -> f64) -> Option<f64> {
        let client = self.clients.iter().position(|name| *name == client)?;
        let mut numbers: Vec<f64> = self.costs[client].iter().map(read).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.get(numbers.len() / 2).copied()
    }

    /// How many events the client sends in a second of processor time, compared with the best by hand: the median of the rounds.
    fn ratio(&self, client: &str) -> Option<f64> {
        let position = |client: &str| self.clients.iter().position(|name| *name == client);
        let (own, by_hand) = (&self.costs[position(client)?], &self.costs[position("by-hand")?]);
        let mut ratios: Vec<f64> =
            own.iter().zip(by_hand).map(|(own, by_hand)| by_hand.cpu_per_event / own.cpu_per_event).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied()
    }
}

pub(crate) fn print(tables: &[Table]) {
    println!("| | client | events/s | CPU µs an event | allocations an event | peak MiB | ratio |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for table in tables {
        for client in table.clients {
            let number = |read: fn(&Costs) -> f64| table.median(client, read).unwrap_or(f64::NAN);
            println!(
                "| {} | {client} | {:.0} | {:.2} | {:.1} | {:.1} | {:.2} |",
                table.name,
                number(|costs| costs.events_per_second),
                number(|costs| costs.cpu_per_event),
                number(|costs| costs.allocations_per_event),
                number(|costs| costs.peak_kib) / 1024.0,
                table.ratio(client).unwrap_or(f64::NAN),
            );
        }
    }
    let find = |name: &str| tables.iter().find(|table| table.name.starts_with(name));
    let ratio = |name: &str, client: &str| find(name).and_then(|table| table.ratio(client)).unwrap_or(f64::NAN);
    let allocations = |name: &str, client: &str| {
        find(name).and_then(|table| table.median(client, |costs| costs.allocations_per_event)).unwrap_or(f64::NAN)
    };
    let (single, bulk, fan_out) = ("single, 64", "bulk", "fan_out of 1 000 000");
    let peak = find(fan_out).and_then(|table| table.median("teleflow", |costs| costs.peak_kib)).unwrap_or(f64::NAN);
    println!(
        "bench: single64={:.2} allocs_single={:+.1} bulk={:.2} allocs_bulk={:.1} \
         fan_out={:.2} rss_mib={:.1}",
        ratio(single, "teleflow"),
        allocations(single, "teleflow") - allocations(single, "by-hand"),
        ratio(bulk, "teleflow"),
        allocations(bulk, "teleflow"),
        ratio(fan_out, "teleflow"),
        peak / 1024.0,
    );
}
