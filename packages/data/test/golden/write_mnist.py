"""Reference numbers of MNIST: python3 write_mnist.py FOLDER_WITH_IDX_FILES > mnist.json"""
import json, sys
import numpy as np

folder = sys.argv[1]
images = np.fromfile(f"{folder}/train-images-idx3-ubyte", np.uint8)[16:].reshape(60000, 784)
labels = np.fromfile(f"{folder}/train-labels-idx1-ubyte", np.uint8)[8:]
test = np.fromfile(f"{folder}/t10k-images-idx3-ubyte", np.uint8)[16:].reshape(10000, 784)
test_labels = np.fromfile(f"{folder}/t10k-labels-idx1-ubyte", np.uint8)[8:]
x = (images / 255.0).astype(np.float32).astype(np.float64)
c = x[:1000].T @ x[:1000] / 1000
centred = np.cov(x[:1000].T, bias=True)
print(json.dumps({
    "numpy": np.__version__,
    "trace1000": np.trace(c), "trace10000": float((x[:10000] ** 2).sum() / 10000),
    "top1000": float(np.linalg.eigvalsh(c)[-1]), "centredTrace1000": np.trace(centred),
    "entries1000": [[i, j, c[i, j], centred[i, j]] for i, j in [(300, 300), (350, 406), (406, 350), (378, 379), (0, 5), (520, 200), (639, 640), (655, 127)]],
    "counts10000": np.bincount(labels[:10000], minlength=10).tolist(),
    "pixelSums": [int(images[:55000].sum(dtype=np.int64)), int(images[55000:].sum(dtype=np.int64)), int(test.sum(dtype=np.int64))],
    "binaryShares": [int((l > 4).sum()) for l in (labels[:55000], labels[55000:], test_labels)],
}))
