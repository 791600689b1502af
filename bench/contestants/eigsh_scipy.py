"""ARPACK (scipy.sparse.linalg.eigsh) as a contestant of eigsh.mjs; a number as argument is its basis size (ncv), else SciPy's default."""

import json
import sys
import time

import numpy as np
import scipy
from blas_kernel import blas_kernel
import scipy.sparse as sp
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh


def laplacian(m):
    one = sp.diags([-1.0, 2.0, -1.0], [-1, 0, 1], shape=(m, m))
    matrix = sp.csr_matrix(sp.kron(one, sp.identity(m)) + sp.kron(sp.identity(m), one))
    return matrix.shape[0], matrix.dot


def hypercube(d):
    step = sp.csr_matrix([[1.0, -1.0], [-1.0, 1.0]])
    matrix = sp.csr_matrix((1, 1))
    for _ in range(d):
        matrix = sp.csr_matrix(sp.kron(matrix, sp.identity(2)) + sp.kron(sp.identity(matrix.shape[0]), step))
    return matrix.shape[0], matrix.dot


def sloppy(n):
    i = np.arange(n)
    values = np.where(i < 200, 10.0 ** (-i / 40), 10.0 ** (-5 - 2 * (i - 200) / n))
    return n, lambda x: values * x


ncv = int(sys.argv[1]) if len(sys.argv) > 1 else None
families = {"laplacian": laplacian, "hypercube": hypercube, "sloppy": sloppy}
version = f"scipy {scipy.__version__}, numpy {np.__version__}, {blas_kernel()}, python {sys.version.split()[0]}"
print(json.dumps({"version": version}), flush=True)
for line in sys.stdin:
    q = json.loads(line)
    n, matvec = families[q["family"]](q["parameter"])
    products = 0

    def counted(x):
        global products
        products += 1
        return matvec(x.reshape(-1))

    operator = LinearOperator((n, n), matvec=counted, dtype=np.float64)
    v0 = np.random.default_rng(q["seed"]).standard_normal(n)
    start = time.perf_counter()
    converged = True
    try:
        values, _ = eigsh(operator, k=q["k"], which="LA", tol=q["tol"], v0=v0, ncv=ncv)
    except ArpackNoConvergence as error:
        values, converged = error.eigenvalues, False
    seconds = time.perf_counter() - start
    answer = {"seconds": seconds, "products": products, "values": values.tolist(), "converged": converged}
    print(json.dumps(answer), flush=True)
