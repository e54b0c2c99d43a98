/* The functions and variables that CPython's ctypes tests expect of the library `_ctypes_test`: each does what the tests
 * that call it say. Compiled by `_ctypes_test.py`. */

#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <math.h>

long long last_tf_arg_s;
unsigned long long last_tf_arg_u;

/* A third of the last argument, which is noted; `tf_b...` have a byte before it. */
#define SIGNED(name, type)                                                        \
    type tf_##name(type c) { last_tf_arg_s = (long long)c; return c / 3; }        \
    type tf_b##name(signed char x, type c) { (void)x; last_tf_arg_s = (long long)c; return c / 3; }
#define UNSIGNED(name, type)                                                      \
    type tf_##name(type c) { last_tf_arg_u = (unsigned long long)c; return c / 3; } \
    type tf_b##name(signed char x, type c) { (void)x; last_tf_arg_u = (unsigned long long)c; return c / 3; }

SIGNED(b, signed char)
SIGNED(h, short)
SIGNED(i, int)
SIGNED(l, long)
SIGNED(q, long long)
SIGNED(f, float)
SIGNED(d, double)
SIGNED(D, long double)
UNSIGNED(B, unsigned char)
UNSIGNED(H, unsigned short)
UNSIGNED(I, unsigned int)
UNSIGNED(L, unsigned long)
UNSIGNED(Q, unsigned long long)

void tv_i(int c) { last_tf_arg_s = c; }

#define SUM(name, result, last)                                                       \
    result _testfunc_##name(signed char b, short h, int i, long l, float f, last d)    \
    { return (result)(b + h + i + l + f + d); }

SUM(i_bhilfd, int, double)
SUM(f_bhilfd, float, double)
SUM(d_bhilfd, double, double)
SUM(q_bhilfd, long long, double)
SUM(D_bhilfD, long double, long double)

long long _testfunc_q_bhilfdq(signed char b, short h, int i, long l, float f, double d, long long q)
{
    return (long long)(b + h + i + l + f + d + q);
}

void *_testfunc_p_p(void *p) { return p; }
void *_testfunc_c_p_p(int *count, char **items) { return items[*count - 1]; }
int *_testfunc_ai8(int items[8]) { return items; }
void _testfunc_v(int a, int b, int *sum) { *sum = a + b; }

int _testfunc_callback_i_if(int value, int (*f)(int))
{
    int sum = 0;
    for (; value != 0; value /= 2)
        sum += f(value);
    return sum;
}

long long _testfunc_callback_q_qf(long long value, long long (*f)(long long))
{
    long long sum = 0;
    for (; value != 0; value /= 2)
        sum += f(value);
    return sum;
}

int _testfunc_callback_with_pointer(int (*f)(int *))
{
    int table[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    return f(table);
}

int _testfunc_cbk_reg_int(int a, int b, int c, int d, int e, int (*f)(int, int, int, int, int))
{
    return f(a * a, b * b, c * c, d * d, e * e);
}

double _testfunc_cbk_reg_double(double a, double b, double c, double d, double e,
                                double (*f)(double, double, double, double, double))
{
    return f(a * a, b * b, c * c, d * d, e * e);
}

typedef struct { unsigned long first, second, third; } large;

void _testfunc_cbk_large_struct(large in, void (*f)(large)) { f(in); }

void _testfunc_large_struct_update_value(large in)
{
    ((volatile large *)&in)->first = 0x0badf00d;
    ((volatile large *)&in)->second = 0x0badf00d;
    ((volatile large *)&in)->third = 0x0badf00d;
}

typedef struct { int x, y; } point;

int _testfunc_byval(point in, point *out)
{
    if (out)
        *out = in;
    return in.x + in.y;
}

typedef struct { short x, y; } two;
typedef struct { int a, b, c, d, e, f, g, h; } eight;

two ret_2h_func(two v)
{
    v.x *= 2;
    v.y *= 3;
    return v;
}

eight ret_8i_func(eight v)
{
    eight r = {v.a * 2, v.b * 3, v.c * 4, v.d * 5, v.e * 6, v.f * 7, v.g * 8, v.h * 9};
    return r;
}

double integrate(double a, double b, double (*f)(double), long steps)
{
    double sum = 0, width = (b - a) / steps;
    for (long i = 0; i < steps; i++)
        sum += f(a + (i + 0.5) * width);
    return sum / steps;
}

typedef struct {
    int A : 1, B : 2, C : 3, D : 4, E : 5, F : 6, G : 7, H : 8, I : 9;
    short M : 1, N : 2, O : 3, P : 4, Q : 5, R : 6, S : 7;
} bits;

int unpack_bitfields(bits *b, char name)
{
    switch (name) {
    case 'A': return b->A;
    case 'B': return b->B;
    case 'C': return b->C;
    case 'D': return b->D;
    case 'E': return b->E;
    case 'F': return b->F;
    case 'G': return b->G;
    case 'H': return b->H;
    case 'I': return b->I;
    case 'M': return b->M;
    case 'N': return b->N;
    case 'O': return b->O;
    case 'P': return b->P;
    case 'Q': return b->Q;
    case 'R': return b->R;
    case 'S': return b->S;
    }
    return 0;
}

int an_integer = 42;
int get_an_integer(void) { return an_integer; }

char *my_strdup(char *s) { return strdup(s); }
wchar_t *my_wcsdup(wchar_t *s) { return wcsdup(s); }
void my_free(void *p) { free(p); }
char *my_strchr(const char *s, int c) { return strchr(s, c); }
char *my_strtok(char *s, const char *between) { return strtok(s, between); }
size_t my_wcslen(const wchar_t *s) { return wcslen(s); }
double my_sqrt(double x) { return sqrt(x); }
void my_qsort(void *p, size_t n, size_t width, int (*f)(const void *, const void *)) { qsort(p, n, width, f); }
void *get_strchr(void) { return (void *)strchr; }

typedef struct { long left, top, right, bottom; } rect;
typedef struct { long x, y; } place;

long left = 10, top = 20, right = 30, bottom = 40;

int PointInRect(rect *r, place p)
{
    return p.x >= r->left && p.x <= r->right && p.y >= r->top && p.y <= r->bottom;
}

static int same(const rect *a, const rect *b) { return memcmp(a, b, sizeof *a) == 0; }

/* The rectangle, unless something else did not arrive: then one of zeros. */
rect ReturnRect(int i, rect a, rect *b, place p, rect c, rect *d, place q, rect e)
{
    rect none = {0, 0, 0, 0};
    if (!same(&a, b) || !same(&a, &c) || !same(&a, d) || !same(&a, &e) || p.x != q.x || p.y != q.y || i < 0)
        return none;
    return a;
}
