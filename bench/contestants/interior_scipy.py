"""Eigenvalues near a number by SciPy's eigsh, in shift-invert mode counted in solves, or of (A - sigma)^2 counted in products with A: a question a line, an answer a line."""

import json
import sys

import numpy as np
import scipy
import scipy.sparse as sparse
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh, splu

m = int(sys.argv[1])


def laplacian():
    line = sparse.diags([-np.ones(m - 1), 2 * np.ones(m), -np.ones(m - 1)], [-1, 0, 1])
    one = sparse.identity(m)
    return (sparse.kron(line, one) + sparse.kron(one, line)).tocsc()


def solve_of(name, n, sigma):
    """The matrix and a solve of A - sigma."""
    if name == "grid":
        A = laplacian()
        return A, splu((A - sigma * sparse.identity(n)).tocsc()).solve
    if name == "minij":
        A = LinearOperator((n, n), dtype=float, matvec=lambda x: np.cumsum(np.cumsum(x.ravel()[::-1])[::-1]))
        main = 2 * np.ones(n)
        main[-1] = 1
        difference = sparse.diags([-np.ones(n - 1), main, -np.ones(n - 1)], [-1, 0, 1]).tocsr()
        return A, lambda b: difference @ b
    values = 10.0 ** (-10 * np.arange(n) / n)
    return sparse.diags([values], [0]).tocsc(), lambda b: b / (values - sigma)


def matrix_of(name, n):
    """The matrix alone."""
    if name == "cycle":
        return sparse.diags(
            [-np.ones(1), -np.ones(n - 1), 2 * np.ones(n), -np.ones(n - 1), -np.ones(1)], [1 - n, -1, 0, 1, n - 1]
        ).tocsr()
    return laplacian() if name == "grid" else solve_of(name, n, -1.0)[0]


def by_square(ask):
    """The values found, if they were, and the products with A, at most about ask["most"]."""
    n, k, sigma = ask["n"], ask["k"], ask["sigma"]
    A = matrix_of(ask["name"], n)
    count = [0]

    def squared(x):
        count[0] += 2
        y = A @ x.ravel() - sigma * x.ravel()
        return A @ y - sigma * y

    square = LinearOperator((n, n), dtype=float, matvec=squared)
    start = np.random.default_rng(ask["seed"]).standard_normal(n)
    basis = max(2 * k + 1, 20)
    try:
        _, vectors = eigsh(
            square, k, which="SA", v0=start, ncv=basis, tol=ask["tol"], maxiter=int(ask["most"] / 2 / (basis - k))
        )
        values = np.array([v @ (A @ v) for v in vectors.T])
        return {"products": count[0], "values": values.tolist()}
    except ArpackNoConvergence:
        return {"products": count[0]}


print(json.dumps({"version": f"SciPy {scipy.__version__}"}), flush=True)
for line in sys.stdin:
    ask = json.loads(line)
    if "most" in ask:
        print(json.dumps(by_square(ask)), flush=True)
        continue
    n, sigma = ask["n"], ask["sigma"]
    A, solve = solve_of(ask["name"], n, sigma)
    count = [0]

    def counted(b):
        count[0] += 1
        return solve(b.ravel())

    inverse = LinearOperator((n, n), dtype=float, matvec=counted)
    start = np.random.default_rng(ask["seed"]).standard_normal(n)
    try:
        values = eigsh(A, ask["k"], sigma=sigma, OPinv=inverse, v0=start, tol=ask["tol"], return_eigenvectors=False)
        print(json.dumps({"solves": count[0], "values": values.tolist()}), flush=True)
    except ArpackNoConvergence:
        print(json.dumps({"solves": count[0]}), flush=True)
