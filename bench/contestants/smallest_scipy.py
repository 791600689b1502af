"""Smallest singular values by SciPy's svds, counted in products with A: a question a line, an answer a line."""

import json
import sys
import warnings

import numpy as np
import scipy
import scipy.sparse as sparse
from scipy.sparse.linalg import LinearOperator, svds

warnings.filterwarnings("ignore")


def incidence(m):
    """Differences along the edges of the m x m grid."""
    line = sparse.diags([-np.ones(m - 1), np.ones(m - 1)], [0, 1], shape=(m - 1, m))
    one = sparse.identity(m)
    return sparse.vstack([sparse.kron(one, line), sparse.kron(line, one)]).tocsr()


def matrix_of(ask):
    name, m = ask["name"], ask["m"]
    if name == "grid":
        return incidence(m)
    if name == "parts":
        return sparse.block_diag([incidence(m)] * ask["parts"]).tocsr()
    if name == "line":
        return sparse.diags([-np.ones(m - 1), np.ones(m - 1)], [0, 1], shape=(m - 1, m)).tocsr()
    return sparse.diags([10.0 ** (-8 * np.arange(m) / m)], [0], shape=(m + m // 2, m)).tocsr()


print(json.dumps({"version": f"SciPy {scipy.__version__}"}), flush=True)
for text in sys.stdin:
    ask = json.loads(text)
    A = matrix_of(ask)
    T = A.T.tocsr()
    count = [0]

    def multiply(X):
        count[0] += 1 if X.ndim == 1 else X.shape[1]
        return A @ X

    op = LinearOperator(A.shape, dtype=float, matvec=multiply, rmatvec=lambda y: T @ y, matmat=multiply, rmatmat=lambda Y: T @ Y)
    start = np.random.default_rng(ask["seed"]).standard_normal(min(A.shape))
    try:
        values = svds(op, k=ask["k"], which="SM", tol=ask["tol"], v0=start, maxiter=ask["most"], return_singular_vectors=False)
        print(json.dumps({"products": count[0], "values": values.tolist()}), flush=True)
    except Exception as error:
        print(json.dumps({"products": count[0], "failed": type(error).__name__}), flush=True)
