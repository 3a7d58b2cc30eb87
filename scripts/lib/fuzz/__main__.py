# SPDX-License-Identifier: GPL-2.0
"""Fuzzes the pure code: the work behind scripts/fuzz, which documents it."""

import argparse
import os
import signal
import sys
import threading
import time

import coverage
import figures
import ktap
from target import TOP, Failed, files, make, read_targets

SECONDS = 10
HEARTBEAT = 30          # seconds between signs of life where there is no terminal


def parse(argv, targets):
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, prog="scripts/fuzz",
                                     usage="see scripts/fuzz --help")
    mode = parser.add_mutually_exclusive_group()
    for name in ("fast", "replay", "coverage", "minimise", "repeat", "list", "figures"):
        mode.add_argument(f"--{name}", action="store_true")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args(argv)
    words = options.words
    if options.figures:
        return options
    options.seconds = SECONDS
    runs_long = not (options.replay or options.coverage or options.minimise or options.list)
    if options.repeat:
        if len(words) != 2 or not os.path.isfile(words[1]):
            parser.error("--repeat needs a target and a file")
        options.file = words.pop()
    elif runs_long and words and words[-1].isdigit():
        options.seconds = int(words.pop())
        if not options.seconds:
            parser.error("SECONDS is a number from 1")
    for word in words:
        if word not in targets:
            parser.error(f"no target '{word}'; there are {', '.join(targets)}")
    options.targets = [targets[word] for word in words or targets]
    return options


class Progress:
    """Signs of life beside a fuzzer, on stderr."""

    def __init__(self, name, seconds):
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(name, seconds), daemon=True)

    def _run(self, name, seconds):
        terminal = sys.stderr.isatty()
        start = time.monotonic()
        while not self._stop.wait(1 if terminal else HEARTBEAT):
            print(f"{chr(13) if terminal else ''}{name} ... {time.monotonic() - start:.0f} of "
                  f"{seconds} s", end="" if terminal else "\n", file=sys.stderr, flush=True)
        if terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def __enter__(self):
        self._thread.start()

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()


def fuzz(options, writer):
    build = "fast" if options.fast else "asan"
    make(build, *(target.name for target in options.targets))
    if not options.fast:
        make("coverage", "replay")
    for target in options.targets:
        start = time.monotonic()
        with Progress(target.name, options.seconds):
            outcome = target.fuzz(build, options.seconds)
        took = time.monotonic() - start
        figures.keep(target, build, outcome.inputs, took)
        if outcome.finding:
            finding = os.path.relpath(outcome.finding, TOP)
            writer.result("failed", target.name, *outcome.why,
                          f"again: scripts/fuzz --repeat {target.name} {finding}")
            continue
        text = (f"{target.name}: {outcome.inputs} inputs, {outcome.inputs / took:.0f} a second, "
                f"{outcome.edges} of {outcome.all_edges} edges")
        if not options.fast:
            text += f", {coverage.percent(coverage.measure(target))} of lines"
        writer.result("passed", text)


def replay(options, writer):
    make("replay", "replay")
    for target in options.targets:
        paths = [options.file] if options.repeat else files(target.corpus)
        why = target.replay(paths)
        if why:
            writer.result("failed", target.name, *why[:40])
        else:
            writer.result("passed", f"{target.name}: {len(paths)} inputs")


def show_coverage(options, writer):
    make("coverage", "replay")
    for target in options.targets:
        lines = coverage.measure(target)
        for name, (ran, count) in lines.items():
            print(f"# {name}: {ran} of {count} lines")
        writer.result("passed", f"{target.name}: {coverage.percent(lines)} of lines")


def minimise(options, writer):
    # Its coverage is that of the modules alone.
    make("fast", *(target.name for target in options.targets))
    for target in options.targets:
        before = len(files(target.corpus))
        target.merge()
        after = files(target.corpus)
        writer.result("passed", f"{target.name}: {before} inputs were there, {len(after)} are, "
                      f"of {sum(map(os.path.getsize, after))} bytes")


def main():
    targets = {target.name: target for target in read_targets()}
    options = parse(sys.argv[1:], targets)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.figures:
        return figures.show(targets.values(), options.words)
    if options.list:
        for target in options.targets:
            print(f"{target.name}: {' '.join(target.sources)}")
        return 0
    writer = ktap.Writer()
    if options.replay or options.repeat:
        replay(options, writer)
    elif options.coverage:
        show_coverage(options, writer)
    elif options.minimise:
        minimise(options, writer)
    else:
        fuzz(options, writer)
    return writer.close()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Failed, OSError) as error:
        sys.exit(f"fuzz: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
