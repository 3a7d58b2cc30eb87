# SPDX-License-Identifier: GPL-2.0
"""tsc.py - the frequency of the time stamp counter, which TCG's guests see as it is.

A guest's kernel measures it at boot against an emulated timer. On a busy machine it was
wrong in one boot of twenty: the guest's clock ran up to eight times too fast, and all
limits of its tests were as much too short. So the guest is told.
"""

import ctypes
import mmap
import platform
import time

# rdtsc; shl $32, %rdx; or %rdx, %rax; ret
RDTSC = bytes.fromhex("0f31 48c1e220 4809d0 c3")
SECONDS = 0.05


def _both(rdtsc):
    """Both clocks, read together: the attempt that was interrupted least."""
    looks = []
    for _ in range(20):
        before = time.monotonic_ns()
        ticks = rdtsc()
        after = time.monotonic_ns()
        looks.append((after - before, ticks, before))
    return min(looks)[1:]


def khz():
    """None where this cannot be known: the guest's kernel has to measure."""
    if platform.machine() != "x86_64":
        return None
    try:
        page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    except OSError:
        return None
    page.write(RDTSC)
    rdtsc = ctypes.CFUNCTYPE(ctypes.c_uint64)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    ticks, start = _both(rdtsc)
    time.sleep(SECONDS)
    more_ticks, end = _both(rdtsc)
    return round((more_ticks - ticks) * 1e6 / (end - start))
