"""Runs `programs/` under many settings. Called by `short` and `long`, which say what the words mean.

    run.py short PYTHON [PROGRAM...]
    run.py long PYTHON [SECONDS] [--at-once N] [--memory MB] [--seed S] [--logs DIR] [--only TEXT] [PROGRAM...]

`long` repeats each program with new seeds for SECONDS under each configuration; --at-once programs of a configuration run at
the same time (all, if not given), so that 60 s of each take as many minutes as there are configurations, not programs times
as many. How much a run does is fitted to the machine: a program is given more steps until a run takes a quarter of SECONDS.

A hang is a process that has used no processor time for HANG seconds; one that only is slow, because the machine is
overloaded, is waited for, up to LIMIT seconds of processor time. What the threads of a hanging process do is put into the log
(if gdb is there). A process that at its peak had more than --memory is a failure too.
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
        for switches in ('', 'commit', 'abort:30', 'commit,abort:200,collect,poison')]
LONG += [('--gil', switches, threads) for threads in (2, 8, 64) for switches in ('', 'collect,poison,verify')]
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


class Campaign(object):
    """All runs of one call, and what came of them."""

    def __init__(self, python, programs, seed, logs, memory):
        self.python, self.programs, self.seed, self.logs, self.memory = python, programs, seed, logs, memory
        self.runs, self.failed, self.peak = 0, 0, 0
        self.steps = {}

    def start(self, options, switches, threads, program, steps):
        self.runs += 1
        self.seed += 1
        log = os.path.join(self.logs, '%05d-%s.log' % (self.runs, program[:-3]))
        return Run(self.python, options, switches, threads, program, self.seed, steps, log)

    def ended(self, run):
        """Notes the outcome of a run; says so if it failed."""
        fault = run.fault
        self.peak = max(self.peak, run.memory)
        if not fault and run.memory > self.memory:
            fault = 'used %d MB' % run.memory
        if not fault:
            os.unlink(run.log)
            return
        self.failed += 1
        with open(run.log) as log:
            text = log.read()
        print 'FAILED: %s, after %d s, log %s; to repeat:\n  %s' % (fault, run.seconds(), run.log, run.command())
        print ''.join('  | %s\n' % line for line in text.splitlines()[-12:]),
        sys.stdout.flush()

    def finish(self, run):
        while run.poll() is None:
            time.sleep(0.02)
        self.ended(run)

    def configuration(self, options, switches, threads, seconds, at_once):
        """Every program for `seconds` under one configuration."""
        waiting = list(self.programs)
        running, counts = [], {}
        begin = time.time()
        while waiting or running:
            while waiting and len(running) < at_once:
                program = waiting.pop(0)
                running.append((self.next(options, switches, threads, program), time.time() + seconds))
            time.sleep(0.05)
            for item in list(running):
                run, end = item
                if run.poll() is None:
                    continue
                running.remove(item)
                self.ended(run)
                self.fit(run, switches, threads, seconds)
                counts[run.program] = counts.get(run.program, 0) + 1
                if time.time() < end and counts[run.program] < 1000:
                    running.append((self.next(options, switches, threads, run.program), end))
        print '%-20s %-32s %2d threads: %4d runs in %4d s; %d failed so far, peak %d MB, load %.0f' % (
            options, switches or '-', threads, sum(counts.values()), time.time() - begin, self.failed, self.peak,
            os.getloadavg()[0])
        sys.stdout.flush()

    def next(self, options, switches, threads, program):
        steps = self.steps.get((program, switches, threads), 20)
        return self.start(options, switches, threads, program, steps)

    def fit(self, run, switches, threads, seconds):
        """More or fewer steps next time, for runs of about a quarter of the time."""
        factor = min(4.0, max(0.25, seconds / 4.0 / max(run.seconds(), 0.05)))
        self.steps[run.program, switches, threads] = int(min(20000, max(20, run.steps * factor)))


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
    memory = option(words, '--memory', 1000)
    seed = option(words, '--seed', int(os.environ.get('STRESS_SEED') or time.time()) % 1000000 * 1000)
    logs = option(words, '--logs', '')
    only = option(words, '--only', '')
    seconds = 60.0
    if words and words[0].replace('.', '').isdigit():
        seconds = float(words.pop(0))
    programs = words or sorted(name for name in os.listdir(PROGRAMS) if name.endswith('.py') and name != 'common.py')
    if not logs:
        import tempfile
        logs = tempfile.mkdtemp(prefix='stress')
    elif not os.path.isdir(logs):
        os.makedirs(logs)
    campaign = Campaign(python, programs, seed, logs, memory)
    print 'seed %d, logs of failures in %s' % (seed, logs)
    sys.stdout.flush()
    if form == 'short':
        for program in programs:
            for options, switches, threads, steps in SHORT:
                campaign.finish(campaign.start(options, switches, threads, program, steps))
    else:
        for options, switches, threads in LONG:
            if only in '%s %s %d' % (options, switches, threads):
                campaign.configuration(options, switches, threads, seconds, at_once or len(programs))
    if not os.listdir(logs):
        os.rmdir(logs)
    print '%d runs, %d failed, peak memory %d MB' % (campaign.runs, campaign.failed, campaign.peak)
    return 1 if campaign.failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
