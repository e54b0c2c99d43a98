"""A fault of the runtime (a Rust panic) is raised as SystemError where it happens; the process and other threads go on.

Faults are asked for by `PYPYSTM_STRESS=panic:N`: one bytecode boundary in N panics."""
import os
import subprocess
import sys

PROGRAM = r'''
import thread, time
ended, caught, finals = [], [], []
def numbers(n):
    for i in range(n):
        yield i
class Same(object):
    def __eq__(self, other):
        return len(range(3)) == 3
    def __hash__(self):
        return 1
def body():
    try:
        for step in xrange(200):
            try:
                try:
                    sum(numbers(10)), sorted(range(5), key=lambda x: -x), map(lambda x: x + 1, range(5))
                    {Same(): 1, Same(): 2}, Same() == Same(), repr([1, [2]])
                finally:
                    finals.append(step)
            except SystemError as error:
                if 'asked for' not in str(error):
                    raise
                caught.append(step)
    finally:
        ended.append(1)
for number in range(3):
    thread.start_new_thread(body, ())
while len(ended) < 3:
    try:
        time.sleep(0.001)
    except SystemError:
        pass
if len(finals) != 600:
    raise AssertionError(len(finals))
print len(caught)
'''

if 'pypystm' in sys.builtin_module_names:
    mode = '--gil' if os.environ.get('PYPYSTM_GIL') else '--stm'
    whole, caught = 0, 0
    for seed in range(12):
        environment = dict(os.environ, PYPYSTM_STRESS='panic:500,seed:%d' % seed, RUST_BACKTRACE='0')
        process = subprocess.Popen([sys.executable, '-S', mode, '-c', PROGRAM], env=environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = process.communicate()
        # The program itself may be hit where it does not look: then that ends it, as any exception does.
        assert process.returncode in (0, 1), (seed, process.returncode, err)
        if process.returncode == 0:
            whole += 1
            caught += int(out)
        else:
            # The report of a thread's end may be hit as well, and then lacks its last line.
            assert 'Unhandled exception in thread' in err or 'SystemError' in err and 'asked for' in err, err
    assert whole and caught, (whole, caught)
