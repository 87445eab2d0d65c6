//! Rows that neither an outbox nor a relay has written. They do not stop the others.

use crate::shop::{Kind, Shop, on_each_store, request};

on_each_store! {
    rows_with_unusual_values_are_dead_and_the_others_are_sent
    dead_rows_with_unusual_values_are_listed_and_redriven
}

async fn rows_with_unusual_values_are_dead_and_the_others_are_sent(kind: Kind) {
    let shop = Shop::new(kind).await;
    let rows: &[&str] = match kind {
        // SQLite stores values of other types than the column's.
        Kind::Sqlite => &[
            "insert into teleflow_outbox (queue, message) values ('teleflow', x'7b7d')",
            "insert into teleflow_outbox (queue, message) values ('teleflow', x'ff00')",
            "insert into teleflow_outbox (queue, message) values ('teleflow', cast(x'22ff22' as text))",
            "insert into teleflow_outbox (queue, message, read_ct) values ('teleflow', '{}', 1.5)",
            "insert into teleflow_outbox (queue, message, read_ct) values ('teleflow', '{}', -7)",
            "insert into teleflow_outbox (queue, message, enqueued_at) values ('teleflow', '{}', 1.5)",
            "insert into teleflow_outbox (queue, message, enqueued_at) values ('teleflow', '{}', '2026-01-01')",
            "insert into teleflow_outbox (queue, message, enqueued_at) values ('teleflow', '{}', -9223372036854775808)",
        ],
        Kind::Postgres => &[
            "insert into pgmq.q_teleflow (vt, message) values (now(), null)",
            "insert into pgmq.q_teleflow (vt, message, read_ct) values (now(), '{}', -7)",
            "insert into pgmq.q_teleflow (vt, message) values ('-infinity', '{}')",
            "insert into pgmq.q_teleflow (vt, message, enqueued_at) values (now(), '{}', '4000-01-01 BC')",
            "insert into pgmq.q_teleflow (vt, message, enqueued_at) values (now(), '{}', '-infinity')",
            "insert into pgmq.q_teleflow (vt, message, enqueued_at) values (now(), '{}', 'infinity')",
        ],
    };
    for row in rows {
        shop.execute(row).await;
    }
    shop.put(&request("t-1")).await;
    let relay = shop.relay().await;
    assert_eq!(relay.gauges().await.unwrap().queued, rows.len() as u64 + 1);
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["t-1"]);
    assert_eq!(relay.dead().await.unwrap().len(), rows.len());
    assert_eq!(relay.gauges().await.unwrap().queued, 0);
}

async fn dead_rows_with_unusual_values_are_listed_and_redriven(kind: Kind) {
    let shop = Shop::new(kind).await;
    let rows: &[&str] = match kind {
        Kind::Sqlite => &[
            "insert into teleflow_outbox (queue, message, dead_at, dead_reason) values ('teleflow', x'ff', 1.5, x'ff')",
            "insert into teleflow_outbox (queue, message, dead_at, dead_reason) values ('teleflow', 1, 'x', null)",
        ],
        Kind::Postgres => &[
            "insert into pgmq.q_teleflow_dead (vt, message) values (now(), null)",
            "insert into pgmq.q_teleflow_dead (vt, message) values (now(), '[]')",
            "insert into pgmq.q_teleflow_dead (vt, message) values (now(), '{\"reason\": {}, \"request\": null}')",
            "insert into pgmq.q_teleflow_dead (vt, message, enqueued_at) values (now(), '{}', 'infinity')",
        ],
    };
    for row in rows {
        shop.execute(row).await;
    }
    let relay = shop.relay().await;
    let dead = relay.dead().await.unwrap();
    assert_eq!(dead.len(), rows.len());
    for message in dead {
        assert!(message.request().is_none());
        assert!(relay.redrive(message.id()).await.unwrap());
    }
    relay.once().await.unwrap();
    assert_eq!(relay.dead().await.unwrap().len(), rows.len());
}
