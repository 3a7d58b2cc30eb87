# SPDX-License-Identifier: GPL-2.0
"""Measures, in guests: the work behind scripts/bench, which documents it."""

import argparse
import os
import subprocess
import sys

import drivers
import early


def parse(argv):
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, prog="scripts/bench",
                                     usage="see scripts/bench --help")
    parser.add_argument("--kernel", default="6.1")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ms", type=int, default=500)
    parser.add_argument("--boots", type=int)
    parser.add_argument("--wait", type=int, default=12)
    parser.add_argument("--check", action="store_true")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--early", action="store_true")
    mode.add_argument("--tune", action="store_true")
    mode.add_argument("--quality", action="store_true")
    options = parser.parse_args(argv)
    for name in ("rounds", "ms", "boots", "wait"):
        if getattr(options, name) is not None and getattr(options, name) < 1:
            parser.error(f"--{name} needs a number from 1")
    return options


def main():
    options = parse(sys.argv[1:])
    accel = os.environ.get("ACCEL", "tcg")
    met = (early if options.early else drivers).bench(options, accel)
    return int(options.check and not met)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        # It has said itself why.
        sys.exit(f"scripts/bench: {os.path.basename(error.cmd[0])} failed")
