"""Publish a registered run: ``python -m seedbed.report.publishing [--run FOLDER] [--compare RESULTS]``.

``--run results`` takes over the registered studies of a folder of results, a part of them as well as all, and what
``snakemake benchmark`` has left there; ``--benchmark`` takes over that alone. ``--compare``
holds a run with another seed against what is published. ``--only STUDY SEED FILE`` writes the config of such a run, or,
with ``registered`` in place of a seed, that of the registered run of one study, and does nothing else. With none of
them the pages alone are computed anew, from ``docs/ledger/ledger.csv`` and the digests of the present code.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from seedbed.core.errors import UserError
from seedbed.core.keeping.repository import ROOT
from seedbed.core.planning.registration import REGISTERED

from .benchmarks import publish_benchmarks
from .folder import compare, load_ledger, publish, write_pages
from .seeds import write_config


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """The command; 2 with one message for a mistake."""
    parser = argparse.ArgumentParser(
        prog="python -m seedbed.report.publishing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--run", type=Path, metavar="FOLDER", help="the results of a registered run, to publish")
    parser.add_argument("--benchmark", type=Path, metavar="FOLDER", help="the results of a benchmark, to publish")
    parser.add_argument("--compare", type=Path, metavar="FOLDER", help="the results of a run with another seed")
    parser.add_argument("--only", nargs=3, metavar=("STUDY", "SEED", "FILE"), help="write the config of one study")
    chosen = parser.parse_args(arguments)
    folder = root / "docs/ledger"
    try:
        if chosen.only:
            study, seed, file = chosen.only
            write_config(study, seed if seed == REGISTERED else int(seed), Path(file))
            return 0
        if chosen.run:
            published = publish(chosen.run, folder)
            print(f"Published: {', '.join(published)}")
            for name in sorted({*published} - {*load_ledger(folder, {}).figures}):
                print(f"no figure of {name} was small enough, or none of those chosen was drawn")
        if chosen.benchmark:
            print(
                f"Published benchmarks: {', '.join(publish_benchmarks(chosen.benchmark, folder)) or 'none are there'}"
            )
        if chosen.compare:
            for line in compare(chosen.compare, folder):
                print(
                    f"{line['study']}: {line['differ']} of {line['verdicts']} verdicts differ. {line['which']}".strip()
                )
        write_pages(root)
    except (UserError, OSError, ValueError) as error:
        print(f"publishing: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
