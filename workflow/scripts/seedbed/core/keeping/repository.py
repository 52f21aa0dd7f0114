"""The git repository that the workflow lies in, if it is one of its own, and what can be asked of it safely.

A received folder may bring a ``.git`` along, whose settings name commands: monitors, hooks, filters, transports. None
of them is run here: files are compared by their contents, and git is asked for names alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from seedbed.core.code.code_digest import SCRIPTS

ROOT = SCRIPTS.resolve().parents[1]  # where the Snakefile lies
_SECONDS = 20
_HARMLESS = (
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.untrackedCache=false", "core.sshCommand=false",
    "protocol.allow=never", "core.attributesFile=/dev/null", "credential.helper=",
)  # fmt: skip


def repository_state(root: Path = ROOT) -> dict[str, Any]:
    """``commit``, ``modified`` (whether files differ from it) and ``remote``; empty outside of a repository of our own.

    A repository that merely surrounds the folder is not ours: its address and its commits are nobody's business.
    """
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        if _is_own(root):
            remote = _git(root, "config", "--local", "--get", "remote.origin.url", missing="")
            return {
                "commit": _git(root, "rev-parse", "--verify", "HEAD^{commit}"),
                "modified": _is_modified(root),
                # a path of this machine, or a password in an address, is nobody's business either
                "remote": remote if re.fullmatch(r"(https://|git@)[^@\s]+", remote) else "",
            }
    return {}


def tracked_files(root: Path = ROOT) -> set[str] | None:
    """Names below ``root`` that its repository knows; None where there is none."""
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        if _is_own(root):
            return {name for name in _git(root, "ls-files", "-z").split("\0") if name}
    return None


def versions_of(name: str, root: Path = ROOT) -> list[str]:
    """The texts that a file has had in the commits behind this one, oldest first, without ends of lines around them."""
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        if _is_own(root):
            commits = _git(root, "log", "--reverse", "--format=%H", "--diff-filter=AM", "--", name).split()
            return [_git(root, "show", f"{commit}:{name}") for commit in commits]
    return []


def _is_own(root: Path) -> bool:
    top = Path(_git(root, "rev-parse", "--show-toplevel"))
    return top.resolve() == root.resolve() and bool(_git(root, "ls-files", "-z", "--", "Snakefile"))


def _is_modified(root: Path) -> bool:
    """Whether a file is there that git does not know, or one that is not what the commit has."""
    if _git(root, "ls-files", "-z", "--others", "--exclude-standard"):
        return True
    listed = _git(root, "ls-tree", "-r", "-z", "--full-tree", "HEAD").split("\0")
    known = {name: about for about, name in (entry.split("\t", 1) for entry in listed if entry)}
    staged = {name for name in _git(root, "ls-files", "-z").split("\0") if name}
    return staged != set(known) or any(_differs(root / name, about) for name, about in known.items())


def _differs(path: Path, about: str) -> bool:
    """``about`` is git's "mode type name": a name is a digest of the content."""
    mode, kind, name = about.split()
    if kind != "blob":
        return False  # another repository inside of this one
    if mode == "120000":
        content = os.fsencode(os.readlink(path)) if path.is_symlink() else None
    else:
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
    algorithm = hashlib.sha1 if len(name) == 40 else hashlib.sha256
    return content is None or algorithm(b"blob %d\0" % len(content) + content).hexdigest() != name


def _git(root: Path, *words: str, missing: str | None = None) -> str:
    """What git prints; ``missing`` in place of an error, if given."""
    settings = [word for setting in _HARMLESS for word in ("-c", setting)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
    done = subprocess.run(
        ["git", "--no-optional-locks", "--no-pager", *settings, "-C", str(root), *words],
        stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="surrogateescape",
        env=environment | {"GIT_TERMINAL_PROMPT": "0"}, timeout=_SECONDS,
    )  # fmt: skip
    if done.returncode and missing is not None:
        return missing
    done.check_returncode()
    return done.stdout.strip()
