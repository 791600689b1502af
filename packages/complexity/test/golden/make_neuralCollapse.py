"""Neural collapse of small data by its definitions, with dense covariance matrices: a second implementation of src/collapse.

    python3 make_neuralCollapse.py > neuralCollapse.json
"""
import json
import sys

import numpy as np


def data(C, p, counts):
    """Features, labels and a classifier: fractions of a formula, which test/collapse/data.ts writes out again."""
    h, y = [], []
    for r in range(max(counts)):
        for c in range(C):
            if r < counts[c]:
                i = len(y)
                h.append([((7 * i * i + 3 * j * j + 5 * i * j + 11 * c) % 13) / 4 - 1.5 + (3 + c / 4) * (j == c) - (c == j + 1) for j in range(p)])
                y.append(c)
    W = np.array([[((3 * c * c + 5 * j + 2 * c * j) % 11) / 4 - 1 + 2 * (c == j) for j in range(p)] for c in range(C)])
    b = np.array([((5 * c) % 3) / 2 - 0.5 for c in range(C)])
    return np.array(h), np.array(y), W, b


def frame(S):
    C = len(S)
    return np.linalg.norm(S / np.linalg.norm(S) - (np.eye(C) - np.ones((C, C)) / C) / np.sqrt(C - 1))


def geometry(V):
    C = len(V)
    norms = np.linalg.norm(V, axis=1)
    U = V / norms[:, None]
    cosines = (U @ U.T)[~np.eye(C, dtype=bool)]
    k = np.log([1 / np.linalg.norm(U[a] - U[b]) for a in range(C) for b in range(C) if a != b])
    return dict(
        equinorm=norms.std(ddof=1) / norms.mean(),
        equiangular=np.abs(cosines + 1 / (C - 1)).mean(),
        frame=frame(V @ V.T),
        hyper=[k.mean(), k.var(), k.mean() + 0.5 * np.log(2 * C / (C - 1))],
    )


def measures(h, y, W, b, p):
    classes = sorted({int(c) for c in y})
    C, N = len(classes), len(h)
    mu = np.stack([h[y == c].mean(0) for c in classes])
    M = (mu - mu.mean(0)).T
    within = sum((h[y == c] - mu[k]).T @ (h[y == c] - mu[k]) for k, c in enumerate(classes)) / N
    between = M @ M.T / C
    u, s, _ = np.linalg.svd(between)
    k = min(p, C - 1)
    trace = np.trace(within @ (u[:, :k] / s[:k]) @ u[:, :k].T)
    v = [((h[y == c] - mu[q]) ** 2).sum(1).mean() for q, c in enumerate(classes)]
    pairs = [(a, c) for a in range(C) for c in range(a)]
    Wp = W[classes]
    decided = (h @ W.T + b).argmax(1)
    nearest = np.array(classes)[((h[:, None] - mu[None]) ** 2).sum(2).argmin(1)]
    # the package neural_collapse divides by the width where the formula has C
    theirs = M @ M.T / p
    return dict(
        trace=trace,
        perClass=trace / C,
        directions=k,
        pinv=np.trace(within @ np.linalg.pinv(between, rcond=p * np.finfo(float).eps)) / C,
        quotient=np.trace(within) / np.trace(between),
        cdnv=np.mean([(v[a] + v[c]) / 2 / np.linalg.norm(mu[a] - mu[c]) ** 2 for a, c in pairs]),
        means=geometry(M.T),
        rank=int(np.linalg.matrix_rank(M)),
        classifier=geometry(Wp),
        duality=np.linalg.norm(Wp.T / np.linalg.norm(Wp) - M / np.linalg.norm(M)) ** 2,
        dualityFrame=frame(Wp @ M),
        disagreement=float((decided != nearest).mean()),
        nearestCentreError=float((nearest != y).mean()),
        error=float((decided != y).mean()),
        library=dict(
            pinv=np.trace(np.linalg.pinv(theirs) @ within) / C,
            svd=np.trace(within @ (u[:, :k] / (s[:k] * C / p)) @ u[:, :k].T),
            ratio=np.trace(within) / np.trace(theirs),
        ),
    )


cases = (
    ("unbalanced, as many directions as features", 4, 3, [3, 2, 5, 4]),
    ("fewer features than directions", 5, 2, [4, 4, 1, 6, 3]),
    ("wide, unbalanced", 5, 7, [6, 2, 9, 3, 4]),
    ("two classes, balanced", 2, 4, [5, 5]),
    ("a class without examples", 4, 5, [4, 0, 6, 3]),
    ("one example of each class but one", 3, 3, [1, 1, 4]),
)
provenance = {
    "tool": f"numpy {np.__version__}, python {sys.version.split()[0]}",
    "command": "python3 make_neuralCollapse.py > neuralCollapse.json",
    "tolerance": "1e-9 relative: covariance matrices of condition 1e4 lose four digits",
}
out = [dict(name=name, classes=C, width=p, counts=counts, measures=measures(*data(C, p, counts), p)) for name, C, p, counts in cases]
json.dump({"provenance": provenance, "cases": out}, sys.stdout, indent=1)
print()
