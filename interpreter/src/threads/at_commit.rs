//! What a transaction asks to be done once it has committed, and what an abort forgets.

use crate::thread::Thread;

/// An action that waits for the commit. Dropping it undone must be harmless: that is what an abort does.
pub type Action = Box<dyn FnOnce(&mut Thread)>;

impl Thread {
    /// Has `action` run right after the running transaction has committed, holding nothing, and commits soon.
    pub fn at_commit(&mut self, action: impl FnOnce(&mut Thread) + 'static) {
        self.commit_actions.push(Box::new(action));
        self.m.tx.record().request_own(stm_core::Requests::COMMIT);
    }

    /// Runs what has been asked for. Between two transactions.
    #[cold]
    pub(crate) fn run_commit_actions(&mut self) {
        for action in std::mem::take(&mut self.commit_actions) {
            action(self);
        }
    }
}
