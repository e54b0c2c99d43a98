"""A bank whose tellers transfer money at the same time while an auditor adds everything up again and again.

    bank.py [--threads N] [--size TRANSFERS] [--accounts N]

A transfer touches two accounts, an audit touches all. Each is one `with atomic:` block, so the auditor never sees
money under way, and there is no lock to choose, to order or to forget. Under a Python without `pypystm` one lock
stands in for `atomic`: the same result, one thread at a time.
"""
import optparse
import threading
import time

try:
    from pypystm import atomic
except ImportError:
    atomic = threading.RLock()

OPENING = 1000


class Account(object):
    def __init__(self, number):
        self.number = number
        self.balance = OPENING


class Bank(object):
    def __init__(self, size):
        self.accounts = [Account(number) for number in range(size)]
        self.open = True
        self.audits = 0
        self.wrong = 0

    def transfer(self, source, target, amount):
        """False when the source has too little."""
        with atomic:
            if source.balance < amount:
                return False
            source.balance -= amount
            target.balance += amount
            return True

    def audit(self):
        with atomic:
            return sum(account.balance for account in self.accounts)


def teller(bank, number, transfers):
    state = number * 7919 + 12345
    accounts = bank.accounts
    for step in xrange(transfers):
        state = (state * 1103515245 + 12345) & 0x7fffffff
        source = accounts[(state >> 8) % len(accounts)]
        state = (state * 1103515245 + 12345) & 0x7fffffff
        target = accounts[(state >> 8) % len(accounts)]
        bank.transfer(source, target, state % 100)


def auditor(bank):
    expected = OPENING * len(bank.accounts)
    while bank.open:
        if bank.audit() != expected:
            bank.wrong += 1
        bank.audits += 1
        time.sleep(0.005)


def main():
    parser = optparse.OptionParser(usage='%prog [options]')
    parser.add_option('--threads', type='int', default=2, help='how many tellers (default 2)')
    parser.add_option('--size', type='int', default=200000, help='how many transfers in all (default 200000)')
    parser.add_option('--accounts', type='int', default=1000, help='how many accounts (default 1000)')
    options, arguments = parser.parse_args()
    bank = Bank(options.accounts)
    count = options.threads
    shares = [options.size * (n + 1) // count - options.size * n // count for n in range(count)]
    tellers = [threading.Thread(target=teller, args=(bank, n, shares[n])) for n in range(count)]
    watch = threading.Thread(target=auditor, args=(bank,))
    start = time.time()
    watch.start()
    for thread in tellers:
        thread.start()
    for thread in tellers:
        thread.join()
    elapsed = time.time() - start
    bank.open = False
    watch.join()
    if bank.wrong or bank.audits == 0:
        raise SystemExit('%d of %d audits found a wrong sum' % (bank.wrong, bank.audits))
    print 'every audit found the right sum'
    print 'checksum: %d' % bank.audit()
    print 'seconds: %.3f with %d threads' % (elapsed, count)


if __name__ == '__main__':
    main()
