"""Methods that fail in every way that a method can fail."""

import os
import time

import numpy as np


class Base:
    def __init__(self, n_clusters: int = 2) -> None:
        self.n_clusters = n_clusters


class Raises(Base):
    def fit_predict(self, X):
        raise ValueError("this method always\nfails")


class Hangs(Base):
    def fit_predict(self, X):
        time.sleep(3600)


class Spins(Base):
    """Hangs with the GIL held and signals ignored, and leaves a process behind."""

    def fit_predict(self, X):
        import signal

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            time.sleep(3600)
        while True:
            pass


class Hogs(Base):
    def fit_predict(self, X):
        held = []
        while True:
            held.append(np.ones(2**22))


class WrongShape(Base):
    def fit_predict(self, X):
        return np.zeros(len(X) + 1, int)


class NotLabels(Base):
    def fit_predict(self, X):
        return [object() for _ in X]


class Dies(Base):
    def fit_predict(self, X):
        os.kill(os.getpid(), 11)


class Exits(Base):
    def fit_predict(self, X):
        raise SystemExit(3)
