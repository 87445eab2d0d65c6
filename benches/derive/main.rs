//! What `#[derive(TeleflowWorkflow)]` adds to a build, beside what `#[derive(Serialize)]` adds.
//!
//! ```sh
//! cargo run --release -p teleflow-benches --bin derive
//! ```
//!
//! Four packages of 200 structs with 8 fields each: without a derive, with `Serialize`, with `TeleflowWorkflow` in
//! addition, and the same with a catalog. A round touches and builds each of them several times, in turn, and every other
//! round in the opposite order. What is measured is the processor time, user and system, of cargo and of all that it
//! starts: other work on the machine changes it little, where the time by the clock would be of no use. Each round has its
//! own ratio of what the derive adds to what `Serialize` adds; the medians count, and the quartiles say how far to trust
//! them.
//!
//! The last line has the ratios: `derive: plain=R catalog=R`. The one that begins with `derive, built from nothing` has
//! the same for builds without what the compiler kept from the last one.

mod package;

use std::env;
use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

use package::Package;

/// Unless the first argument says otherwise.
const ROUNDS: usize = 11;
const IN_TURN: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package stands in a workspace")?;
    let scratch = root.join("target/derive-cost");
    let packages = Package::all();
    for package in &packages {
        package.write(root, &scratch)?;
        // The dependencies, once.
        build(package, &scratch, Build::Again)?;
        build(package, &scratch, Build::FromNothing)?;
    }
    let rounds = env::args().nth(1).map_or(Ok(ROUNDS), |rounds| rounds.parse())?;
    let whole = measure(&packages, &scratch, Build::FromNothing, rounds)?;
    let again = measure(&packages, &scratch, Build::Again, rounds)?;
    println!("derive, built from nothing: {whole}");
    println!("derive: {again}");
    Ok(())
}

#[derive(Clone, Copy)]
enum Build {
    /// As in daily work: with what the compiler kept.
    Again,
    FromNothing,
}

/// The ratios, in words.
fn measure(packages: &[Package; 4], scratch: &Path, how: Build, rounds: usize) -> Result<String, Box<dyn Error>> {
    let mut times: [Vec<f64>; 4] = Default::default();
    let (mut plain, mut catalog) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let mut sums = [0.0; 4];
        for _ in 0..IN_TURN {
            let mut order = [0, 1, 2, 3];
            if round % 2 == 1 {
                order.reverse();
            }
            for index in order {
                packages[index].touch(scratch)?;
                sums[index] += build(&packages[index], scratch, how)? / IN_TURN as f64;
            }
        }
        for (times, sum) in times.iter_mut().zip(sums) {
            times.push(sum);
        }
        let unit = sums[1] - sums[0];
        plain.push((sums[2] - sums[1]) / unit);
        catalog.push((sums[3] - sums[1]) / unit);
    }
    let [bare, serde, with_derive, with_catalog] = times.map(|times| quartiles(times)[1]);
    println!(
        "processor time: bare {bare:.2} s, serde {serde:.2} s, plain {with_derive:.2} s, catalog {with_catalog:.2} s"
    );
    if serde <= bare {
        return Err("`Serialize` adds nothing that could be measured: the machine is too busy".into());
    }
    let ([low, plain, high], [low_catalog, catalog, high_catalog]) = (quartiles(plain), quartiles(catalog));
    println!("quartiles: plain {low:.2} to {high:.2}, catalog {low_catalog:.2} to {high_catalog:.2}");
    Ok(format!("plain={plain:.2} catalog={catalog:.2}"))
}

/// The quartiles, with the median between them.
fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[(values.len() - 1) * quarter / 4])
}

/// Builds a package, and says how many seconds of processor time it took.
fn build(package: &Package, scratch: &Path, how: Build) -> Result<f64, Box<dyn Error>> {
    let (target, incremental) = match how {
        Build::Again => ("again", "1"),
        Build::FromNothing => ("from-nothing", "0"),
    };
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // The standard library does not tell what a child has used; the shell does, on the last line.
    let output = Command::new("bash")
        .args(["-c", "TIMEFORMAT='%U %S'; time \"$@\"", "bash"])
        .arg(cargo)
        .args(["build", "--quiet", "--offline"])
        .current_dir(package.folder(scratch))
        .env("LC_ALL", "C")
        .env("CARGO_TARGET_DIR", scratch.join(target))
        .env("CARGO_INCREMENTAL", incremental)
        .env_remove("TELEFLOW_CATALOG")
        .env_remove("RUSTFLAGS")
        .stdin(Stdio::null())
        .output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{} does not build:\n{errors}", package.name()).into());
    }
    let times = errors.lines().last().ok_or("bash does not tell the time")?;
    Ok(times.split(' ').map(str::parse::<f64>).sum::<Result<f64, _>>()?)
}
