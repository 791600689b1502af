"""Writes stability.json: what numpy and scipy make of the series and matrices of formulas that the tests repeat. Python 3, numpy, scipy; python3 make_stability.py"""
import json, sys
import numpy as np, scipy, scipy.signal
T = 300
t = np.arange(T)
series = ((t * t + 3 * t) % 17) / 4 + ((t // 20) % 3) + t / 500
m = series.mean()
released = [float(np.mean(series[: T - k] * series[k:]) - m * m) for k in range(8)]
centred = [float(np.sum((series[: T - k] - m) * (series[k:] - m)) / T) for k in range(8)]
def iat(x, c=5.0):
    d = x - x.mean(); n = len(x); g = [np.sum(d[: n - k] * d[k:]) for k in range(n // 2 + 1)]
    tau, w = 1.0, 0
    while w < n // 2 and w < c * max(1, tau):
        w += 1; tau += 2 * g[w] / g[0]
    return tau, w, g[0] / n * (1 + (2 * w + 1) / n)
tau, window, variance = iat(series)
b = int(np.sqrt(T)); a = T // b
means = series[T - a * b:].reshape(a, b).mean(1)
def welch(x, **o):
    f, p = scipy.signal.welch(x, **o); return {"frequencies": f.tolist(), "density": p.tolist()}
# three runs of six, losses of a formula
runs = np.array([[1 + ((5 * k * k + 7 * s * s + 3 * k * s) % 11) / 10 + k / 20 for s in range(40)] for k in range(5)])
A = runs[:, 8:].mean(1); K = len(A)
gaps = lambda A: np.array([abs(A[i] - A[j]) for i in range(len(A)) for j in range(i + 1, len(A))])
jack = np.array([gaps(np.delete(A, k)).mean() for k in range(K)])
# softmax regression, batches in their order
n, D, C = 11, 4, 3
X = np.array([[((3 * i * i + 5 * j + 2 * i * j) % 7) / 3 - 1 for j in range(D)] for i in range(n)]); y = np.array([(i * i + 1) % C for i in range(n)])
def fit(W, epochs=8, lr=.1, bs=4):
    W = W.copy()
    for e in range(epochs):
        l = lr * (.1 if e >= epochs * .5 else 1) * (.1 if e >= epochs * .75 else 1)
        for i in range(0, n, bs):
            xb, yb = X[i:i + bs], y[i:i + bs]; z = xb @ W.T; p = np.exp(z - z.max(1, keepdims=True)); p /= p.sum(1, keepdims=True); p[np.arange(len(yb)), yb] -= 1; W -= l * p.T @ xb / len(xb)
    z = X @ W.T; ls = np.log(np.exp(z - z.max(1, keepdims=True)).sum(1)) + z.max(1) - z[np.arange(n), y]
    return {"weights": W.ravel().tolist(), "loss": float(ls.mean()), "accuracy": float((z.argmax(1) == y).mean())}
json.dump({
  "provenance": {"numpy": np.__version__, "scipy": scipy.__version__, "command": "python3 make_stability.py"},
  "autocovariance": {"released": released, "centred": centred},
  "autocorrelation": {"time": tau, "window": window, "variance": variance},
  "batchMeansError": float(np.sqrt(b * means.var(ddof=1) / T)),
  "welch": {"default": welch(series), "odd": welch(series, nperseg=15, fs=2.0), "overlap": welch(series, nperseg=32, noverlap=24)},
  "runs": {"beta": float(gaps(A).mean()), "releasedError": float(np.sqrt(((gaps(A) - gaps(A).mean()) ** 2).mean() / len(gaps(A)))), "largest": float(gaps(A).max()), "runError": float(np.sqrt((K - 1) / K * ((jack - jack.mean()) ** 2).sum()))},
  "softmax": fit(np.zeros((C, D))),
}, open(sys.argv[1] if len(sys.argv) > 1 else "stability.json", "w"), indent=1)
