//! Running modules: a process group each, in a folder of its own, with a time limit, several at once.

use crate::expectations::{Expectations, Skips};
use crate::options::{Options, Variant};
use std::env;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The exit status by which `drive.py` says that a module asked to be skipped.
const SKIPPED: i32 = 77;

/// How much of a module's output is kept in memory.
const KEPT: u64 = 64 * 1024;

/// What became of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    Skipped,
    TimedOut,
}

/// One module's run.
pub struct TestResult {
    pub module: String,
    pub outcome: Outcome,
    pub seconds: f64,
    /// The end of what it printed.
    pub output: String,
    pub status: String,
    pub show: bool,
}

impl TestResult {
    /// A line on why it did not pass: the last one that says something.
    pub fn summary(&self) -> String {
        if self.outcome == Outcome::TimedOut {
            return "takes too long".into();
        }
        let said = self.output.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let line =
            if self.status.starts_with("signal") { format!("{}: {said}", self.status) } else { said.into() };
        line.chars().take(120).collect()
    }
}

/// Runs the modules; the results are in the order of `modules`.
pub fn run_all(
    options: &Options,
    modules: &[String],
    expectations: &Expectations,
    skips: &Skips,
) -> Result<Vec<TestResult>, String> {
    let scratch = env::temp_dir().join(format!("conformance-{}", std::process::id()));
    let only_tests = scratch.join("path");
    fs::create_dir_all(&only_tests).map_err(|error| format!("{}: {error}", only_tests.display()))?;
    std::os::unix::fs::symlink(options.library.join("test"), only_tests.join("test"))
        .map_err(|error| format!("{}: {error}", only_tests.display()))?;
    // As beside an installed library: a folder that is no package.
    let _ = fs::create_dir(only_tests.join("site-packages"));
    if let Some(logs) = &options.logs {
        fs::create_dir_all(logs).map_err(|error| format!("{}: {error}", logs.display()))?;
    }

    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Result<TestResult, String>)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..options.jobs.min(modules.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(module) = modules.get(at) else { return };
                    let whole = options.on_disk || expectations.whole(module);
                    let path = if whole { &options.library } else { &only_tests };
                    let folder = scratch.join(module);
                    let result = run_one(options, module, skips.of(module), path, &folder);
                    let _ = fs::remove_dir_all(&folder);
                    if let Ok(result) = &result {
                        eprintln!("{:>7.1}s {module}: {:?}", result.seconds, result.outcome);
                    }
                    results.lock().unwrap_or_else(|poison| poison.into_inner()).push((at, result));
                }
            });
        }
    });
    let _ = fs::remove_dir_all(&scratch);
    let mut results = results.into_inner().unwrap_or_else(|poison| poison.into_inner());
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

fn run_one(
    options: &Options,
    module: &str,
    skips: &[String],
    path: &Path,
    folder: &PathBuf,
) -> Result<TestResult, String> {
    let fault = |error: std::io::Error| format!("{module}: {error}");
    fs::create_dir_all(folder).map_err(fault)?;
    let log = match &options.logs {
        Some(logs) => logs.join(format!("{module}.log")),
        None => folder.with_extension("log"),
    };
    let out = File::options().create(true).truncate(true).read(true).write(true).open(&log).map_err(fault)?;
    let start = Instant::now();
    let mut child = Command::new(&options.python[0])
        .args(&options.python[1..])
        .arg(&options.driver)
        .args((options.variant == Variant::SecondThread).then_some("--second-thread"))
        .arg(module)
        .args(skips)
        .current_dir(folder)
        .env("PYTHONPATH", path)
        .env("PYTHONDONTWRITEBYTECODE", "")
        .env_remove("PYTHONUNBUFFERED")
        .env("TMPDIR", folder)
        .envs(options.variant.environment())
        .stdin(Stdio::null())
        .stdout(out.try_clone().map_err(fault)?)
        .stderr(out.try_clone().map_err(fault)?)
        .process_group(0)
        .spawn()
        .map_err(|error| format!("{}: {error}", options.python[0]))?;
    let status = wait(&mut child, options.limit).map_err(fault)?;
    let outcome = match status {
        None => Outcome::TimedOut,
        Some(status) => match status.code() {
            Some(0) => Outcome::Passed,
            Some(SKIPPED) => Outcome::Skipped,
            _ => Outcome::Failed,
        },
    };
    let output = tail(out).map_err(fault)?;
    if options.logs.is_none() {
        let _ = fs::remove_file(&log);
    }
    Ok(TestResult {
        module: module.to_owned(),
        outcome,
        seconds: start.elapsed().as_secs_f64(),
        output,
        status: status.map_or_else(|| "killed".into(), |status| status.to_string()),
        show: options.verbose,
    })
}

/// Waits for the end, or kills the whole group when the limit is over.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            // SAFETY: kill takes no memory; the group is the child's own, and the child has not been reaped yet,
            // so its number cannot have been given to another process.
            unsafe { libc::kill(-(child.id() as libc::pid_t), libc::SIGKILL) };
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(10));
    }
}

fn tail(mut out: File) -> std::io::Result<String> {
    let length = out.metadata()?.len();
    out.seek(SeekFrom::Start(length.saturating_sub(KEPT)))?;
    let mut bytes = Vec::new();
    out.take(KEPT).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
