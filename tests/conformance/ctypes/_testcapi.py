"""The two numbers that the ctypes tests want of CPython's module of that name."""
INT_MAX = 2 ** 31 - 1
UINT_MAX = 2 ** 32 - 1
