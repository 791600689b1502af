"""Which kernels OpenBLAS chose in this process: "Zen", "Haswell", …; "unknown BLAS" where it cannot be asked."""

import ctypes
import re


def blas_kernel():
    names = ("openblas_get_corename", "openblas_get_corename64_", "scipy_openblas_get_corename64_")
    with open("/proc/self/maps") as maps:
        files = sorted({line.split()[-1] for line in maps if re.search(r"blas.*\.so", line)})
    found = []
    for file in files:
        library = ctypes.CDLL(file)
        for name in names:
            if hasattr(library, name):
                ask = getattr(library, name)
                ask.restype = ctypes.c_char_p
                found.append(ask().decode())
                break
    return f"OpenBLAS {', '.join(dict.fromkeys(found))}" if found else "unknown BLAS"
