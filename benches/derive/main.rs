//! What `#[derive(TeleflowWorkflow)]` adds to a build, beside what `#[derive(Serialize)]` adds.
//!
//! ```sh
//! cargo run --release -p teleflow-benches --bin derive
//! ```
//!
//! Four packages of 200 structs with 8 fields each: without a derive, with `Serialize`, with `TeleflowWorkflow` beside
//! it, and the same with a catalog. Each is touched and built, one after the other, five times; the medians count. A
//! time is the sum of five builds, in turn with those of the other packages, since the differences are small and
//! machines are noisy.
//! The last line has what the derive adds as a ratio to what `Serialize` adds: `derive: plain=R catalog=R`. The line
//! before it has the same for builds from nothing, that is without what the compiler kept from the last one.

mod package;

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use package::Package;

const ROUNDS: usize = 5;
const IN_TURN: u32 = 5;

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
    let whole = measure(&packages, &scratch, Build::FromNothing)?;
    let again = measure(&packages, &scratch, Build::Again)?;
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
fn measure(packages: &[Package; 4], scratch: &Path, how: Build) -> Result<String, Box<dyn Error>> {
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..ROUNDS {
        let mut sums = [Duration::ZERO; 4];
        for _ in 0..IN_TURN {
            for (package, sum) in packages.iter().zip(&mut sums) {
                package.touch(scratch)?;
                let started = Instant::now();
                build(package, scratch, how)?;
                *sum += started.elapsed();
            }
        }
        for (times, sum) in times.iter_mut().zip(sums) {
            times.push(sum / IN_TURN);
        }
    }
    let [bare, serde, plain, catalog] = times.map(median);
    println!("bare {bare:.2} s, serde {serde:.2} s, plain {plain:.2} s, catalog {catalog:.2} s");
    let unit = serde - bare;
    if unit <= 0.0 {
        return Err("`Serialize` adds nothing that could be measured: the machine is too busy".into());
    }
    Ok(format!("plain={:.2} catalog={:.2}", (plain - serde) / unit, (catalog - serde) / unit))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).map(Duration::as_secs_f64).unwrap_or_default()
}

fn build(package: &Package, scratch: &Path, how: Build) -> Result<(), Box<dyn Error>> {
    let (target, incremental) = match how {
        Build::Again => ("again", "1"),
        Build::FromNothing => ("from-nothing", "0"),
    };
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--offline"])
        .current_dir(package.folder(scratch))
        .env("CARGO_TARGET_DIR", scratch.join(target))
        .env("CARGO_INCREMENTAL", incremental)
        .env_remove("TELEFLOW_CATALOG")
        .env_remove("RUSTFLAGS")
        .stdin(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("{} does not build", package.name()).into()) }
}
