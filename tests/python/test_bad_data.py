"""Damaged pickles, marshal data, JSON, XML and compressed streams are refused with an exception, whatever the damage.

Valid data is changed at random places (the seed is fixed). What still loads is shown, so that nothing half-made stays
unnoticed; SystemError would be a fault of the runtime, but for marshal's own "bad argument".
"""
import array
import bz2
import collections
import cPickle
import datetime
import json
import marshal
import random
import xml.parsers.expat
import zlib

SOURCE = 'def f(x, *a, **k):\n    try:\n        return [y for y in x if y]\n    finally:\n        print x\n'
DOCUMENT = ('<?xml version="1.0" encoding="utf-8"?><!DOCTYPE a [<!ENTITY b "c&#33;"><!ELEMENT a (b|c)*>'
            '<!ATTLIST a x CDATA #IMPLIED>]><a x="1"><b>&b;</b><![CDATA[zz]]><!--c--><?pi x?></a>')


class New(object):
    pass


class Old:
    pass


def parse_document(data):
    return xml.parsers.expat.ParserCreate().Parse(data, 1)


VALUES = [[1, 2, 3, {'a': (1, 2.5, None, True)}], New(), Old(), u'abc\u1234', datetime.datetime(2020, 2, 29, 1, 2, 3),
          set([1, 2]), 10 ** 40, array.array('i', [1, 2, 3]), collections.OrderedDict([(1, 2)]),
          collections.deque([1]), 'x' * 300, -2 ** 31, ((),)]
KINDS = [
    (cPickle.loads, [cPickle.dumps(value, protocol) for value in VALUES for protocol in (0, 1, 2)]),
    (marshal.loads, [marshal.dumps(value) for value in ([1, 2, 3], u'abc', {1: 2}, (1.5, 2j, 10 ** 30),
                                                        compile(SOURCE, 'f.py', 'exec'))]),
    (parse_document, [DOCUMENT]),
    (zlib.decompress, [zlib.compress('hello' * 100)]),
    (bz2.decompress, [bz2.compress('hello' * 100)]),
    (json.loads, [json.dumps({'a': [1, 2.5, None, True, u'\u1234"\\', {}]})]),
]


def damage(data, generator):
    data = bytearray(data)
    for step in range(generator.randint(1, 4)):
        if not data:
            break
        kind, place = generator.randrange(4), generator.randrange(len(data))
        if kind == 0:
            data[place] = generator.randrange(256)
        elif kind == 1:
            del data[place:place + generator.randint(1, 5)]
        elif kind == 2:
            data[place:place] = bytearray(generator.randrange(256) for i in range(generator.randint(1, 4)))
        else:
            del data[place:]
    return bytes(data)


generator = random.Random(271828)
refused = 0
for step in range(1500):
    for load, samples in KINDS:
        data = damage(generator.choice(samples), generator)
        try:
            value = load(data)
        except SystemError as error:
            assert load is marshal.loads and 'bad argument' in str(error), (load, data, error)
            refused += 1
        except Exception:
            refused += 1
        else:
            repr(value)
assert refused > 5000, refused
