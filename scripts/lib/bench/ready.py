# SPDX-License-Identifier: GPL-2.0
"""ready.py - times until something is ready, some of which are only known to be longer."""

import collections

# Milliseconds since the kernel's start, and since what should make it ready began. If it
# was not reached, the time for which it was waited.
Times = collections.namedtuple("Times", "start load reached")


class Figure:
    """Median and range of several times, of which some may not have been reached: these
    took longer than the others. "reached" is of the median; if it is False, "median" is
    what it took at least."""

    def __init__(self, times):
        finite = sorted(ms for ms, reached in times if reached)
        waited = sorted(ms for ms, reached in times if not reached)
        # Of an even number the slower one in the middle, so that it was measured.
        middle = len(times) // 2
        self.reached = middle < len(finite)
        self.median = finite[middle] if self.reached else waited[0]
        self.low = (finite or waited)[0]
        self.high = (waited or finite)[-1]
        self.low_reached, self.high_reached = bool(finite), not waited

    def text(self, form="{:.1f}", scale=1):
        return ("" if self.reached else "> ") + form.format(self.median / scale)

    def range_text(self, form="{:.1f}", scale=1):
        low, high = (form.format(ms / scale) for ms in (self.low, self.high))
        if not self.low_reached:
            return f"> {low}"
        return f"{low} to {'' if self.high_reached else '> '}{high}"


def summarize(boots):
    """{name: (Figure since the kernel's start, Figure since the load)}, from
    {name: [Times]}."""
    return {name: (Figure([(each.start, each.reached) for each in times]),
                   Figure([(each.load, each.reached) for each in times]))
            for name, times in boots.items()}
