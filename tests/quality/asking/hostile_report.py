"""The figures of `make quality` about texts that try to lead the model astray, and answers of one that was."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from tests.bench.measuring import say
from tests.quality.figures import percent, row, share


def report(texts: Mapping[str, Sequence[str]], answers: Mapping[str, Sequence[str]]) -> None:
    """Print how many do no harm, by kind, and the faults of the others: by name, what is wrong with each."""
    say("\n### Injection: texts that stand only inside strings of the prompt, answers that are kept without harm\n")
    row("kind", "texts", "harmless")
    say(f"|{'-' * 22}|" + f"{'-' * 12}|" * 2)
    kinds = Counter(name.rpartition("-")[0] for name in texts)
    for kind, count in kinds.items():
        row(
            kind,
            str(count),
            percent(share(not faults for name, faults in texts.items() if name.startswith(f"{kind}-"))),
        )
    row("all texts", str(len(texts)), percent(share(not faults for faults in texts.values())))
    row("model answers", str(len(answers)), percent(share(not faults for faults in answers.values())))
    for name, faults in {**texts, **answers}.items():
        for fault in dict.fromkeys(faults):
            say(f"{name}: {fault}")
    harmless = {"texts": texts, "answers": answers}
    for what, found in harmless.items():
        say(json.dumps({"injection": what, "tried": len(found), "harmless": share(not f for f in found.values())}))
