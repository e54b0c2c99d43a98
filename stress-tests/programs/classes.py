"""Classes and modules that change while other threads use them."""
from common import *
import sys
import types


class Base(object):
    value = 0

    def method(self):
        return 0


class Derived(Base):
    pass


module = types.ModuleType('shared_module')
sys.modules['shared_module'] = module
module.a = module.b = 0


def make_method(n):
    return lambda self: n


def body(index, random):
    import shared_module
    thing = Derived()
    for step in xrange(STEPS // 10):
        kind = random.randrange(6)
        if kind == 0:
            with atomic:
                Base.value = step
                Base.method = make_method(step)
        elif kind == 1:
            with atomic:
                check(thing.method() == thing.value, 'method and attribute differ')
        elif kind == 2:
            with atomic:
                shared_module.a = shared_module.a + 1
                shared_module.b = shared_module.b + 1
        elif kind == 3:
            with atomic:
                check(shared_module.a == shared_module.b, 'module')
        elif kind == 4:
            fresh = type('Fresh', (Derived,), {'own': step})
            check(fresh.own == step and fresh().own == step, 'new class')
            setattr(fresh, 'attribute_%d' % index, index)
            check(getattr(fresh(), 'attribute_%d' % index) == index, 'attribute')
        else:
            thing.own = step
            check(thing.own == step and Derived().value >= 0, 'instance')


with atomic:
    Base.value = 0
    Base.method = make_method(0)
together(body)
finish()
