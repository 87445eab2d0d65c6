//! Databases that do not exist, and settings that are not valid.

use std::fs;

use super::{Project, Ran};

fn run(project: &Project, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    project.run_with(variables, "", &[&["outbox"], arguments].concat())
}

#[test]
fn nothing_is_created() {
    let project = Project::without_package();
    for command in [&["status"][..], &["dead"], &["redrive", "1"], &["redrive", "--all"], &["drain"]] {
        let arguments = [command, &["--database", "shop.db"]].concat();
        let ran = run(&project, &[("TELEFLOW_API_KEY", "k")], &arguments).ended(1);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", "error: the file `shop.db` does not exist\n"));
    }
    assert_eq!(project.list(""), [""; 0]);

    rusqlite::Connection::open(project.path("shop.db")).unwrap().execute_batch("create table orders (id)").unwrap();
    let before = fs::read(project.path("shop.db")).unwrap();
    let ran = run(&project, &[], &["status", "--database", "sqlite://shop.db?mode=rwc"]).ended(1);
    assert_eq!(ran.stderr, "error: the file `shop.db` does not have the table `teleflow_outbox`\n");
    assert!(fs::read(project.path("shop.db")).unwrap() == before);

    project.write("notes.txt", &"only text, but more of it than a header has\n".repeat(20));
    let ran = run(&project, &[], &["status", "--database", "notes.txt"]).ended(1);
    assert!(ran.stderr.starts_with("error: failed to open `notes.txt`: file is not a database"), "{ran:?}");
    assert_eq!(project.list(""), ["notes.txt", "shop.db"]);
}

#[test]
fn an_invalid_database_is_wrong_usage() {
    let project = Project::without_package();
    let expected = "use a `postgres://` URL or the path of an SQLite file";
    for (database, problem) in [
        (" ", format!("is blank; {expected}")),
        ("mysql://u:secret@h/d", format!("has the scheme `mysql`, which is not supported; {expected}")),
        ("host=h password=secret", format!("is a list of parameters, which is not supported; {expected}")),
        ("sqlite::memory:", String::from("is a database in memory, which no other process can open")),
        ("sqlite://", String::from("is a database in memory, which no other process can open")),
        ("sqlite:%ff", String::from("has a path that is not valid UTF-8")),
    ] {
        let ran = run(&project, &[], &["status", "--database", database]).ended(2);
        assert_eq!(ran.stderr, format!("error: `--database` {problem}\n"));
    }
    let ran = run(&project, &[("DATABASE_URL", "redis://secret@h")], &["status"]).ended(2);
    assert!(ran.stderr.starts_with("error: `DATABASE_URL` has the scheme `redis`"), "{ran:?}");
    let ran = run(&project, &[("DATABASE_URL", " ")], &["status"]).ended(2);
    assert_eq!(ran.stderr, "error: no database; set `--database`, or the environment variable `DATABASE_URL`\n");
}

#[test]
fn other_invalid_settings_are_wrong_usage() {
    let project = Project::without_package();
    for (arguments, part) in [
        (&["redrive"][..], "the following required arguments were not provided"),
        (&["redrive", "one"], "invalid value 'one'"),
        (&["redrive", "1", "--all"], "cannot be used with"),
        (&["status", "--format", "github"], "invalid value 'github'"),
        (&["drain", "--database", "shop.db"], "error: `TELEFLOW_API_KEY` is not set or blank"),
    ] {
        let ran = run(&project, &[], arguments).ended(2);
        assert!(ran.stderr.contains(part), "{arguments:?}: {ran:?}");
    }
    let ran =
        run(&project, &[("TELEFLOW_API_KEY", "k")], &["drain", "--database", "x", "--api-url", "ftp://h"]).ended(2);
    assert_eq!(ran.stderr, "error: the base URL must start with `https://` or `http://`\n");
    rusqlite::Connection::open(project.path("shop.db")).unwrap().execute_batch(teleflow_outbox::SQLITE_SCHEMA).unwrap();
    let ran = run(&project, &[], &["status", "--database", "shop.db", "--queue", "Not a name"]).ended(1);
    assert!(ran.stderr.starts_with("error: `Not a name` is not a valid queue name; use "), "{ran:?}");
}
