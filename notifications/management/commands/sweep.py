"""manage.py sweep: does the work that is due, in this process, whether the broker is up or not."""

from __future__ import annotations

from collections import Counter
from typing import Any

from notifications.sweep import do_it, sweep
from resolutionflow.accounts.management import base

ROUNDS = 20  # work makes events and events make work: enough for both to come to rest


class Command(base.SiteCommand):
    help = "Relay events and do the work that is due, in this process, with or without a broker."
    origin = "system"  # what time brings about, whoever looked at the clock

    def run(self, options: dict[str, Any]) -> None:
        total: Counter[str] = Counter()
        for _round in range(ROUNDS):
            done = +sweep(do_it)
            total += done
            if not done:
                break
        else:
            self.stderr.write("There is more to do: run it again.")
        self.stdout.write(", ".join(f"{what} {count}" for what, count in total.items()) or "Nothing was due.")
