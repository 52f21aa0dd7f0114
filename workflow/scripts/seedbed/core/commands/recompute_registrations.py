"""Print the registrations of the config in this folder as JSON: ``python -m`` this module, in an unpacked archive."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from seedbed.core.config.config_file import read_config_text
from seedbed.core.planning.config import make_plan


def main(config: str = "config.yaml") -> int:
    """The digests of the registered studies, on one line."""
    settings, quoted = read_config_text(Path(config).read_text(encoding="utf-8"), config)
    plan = make_plan(settings, check=False, quoted=quoted)
    print(json.dumps({name: study.registered for name, study in plan.studies.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
