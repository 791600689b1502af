"""Writes rules.json: sharpness-aware steps, norm bias and sign descent, written with numpy alone, in float64.

    python3 make_rules.py > rules.json        (numpy 1.24.2, Debian 12)

A tanh network 3-4-2, half a squared error summed over outputs and averaged over 7 examples, all of them in every step.
"""
import json

import numpy as np

SIZES = [(3, 4), (4,), (4, 2), (2,)]
COUNT = sum(int(np.prod(s)) for s in SIZES)
X = np.sin(1.3 * np.arange(21)).reshape(7, 3)
Y = np.cos(0.7 * np.arange(14)).reshape(7, 2)
START = 0.8 * np.sin(2.1 * np.arange(COUNT) + 0.4)


def parts(w):
    out, at = [], 0
    for s in SIZES:
        n = int(np.prod(s))
        out.append(w[at : at + n].reshape(s))
        at += n
    return out


def gradient(w):
    A, a, B, b = parts(w)
    h = np.tanh(X @ A + a)
    e = (h @ B + b - Y) / len(X)
    d = (e @ B.T) * (1 - h * h)
    return np.concatenate([(X.T @ d).ravel(), d.sum(0), (h.T @ e).ravel(), e.sum(0)])


matrix = np.concatenate([np.full(int(np.prod(s)), float(len(s) == 2)) for s in SIZES])


def sam(w, rho):
    g = gradient(w)
    return gradient(w + rho * g / np.sqrt(g @ g))


def asam(w, rho, eta, scaled):
    g = gradient(w)
    T = scaled * (np.abs(w) + eta) + (1 - scaled)
    return gradient(w + rho * T * T * g / np.sqrt((T * g) @ (T * g)))


def bias(w, target, strength):
    return strength * np.sign(w @ w - target) * w


def run(slope, lr, steps=20, mu=None, move=None):
    w, v, track = START.copy(), np.zeros(COUNT), []
    for _ in range(steps):
        g = slope(w)
        if mu is not None:
            v = mu * v + g
            w = w - lr * v
        elif move is not None:
            w, v = move(w, v, g, lr)
        else:
            w = w - lr * g
        track.append(w.tolist())
    return track


def signum(mu, decay):
    def move(w, v, g, lr):
        v = mu * v + (1 - mu) * g
        return (1 - lr * decay) * w - lr * np.sign(v), v

    return move


runs = {
    "sam": run(lambda w: sam(w, 0.3), 0.4),
    "asam of weights": run(lambda w: asam(w, 0.8, 0.05, matrix), 0.4),
    "asam of all": run(lambda w: asam(w, 0.8, 0.0, np.ones(COUNT)), 0.4),
    "norm bias from below": run(lambda w: gradient(w) + bias(w, 30.0, 0.2), 0.4),
    "norm bias across": run(lambda w: gradient(w) + bias(w, 5.0, 0.3), 0.4),
    "sam, heavy ball, norm bias": run(lambda w: sam(w, 0.2) + bias(w, 5.0, 0.1), 0.1, mu=0.9),
    "sign": run(gradient, 0.01, move=signum(0.0, 0.0)),
    "signum, decay": run(gradient, 0.01, move=signum(0.8, 0.5)),
}
print(json.dumps({"tool": "numpy " + np.__version__, "command": "python3 make_rules.py", "inputs": X.ravel().tolist(), "targets": Y.ravel().tolist(), "start": START.tolist(), "runs": {k: [v[0], v[4], v[-1]] for k, v in runs.items()}}))
