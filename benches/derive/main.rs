//! Measures the build time of `#[derive(TeleflowWorkflow)]`, compared with `#[derive(Serialize)]`.
//!
//! ```sh
//! cargo run --release -p teleflow-benches --bin derive
//! ```
//!
//! There are four packages of 200 structs with 8 fields each: without a derive, with `Serialize`, with `Serialize` and
//! `TeleflowWorkflow`, and the same with a catalog. Each round builds them several times in alternation; every second
//! round uses the opposite order. The measure is the processor time (user and system) of cargo and its child processes,
//! because other work on the machine changes it little.
//!
//! Each round gives the ratio of the time that `TeleflowWorkflow` adds to the time that `Serialize` adds. The result is
//! the median of these ratios. The quartiles show how reliable it is.
//!
//! The last line has the ratios of incremental builds: `derive: plain=R catalog=R`. The line `derive, clean build` has
//! the ratios of builds without incremental compilation.

mod package;

use std::env;
use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

use package::Package;

/// The default number of rounds; the first argument overrides it.
const ROUNDS: usize = 11;
/// How often a round builds each package.
const BUILDS_PER_ROUND: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package is not in a workspace")?;
    let scratch = root.join("target/derive-cost");
    let packages = Package::all();
    for package in &packages {
        package.write(root, &scratch)?;
        // Builds the dependencies.
        build(package, &scratch, Build::Incremental)?;
        build(package, &scratch, Build::Clean)?;
    }
    let rounds = env::args().nth(1).map_or(Ok(ROUNDS), |rounds| rounds.parse())?;
    let clean = measure(&packages, &scratch, Build::Clean, rounds)?;
    let incremental = measure(&packages, &scratch, Build::Incremental, rounds)?;
    println!("derive, clean build: {clean}");
    println!("derive: {incremental}");
    Ok(())
}

#[derive(Clone, Copy)]
enum Build {
    /// With incremental compilation, as in daily work.
    Incremental,
    /// Without incremental compilation.
    Clean,
}

/// Measures all packages, and returns the ratios as text.
fn measure(packages: &[Package; 4], scratch: &Path, how: Build, rounds: usize) -> Result<String, Box<dyn Error>> {
    let mut times: [Vec<f64>; 4] = Default::default();
    let (mut plain, mut catalog) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let mut sums = [0.0; 4];
        for _ in 0..BUILDS_PER_ROUND {
            let mut order = [0, 1, 2, 3];
            if round % 2 == 1 {
                order.reverse();
            }
            for index in order {
                packages[index].touch(scratch)?;
                sums[index] += build(&packages[index], scratch, how)? / BUILDS_PER_ROUND as f64;
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
        return Err("the cost of `Serialize` is too small to measure; run this on a less busy machine".into());
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

/// Builds a package, and returns the seconds of processor time.
fn build(package: &Package, scratch: &Path, how: Build) -> Result<f64, Box<dyn Error>> {
    let (target, incremental) = match how {
        Build::Incremental => ("incremental", "1"),
        Build::Clean => ("clean", "0"),
    };
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // The standard library does not report the processor time of a child process. The shell prints it on the last line.
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
    let times = errors.lines().last().ok_or("bash did not print the time")?;
    Ok(times.split(' ').map(str::parse::<f64>).sum::<Result<f64, _>>()?)
}
