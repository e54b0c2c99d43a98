"""One instruction meets instances of many classes, whose attributes lie in different places and move from instance to class
and back, in several threads: what it finds is what the language says, whatever the caches remember."""
import gc
import threading


class Base(object):
    where = 'base'

    def method(self):
        return 'base'


def make(number):
    """A class with `number` attributes before the one that is looked for."""
    def __init__(self):
        for at in range(number):
            setattr(self, 'before%d' % at, at)
        self.value = number
    return type('Class%d' % number, (Base,), {'__init__': __init__, 'number': number})


class Slotted(object):
    __slots__ = ('other', 'value', 'number')

    def __init__(self):
        self.value = self.number = -1

    where = 'slotted'

    def method(self):
        return 'slotted'


class Computed(Base):
    number = 7

    @property
    def value(self):
        return self.__dict__.get('hidden', 7)

    @value.setter
    def value(self, new):
        self.__dict__['hidden'] = new


class Watched(Base):
    number = 8

    def __getattr__(self, name):
        if name == 'value':
            return 8
        raise AttributeError(name)


CLASSES = [make(number) for number in range(7)] + [Slotted, Computed, Watched]


def get(thing):
    return thing.value, thing.where, thing.method(), thing.number


def put(thing, value):
    thing.value = value


def drop(thing):
    del thing.value


def refused(function, *arguments):
    try:
        function(*arguments)
    except AttributeError:
        return True
    return False


def rounds(count):
    for step in range(count):
        for cls in CLASSES:
            thing = cls()
            name = 'slotted' if cls is Slotted else 'base'
            assert get(thing) == (thing.number, name, name, thing.number), (cls, get(thing))
            put(thing, step)
            assert get(thing)[0] == step
            if cls is Computed:
                assert refused(drop, thing)
                continue
            drop(thing)
            if cls is Watched:
                assert get(thing)[0] == 8
                assert refused(drop, thing)
            else:
                assert refused(get, thing)
            put(thing, None)
            assert get(thing)[0] is None
            if cls is not Slotted:
                # The instance hides what its class has, and shows it again.
                thing.where = step
                thing.method = lambda: 'own'
                assert get(thing)[1:3] == (step, 'own')
                del thing.where, thing.method
                assert get(thing)[1:3] == ('base', 'base')


rounds(50)
threads = [threading.Thread(target=rounds, args=(200,)) for index in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

# Classes that change between two looks of the same instructions.
things = [cls() for cls in CLASSES]
for step in range(30):
    Base.method = lambda self, step=step: step
    Slotted.where = step
    CLASSES[step % 7].where = 'special'
    for thing in things:
        if type(thing) is Slotted:
            assert get(thing)[1:3] == (step, 'slotted')
        else:
            special = thing is things[step % 7]
            assert get(thing)[1:3] == ('special' if special else 'base', step), (step, thing)
    del CLASSES[step % 7].where
    CLASSES[3].value = property(lambda self: 'computed')
    assert get(things[3])[0] == 'computed' and refused(put, things[3], 1)
    del CLASSES[3].value
    assert get(things[3])[0] == 3
    if step % 10 == 0:
        gc.collect()

# Classes that come and go, so that addresses are used again.
for step in range(40):
    passing = [make(number) for number in range(5)]
    for cls in passing:
        cls.where = step
        assert get(cls()) == (cls.number, step, 29, cls.number)
    del passing, cls
    if step % 8 == 0:
        gc.collect()
