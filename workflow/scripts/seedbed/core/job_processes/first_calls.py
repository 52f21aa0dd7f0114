"""What libraries look up when they are first called: by a server once, not by each of its forks.

scikit-learn looks for the plugins of all installed packages when it is given its first array, and for all libraries
of linear algebra before its first clustering: 10 and 20 ms of CPU time, in every fit of a millisecond. Both remember
what they have found. No thread is started by it.
"""

from __future__ import annotations

import contextlib
import sys


def make_first_calls() -> None:
    """Of the libraries that are loaded; where one has changed, only the gain is lost."""
    if "sklearn" not in sys.modules:
        return
    with contextlib.suppress(Exception):
        from sklearn.utils.validation import check_array

        check_array([[0.0]])
    with contextlib.suppress(Exception):
        from sklearn.utils import parallel

        parallel._get_threadpool_controller()  # nothing public leads to it that starts no thread
