"""Norms and bounds of two networks in which depth, widths, classes, positions and constants all differ, from their weights by numpy:
a second implementation of the formulas of src/bounds/covering, products/galanti2023, counting and authors.

    python3 make_coveringBounds.py > coveringBounds.json
"""
import json
import sys

import numpy as np

rng = np.random.default_rng(20251201)


def weights(*shape):
    return np.round(1.6 * rng.normal(size=shape) / np.sqrt(np.prod(shape[1:])), 3)


def matrix_norms(W):
    s = np.linalg.svd(W, compute_uv=False)
    return dict(
        rows=W.shape[0], columns=W.shape[1], spectral=s[0], frobenius=np.sqrt((W * W).sum()), rowSum=np.sqrt((W * W).sum(1)).sum(),
        columnSum=np.sqrt((W * W).sum(0)).sum(), largestRow=np.sqrt((W * W).sum(1)).max(), largestRowOne=np.abs(W).sum(1).max(),
        threeOneHalf=((np.abs(W) ** 3).sum(1) ** 0.5).sum() ** (2 / 3), rank=int((s > 1e-3 * s[0]).sum()))


def circular(K, n, stride):
    """Matrix of a convolution with circular padding on n x n maps, kernel corner at the place itself; columns and rows channel by channel."""
    co, ci, k, _ = K.shape
    o = n // stride
    M = np.zeros((co, o, o, ci, n, n))
    reads = np.zeros((o * o, k * k), int)
    for p in range(o):
        for q in range(o):
            for a in range(k):
                for b in range(k):
                    u, v = (p * stride + a) % n, (q * stride + b) % n
                    M[:, p, q, :, u, v] += K[:, :, a, b]
                    reads[p * o + q, a * k + b] = u * n + v
    return M.reshape(co * o * o, ci * n * n), reads


def case(name, layers, X, gamma, delta):
    """layers: dicts with W (filters as rows), W0, M, M0 (matrices of whole examples), positions, reads, places (positions, reads) or None, width"""
    m, A, patches = len(X), X, []
    patch_fro = None
    for i, layer in enumerate(layers):
        if layer["places"] is None:
            norms = np.sqrt((A * A).sum(1))[:, None]
        else:
            c = A.shape[1] // layer["below"]
            maps = A.reshape(m, c, layer["below"])
            norms = np.sqrt((maps[:, :, layer["places"]] ** 2).sum(axis=(1, 3)))
        patches.append(norms.max())
        if i == 0:
            patch_fro = np.sqrt((norms ** 2).sum(0)).max()
        Z = A @ layer["M"].T
        A = np.maximum(Z, 0) if i < len(layers) - 1 else Z
    y = A.argmax(1)
    y[-1] = A[-1].argmin()  # all right but the last
    margins = np.array([z[k] - np.delete(z, k).max() for z, k in zip(A, y)])
    XF = np.linalg.norm(X)
    L, classes = len(layers), A.shape[1]
    out = dict(name=name, gamma=gamma, delta=delta)
    out["network"] = dict(
        name=name, inputs=X.shape[1], outputs=classes, parameters=sum(l["W"].size for l in layers), outside=[],
        layers=[dict(
            name=f"W{i + 1}", kind="dense" if l["places"] is None else "convolution", filters=matrix_norms(l["W"]), map=matrix_norms(l["M"]),
            change=dict(filters=matrix_norms(l["W"] - l["W0"]), map=matrix_norms(l["M"] - l["M0"])), parameters=l["W"].size, biases=0,
            positions=l["positions"], reads=l["reads"], width=l["width"], lipschitz=1) for i, l in enumerate(layers)])
    out["sample"] = dict(
        count=m, features=X.shape[1], radius=np.linalg.norm(X, axis=1).max(), frobenius=XF, largestEntry=np.abs(X).max(),
        largestFeature=(X * X).sum(0).max(), margins=margins, largestOutput=np.linalg.norm(A, axis=1).max(), largestPatches=patches,
        patchFrobenius=patch_fro)
    norms = [matrix_norms(l["M"]) for l in layers]
    ramp = np.clip(1 - margins / gamma, 0, 1).mean()
    conf = 3 * np.sqrt(np.log(2 / delta) / (2 * m))
    values = dict(ramp=ramp, confidence=conf, marginError=(margins <= gamma).mean())
    for part in ("M", "W"):
        s = [matrix_norms(l[part])["spectral"] for l in layers]
        dims = [d for l in layers for d in l[part].shape]
        for reference in ("zero", "given"):
            b = [matrix_norms(l[part] - (l[part + "0"] if reference == "given" else 0))["rowSum"] for l in layers]
            RA = np.prod(s) * sum((bb / ss) ** (2 / 3) for bb, ss in zip(b, s)) ** 1.5
            W = max(dims)
            key = f"bartlett-{reference}-{'unrolled' if part == 'M' else 'filters'}"
            entries = max(l[part].size for l in layers)
            values[key] = dict(
                complexity=RA, explicit=8 / m ** 1.5 + 72 * XF * np.sqrt(np.log(2 * W * W)) * np.log(m) * RA / (gamma * m) + conf,
                graf=2 * (4 / m + 12 * np.log(m) / np.sqrt(m) * np.sqrt(np.log(2 * entries)) * 4 / gamma * XF / np.sqrt(m) * RA) + conf,
                rate=XF * RA * np.log(W) / (gamma * m) + np.sqrt(np.log(1 / delta) / m))
    for reference in ("zero", "given"):
        a = [matrix_norms(l["W"] - (l["W0"] if reference == "given" else 0)) for l in layers]
        a = [x["rowSum"] for x in a[:-1]] + [a[-1]["frobenius"]]
        lip = [x["spectral"] for x in norms[:-1]] + [matrix_norms(layers[-1]["W"])["largestRow"]]
        b = patches + [gamma]
        w = [l["width"] for l in layers]
        rho = [max(np.prod(lip[l + 1:i + 1]) / b[i + 1] for i in range(l, L)) for l in range(L)]
        om = [l["positions"] * l["W"].shape[0] for l in layers]
        for variant, r in (("theorem-11", [b[l] * a[l] * w[l] * rho[l] for l in range(L)]),
                           ("fixed-lipschitz", [b[0] / gamma * a[l] * w[l] * np.prod(lip) / lip[l] for l in range(L)])):
            R = sum(x ** (2 / 3) for x in r) ** 1.5
            G = max(x * o for x, o in zip(r, om))
            rad = 4 / m + 768 * R * np.sqrt(np.log2(32 * G * m * m + 7 * max(om) * m)) * np.log(m) / np.sqrt(m)
            values[f"ledent-{variant}-{reference}"] = dict(complexity=R, gap=2 * rad + conf)
    k = [l["reads"] for l in layers[1:]]
    M = [np.linalg.norm(l["W"]) for l in layers[:-1]] + [np.linalg.norm(layers[-1]["W"], axis=1).max()]
    rad = np.prod(M) * np.sqrt(np.prod(k)) * (1 + np.sqrt(2 * np.log(2.0 ** (L - 1) * np.prod(k)))) * patch_fro / m
    values["sparse"] = dict(complexity=rad, gap=4 * classes / gamma * rad + conf)
    P = sum(l["W"].size for l in layers)
    v = 1.0
    for _ in range(10000):
        v = 4 * P * (L + 1) * np.log2(2 * np.e * P * v * 2)
    n = 10 ** 7
    values["vc"] = dict(dimension=v, at=n, gap=np.sqrt(2 * v * np.log(np.e * n / v) / n) + np.sqrt(np.log(1 / delta) / (2 * n)))
    F = [matrix_norms(l["W"]) for l in layers]
    D = [matrix_norms(l["W"] - l["W0"]) for l in layers]
    s = np.array([f["spectral"] for f in F])
    alpha, beta = np.sqrt(L + np.log(X.shape[1])), np.log(m) * np.log(P)
    values["code"] = {
        "l1-max": alpha * np.prod([f["largestRowOne"] for f in F]) / gamma / m ** 0.5,
        "frobenius": alpha * np.prod([f["frobenius"] for f in F]) / gamma / m ** 0.5,
        "l3-1.5": alpha * np.prod([f["threeOneHalf"] for f in F]) / gamma / m ** (1 / 3),
        "spec-l2-1": beta * np.prod(s) / gamma * sum((d["rowSum"] / t) ** (2 / 3) for d, t in zip(D, s)) ** 1.5 / m ** 0.5,
        "spec-fro": L * np.prod(s) / gamma * np.sqrt(sum(f["rows"] * d["frobenius"] ** 2 / t ** 2 for f, d, t in zip(F, D, s)) / m)}
    values["percentile"] = np.percentile(margins, 5)
    out["values"] = values
    return out


def dense(rows, columns):
    W, W0 = weights(rows, columns), weights(rows, columns)
    return dict(W=W, W0=W0, M=W, M0=W0, positions=1, reads=1, places=None, width=1)


def convolution(outputs, inputs, kernel, n, stride):
    K, K0 = weights(outputs, inputs, kernel, kernel), weights(outputs, inputs, kernel, kernel)
    M, places = circular(K, n, stride)
    o = n // stride
    return dict(W=K.reshape(outputs, -1), W0=K0.reshape(outputs, -1), M=M, M0=circular(K0, n, stride)[0], positions=o * o, reads=kernel * kernel,
                places=places, below=n * n, width=o)


X1 = np.round(rng.normal(size=(9, 5)), 2)
dense_case = case("dense 5-7-4-6", [dense(7, 5), dense(4, 7), dense(6, 4)], X1, 1.7, 0.03)
X2 = np.round(rng.normal(size=(6, 2 * 16)), 2)
head = dense(5, 2 * 4)
head["reads"] = 4
images = case("images 2x4x4, 3 channels, 2 channels, 5", [convolution(3, 2, 3, 4, 1), convolution(2, 3, 2, 4, 2), head], X2, 0.6, 0.2)
json.dump(dict(
    tool=f"numpy {np.__version__}, python {sys.version.split()[0]}", command="python3 make_coveringBounds.py > coveringBounds.json", seed=20251201,
    tolerance="1e-9 relative: both sides are float64 formulas of a few hundred operations", cases=[dense_case, images]),
    sys.stdout, default=lambda x: x.tolist() if hasattr(x, "tolist") else x)
print()
