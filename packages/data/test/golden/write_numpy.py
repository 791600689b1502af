"""Files as NumPy writes them, with the values it holds: python3 write_numpy.py > numpy.json"""
import base64, io, json, warnings
import numpy as np
from numpy.lib import format as npy

warnings.simplefilter("ignore")
special = [0.0, -0.0, 1.5, -2.25, np.inf, -np.inf, 5.960464477539063e-08, 65504.0, 0.0999755859375, 6.097555160522461e-05]


def b64(b):
    return base64.b64encode(b).decode()


def values(a):
    """C order; floats by repr, so that -0, infinities and every bit survive JSON"""
    return [repr(float(v)) if a.dtype.kind == "f" else str(int(v)) for v in a.reshape(-1)]


def row(name, a, version=None):
    f = io.BytesIO()
    npy.write_array(f, a, version=version)
    kind = {"f": "float", "i": "int", "u": "uint", "b": "bool"}[a.dtype.kind]
    dtype = kind if kind == "bool" else f"{kind}{8 * a.dtype.itemsize}"
    return {"name": name, "dtype": dtype, "shape": list(a.shape), "values": values(a), "base64": b64(f.getvalue())}


rows = []
for code in ["f2", "f4", "f8"]:
    for order in "<>":
        rows.append(row(order + code, np.array(special, order + code)))
for code in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    info = np.iinfo(code)
    for order in "<>":
        rows.append(row(order + code, np.array([info.min, 0, 1, 77, info.max], order + code)))
rows.append(row("bool", np.array([[True, False], [False, True]])))
base = np.arange(24, dtype="<f4")
rows.append(row("fortran 3d", np.asfortranarray(base.reshape(2, 3, 4))))
rows.append(row("fortran 4d big-endian", np.asfortranarray(base.astype(">i2").reshape(2, 1, 4, 3))))
rows.append(row("fortran 2d", np.asfortranarray(base.reshape(4, 6))))
rows.append(row("transposed view", base.reshape(4, 6).T))
rows.append(row("strided view", base.reshape(4, 6)[::2, 1::2]))
rows.append(row("rank 0", np.array(3.5)))
rows.append(row("no elements", np.zeros((2, 0, 3))))
rows.append(row("one", np.array([7], "<i4")))
rows.append(row("rank 8", base.reshape(1, 2, 1, 3, 1, 2, 2, 1)))
for version in [(1, 0), (2, 0), (3, 0)]:
    rows.append(row(f"version {version[0]}", base.reshape(6, 4), version))
halves = np.arange(65536, dtype=np.uint16).view("<f2")
f = io.BytesIO()
np.save(f, halves)
every = {"base64": b64(f.getvalue()), "crc": None}
import zlib
every["crc"] = zlib.crc32(halves.astype("<f4").tobytes())

arrays = {"W1": base.reshape(4, 6), "b1": np.array([1.0, -2.0]), "layer/scale": np.array(2, "<i8"), "zeros": np.zeros((40, 50), "<f4")}
archives = []
for name, save in [("savez", np.savez), ("savez_compressed", np.savez_compressed)]:
    f = io.BytesIO()
    save(f, **arrays)
    archives.append({"name": name, "base64": b64(f.getvalue())})


class Pipe(io.RawIOBase):
    """cannot seek, so zipfile writes sizes behind the data"""
    def __init__(self): self.parts = []
    def writable(self): return True
    def seekable(self): return False
    def write(self, b): self.parts.append(bytes(b)); return len(b)


import zipfile
for method, name in [(zipfile.ZIP_STORED, "streamed"), (zipfile.ZIP_DEFLATED, "streamed compressed")]:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", method) as z:
        for key, a in arrays.items():
            with z.open(key + ".npy", "w") as m:
                npy.write_array(m, a)
    archives.append({"name": name, "base64": b64(b"".join(pipe.parts))})
contents = {k: {"shape": list(a.shape), "values": values(a)} for k, a in arrays.items()}
print(json.dumps({"numpy": np.__version__, "rows": rows, "everyHalf": every, "archives": archives, "contents": contents}))
