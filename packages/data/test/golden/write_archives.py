"""Archives and arrays of which only a part is numbers, as NumPy, SciPy and other zip writers make them: archives.json.

Python 3.11, NumPy 2.4, SciPy 1.17; `python3 write_archives.py`. Zip64 records in small archives are put in as APPNOTE 4.3.14 and 4.3.15 describe
them, as writers of Java, Go and .NET do; NumPy and Python's zipfile read every archive here (checked below).
"""
import base64
import io
import json
import struct
import zipfile

import numpy as np
import scipy.sparse

W = np.arange(6, dtype="<f4").reshape(2, 3)
y = np.array([0, 1], "u1")
rows = []


def keep(name, data, arrays, others=()):
    """arrays: name -> values, or None for one that is no numbers; others: members that are no npy files"""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        assert z.testzip() is None
    rows.append({
        "name": name,
        "base64": base64.b64encode(data).decode(),
        "arrays": [[key, None if a is None else [list(a.shape), [float(v) for v in a.reshape(-1)]]] for key, a in arrays],
        "others": list(others),
    })


def savez(**arrays):
    f = io.BytesIO()
    np.savez_compressed(f, **arrays)
    return f.getvalue()


def npy(a):
    f = io.BytesIO()
    np.save(f, a)
    return f.getvalue()


def zipped(members, mode=zipfile.ZIP_STORED):
    f = io.BytesIO()
    with zipfile.ZipFile(f, "w", mode) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name), data)
    return f.getvalue()


def zip64(data, marked):
    """the end record of zip64 and its locator before the end record, whose numbers are marked or not"""
    end = data.rindex(b"PK\5\6")
    count, size, start = struct.unpack("<HII", data[end + 10:end + 20])
    record = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, start)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, end, 1)
    short = struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0) if marked else data[end + 4:]
    return data[:end] + record + locator + b"PK\5\6" + short


keep("names of classes", savez(x=W, y=y, class_names=np.array(["cat", "dog"])), [("x", W), ("y", y), ("class_names", None)])
keep("a name as bytes", savez(x=W, activation=np.array(b"tanh")), [("x", W), ("activation", None)])
keep("objects", savez(x=W, config=np.array({"a": 1}, dtype=object)), [("x", W), ("config", None)])
keep("records", savez(x=W, t=np.zeros(2, [("a", "<f8"), ("b", "<i4")])), [("x", W), ("t", None)])
keep("complex numbers and dates", savez(z=np.array([1j]), d=np.array(["2026-01-01"], "M8[D]"), x=W), [("z", None), ("d", None), ("x", W)])
keep("a readme", zipped([("README.txt", b"weights\n"), ("W1.npy", npy(W))]), [("W1", W)], ["README.txt"])
matrix = scipy.sparse.csr_matrix(np.array([[0.0, 2.0], [0.0, 0.0]]))
f = io.BytesIO()
scipy.sparse.save_npz(f, matrix)
keep("scipy.sparse", f.getvalue(), [(k, np.load(io.BytesIO(f.getvalue()))[k] if k != "format" else None) for k in np.load(io.BytesIO(f.getvalue())).files])
keep("names of TensorFlow", zipped([("W:0.npy", npy(W)), ("dense/bias:0.npy", npy(y))]), [("W:0", W), ("dense/bias:0", y)])
keep("names from the root", zipped([("/model/kernel.npy", npy(W)), ("/model/bias.npy", npy(y))]), [("/model/kernel", W), ("/model/bias", y)])
two = zipped([("a.npy", npy(W)), ("b.npy", npy(y))], zipfile.ZIP_DEFLATED)
keep("zip64 end record", zip64(two, False), [("a", W), ("b", y)])
keep("zip64 end record, the short one marked", zip64(two, True), [("a", W), ("b", y)])
keep("zip64 end record of nothing", zip64(zipped([]), True), [])

heads = {}
for code, array in [("=f8", np.array([1.5, -2.0])), ("f8", np.array([1.5, -2.0])), ("?", np.array([True, False])), ("|?", np.array([True, False])),
                    ("u1", np.array([7, 255], "u1")), ("i1", np.array([-7, 127], "i1")), ("b1", np.array([True, False])), ("=i8", np.array([1, -2], "i8"))]:
    text = f"{{'descr': '{code}', 'fortran_order': False, 'shape': (2,), }}"
    header = (text + " " * (118 - len(text) - 1) + "\n").encode()
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + array.tobytes()
    loaded = np.load(io.BytesIO(data))
    heads[code] = [base64.b64encode(data).decode(), [float(v) for v in loaded]]

json.dump({"archives": rows, "npy": heads}, open("archives.json", "w"), indent=0)
print(len(rows), "archives", len(heads), "arrays")
