"""A module that never finishes its import."""

import time

time.sleep(3600)
