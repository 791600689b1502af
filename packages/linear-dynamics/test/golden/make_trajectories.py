"""Reference numbers for trajectories of linear regression: explicit formulas in 80 digits. Writes trajectories.json.

    python3 make_trajectories.py            (mpmath 1.3.0; about 20 s)

Numbers x, y are doubles; results are strings of 25 digits. a = 1 - x with x = eta lambda exactly the double.
"""
import json
import mpmath as mp

mp.mp.dps = 80
s = lambda v: mp.nstr(v, 25)


def sums(x, y, T):
    a, b = 1 - mp.mpf(x), 1 - mp.mpf(y)
    mean = lambda r: mp.mpf(1) if r == 1 else (1 - r**T) / (T * (1 - r))
    return mean(a), mean(b), mean(a * b)


out = {'descent': [], 'flow': [], 'langevin': [], 'expint': [], 'target': []}
xs = [1e-18, 3e-13, 1e-7, 0.004, 0.3, 0.5, 0.9, 1.0, 1.0000001, 1.3, 1.5, 1.97, 1.9999999]
for T in (1, 2, 3, 10, 37, 100, 10001, 10**6, 10**12):
    for i, x in enumerate(xs):
        for y in (x, xs[(i + 3) % len(xs)], xs[(i + 7) % len(xs)]):
            g, h, G = sums(x, y, T)
            out['descent'].append([x, y, T, s(g), s(1 - g), s(G), s(G - g * h)])
phi = lambda z: (1 - mp.exp(-z)) / z
for x in (1e-17, 1e-6, 0.02, 0.7, 3.0, 40.0, 1e5):
    for y in (1e-15, 1e-3, 0.7, 5.5, 800.0):
        X, Y = mp.mpf(x), mp.mpf(y)
        out['flow'].append([x, y, s(phi(X)), s(1 - phi(X)), s(phi(2 * X)), s(phi(X + Y) - phi(X) * phi(Y))])
for u in (1e-300, 1e-8, 1e-3, 0.1, 0.5, 1.0, 1.5, 1.999, 2.0, 2.001, 3.7, 10.0, 50.0, 1e4, 1e300):
    U = mp.mpf(u)
    out['langevin'].append([u, s(mp.coth(U) - 1 / U if u > 1e-30 else U / 3)])
for u in (1e-10, 1e-3, 0.2, 0.5, 0.999, 1.0, 1.001, 1.5, 2.0, 5.0, 20.0, 100.0, 600.0):
    out['expint'].append([u, s(mp.e1(mp.mpf(u)))])
# spectra of target and whole covariance, b = rho, eta lambda_1 = eta, sigma_w = 1, uncentred K besides
for c, d, T, p, eta in ((0.5, 16, 1000, 1, 0.9), (1.0, 8, 200, 1, 0.9), (0.25, 24, 10000, 0, 0.9), (0.5, 16, 100, 1, 1.6)):
    lam = [mp.exp(-mp.mpf(c) * i) for i in range(d)]
    a = [1 - mp.mpf(eta) * l for l in lam]
    w = [l ** (mp.mpf(p) / 2) for l in lam]
    g = [(1 - r**T) / (T * (1 - r)) for r in a]
    G = lambda i, j: (1 - (a[i] * a[j]) ** T) / (T * (1 - a[i] * a[j]))
    eig = lambda f: [s(v) for v in sorted(mp.eigsy(mp.matrix(d, d) + mp.matrix([[f(i, j) for j in range(d)] for i in range(d)]), eigvals_only=True), reverse=True)]
    C = lambda i, j: w[i] * w[j] * (G(i, j) - g[i] * g[j])
    out['target'].append(dict(c=c, d=d, T=T, p=p, eta=eta, target=eig(C), uncentred=eig(lambda i, j: w[i] * w[j] * G(i, j)),
                              total=eig(lambda i, j: 9 * C(i, j) + (w[i] * w[i] * G(i, i) if i == j else 0)), rho=3))
json.dump(out, open('trajectories.json', 'w'), indent=0)
