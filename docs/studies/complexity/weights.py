"""The definition of WeightWatcher's power-law fit, written out with numpy alone: what weights.mjs compares with.

python3 docs/studies/complexity/weights.py FILE.npz ...

Prints one JSON object: by file, by array, alpha, D and xmin of every array with at least two axes and ten eigenvalues above 1e-5.
Shares no code and no method with the package: eigenvalues are squares of LAPACK's singular values, every candidate is evaluated in full.
"""

import json
import sys

import numpy as np

THRESHOLD = 1e-5


def eigenvalues(weight):
    """All slices (out, in) of filters (out, in, ...kernel), times sqrt(places / 2), pooled; a matrix as it is."""
    weight = np.asarray(weight, dtype=np.float64)
    if weight.ndim == 2:
        return np.linalg.svd(weight, compute_uv=False) ** 2
    slices = weight.reshape(weight.shape[0], weight.shape[1], -1)
    places = slices.shape[2]
    values = [np.linalg.svd(slices[:, :, k] * np.sqrt(places / 2), compute_uv=False) ** 2 for k in range(places)]
    return np.concatenate(values)


def fit(values):
    """The candidate with the smallest distance from the left; the largest value is no candidate."""
    x = np.sort(values[values > THRESHOLD])
    logs = np.log(x)
    best = None
    for i in range(len(x) - 1):
        n = len(x) - i
        alpha = 1 + n / np.sum(logs[i:] - logs[i])
        law = 1 - (x[i:] / x[i]) ** (1 - alpha)
        distance = np.max(np.abs(law - np.arange(n) / n))
        if best is None or distance < best["D"]:
            best = {"alpha": float(alpha), "D": float(distance), "xmin": float(x[i])}
    return best


def main(files):
    found = {}
    for file in files:
        arrays = np.load(file)
        found[file] = {}
        for name in arrays.files:
            array = arrays[name]
            if array.ndim < 2 or array.dtype.kind != "f" or array.size == 0 or np.all(array == array.flat[0]):
                continue
            values = eigenvalues(array)
            if np.sum(values > THRESHOLD) >= 10:
                found[file][name] = fit(values)
    json.dump(found, sys.stdout)


main(sys.argv[1:])
