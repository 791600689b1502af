"""numpy as a contestant of convolutionSpectra.mjs: answers {"inputs", "outputs", "kernel", "side", "file"} with seconds and values."""

import json
import sys
import time

import numpy as np

print(json.dumps({"version": f"numpy {np.__version__}, python {sys.version.split()[0]}"}), flush=True)
for line in sys.stdin:
    q = json.loads(line)
    k, n = q["kernel"], q["side"]
    filters = np.fromfile(q["file"], dtype=np.float64).reshape(q["outputs"], k, k, q["inputs"])
    start = time.process_time()
    # (side, side, outputs, inputs)
    transform = np.fft.fft2(filters.transpose(1, 2, 0, 3), (n, n), axes=(0, 1))
    values = np.sort(np.linalg.svd(transform, compute_uv=False).ravel())[::-1]
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "values": values.tolist()}), flush=True)
