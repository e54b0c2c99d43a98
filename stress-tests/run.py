"""Runs `programs/` under many settings. Called by `short` and `long`, which say what the words mean.

    run.py short PYTHON [PROGRAM...]
    run.py long PYTHON [SECONDS] [--beside N] [--at-once N] [--memory MB] [--seed S] [--logs DIR] [--only TEXT] [--more] [PROGRAM...]

`long` repeats each program with new seeds for SECONDS under each of 36 configurations (--more: 51); --beside configurations
run at the same time (1), and --at-once programs of each (all): 60 s of everything take half as many minutes as there are
configurations with `--beside 2`. How much a run does is fitted to the machine: a program is given more steps until a run
takes a quarter of SECONDS.

A hang is a process that has used no processor time for HANG seconds; one that only is slow, because the machine is
overloaded, is waited for, up to LIMIT seconds of processor time. What the threads of a hanging process do is put into the log
(if gdb is there). A process that at its peak had more than --memory is a failure too. The exit status is 1 after any failure,
and the failures are listed once more at the end.
"""
import errno
import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, 'programs')
HANG = 90
LIMIT = 900
SHORT = [('--stm', '', 2, 1000), ('--stm --segments 2', '', 8, 400), ('--stm --segments 8', '', 8, 400),
         ('--stm', 'commit,abort:40', 3, 100), ('--stm', 'collect,poison,verify', 3, 100), ('--gil', '', 4, 400),
         ('', '', 2, 400)]
LONG = [('--stm --segments %d' % segments, switches, threads)
        for threads in (2, 8, 64) for segments in (1, 2, 64)
        for switches in ('', 'commit', 'abort:30', 'collect,poison')]
MORE = [('--stm --segments %d' % segments, 'commit,abort:200,collect,poison', threads)
        for threads in (2, 8, 64) for segments in (1, 2, 64)]
MORE += [('--gil', switches, threads) for threads in (2, 8, 64) for switches in ('', 'collect,poison,verify')]
TICKS = float(os.sysconf('SC_CLK_TCK'))


class Run(object):
    """One process."""

    def __init__(self, python, options, switches, threads, program, seed, steps, log):
        self.program, self.steps, self.log = program, steps, log
        self.switches = ','.join(filter(None, [switches, 'seed:%d' % seed]))
        self.words = [python] + options.split() + [os.path.join(PROGRAMS, program), str(threads), str(seed), str(steps)]
        environment = dict(os.environ, PYPYSTM_STRESS=self.switches)
        with open(log, 'w') as out:
            self.process = subprocess.Popen(self.words, stdout=out, stderr=subprocess.STDOUT, env=environment)
        self.begin = self.moved = time.time()
        self.used = -1
        self.memory = 0
        self.fault = None

    def seconds(self):
        return time.time() - self.begin

    def processor_time(self):
        try:
            with open('/proc/%d/stat' % self.process.pid) as stat:
                fields = stat.read().rpartition(')')[2].split()
            return (int(fields[11]) + int(fields[12])) / TICKS
        except (IOError, IndexError):
            return self.used

    def poll(self):
        """The fault as text ('' for none) when it has ended; else None."""
        try:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
        except OSError as error:
            if error.errno == errno.EINTR:
                return None
            raise
        if pid:
            self.process.returncode = status
            self.memory = usage.ru_maxrss // 1024
            if self.fault is None:
                self.fault = describe(status)
            return self.fault
        now, used = time.time(), self.processor_time()
        if used > self.used:
            self.used, self.moved = used, now
        elif now - self.moved > HANG:
            self.stop('no processor time used for %d s' % HANG)
        if used > LIMIT:
            self.stop('%d s of processor time were not enough' % LIMIT)
        return None

    def stop(self, why):
        if self.fault is None:
            self.fault = why
            with open(self.log, 'a') as out:
                try:
                    subprocess.call(['timeout', '60', 'gdb', '-p', str(self.process.pid), '-batch', '-ex', 'thread apply all bt 14'],
                                    stdout=out, stderr=subprocess.STDOUT)
                except OSError:
                    pass
        self.process.send_signal(signal.SIGKILL)

    def command(self):
        return "PYPYSTM_STRESS='%s' %s" % (self.switches, ' '.join(self.words))


def describe(status):
    if os.WIFSIGNALED(status):
        return 'killed by signal %d' % os.WTERMSIG(status)
    return 'exit status %d' % os.WEXITSTATUS(status) if os.WEXITSTATUS(status) else ''


class Configuration(object):
    """Every program for `seconds` under one set of switches."""

    def __init__(self, campaign, options, switches, threads, seconds, at_once):
        self.campaign, self.at_once, self.seconds = campaign, at_once, seconds
        self.options, self.switches, self.threads = options, switches, threads
        self.waiting = list(campaign.programs)
        self.running, self.counts, self.failed, self.peak = [], {}, 0, 0
        self.begin = time.time()

    def name(self):
        return '%s, %s, %d threads' % (self.options, self.switches or 'no switches', self.threads)

    def step(self):
        """Starts and ends what is due. False when all is done."""
        while self.waiting and len(self.running) < self.at_once:
            self.running.append((self.next(self.waiting.pop(0)), time.time() + self.seconds))
        for item in list(self.running):
            run, end = item
            if run.poll() is None:
                continue
            self.running.remove(item)
            self.failed += self.campaign.ended(run)
            self.peak = max(self.peak, run.memory)
            self.fit(run)
            self.counts[run.program] = self.counts.get(run.program, 0) + 1
            if time.time() < end and self.counts[run.program] < 1000:
                self.running.append((self.next(run.program), end))
        return bool(self.waiting or self.running)

    def next(self, program):
        steps = self.campaign.steps.get((program, self.switches, self.threads), 20)
        return self.campaign.start(self.options, self.switches, self.threads, program, steps)

    def fit(self, run):
        """More or fewer steps next time, for runs of about a quarter of the time."""
        factor = min(4.0, max(0.25, self.seconds / 4.0 / max(run.seconds(), 0.05)))
        self.campaign.steps[run.program, self.switches, self.threads] = int(min(20000, max(20, run.steps * factor)))

    def report(self):
        print '%-20s %-32s %2d threads: %4d runs in %4d s; %s, peak %d MB, load %.0f' % (
            self.options, self.switches or '-', self.threads, sum(self.counts.values()), time.time() - self.begin,
            'FAILED %d' % self.failed if self.failed else 'all passed', self.peak, os.getloadavg()[0])
        sys.stdout.flush()


class Campaign(object):
    """All runs of one call, and what came of them."""

    def __init__(self, python, programs, seed, logs, memory):
        self.python, self.programs, self.seed, self.logs, self.memory = python, programs, seed, logs, memory
        self.runs, self.failures, self.peak, self.configurations = 0, [], 0, 0
        self.steps = {}

    def start(self, options, switches, threads, program, steps):
        self.runs += 1
        self.seed += 1
        log = os.path.join(self.logs, '%05d-%s.log' % (self.runs, program[:-3]))
        return Run(self.python, options, switches, threads, program, self.seed, steps, log)

    def ended(self, run):
        """Notes the outcome of a run; says so if it failed, and returns whether."""
        fault = run.fault
        self.peak = max(self.peak, run.memory)
        if not fault and run.memory > self.memory:
            fault = 'used %d MB' % run.memory
        if not fault:
            os.unlink(run.log)
            return False
        self.failures.append('%s: %s\n    log %s' % (fault, run.command(), run.log))
        with open(run.log) as log:
            text = log.read()
        print 'FAILED: %s, after %d s, log %s; to repeat:\n  %s' % (fault, run.seconds(), run.log, run.command())
        print ''.join('  | %s\n' % line for line in text.splitlines()[-12:]),
        sys.stdout.flush()
        return True

    def finish(self, run):
        while run.poll() is None:
            time.sleep(0.02)
        self.ended(run)

    def all_of(self, configurations, seconds, beside, at_once):
        """Works the list off, `beside` of it at a time."""
        waiting, active = list(configurations), []
        while waiting or active:
            while waiting and len(active) < beside:
                active.append(Configuration(self, *(waiting.pop(0) + (seconds, at_once))))
            time.sleep(0.05)
            for configuration in list(active):
                if not configuration.step():
                    active.remove(configuration)
                    configuration.report()
                    self.configurations += 1


def option(words, name, default):
    if name not in words:
        return default
    at = words.index(name)
    value = words[at + 1]
    del words[at:at + 2]
    return type(default)(value)


def main(words):
    form, python = words[0], words[1]
    words = words[2:]
    at_once = option(words, '--at-once', 0)
    beside = option(words, '--beside', 1)
    memory = option(words, '--memory', 1000)
    seed = option(words, '--seed', int(os.environ.get('STRESS_SEED') or time.time()) % 1000000 * 1000)
    logs = option(words, '--logs', '')
    only = option(words, '--only', '')
    configurations = LONG
    if '--more' in words:
        words.remove('--more')
        configurations = LONG + MORE
    seconds = 60.0
    if words and words[0].replace('.', '').isdigit():
        seconds = float(words.pop(0))
    programs = words or sorted(name for name in os.listdir(PROGRAMS) if name.endswith('.py') and name != 'common.py')
    if not logs:
        import tempfile
        logs = tempfile.mkdtemp(prefix='stress')
    elif not os.path.isdir(logs):
        os.makedirs(logs)
    begin = time.time()
    campaign = Campaign(python, programs, seed, logs, memory)
    print 'seed %d, logs of failures in %s' % (seed, logs)
    sys.stdout.flush()
    if form == 'short':
        for program in programs:
            for options, switches, threads, steps in SHORT:
                campaign.finish(campaign.start(options, switches, threads, program, steps))
    else:
        chosen = [one for one in configurations if only in '%s %s %d' % one]
        campaign.all_of(chosen, seconds, beside, at_once or len(programs))
        print '%d configurations of %d programs, %g s each, %d s in all' % (
            campaign.configurations, len(programs), seconds, time.time() - begin)
    if not os.listdir(logs):
        os.rmdir(logs)
    for failure in campaign.failures:
        print 'FAILED: %s' % failure
    print '%d runs, %d failed, peak memory %d MB' % (campaign.runs, len(campaign.failures), campaign.peak)
    return 1 if campaign.failures else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
