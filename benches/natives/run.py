"""Compares Pythons on what native code does: one program beside this file for each kind of work, in user time.

Options and output are those of ../programs/run.py. The bar: none below 0.6x, geometric mean at least 1.0x.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'programs'))
import run  # noqa: E402

PROGRAMS = ['dict_int', 'dict_str', 'file_lines', 'hashing', 'json_dump', 'json_load', 'list_sort', 'long_multiply',
            'long_print', 'pickle_dump', 'pickle_load', 're_alternatives', 're_groups', 're_words', 'socket_rounds',
            'str_format', 'str_join', 'str_replace', 'str_split', 'string_files', 'zlib_both']

if __name__ == '__main__':
    sys.exit(run.main(HERE, PROGRAMS))
