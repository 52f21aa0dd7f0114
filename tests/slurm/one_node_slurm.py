"""A Slurm cluster of one node, this one, for as long as a test lasts; everything it writes is in one folder.

Needs Debian's ``slurm-wlm`` and ``munge``. The daemons run as the user of the tests, with keys, ports and state of
their own, beside any other Slurm. Nodes claim more processors and memory than there may be, so that the tests do
not depend on the machine; nothing is enforced.
"""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

COMMANDS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "sinfo", "scontrol", "sacct")
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
PATIENCE_SECONDS = 300

CONFIG = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
ReturnToService=2
MinJobAge=300
KillWait=2
CompleteWait=0
JobRequeue=0
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=64000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing_commands() -> list[str]:
    """What is not installed."""
    return [name for name in COMMANDS if shutil.which(name, path=PATH) is None]


class OneNodeSlurm:
    """Starts the cluster when entered, stops it when left; ``environment`` is what its commands need.

    Parameters
    ----------
    folder : Path
        An empty folder; its path must be short, since a socket lies there.
    cpus : int
        What the node claims to have: the number of tasks at a time.
    """

    def __init__(self, folder: Path, cpus: int = 2) -> None:
        self.folder, self.cpus = folder, cpus
        self.environment = {"PATH": os.pathsep.join([str(folder / "bin"), PATH])}
        self.daemons: list[subprocess.Popen] = []

    def __enter__(self) -> OneNodeSlurm:
        for name in ("state", "spool", "bin"):
            (self.folder / name).mkdir(parents=True)
        for name in COMMANDS:
            self.wrap(name)
        host = socket.gethostname().partition(".")[0]
        text = CONFIG.format(
            host=host,
            user=getpass.getuser(),
            folder=self.folder,
            cpus=self.cpus,
            controller_port=free_port(),
            node_port=free_port(),
        )
        (self.folder / "slurm.conf").write_text(text)
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        try:
            files = [f"--{name}-file={self.folder}/munge.{name}" for name in ("key", "pid", "log", "seed")]
            self.start("munged", "--foreground", "--force", f"--socket={self.folder}/munge.socket", *files)
            self.wait_until("munge", lambda: (self.folder / "munge.socket").exists())
            self.start("slurmctld", "-D", "-c")
            self.start("slurmd", "-D", "-N", host)
            self.wait_until("an idle node", lambda: "idle" in self.ask("sinfo", "--noheader", "--format=%T"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.daemons[1:]:
            self.ask("scancel", "--user", getpass.getuser(), "--signal=KILL")
            self.ask("scancel", "--user", getpass.getuser())
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(timeout=80)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        self.daemons.clear()

    def wrap(self, name: str) -> None:
        """A command that knows its cluster: SLURM_CONF in the environment is dropped within Snakemake's jobs."""
        command = self.folder / "bin" / name
        command.write_text(
            f'#!/bin/sh\nSLURM_CONF="{self.folder}/slurm.conf" exec "{shutil.which(name, path=PATH)}" "$@"\n'
        )
        command.chmod(0o755)

    def start(self, *command: str) -> None:
        log = (self.folder / f"{command[0]}.out").open("w")
        self.daemons.append(
            subprocess.Popen(
                [self.folder / "bin" / command[0], *command[1:]],
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        )

    def ask(self, *command: str) -> str:
        """Output of a Slurm command; empty if it fails."""
        path = self.folder / "bin" / command[0]
        return subprocess.run([path, *command[1:]], capture_output=True, text=True, timeout=PATIENCE_SECONDS).stdout

    def wait_until(self, what: str, condition: Callable[[], object]) -> None:
        """Wait for a condition, and explain what the daemons said if it does not come true."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > deadline or any(daemon.poll() is not None for daemon in self.daemons):
                logs = [f"{path.name}:\n{path.read_text(errors='replace')[-2000:]}" for path in self.logs()]
                raise RuntimeError(f"Slurm: waited in vain for {what}\n" + "\n".join(logs))
            time.sleep(0.1)

    def logs(self) -> list[Path]:
        return sorted([*self.folder.glob("*.log"), *self.folder.glob("*.out")])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
