# Writes lowRankBounds.json: bounds of a network whose depth, widths, classes, radius, margin and example count all differ, straight from the formulas.
# python3 packages/complexity/test/golden/lowRankBounds.py (numpy 1.24 or later)
import json, pathlib
import numpy as np

rng = np.random.default_rng(20250113)
low = lambda a, b, r: rng.normal(size=(a, r)) @ rng.normal(size=(r, b)) / np.sqrt(r)
Ws = [rng.normal(size=(4, 5)) / 2, low(6, 4, 2), rng.normal(size=(3, 6)) / 3]
X = rng.normal(size=(7, 5)); y = [0, 2, 1, 1, 0, 2, 2]
Ws = [np.round(W, 6) if i != 1 else W for i, W in enumerate(Ws)]; X = np.round(X, 6)
L, m, gamma, delta, classes = 3, 7, 1.3, 0.07, 3
A = X.T
for W in Ws[:-1]: A = np.maximum(W @ A, 0)
out = (Ws[-1] @ A).T
margins = [float(o[k] - np.delete(o, k).max()) for o, k in zip(out, y)]
s = [np.linalg.svd(W, compute_uv=False)[0] for W in Ws]; f = [np.linalg.norm(W) for W in Ws]
h = [W.shape[0] for W in Ws]; r = [int(np.linalg.matrix_rank(W, tol=1e-9)) for W in Ws]
XF = np.linalg.norm(X); R = np.linalg.norm(X, axis=1).max(); D = X.shape[1]
P = np.prod(s); F = np.prod(f)
conf = 3 * np.sqrt(np.log(2 / delta) / (2 * m))
ramp = float(np.mean([min(1, max(0, 1 - M / gamma)) for M in margins]))
values = {}

def theorem7(mode, C1=1.0, C2=1.0):
    # recursion, no closed form
    G = f[0] * XF * np.sqrt(h[0])
    for i in range(1, L):
        factor = {'printed': 2 * np.sqrt(2 * min(r[:i + 1])), 'derived': 2 * np.sqrt(2 * min(r[:i])), 'tight': 2.0}[mode]
        G = C1 * s[i] * G + C2 * factor * np.prod(s[:i]) * XF * f[i] * np.sqrt(h[i])
    return G / m

for mode in ('printed', 'derived', 'tight'):
    values[f'theorem 7 {mode}'] = theorem7(mode)
    values[f'theorem 7 {mode} C1=1.7 C2=0.6'] = theorem7(mode, 1.7, 0.6)
Lip = np.sqrt(2) / gamma
for name, factor in (('sudakov-fernique', Lip * np.sqrt(2 * np.pi)), ('contraction', 2 * Lip * np.sqrt(np.pi)), ('printed', np.sqrt(Lip * np.pi))):
    values[f'value derived {name}'] = ramp + factor * theorem7('derived') + np.sqrt(9 * np.log(2 / delta) / (2 * m))
rr, hh = max(r), max(h)
values['rate printed C1=1.5'] = 1.5**L * P * R * L * rr * np.sqrt(hh / m); values['rate tight'] = P * R * L * np.sqrt(rr * hh / m)
values['lemma 4'] = R * np.sqrt(h[-1] * min(r) / m) * P
values['lemma 5 two layers'] = XF * np.sqrt(2 * min(r[:2])) * 2 * s[0] * s[1]
values['lemma 6 second layer'] = f[1] * np.sqrt(h[1])
values['lemma 10 first layer'] = f[0] * XF * np.sqrt(h[0]) / m
values['trivial'] = P * XF * np.sqrt(h[-1]) / np.sqrt(m)
values['trivial value'] = ramp + Lip * np.sqrt(2 * np.pi) * values['trivial'] + conf
def lrpc(counts):
    return 1 / m + np.sqrt(2 * sum(counts) * np.log(max(9, 18 * m * L * R * P / gamma)) / m)
counts = [k * (a + b + 1) for k, (a, b) in zip(r, [W.shape for W in Ws])]
fewer = [min(c, W.size) for c, W in zip(counts, Ws)]
values['counting D'] = float(sum(counts)); values['counting fewer D'] = float(sum(fewer))
values['counting'] = lrpc(counts); values['counting fewer'] = lrpc(fewer); values['counting value'] = ramp + 2 * lrpc(counts) + conf
logit = lambda Rk: ramp + 4 * classes / gamma * Rk + conf
grs = (np.sqrt(2 * np.log(2) * L) + 1) * F * XF / m
rows = [np.abs(W).sum(1).max() for W in Ws]
values['golowich frobenius'] = grs; values['golowich frobenius value'] = logit(grs)
values['golowich rows'] = 2 / m * np.prod(rows) * np.sqrt(L + 1 + np.log(D)) * np.sqrt((X**2).sum(0).max())
values['golowich depth-free'] = R * F * min(np.sqrt(np.log(F / P) / np.sqrt(m)), np.sqrt(L / m))
values['bartlett depth-free p=3'] = R * 2.5 * P * min(np.log(F / P) ** (1 / (2 / 3 + 3)) / m ** (1 / (2 + 9)), np.sqrt(L**3 / m))
values['golowich lower p=4'] = R * P * hh ** 0.25 / np.sqrt(m)
values['neyshabur2015 frobenius'] = F * 2**(L - 1) * np.sqrt(min(2, 4 * np.log(2 * D))) * R / np.sqrt(m)
values['neyshabur2015 frobenius-exact'] = F * 2**(L - 1) * XF / m
values['neyshabur2015 rows'] = np.prod(rows) * 2**(L - 1) * np.sqrt(4 * np.log(2 * D) / m) * np.abs(X).max()
values['neyshabur2015 rows value'] = logit(values['neyshabur2015 rows'])
path = np.ones(D)
for W in Ws: path = np.abs(W) @ path
values['path norm'] = path.max()
values['neyshabur2015 path'] = np.sqrt(4**(L - 1) * path.max()**2 * 4 * np.log(2 * D) * np.abs(X).max()**2 / m)
def group(W, p, q):
    units = (np.abs(W)**p).sum(1)**(1 / p)
    return units.max() if q == np.inf else (units**q).sum()**(1 / q)
for p, q in ((1.5, 4.0), (3.0, 2.0), (1.25, np.inf)):
    ps = p / (p - 1); H = max(h[:-1]); key = f'p={p} q={"Infinity" if q == np.inf else q}'
    linear = np.sqrt(min(ps, 4 * np.log(2 * D)) / m) * (np.abs(X)**ps).sum(1).max()**(1 / ps) if p <= 2 else np.sqrt(2) / m * (((X**2).sum(0)**.5)**ps).sum()**(1 / ps)
    values[f'linear {key}'] = linear
    values[f'group norms {key}'] = np.prod([group(W, p, q) for W in Ws])
    values[f'theorem 1 {key}'] = values[f'group norms {key}'] * (2 * H**max(0, 1 / ps - (0 if q == np.inf else 1 / q)))**(L - 1) * linear
mu = sum(x**4.0 for x in [group(W, 1.5, 4.0) for W in Ws])**.25
values['overall norm p=1.5 q=4'] = (mu / L**.25)**L
S = sum(a * a / b / b for a, b in zip(f, s)); H = max(h)
num = R**2 * L**2 * H * np.log(L * H) * P**2 * S
kl = 42**2 * np.e**2 / 2 * L**2 * R**2 * H * np.log(4 * H * L) * P**2 * S / gamma**2
error = float(np.mean([M <= gamma for M in margins]))
values['neyshabur2018 numerator'] = num; values['neyshabur2018 kl'] = kl
values['neyshabur2018 root value'] = error + np.sqrt((num + np.log(L * m / delta)) / (gamma**2 * m))
values['neyshabur2018 rate'] = R * P * L * np.sqrt(H * S / m) / gamma
values['neyshabur2018 kl value'] = error + 4 * np.sqrt((kl + np.log(6 * m * L * m**(1 / (2 * L)) / delta)) / (m - 1))
# collapse: the second layer replaced by one of rank 1
u = np.array([1., -2, .5, 1, 0, 3]); v = np.array([2., 1, -1, .5]); C = [Ws[0], np.outer(u, v), Ws[2]]
sc = [np.linalg.svd(W, compute_uv=False)[0] for W in C]
inner = (np.sqrt(2 * np.log(2) * 2) + 1) * f[0] * np.linalg.norm(C[1]) * XF / m
values['theorem 8 c=1.3'] = 1.3 * sc[2] * (R * sc[0] * sc[1] / np.sqrt(m) + np.log(m)**1.5 * inner)
rs = [np.linalg.norm(W, axis=1).sum() for W in Ws]
values['table bartlett'] = P * sum((a / b)**(2 / 3) for a, b in zip(rs, s))**1.5 / np.sqrt(m)
values['table neyshabur'] = P * np.sqrt(L**2 * H * S / m)
values['table golowich'] = np.sqrt(L) * F / np.sqrt(m)
values['table on class'] = P * np.sqrt(L**3 * rr * hh / m); values['table golowich on class'] = P * np.sqrt(L * rr**L / m)
# cutting the last layer at .8 of its largest singular value
sv = np.linalg.svd(Ws[2], compute_uv=False); kept = sv[sv > .8 * sv[0]]
values['cut error'] = R * P / s[2] * sv[len(kept)]; values['cut frobenius'] = float(np.sqrt((kept**2).sum())); values['cut rank'] = float(len(kept))
json.dump({
    'provenance': f'lowRankBounds.py beside this file, numpy {np.__version__}, float64; tolerance 1e-9 relative: both sides round differently in the last digits only',
    'weights': [{'rows': W.shape[0], 'columns': W.shape[1], 'values': W.ravel().tolist()} for W in Ws], 'collapsed': C[1].ravel().tolist(),
    'X': X.ravel().tolist(), 'count': m, 'features': D, 'margins': margins, 'margin': gamma, 'delta': delta,
    'values': {k: float(v) for k, v in values.items()},
}, open(pathlib.Path(__file__).with_suffix('.json'), 'w'), indent=1)
