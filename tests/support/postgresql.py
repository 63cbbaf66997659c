"""A PostgreSQL server of the tests' own: on a socket in a temporary folder, no port, gone when the tests end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import pytest

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
BINARIES = FOLDERS[-1] if FOLDERS else Path(shutil.which("pg_ctl") or "").parent
STARTED = 60


def _found(name):
    return shutil.which(str(BINARIES / name)) is not None


class Server:
    """A cluster that can be stopped, killed and started again. `initdb` refuses to run as root, so root lends it.

    A killed process loses nothing by what did not reach the disk, and a busy disk makes recovery take a minute: so only
    one that `is_durable` waits for the disk.
    """

    def __init__(self, *, is_durable=False):
        self.is_durable = is_durable
        if not (_found("initdb") and _found("postgres")):
            if os.environ.get("TICKETOPT_TEST_EVERYTHING"):
                raise AssertionError("PostgreSQL's server programs are not installed")
            pytest.skip("needs PostgreSQL's server programs (Debian: apt-get install postgresql)")
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self.user = None
        if os.geteuid() == 0:
            self.user = "postgres"
            owner = pwd.getpwnam(self.user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        init = [
            BINARIES / "initdb",
            "-D",
            self.data,
            "-U",
            "ticketopt",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        ]
        subprocess.run(init, check=True, capture_output=True, user=self.user, cwd="/", env=_environment())
        self.process = None
        self.start()

    def start(self):
        settings = {"listen_addresses": "", "unix_socket_directories": self.folder, "max_connections": "300"}
        settings["fsync"] = "on" if self.is_durable else "off"
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [BINARIES / "postgres", "-D", self.data, *options]
        ready = [BINARIES / "pg_isready", "-h", self.folder, "-U", "ticketopt"]
        end = time.monotonic() + STARTED
        while self.process is None or subprocess.run(ready, check=False, capture_output=True).returncode != 0:
            if self.process is None or self.process.poll() is not None:  # after a crash, what is left of it ends first
                with (self.folder / "log").open("ab") as log:
                    self.process = subprocess.Popen(
                        command, stdout=log, stderr=log, user=self.user, cwd="/", env=_environment()
                    )
            assert time.monotonic() < end, "PostgreSQL did not start"
            time.sleep(0.05)

    def kill(self):
        """As a crash would: the server and, because they notice, all of its processes."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database=None):
        """The URL of a new database, or of one that is there."""
        if database is None:
            database = f"t{uuid4().hex}"
            create = [BINARIES / "createdb", "-h", self.folder, "-U", "ticketopt", database]
            subprocess.run(create, check=True, capture_output=True, timeout=STARTED)
        return f"postgresql://ticketopt@/{database}?unix_sock={self.folder}/.s.PGSQL.5432"


def _environment():
    return {"PATH": os.environ["PATH"], "LC_ALL": "C"}
