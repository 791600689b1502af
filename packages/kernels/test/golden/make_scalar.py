"""Reference values of the scalar functions: python3 make_scalar.py COUNT > scalar.json

mpmath at 60 digits (more where the argument is huge). Each row is [x, hi, lo] (pow: [x, y, hi, lo]); hi is the correctly
rounded double, hi + lo is good to about 32 digits; values that overflow or underflow are left out.
"""

import json
import random
import sys

import mpmath as mp

mp.mp.dps = 60
count = int(sys.argv[1])
rng = random.Random(20240229)


def spread(low, high, n):
    """half uniform, half uniform in the logarithm of |x|, both inside [low, high]"""
    out = []
    while len(out) < n // 2:
        out.append(rng.uniform(low, high))
    while len(out) < n:
        x = 2.0 ** rng.uniform(-1060 if rng.random() < 0.1 else -40, 1023) * rng.choice((-1, 1))
        if low <= x <= high:
            out.append(x)
        else:
            x = 2.0 ** rng.uniform(-30, 12) * rng.choice((-1, 1))
            if low <= x <= high:
                out.append(x)
    return out


def normal_cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def huge(f):
    def g(x):
        with mp.workdps(60 + (int(mp.log10(abs(x))) if abs(x) > 1 else 0)):
            return f(x)

    return g


big = 8e307
functions = {
    'exp': (mp.exp, -745, 709.7),
    'expm1': (mp.expm1, -60, 709.7),
    'log': (mp.log, 5e-324, big),
    'log1p': (mp.log1p, -0.9999999, big),
    'sin': (huge(mp.sin), -big, big),
    'cos': (huge(mp.cos), -big, big),
    'atan': (mp.atan, -big, big),
    'asinh': (mp.asinh, -big, big),
    'tanh': (mp.tanh, -30, 30),
    'sech2': (lambda x: mp.sech(x) ** 2, -350, 350),
    'sigmoid': (lambda x: 1 / (1 + mp.exp(-x)), -700, 50),
    'softplus': (lambda x: mp.log1p(mp.exp(x)), -700, 800),
    'logsigmoid': (lambda x: -mp.log1p(mp.exp(-x)), -800, 700),
    'logcosh': (lambda x: mp.log1p(2 * mp.sinh(x / 2) ** 2), -800, 800),
    'erf': (mp.erf, -7, 7),
    'erfc': (mp.erfc, -6, 26.5),
    'gaussian': (lambda x: mp.exp(-x * x), -26.6, 26.6),
    'normalCdf': (normal_cdf, -37.5, 9),
    'normalPdf': (lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi), -37.5, 37.5),
    'gelu': (lambda x: x * normal_cdf(x), -37.5, 40),
    'lgamma': (lambda x: mp.log(abs(mp.gamma(x))) if abs(x) < 1e6 else mp.re(mp.loggamma(x)), -60, 1e305),
    'digamma': (lambda x: mp.psi(0, x), -60, big),
    'trigamma': (lambda x: mp.psi(1, x), -60, 1e150),
}
narrow = {'sin': (-30, 30), 'cos': (-30, 30), 'log': (0.5, 2), 'log1p': (-0.5, 1), 'atan': (-4, 4), 'asinh': (-4, 4), 'exp': (-1, 1),
          'expm1': (-1, 1), 'tanh': (-2, 2), 'sech2': (-3, 3), 'sigmoid': (-4, 4), 'softplus': (-4, 4), 'logsigmoid': (-4, 4),
          'logcosh': (-2, 2), 'erf': (-2, 2), 'erfc': (-1, 3), 'gaussian': (-2, 2), 'normalCdf': (-3, 3), 'normalPdf': (-3, 3),
          'gelu': (-3, 3), 'lgamma': (0.01, 20), 'digamma': (0.01, 20), 'trigamma': (0.01, 20)}  # fmt: skip


def pair(value):
    hi = float(value)
    if hi in (float('inf'), float('-inf')) or abs(hi) < 2.3e-308:
        return None
    return [hi, float(value - mp.mpf(hi))]


tables = {}
for name, (f, low, high) in functions.items():
    rows = []
    for x in spread(low, high, count // 2) + spread(*narrow[name], count // 2):
        if name in ('lgamma', 'digamma', 'trigamma') and x <= 0 and x == int(x):
            continue
        value = pair(f(mp.mpf(x)))
        if value:
            rows.append([x, *value])
    tables[name] = rows
rows = []
while len(rows) < count:
    x = 2.0 ** rng.uniform(-1074, 1023) if rng.random() < 0.3 else rng.uniform(0.3, 3)
    limit = 740 / abs(mp.log(x)) if x != 1 else 1
    y = float(limit) * rng.uniform(-1, 1) if rng.random() < 0.7 else float(rng.randint(-30, 30))
    value = pair(mp.mpf(x) ** mp.mpf(y))
    if value:
        rows.append([x, y, *value])
tables['pow'] = rows
json.dump(tables, sys.stdout, separators=(',', ':'))
