"""Installs pip and setuptools from the wheels that the library carries.

Takes the place of a distributor's `ensurepip` that is switched off. A distributor's pip is built without the
packages it vendors, so every wheel beside it is installed with it.
"""
from __future__ import print_function

import os
import pkgutil
import shutil
import sys
import tempfile

__all__ = ["version", "bootstrap"]

# The names of the wheels, one a line.
_WHEELS = pkgutil.get_data("ensurepip", "_bundled/WHEELS").decode("ascii").split()

_PROJECTS = [tuple(name.split("-")[:2]) for name in _WHEELS]


def _run_pip(args, additional_paths=None):
    if additional_paths is not None:
        sys.path = additional_paths + sys.path
    try:
        from pip._internal import main
    except ImportError:
        from pip import main
    if not callable(main):
        main = main.main
    return main(args)


def version():
    """The version of pip that is carried."""
    return dict(_PROJECTS)["pip"]


def _leave_settings_alone():
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        del os.environ[name]
    os.environ["PIP_CONFIG_FILE"] = os.devnull


def bootstrap(root=None, upgrade=False, user=False, altinstall=False, default_pip=True, verbosity=0):
    """Installs pip into this Python, or below the folder `root`.

    Changes sys.path and os.environ of the process.
    """
    _bootstrap(root, upgrade, user, altinstall, default_pip, verbosity)


def _bootstrap(root=None, upgrade=False, user=False, altinstall=False, default_pip=True, verbosity=0):
    if altinstall and default_pip:
        raise ValueError("Cannot use altinstall and default_pip together")
    _leave_settings_alone()
    if altinstall:
        os.environ["ENSUREPIP_OPTIONS"] = "altinstall"
    elif not default_pip:
        os.environ["ENSUREPIP_OPTIONS"] = "install"

    folder = tempfile.mkdtemp()
    try:
        paths = []
        for name in _WHEELS:
            path = os.path.join(folder, name)
            with open(path, "wb") as wheel:
                wheel.write(pkgutil.get_data("ensurepip", "_bundled/" + name))
            paths.append(path)
        args = ["install", "--no-index", "--find-links", folder]
        if root:
            args += ["--root", root]
        if upgrade:
            args += ["--upgrade"]
        if user:
            args += ["--user"]
        if verbosity:
            args += ["-" + "v" * verbosity]
        return _run_pip(args + [project for project, _ in _PROJECTS], paths)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _uninstall_helper(verbosity=0):
    try:
        import pip
    except ImportError:
        return None
    if pip.__version__ != version():
        print("ensurepip will only uninstall a matching version (%r installed, %r bundled)"
              % (pip.__version__, version()), file=sys.stderr)
        return None
    _leave_settings_alone()
    args = ["uninstall", "-y", "--disable-pip-version-check"]
    if verbosity:
        args += ["-" + "v" * verbosity]
    return _run_pip(args + ["pip", "setuptools"])


def _main(argv=None):
    import argparse
    parser = argparse.ArgumentParser(prog="python -m ensurepip")
    add = parser.add_argument
    add("--version", action="version", version="pip " + version(), help="show the version of pip carried")
    add("-v", "--verbose", action="count", default=0, dest="verbosity", help="say more; up to three times")
    add("-U", "--upgrade", action="store_true", help="upgrade what is installed already")
    add("--user", action="store_true", help="install for this user only")
    add("--root", default=None, help="install below this folder")
    add("--altinstall", action="store_true", help="install only the scripts with a full version in their names")
    add("--default-pip", action="store_true", default=True, dest="default_pip", help="install `pip` itself (the default)")
    add("--no-default-pip", action="store_false", dest="default_pip", help="leave out the script `pip`")
    args = parser.parse_args(argv)
    return _bootstrap(args.root, args.upgrade, args.user, args.altinstall, args.default_pip, args.verbosity)
