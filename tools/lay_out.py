"""Lays out an installation of the pypy-stm that runs this: lay_out.py PREFIX."""
import compileall
import os
import pkgutil
import shutil
import sys


def write(path, contents):
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        os.makedirs(folder)
    with open(path, 'wb') as f:
        f.write(contents)


def main(prefix):
    library = os.path.join(prefix, 'lib-python', '%d.%d' % sys.version_info[:2])
    importer = pkgutil.get_importer(os.path.dirname(os.__file__))
    if not hasattr(importer, 'get_files'):
        sys.exit('this pypy-stm takes its library from %s: copy that folder' % os.path.dirname(os.__file__))
    for name in importer.get_files():
        write(os.path.join(library, name), importer.get_data(os.path.join(os.path.dirname(os.__file__), name)))
    for folder in ('bin', 'site-packages', 'include'):
        if not os.path.isdir(os.path.join(prefix, folder)):
            os.makedirs(os.path.join(prefix, folder))
    binary = os.path.join(prefix, 'bin', 'pypy-stm')
    shutil.copyfile(sys.executable, binary + '.new')
    os.chmod(binary + '.new', 0755)
    os.rename(binary + '.new', binary)
    compileall.compile_dir(library, quiet=True)
    print 'installed %s' % binary


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(os.path.abspath(sys.argv[1]))
