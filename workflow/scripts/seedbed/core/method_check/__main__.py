"""``python -m seedbed.core.method_check METHOD [STUDY]``; ``make check-method`` calls it."""

from __future__ import annotations

import os
import sys
from functools import partial


def main(method: str = "", study: str = "") -> int:
    """Check, print, and return the exit status: 0 if nothing is to be mended, 1 if something is."""
    # as in a run: one thread, and hashes that do not differ; before any library that asks is imported
    for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
        os.environ[f"{name}_NUM_THREADS"] = "1"
    from seedbed.core.errors import UserError

    from .checks import check_method

    try:
        return check_method(method, study or "clustering", partial(print, flush=True))
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(*(word.strip() for word in sys.argv[1:3])))
