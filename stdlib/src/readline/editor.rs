//! The editor, on an operating system thread of its own.
//!
//! `rustyline` calls back in the middle of editing (for the words a word may become), and the answer takes Python code,
//! hence a transaction, which nobody may hold while a user thinks. So the editor has a thread that knows no object:
//! a Python thread sends it a [`Request`] and waits, outside any transaction, for the next [`Event`]; a question in
//! between is answered by a further request.
//!
//! # Invariants
//! E1. One session at a time: [`begin`] waits until the one before has ended, and each ends with one of the events
//!     for which [`Event::ends`] holds.
//! E2. The thread takes no signal but the one for a changed window, so that Python handlers run where they should.
//! E3. A forked child starts an editor of its own at its first line.

use super::bindings::{Order, order};
use parking_lot::{Condvar, Mutex};
use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::config::{Config, Configurer};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::{History, MemHistory};
use rustyline::validate::Validator;
use rustyline::{Cmd, Context, Editor, EventHandler, Helper, KeyCode, KeyEvent, Modifiers};
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

/// A line to be edited.
pub struct Line {
    pub prompt: String,
    /// What stands there at first, before and after the cursor.
    pub initial: (String, String),
    pub history: Vec<String>,
    pub bindings: Vec<String>,
    /// A program completes words, not the editor file names.
    pub completes: bool,
}

/// What the editor is told.
enum Request {
    Edit(Box<Line>),
    /// The answer to [`Event::Complete`]: where the word begins, and what it may become.
    Words(usize, Vec<String>),
}

/// What the editor says.
#[derive(Clone, Debug)]
pub enum Event {
    /// The user has entered a line.
    Entered(String),
    /// The end of the input.
    Ended,
    /// The interrupt key, when this was the line and the cursor.
    Interrupted(String, usize),
    /// The terminal failed, or the session was given up.
    Failed(i32),
    /// The user wants a word completed in this line, before this place.
    Complete(String, usize),
    /// A signal has come that Python handles. The session goes on.
    Signal,
}

impl Event {
    /// Whether the session is over.
    pub fn ends(&self) -> bool {
        !matches!(self, Event::Complete(..) | Event::Signal)
    }
}

/// The Python side of the editor.
struct Link {
    requests: Sender<Request>,
    events: Receiver<Event>,
    /// Has a byte for each event.
    wake: UnixStream,
    /// The editor's thread.
    thread: u64,
    process: u32,
}

/// What one session has of the editor; `None` while another has it.
static LINK: Mutex<Option<Link>> = Mutex::new(None);
static FREED: Condvar = Condvar::new();
/// The process whose session is under way; 0: none.
static BUSY: Mutex<u32> = Mutex::new(0);
/// The prompt of the session under way.
static PROMPT: Mutex<String> = Mutex::new(String::new());
/// The line and the cursor as the editor last showed them.
static SHOWN: Mutex<(String, usize)> = Mutex::new((String::new(), 0));

/// Waits for the editor, gives it a line to edit, and waits for what comes first.
pub fn begin(line: Line, listens: bool) -> Event {
    let process = std::process::id();
    {
        let mut busy = BUSY.lock();
        while *busy == process {
            FREED.wait(&mut busy);
        }
        *busy = process;
    }
    let started = {
        let mut link = LINK.lock();
        if link.as_ref().is_none_or(|l| l.process != process) {
            *link = start().ok();
        }
        *PROMPT.lock() = line.prompt.clone();
        *SHOWN.lock() = (format!("{}{}", line.initial.0, line.initial.1), line.initial.0.len());
        link.as_ref().is_some_and(|l| l.requests.send(Request::Edit(Box::new(line))).is_ok())
    };
    if started { next(listens) } else { over(Event::Failed(libc::EIO)) }
}

/// Answers a question, and waits for what comes next.
pub fn answer(start: usize, words: Vec<String>, listens: bool) -> Event {
    if let Some(l) = LINK.lock().as_ref() {
        // A dead editor is noticed by the wait that follows.
        let _ = l.requests.send(Request::Words(start, words));
    }
    next(listens)
}

/// Waits for the next event, or for a signal if the caller may handle one.
pub fn next(listens: bool) -> Event {
    let link = LINK.lock();
    let Some(link) = link.as_ref() else { return over(Event::Failed(libc::EIO)) };
    loop {
        if listens && interpreter::signals::waiting() {
            return Event::Signal;
        }
        let mut fd = libc::pollfd { fd: link.wake.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // A signal that comes between the question above and the call shows within a second.
        // SAFETY: one descriptor, which the link owns.
        let n = unsafe { libc::poll(&mut fd, 1, 1000) };
        if n <= 0 {
            continue;
        }
        let mut byte = [0];
        // A lost byte only means that the channel is asked without need.
        let _ = (&link.wake).read(&mut byte);
        match link.events.recv() {
            Ok(event) if event.ends() => return over(event),
            Ok(event) => return event,
            Err(_) => return over(Event::Failed(libc::EIO)),
        }
    }
}

/// Gives a session up: the editor's read ends at once.
pub fn give_up() -> Event {
    // Words that nobody wants end a question, if there is one.
    let Some(thread) = LINK.lock().as_ref().map(|l| l.thread) else { return over(Event::Ended) };
    if let Some(l) = LINK.lock().as_ref() {
        // As in `answer`.
        let _ = l.requests.send(Request::Words(0, Vec::new()));
    }
    // The read fails while its descriptor does not wait; the signal makes it look.
    // SAFETY: plain calls on standard input; the editor's thread lives as long as its link.
    unsafe {
        let flags = libc::fcntl(0, libc::F_GETFL);
        libc::fcntl(0, libc::F_SETFL, flags | libc::O_NONBLOCK);
        let event = loop {
            libc::pthread_kill(thread as libc::pthread_t, libc::SIGWINCH);
            let link = LINK.lock();
            let Some(l) = link.as_ref() else { break Event::Ended };
            match l.events.recv_timeout(std::time::Duration::from_millis(20)) {
                Ok(event) => {
                    let _ = (&l.wake).read(&mut [0]);
                    if event.ends() {
                        break event;
                    }
                    // A question came at the last moment.
                    let _ = l.requests.send(Request::Words(0, Vec::new()));
                }
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
                Err(_) => break Event::Ended,
            }
        };
        libc::fcntl(0, libc::F_SETFL, flags);
        over(event)
    }
}

/// Shows prompt and line of the session under way once more.
pub fn redisplay() {
    if *BUSY.lock() == std::process::id() {
        let text = format!("\r{}{}", PROMPT.lock(), SHOWN.lock().0);
        // A terminal that fails shows nothing more anyway.
        let _ = std::io::stdout().write_all(text.as_bytes()).and_then(|()| std::io::stdout().flush());
    }
}

/// The line and the cursor as last shown.
fn shown() -> (String, usize) {
    SHOWN.lock().clone()
}

/// Ends the session.
fn over(event: Event) -> Event {
    *BUSY.lock() = 0;
    FREED.notify_one();
    event
}

fn start() -> std::io::Result<Link> {
    let (requests, orders) = channel();
    let (tell, events) = channel();
    let (wake, mut waker) = UnixStream::pair()?;
    let thread = Arc::new(AtomicU64::new(0));
    let own = thread.clone();
    let outlet = Outlet {
        tell,
        orders: Arc::new(Mutex::new(orders)),
        waker: Arc::new(Mutex::new(waker.try_clone()?)),
    };
    std::thread::Builder::new().name("line editor".into()).spawn(move || {
        refuse_signals();
        // SAFETY: no preconditions.
        own.store(unsafe { libc::pthread_self() } as u64, Ordering::Release);
        // Says that the thread's number is known.
        let _ = waker.write_all(b"+");
        serve(&outlet);
    })?;
    (&wake).read_exact(&mut [0])?;
    Ok(Link { requests, events, wake, thread: thread.load(Ordering::Acquire), process: std::process::id() })
}

/// E2.
fn refuse_signals() {
    // SAFETY: the set is filled before it is used; only this thread's mask changes.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::sigdelset(&mut all, libc::SIGWINCH);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, std::ptr::null_mut());
    }
}

/// The editor's side of the channels.
#[derive(Clone)]
struct Outlet {
    tell: Sender<Event>,
    orders: Arc<Mutex<Receiver<Request>>>,
    waker: Arc<Mutex<UnixStream>>,
}

impl Outlet {
    fn say(&self, event: Event) {
        // Nobody listens in a process that ends.
        let _ = self.tell.send(event);
        let _ = self.waker.lock().write_all(b".");
    }
}

/// What `rustyline` asks.
struct Asked {
    outlet: Outlet,
    completes: bool,
    files: FilenameCompleter,
}

impl Completer for Asked {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, ctx: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if !self.completes {
            return self.files.complete(line, pos, ctx);
        }
        self.outlet.say(Event::Complete(line.to_owned(), pos));
        match self.outlet.orders.lock().recv() {
            Ok(Request::Words(start, words)) if start <= pos && line.is_char_boundary(start) => {
                Ok((start, words.into_iter().map(|w| Pair { display: w.clone(), replacement: w }).collect()))
            }
            _ => Ok((pos, Vec::new())),
        }
    }
}

impl Hinter for Asked {
    type Hint = String;

    /// Called whenever the line is shown: gives no hint, but notes the line.
    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<String> {
        let mut shown = SHOWN.lock();
        shown.0.clear();
        shown.0.push_str(line);
        shown.1 = pos;
        None
    }
}

impl Highlighter for Asked {}
impl Validator for Asked {}
impl Helper for Asked {}

/// Edits line after line.
fn serve(outlet: &Outlet) {
    let mut editor = None;
    loop {
        let request = outlet.orders.lock().recv();
        match request {
            Err(_) => return,
            // The answer to a question of a session that was given up.
            Ok(Request::Words(..)) => {}
            Ok(Request::Edit(line)) => {
                if editor.is_none() {
                    editor = make().ok();
                }
                let event = match &mut editor {
                    Some(e) => edit(e, outlet, *line),
                    None => Event::Failed(libc::EIO),
                };
                outlet.say(event);
            }
        }
    }
}

type LineEditor = Editor<Asked, MemHistory>;

fn make() -> rustyline::Result<LineEditor> {
    let config = Config::builder()
        .max_history_size(usize::MAX)?
        .history_ignore_dups(false)?
        .completion_type(rustyline::CompletionType::List)
        .auto_add_history(false)
        .bracketed_paste(false)
        .build();
    Editor::with_history(config, MemHistory::with_config(config))
}

fn edit(editor: &mut LineEditor, outlet: &Outlet, line: Line) -> Event {
    // What a line typed meanwhile by another session bound is bound again: bindings are only ever added.
    editor.bind_sequence(
        KeyEvent(KeyCode::Tab, Modifiers::NONE),
        EventHandler::Simple(Cmd::Insert(1, "\t".into())),
    );
    for key in ['\t', '\x1b'] {
        editor.bind_sequence(KeyEvent::alt(key), EventHandler::Simple(Cmd::Complete));
    }
    for text in &line.bindings {
        match order(text) {
            Some(Order::Bind(keys, command)) => {
                editor.bind_sequence(rustyline::Event::KeySeq(keys), EventHandler::Simple(command));
            }
            Some(Order::Mode(mode)) => editor.set_edit_mode(mode),
            Some(Order::Bell(style)) => editor.set_bell_style(style),
            Some(Order::AskAbove(n)) => editor.set_completion_prompt_limit(n),
            None => {}
        }
    }
    editor.set_helper(Some(Asked {
        outlet: outlet.clone(),
        completes: line.completes,
        files: FilenameCompleter::new(),
    }));
    let history = editor.history_mut();
    // Neither can fail in memory.
    let _ = history.clear();
    for l in line.history {
        let _ = history.add_owned(l);
    }
    let (left, right) = &line.initial;
    match editor.readline_with_initial(&line.prompt, (left, right)) {
        Ok(l) => Event::Entered(l),
        Err(ReadlineError::Eof) => Event::Ended,
        Err(ReadlineError::Interrupted) => {
            let (line, at) = shown();
            Event::Interrupted(line, at)
        }
        Err(ReadlineError::Io(e)) => Event::Failed(e.raw_os_error().unwrap_or(libc::EIO)),
        Err(ReadlineError::Errno(e)) => Event::Failed(e as i32),
        Err(_) => Event::Failed(libc::EIO),
    }
}
