#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""vmlinux.py BZIMAGE OUT - unpacks the kernel proper (an ELF file) from a bzImage.

QEMU boots it directly (PVH), which spares an emulated processor the seconds
that unpacking takes. The offsets are those of the boot protocol's setup header,
Documentation/arch/x86/boot.rst.
"""

import lzma
import struct
import subprocess
import sys
import zlib

SETUP_SECTS = 0x1f1
PAYLOAD = 0x248         # offset and length, after the setup sectors


def payload(image):
    setup_sectors = image[SETUP_SECTS] or 4
    offset, length = struct.unpack_from("<II", image, PAYLOAD)
    offset += (setup_sectors + 1) * 512
    return image[offset:offset + length]


def unpack(data):
    # Decompressors that stop at the end of their stream: the length follows it.
    if data.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMADecompressor().decompress(data)
    if data.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(wbits=31).decompress(data)
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        return subprocess.run(["zstd", "-dc"], input=data[:-4], check=True,
                              stdout=subprocess.PIPE).stdout
    return None


def main():
    with open(sys.argv[1], "rb") as file:
        vmlinux = unpack(payload(file.read()))
    if not vmlinux:
        return      # LZ4 and LZO are quick enough for the guest to do it
    if not vmlinux.startswith(b"\x7fELF"):
        raise ValueError("no ELF file inside")
    with open(sys.argv[2], "wb") as file:
        file.write(vmlinux)


if __name__ == "__main__":
    main()
