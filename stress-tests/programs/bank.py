"""Transfers between accounts: money is neither made nor lost, and nobody sees it half way."""
from common import *

ACCOUNTS = 20


class Account(object):
    def __init__(self, money):
        self.money = money
        self.moves = 0


accounts = [Account(100) for number in range(ACCOUNTS)]
by_name = dict(('account %d' % number, 100) for number in range(ACCOUNTS))


def body(index, random):
    for step in xrange(STEPS):
        kind = random.randrange(10)
        if kind == 0:
            with atomic:
                total = sum(account.money for account in accounts)
                named = sum(by_name.values())
            check(total == named == 100 * ACCOUNTS, 'seen half way:', total, named)
            continue
        source, target = random.sample(xrange(ACCOUNTS), 2)
        amount = random.randrange(1, 10)
        with atomic:
            accounts[source].money -= amount
            accounts[source].moves += 1
            if kind == 1:
                hint_commit_soon()
            accounts[target].money += amount
            by_name['account %d' % source] -= amount
            by_name['account %d' % target] += amount


together(body)
check(sum(account.money for account in accounts) == 100 * ACCOUNTS, 'money')
for number, account in enumerate(accounts):
    check(by_name['account %d' % number] == account.money, 'account', number)
finish()
