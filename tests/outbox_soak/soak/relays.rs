//! The processes of the relays, which are killed, frozen, stopped and started again.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fastrand::Rng;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::database::{BoxError, Database};
use crate::relay_process::LEASE;

/// A relay that stops finishes its requests in this time: the deadline of its client, and some time for a busy machine.
const STOP_WITHIN: Duration = Duration::from_secs(20);

/// The relays of a run. Dropping it kills all processes.
pub struct Relays {
    database: Database,
    url: String,
    folder: PathBuf,
    random: Rng,
    slots: Vec<Slot>,
    next_disturbance: Instant,
    pub counts: Counts,
    /// Each exit that nobody caused.
    pub failures: Vec<String>,
    /// Until this time the database restarts, so a relay may fail to start.
    pub may_exit_until: Option<Instant>,
}

#[derive(Debug, Default)]
pub struct Counts {
    pub started: u32,
    pub killed: u32,
    pub frozen: u32,
    pub stopped: u32,
}

enum Slot {
    Running(Child),
    /// Goes on at this time.
    Frozen(Child, Instant),
    /// Stops, at the latest at this time.
    Stopping(Child, Instant),
    /// Starts at this time.
    Down(Instant),
}

impl Slot {
    fn child(&mut self) -> Option<&mut Child> {
        match self {
            Self::Running(child) | Self::Frozen(child, _) | Self::Stopping(child, _) => Some(child),
            Self::Down(_) => None,
        }
    }
}

impl Relays {
    pub fn start(database: &Database, url: &str, folder: PathBuf, relays: usize, seed: u64) -> Self {
        let now = Instant::now();
        Self {
            database: database.clone(),
            url: url.to_owned(),
            folder,
            random: Rng::with_seed(seed),
            slots: (0..relays).map(|_| Slot::Down(now)).collect(),
            next_disturbance: now + Duration::from_secs(1),
            counts: Counts::default(),
            failures: Vec::new(),
            may_exit_until: None,
        }
    }

    /// Starts what is due, and disturbs a relay at random. Call it often.
    pub fn tick(&mut self) -> Result<(), BoxError> {
        for index in 0..self.slots.len() {
            self.advance(index)?;
        }
        if self.next_disturbance <= Instant::now() {
            self.next_disturbance = Instant::now() + Duration::from_millis(self.random.u64(200..2000));
            let index = self.random.usize(0..self.slots.len());
            self.disturb(index)?;
        }
        Ok(())
    }

    fn advance(&mut self, index: usize) -> Result<(), BoxError> {
        let now = Instant::now();
        let slot = std::mem::replace(&mut self.slots[index], Slot::Down(now));
        self.slots[index] = match slot {
            Slot::Down(at) if at <= now => Slot::Running(self.start_one()?),
            Slot::Frozen(child, until) if until <= now => {
                signal(&child, Signal::SIGCONT)?;
                Slot::Running(child)
            }
            Slot::Running(mut child) => match child.try_wait()? {
                Some(status) => {
                    if self.may_exit_until.is_none_or(|until| until < now) {
                        self.failures.push(format!("a relay ended by itself: {status}"));
                    }
                    Slot::Down(now + Duration::from_millis(500))
                }
                None => Slot::Running(child),
            },
            Slot::Stopping(mut child, until) => match child.try_wait()? {
                Some(status) => {
                    if !status.success() {
                        self.failures.push(format!("a relay that was stopped ended with: {status}"));
                    }
                    Slot::Down(now)
                }
                None if until <= now => {
                    self.failures.push("a relay did not stop".to_owned());
                    child.kill()?;
                    child.wait()?;
                    Slot::Down(now)
                }
                None => Slot::Stopping(child, until),
            },
            other => other,
        };
        Ok(())
    }

    fn disturb(&mut self, index: usize) -> Result<(), BoxError> {
        let now = Instant::now();
        let mut child = match std::mem::replace(&mut self.slots[index], Slot::Down(now)) {
            Slot::Running(child) => child,
            other => {
                self.slots[index] = other;
                return Ok(());
            }
        };
        self.slots[index] = match self.random.u8(0..10) {
            0 => {
                self.counts.frozen += 1;
                signal(&child, Signal::SIGSTOP)?;
                // Its leases end meanwhile.
                Slot::Frozen(child, now + LEASE + Duration::from_millis(self.random.u64(0..2000)))
            }
            1..3 => {
                self.counts.stopped += 1;
                drop(child.stdin.take());
                Slot::Stopping(child, now + STOP_WITHIN)
            }
            _ => {
                self.counts.killed += 1;
                // SIGKILL.
                child.kill()?;
                child.wait()?;
                Slot::Down(now + Duration::from_millis(self.random.u64(0..1500)))
            }
        };
        Ok(())
    }

    /// Stops all relays, and waits until they have ended.
    pub async fn stop(&mut self) -> Result<(), BoxError> {
        for index in 0..self.slots.len() {
            let slot = std::mem::replace(&mut self.slots[index], Slot::Down(Instant::now()));
            let mut child = match slot {
                Slot::Down(_) => continue,
                Slot::Frozen(child, _) => {
                    signal(&child, Signal::SIGCONT)?;
                    child
                }
                Slot::Running(child) | Slot::Stopping(child, _) => child,
            };
            drop(child.stdin.take());
            let mut status = child.try_wait()?;
            let until = Instant::now() + STOP_WITHIN;
            while status.is_none() && Instant::now() < until {
                tokio::time::sleep(Duration::from_millis(20)).await;
                status = child.try_wait()?;
            }
            match status {
                Some(status) if status.success() => {}
                Some(status) => self.failures.push(format!("a relay that was stopped ended with: {status}")),
                None => {
                    self.failures.push("a relay did not stop".to_owned());
                    child.kill()?;
                    child.wait()?;
                }
            }
        }
        Ok(())
    }

    fn start_one(&mut self) -> Result<Child, BoxError> {
        self.counts.started += 1;
        let log = File::create(self.folder.join(format!("relay-{}.log", self.counts.started)))?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["relay", self.database.name(), &self.url]).arg(&self.folder);
        Ok(command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log).spawn()?)
    }
}

impl Drop for Relays {
    fn drop(&mut self) {
        for child in self.slots.iter_mut().filter_map(Slot::child) {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn signal(child: &Child, signal: Signal) -> Result<(), BoxError> {
    Ok(kill(Pid::from_raw(i32::try_from(child.id())?), signal)?)
}
