//! Putting one thread to sleep and waking it: a token, as in `std::thread::park`, but one word of our own without any
//! lock behind it, so that a forked child finds nothing taken.
//!
//! Sleeps may end early; every caller tests its condition again.

use std::time::Duration;

#[cfg(all(target_os = "linux", not(loom)))]
mod imp {
    use super::Duration;
    use crate::sync::{AtomicU32, Ordering};

    const EMPTY: u32 = 0;
    const NOTIFIED: u32 = 1;
    const ASLEEP: u32 = u32::MAX;

    pub(crate) struct Parker(AtomicU32);

    impl Parker {
        pub(crate) fn new() -> Self {
            Parker(AtomicU32::new(EMPTY))
        }

        pub(crate) fn park(&self, limit: Option<Duration>) {
            // Acquire pairs with the release in `unpark`.
            if self.0.fetch_sub(1, Ordering::Acquire) == NOTIFIED {
                return;
            }
            let time = limit.map(|d| libc::timespec {
                tv_sec: d.as_secs() as libc::time_t,
                tv_nsec: d.subsec_nanos() as libc::c_long,
            });
            let time = time.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
            // SAFETY: the word outlives the call; the kernel reads the time only.
            unsafe {
                libc::syscall(
                    libc::SYS_futex,
                    self.0.as_ptr(),
                    libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG,
                    ASLEEP,
                    time,
                );
            }
            self.0.swap(EMPTY, Ordering::Acquire);
        }

        pub(crate) fn unpark(&self) {
            if self.0.swap(NOTIFIED, Ordering::Release) == ASLEEP {
                // SAFETY: wakes sleepers on our word, if any.
                unsafe {
                    libc::syscall(
                        libc::SYS_futex,
                        self.0.as_ptr(),
                        libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG,
                        1,
                    );
                }
            }
        }
    }
}

#[cfg(any(not(target_os = "linux"), loom))]
mod imp {
    use super::Duration;
    use crate::sync::{Condvar, Mutex, lock, wait};

    pub(crate) struct Parker {
        notified: Mutex<bool>,
        condvar: Condvar,
    }

    impl Parker {
        pub(crate) fn new() -> Self {
            Parker { notified: Mutex::new(false), condvar: Condvar::new() }
        }

        pub(crate) fn park(&self, limit: Option<Duration>) {
            let mut notified = lock(&self.notified);
            if !*notified {
                notified = match limit {
                    // Models know no time: a sleep with a limit must not be what makes a protocol live.
                    #[cfg(not(loom))]
                    Some(limit) => {
                        self.condvar.wait_timeout(notified, limit).unwrap_or_else(|p| p.into_inner()).0
                    }
                    _ => wait(&self.condvar, notified),
                };
            }
            *notified = false;
        }

        pub(crate) fn unpark(&self) {
            *lock(&self.notified) = true;
            self.condvar.notify_one();
        }
    }
}

pub(crate) use imp::Parker;
