# SPDX-License-Identifier: GPL-2.0
"""console.py - what in a kernel's log means that a run failed, whatever its script says."""

import re

BAD = re.compile("|".join((
    r"WARNING:", r"\bBUG\b", r"Oops", r"Call Trace:", r"Kernel panic",
    r"general protection", r"unchecked MSR access", r"divide error", r"stack segment",
    r"Unable to handle", r"double fault", r"segfault", r"traps:",
    r"possible (?:circular|recursive|irq|deadlock)", r"inconsistent lock", r"suspicious RCU",
    r"lockdep", r"held lock freed", r"bad unlock", r"sleeping function called",
    r"scheduling while atomic", r"INFO: task .* blocked", r"soft lockup", r"hard LOCKUP",
    r"detected stalls", r"KASAN", r"UBSAN", r"KCSAN", r"KFENCE:",
    r"refcount_t", r"list_(?:add|del) corruption", r"Bad page", r"ODEBUG:",
    r"duplicate filename", r"module .* is stuck", r"disagrees about version of symbol",
)))
# Lines of a boot that merely mention one of these.
HARMLESS = re.compile(r"Command line:|UBSAN: .*enabled|kasan: KernelAddressSanitizer initialized"
                      r"|Lock dependency validator|lockdep_|running lockdep|kfence: initialized"
                      r"|RCU lockdep checking is enabled"
                      # Races of the kernel's own functions, of which there are many.
                      r"|BUG: KCSAN: (?!.*\[(?:commonhv|vmgenid_ext|virtio_rng_ext)\])"
                      r"|Spectre V2 : WARNING")


def bad_lines(path):
    """Lines of a console log that must not be there."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return [line.rstrip() for line in file
                if BAD.search(line) and not HARMLESS.search(line)]


def tail(path, count):
    with open(path, encoding="utf-8", errors="replace") as file:
        return [line.rstrip() for line in file.readlines()[-count:]]
