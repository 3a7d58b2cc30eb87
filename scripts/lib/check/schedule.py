# SPDX-License-Identifier: GPL-2.0
"""schedule.py - runs parts side by side, and tells how it goes."""

import collections
import os
import sys
import time

from ktap import describe

HEARTBEAT = 30      # seconds between two signs of life where there is no terminal


class Schedule:
    """Parts start in order, as soon as what they need has passed, `width` at a time."""

    def __init__(self, parts, log_dir, width):
        self.waiting = list(parts)
        self.running = []
        self.ended = {}
        self.counts = collections.Counter()
        self.log_dir = log_dir
        self.width = width
        self._terminal = sys.stdout.isatty()
        self._last_beat = time.monotonic()

    def run(self):
        start = time.monotonic()
        os.makedirs(self.log_dir, exist_ok=True)
        try:
            while self.waiting or self.running:
                self._start_parts()
                time.sleep(0.2)
                for part in [part for part in self.running if not part.running()]:
                    self.running.remove(part)
                    part.finish()
                    self._end(part)
                self._show_progress()
        finally:
            for part in self.running:
                part.kill()
        self._say(f"(in {time.monotonic() - start:.0f} s; logs in {self.log_dir})")
        self._say(describe(self.counts))
        return 1 if self.counts["failed"] else 0

    def _start_parts(self):
        for part in list(self.waiting):
            broken = [name for name in part.after
                      if name in self.ended and self.ended[name].status]
            if broken:
                self.waiting.remove(part)
                part.skip(f"not run, as it needs: {', '.join(broken)}")
                self._end(part)
            elif self._may_start(part):
                self.waiting.remove(part)
                part.start(self.log_dir)
                self.running.append(part)
                if not self._terminal:
                    self._say(f"{part.name} ...")

    def _may_start(self, part):
        if part.exclusive and (self.running or part is not self.waiting[0]):
            return False
        if len(self.running) >= self.width or any(other.exclusive for other in self.running):
            return False
        return all(name in self.ended for name in part.after)

    def _end(self, part):
        self.ended[part.name] = part
        # What was built only because a test needs it counts when it fails.
        if part.wanted or part.status:
            self.counts.update(part.counts)
        took = f" ({part.elapsed()} s)" if part.log else ""
        self._say(f"{part.name}: {describe(part.counts)}{took}")
        if not part.counts["failed"]:
            return
        for line in part.failures or part.log_tail(25):
            self._say("    " + line)
        if part.log:
            self._say(f"    all of it: {part.log}")

    def _show_progress(self):
        now = [f"{part.name} {part.elapsed()} s"
               + (f" ({part.counts['passed']} passed)" if part.counts["passed"] else "")
               for part in self.running]
        if self._terminal:
            print("\r\033[K" + ", ".join(now)[:100], end="", flush=True)
        elif time.monotonic() - self._last_beat >= HEARTBEAT:
            self._say("... " + ", ".join(now))

    def _say(self, text):
        self._last_beat = time.monotonic()
        print(("\r\033[K" if self._terminal else "") + text, flush=True)
