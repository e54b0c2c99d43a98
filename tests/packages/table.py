"""The packages, their versions, how their tests are run, and which differences are explained."""


class Package(object):
    """One package. `source`: where its modules lie in the archive. `folder`: where the tests are started.
    `runner`: 'pytest', or 'unittest' (`arguments` is a script or `-m` and a module, and its arguments), or 'own' (as for
    unittest, but the outcomes are taken from the output). `limit`: seconds.
    `also`: further runs.
    `explained`: (pattern of test names, reason) of tests that may differ."""

    def __init__(self, name, version, arguments, runner='pytest', source='.', folder='.', limit=900, environment=(),
                 also=(), explained=()):
        self.name, self.version, self.runner = name, version, runner
        self.runs = [arguments] + list(also)
        self.source, self.folder, self.limit = source, folder, limit
        self.environment, self.explained = dict(environment), list(explained)


# What the suites are run with.
REQUIREMENTS = [
    'pytest==4.6.11', 'mock==3.0.5', 'nose==1.3.7', 'freezegun==0.3.15', 'hypothesis==4.57.1', 'MarkupSafe==1.1.1',
    'pretend==1.0.9', 'six==1.16.0', 'decorator==4.4.2', 'mpmath==1.1.0', 'attrs==20.3.0', 'more-itertools==5.0.0',
    'python-dateutil==2.8.2', 'tzdata==2021.5', 'singledispatch==3.7.0', 'backports_abc==0.5',
    'setuptools==44.1.1', 'futures==3.4.0',
]

PACKAGES = [
    Package('pytest', '4.6.11', ['testing', '-k', 'not pypy and not xdist and not pexpect'], source='src', limit=2400),
    Package('six', '1.16.0', ['test_six.py', '-k', 'not Tkinter and not tkinter'], explained=[
        (r'HTTPSHandler', 'there is no module _ssl yet')]),
    Package('attrs', '20.3.0', ['tests'], source='src', limit=1800, explained=[
        (r'test_not_weakrefable$', 'skipped on an interpreter that says it is PyPy')]),
    Package('more-itertools', '5.0.0', ['more_itertools/tests']),
    Package('Jinja2', '2.11.3', ['tests'], source='src'),
    Package('Mako', '1.1.6', ['test'], explained=[
        (r'test_load_module$', 'skipped on an interpreter that says it is PyPy')]),
    Package('docutils', '0.17.1', ['alltests.py'], runner='unittest', folder='test', explained=[
        (r"csv-table'\]\[(19|20)\]$", "an interpreter that says it is PyPy is expected to use older words for an error of the module "
         'csv; ours are those of CPython 2.7.18')]),
    Package('Pygments', '2.5.2', ['tests']),
    Package('pyparsing', '2.4.7', ['unitTests.py'], runner='unittest',
            also=[['-m', 'unittest', 'simple_unit_tests']]),
    Package('ply', '3.11', ['testlex.py'], runner='unittest', folder='test', also=[['testyacc.py']]),
    Package('simplejson', '3.17.6', ['simplejson/tests']),
    Package('PyYAML', '5.4.1', ['tests/lib/test_all.py', '-v'], runner='own', source='lib', limit=1800),
    Package('networkx', '2.2', ['networkx/classes', 'networkx/algorithms/tests'], limit=1800,
            also=[['networkx/generators']]),
    Package('sympy', '1.5.1', ['sympy/core/tests', '-k', 'not slow'], limit=2400),
    Package('python-dateutil', '2.8.2', ['dateutil/test', '-o', 'filterwarnings=default', '-k', 'not tzwin']),
    Package('futures', '3.4.0', ['test_futures.py'], runner='unittest'),
    Package('tornado', '5.1.1', ['-m', 'tornado.test.runtests', '--verbose'], runner='unittest'),
]
