"""How this interpreter was built, as `sysconfig` and `distutils` ask for it.

Replaces the file of the same name that the library was found with: that one describes another interpreter's
build. The few variables that tools look at, none of them naming the machine this was built on.
"""
import sys as _sys

_prefix = _sys.prefix
_version = '%d.%d' % _sys.version_info[:2]

build_time_vars = {
    'AR': 'ar',
    'ARFLAGS': 'rc',
    'BINDIR': _prefix + '/bin',
    'BINLIBDEST': _prefix + '/lib-python/' + _version,
    'CC': 'cc -pthread',
    'CCSHARED': '-fPIC',
    'CFLAGS': '-DNDEBUG -O2 -Wall',
    'CONFIG_ARGS': '',
    'CONFINCLUDEPY': _prefix + '/include/python' + _version,
    'CXX': 'c++ -pthread',
    'DESTDIRS': _prefix,
    'DESTLIB': _prefix + '/lib-python/' + _version,
    'DESTSHARED': _prefix + '/lib-python/' + _version + '/lib-dynload',
    'EXE': '',
    'HAVE_DYNAMIC_LOADING': 1,
    'INCLUDEPY': _prefix + '/include/python' + _version,
    'LDSHARED': 'cc -pthread -shared',
    'LIBDEST': _prefix + '/lib-python/' + _version,
    'LIBDIR': _prefix + '/lib',
    'LIBPL': _prefix + '/lib-python/' + _version + '/config',
    'LIBS': '-lpthread -ldl -lutil',
    'MACHDEP': 'linux2',
    'OPT': '-DNDEBUG -O2 -Wall',
    'Py_DEBUG': 0,
    'Py_ENABLE_SHARED': 0,
    'Py_UNICODE_SIZE': 4,
    'RANLIB': 'ranlib',
    'SHELL': '/bin/sh',
    'SHLIBS': '-lpthread -ldl -lutil',
    'SIZEOF_VOID_P': 8 if _sys.maxsize > 2 ** 32 else 4,
    'SO': '.so',
    'VERSION': _version,
    'WITH_THREAD': 1,
    'exec_prefix': _prefix,
    'prefix': _prefix,
    'srcdir': '.',
}
