"""Eigenvalues of pencils and of Hermitian operators by SciPy's eigsh, counted in products and solves: a question a line, an answer a line."""

import json
import sys

import numpy as np
import scipy
import scipy.sparse as sparse
from scipy.sparse.linalg import LinearOperator, eigsh, splu


def elements(m):
    """Stiffness and mass matrices of bilinear elements on the square, m x m inner points."""
    h = 1.0 / (m + 1)
    one = sparse.identity(m)
    K = sparse.diags([-np.ones(m - 1), 2 * np.ones(m), -np.ones(m - 1)], [-1, 0, 1]) / h
    M = sparse.diags([np.ones(m - 1), 4 * np.ones(m), np.ones(m - 1)], [-1, 0, 1]) * h / 6
    return (sparse.kron(K, M) + sparse.kron(M, K)).tocsc(), sparse.kron(M, M).tocsc()


def magnetic(m, flux):
    """Laplacian of the m x m grid in a field with random potentials on its sites."""
    n = m * m
    entries, rows, columns = [], [], []
    for i in range(m):
        for j in range(m):
            p = i * m + j
            entries.append(4 + 4 * np.sin(p * p + 1.0))
            rows.append(p)
            columns.append(p)
            for q, phase in ((p + 1, 0.0) if j + 1 < m else (None, 0), (p + m, flux * j) if i + 1 < m else (None, 0)):
                if q is None:
                    continue
                z = -np.exp(1j * phase)
                entries += [z, np.conj(z)]
                rows += [q, p]
                columns += [p, q]
    return sparse.csr_matrix((entries, (rows, columns)), shape=(n, n), dtype=complex)


def answer(ask):
    count = {"products": 0, "solves": 0}

    def counted(matrix, name, dtype):
        def apply(x):
            count[name] += 1
            return matrix(x.ravel())

        return LinearOperator((n, n), dtype=dtype, matvec=apply)

    start = np.random.default_rng(ask["seed"]).standard_normal(ask["m"] ** 2)
    n = ask["m"] ** 2
    if ask["name"] == "magnetic":
        H = magnetic(ask["m"], ask["flux"])
        A = counted(lambda x: H @ x, "products", complex)
        values = eigsh(A, ask["k"], which=ask["which"], tol=ask["tol"], v0=start.astype(complex), return_eigenvectors=False)
    else:
        K, M = elements(ask["m"])
        A, B = (K, M) if ask["name"] == "largest" else (M, K)
        values = eigsh(
            counted(lambda x: A @ x, "products", float),
            ask["k"],
            M=B,
            Minv=counted(splu(B).solve, "solves", float),
            which="LA",
            tol=ask["tol"],
            v0=start,
            return_eigenvectors=False,
        )
    return {"values": sorted(map(float, values), reverse=True), **count}


print(json.dumps({"version": f"scipy {scipy.__version__}, numpy {np.__version__}"}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
