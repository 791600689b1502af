"""numpy as a contestant of gemm.mjs: says {"version": ...}, answers "n seconds" with the median processor seconds."""

import json
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np
from blas_kernel import blas_kernel

print(json.dumps({"version": f"numpy {np.__version__}, {blas_kernel()}, python {sys.version.split()[0]}"}), flush=True)
for line in sys.stdin:
    n, seconds = int(line.split()[0]), float(line.split()[1])
    generator = np.random.default_rng(1)
    a = generator.random((n, n), dtype=np.float32)
    b = generator.random((n, n), dtype=np.float32)
    c = np.empty((n, n), dtype=np.float32)
    np.matmul(a, b, out=c)
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        start = time.process_time()
        np.matmul(a, b, out=c)
        times.append(time.process_time() - start)
    print(json.dumps(float(np.median(times))), flush=True)
