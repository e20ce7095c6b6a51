"""The environment: which variables there are, what they may say, and what production must be given.

Read once per process into an `Environment`. Loads no Django: the supervisor reads it too.
"""

import difflib
import os
import secrets
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from tracker.domain import addresses
from tracker.domain.addresses import Address, Network
from tracker.domain.errors import Invalid

ROOT = Path(__file__).resolve().parent.parent.parent
MODES = ("local", "production", "test")
PREFIX = "TRACKER_"

# name: what it says. docs/running.md has the same list; a test compares them.
KNOWN: Mapping[str, str] = {
    "TRACKER_MODE": "local (default), production or test",
    "TRACKER_DATA_DIR": "folder of everything that is kept outside the database",
    "TRACKER_BIND": "addresses that the web listens on, separated by commas",
    "TRACKER_BEHIND_PROXY": "true: a proxy of yours ends TLS and sets X-Forwarded-Proto and -For",
    "TRACKER_DEBUG": "true: Django's debug pages; local only",
    "TRACKER_LOG_LEVEL": "debug, info, warning or error",
    "TRACKER_MAIL_FROM": "sender of every message",
    "TRACKER_SITE_URL": "address of this instance as alerts name it, such as https://HOST",
    "TRACKER_WEB_WORKERS": "web processes",
    "TRACKER_WEB_THREADS": "threads of each web process",
    "TRACKER_WORKER_CONCURRENCY": "tasks that one worker runs at once",
    "TRACKER_OUTBOUND_NETWORKS": "private networks that may be called, as 10.1.0.0/16,fd00:1::/32",
    "TRACKER_HEARTBEAT_URL": "address that each sweep calls when it has ended",
    "TRACKER_TEST_CLOCK": "seconds by which the clock is shifted; test only",
    "PORT": "port of the web",
    "DATABASE_URL": "sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME",
    "REDIS_URL": "redis://, rediss:// or unix:// address of Redis or Valkey",
    "EMAIL_URL": "smtp://, smtp+tls:// or smtp+ssl:// USER:PASSWORD@HOST:PORT, or file:///FOLDER",
    "SECRET_KEY": "signs sessions; at least 50 characters",
    "SECRET_KEY_FALLBACKS": "former keys that still open what they sealed, separated by commas",
    "ALLOWED_HOSTS": "host names that the web answers to, separated by commas",
}
PRODUCTION_NEEDS = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL")


class SettingsError(Exception):
    """What is wrong with the environment, in one line that names the variable."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where the database is. For SQLite `name` is the file's path and the rest is blank."""

    vendor: str
    name: str
    host: str = ""
    port: str = ""
    user: str = ""
    password: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Where it is, with nothing secret in it."""
        if self.vendor == "sqlite":
            return f"sqlite:///{self.name}"
        port = f":{self.port}" if self.port else ""
        return f"postgresql://{self.host or 'localhost'}{port}/{self.name}"


@dataclass(frozen=True, slots=True)
class Email:
    """Where mail goes: a server, a folder of files, or the mailbox that the pages show."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    folder: str = ""
    mailbox: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    mode: str
    data_dir: Path
    port: int
    bind: tuple[str, ...]
    behind_proxy: bool
    debug: bool
    log_level: str
    mail_from: str
    site_url: str
    web_workers: int
    web_threads: int
    worker_concurrency: int
    database: Database
    redis_url: str
    email: Email
    secret_key: str
    former_keys: tuple[str, ...]
    outbound_networks: tuple[Network, ...]
    heartbeat: Address | None
    allowed_hosts: tuple[str, ...]

    @property
    def is_local(self) -> bool:
        return self.mode == "local"

    @property
    def is_production(self) -> bool:
        return self.mode == "production"


def read(given: Mapping[str, str] | None = None) -> Environment:
    """The environment as it is meant. Raises SettingsError; makes the data folder if need be."""
    env = {k: v.strip() for k, v in (os.environ if given is None else given).items()}
    check_names(env)
    mode = env.get("TRACKER_MODE") or "local"
    if mode not in MODES:
        raise SettingsError(f"TRACKER_MODE is {mode!r}: it must be one of {', '.join(MODES)}.")
    missing = [name for name in PRODUCTION_NEEDS if not env.get(name)]
    if mode == "production" and missing:
        raise SettingsError(f"TRACKER_MODE=production needs {', '.join(missing)}: not set.")
    if mode != "test" and env.get("TRACKER_TEST_CLOCK"):
        raise SettingsError("TRACKER_TEST_CLOCK is set: the clock is shifted in tests only.")
    debug = _flag(env, "TRACKER_DEBUG")
    if debug and mode != "local":
        raise SettingsError("TRACKER_DEBUG is set: debug pages are for local use only.")
    data_dir = Path(env.get("TRACKER_DATA_DIR") or ROOT / "var").expanduser().resolve()
    outbound = _networks(env)
    return Environment(
        mode=mode,
        data_dir=_folder(data_dir),
        port=_number(env, "PORT", 8000, most=65535),
        bind=_list(env.get("TRACKER_BIND")) or _loopbacks(),
        behind_proxy=_flag(env, "TRACKER_BEHIND_PROXY"),
        debug=debug,
        log_level=_one_of(env, "TRACKER_LOG_LEVEL", ("info", "debug", "warning", "error")),
        mail_from=env.get("TRACKER_MAIL_FROM") or _mail_from(env),
        site_url=_site_url(env, mode),
        web_workers=_number(env, "TRACKER_WEB_WORKERS", 2 if mode == "production" else 1),
        web_threads=_number(env, "TRACKER_WEB_THREADS", 8),
        worker_concurrency=_number(env, "TRACKER_WORKER_CONCURRENCY", 2),
        database=database(env["DATABASE_URL"])
        if env.get("DATABASE_URL")
        else Database("sqlite", str(data_dir / "tracker.sqlite3")),
        redis_url=_redis_url(env.get("REDIS_URL", "")),
        email=email(env["EMAIL_URL"])
        if env.get("EMAIL_URL")
        else Email(mailbox=str(data_dir / "mailbox")),
        secret_key=_secret_key(env, mode, data_dir),
        former_keys=_list(env.get("SECRET_KEY_FALLBACKS")),
        outbound_networks=outbound,
        heartbeat=_heartbeat(env, outbound),
        allowed_hosts=_list(env.get("ALLOWED_HOSTS"))
        or (".localhost", "localhost", "127.0.0.1", "[::1]"),
    )


def read_or_exit() -> Environment:
    """The same for an entry point that has nobody to tell: one line, and the process ends."""
    try:
        return read()
    except SettingsError as error:
        sys.exit(f"Cannot start. {error}")


def check_names(env: Mapping[str, str]) -> None:
    """Refuse a TRACKER_ name that nothing reads: it is a slip, and its effect would be missed."""
    for name in sorted(env):
        if name.startswith(PREFIX) and name not in KNOWN:
            bare = {known.removeprefix(PREFIX): known for known in KNOWN}
            near = difflib.get_close_matches(name.removeprefix(PREFIX), bare, n=1, cutoff=0)[0]
            raise SettingsError(f"{name} is not a setting. Did you mean {bare[near]}?")


def database(url: str) -> Database:
    """What a database URL says. A relative SQLite path is taken from the repository's root."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path.removeprefix("/"))
        if not path or parts.netloc:
            raise SettingsError(f"DATABASE_URL must name a file, as sqlite:///FILE does: {url!r}.")
        return Database("sqlite", str((ROOT / path).resolve()))
    if parts.scheme in {"postgresql", "postgres"}:
        name = unquote(parts.path.removeprefix("/"))
        options = dict(parse_qsl(parts.query))
        host = options.pop("host", "") or unquote(parts.hostname or "")
        if not name:
            raise SettingsError("DATABASE_URL names no database: postgresql://HOST:PORT/NAME.")
        return Database(
            "postgresql",
            name,
            host,
            options.pop("port", "") or str(_url_port("DATABASE_URL", url) or ""),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            tuple(sorted(options.items())),
        )
    raise SettingsError(
        f"DATABASE_URL begins with {parts.scheme or 'nothing'}:// and must begin with"
        " sqlite:/// or postgresql://."
    )


def email(url: str) -> Email:
    """What an e-mail URL says."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        if not parts.path or parts.netloc:
            raise SettingsError("EMAIL_URL must name a folder, as file:///FOLDER does.")
        return Email(folder=unquote(parts.path))
    if parts.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not parts.hostname:
        raise SettingsError(
            "EMAIL_URL must be smtp://, smtp+tls:// (STARTTLS) or smtp+ssl:// with a host,"
            " or file:///FOLDER."
        )
    ports = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
    return Email(
        host=parts.hostname,
        port=_url_port("EMAIL_URL", url) or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+tls",
        tls=parts.scheme == "smtp+ssl",
    )


def kombu_url(redis_url: str) -> str:
    """The same address in the form that Celery reads."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    query = dict(parse_qsl(parts.query))
    user = f":{parts.password}@" if parts.password else ""
    return f"redis+socket://{user}{parts.path}?virtual_host={query.get('db', '0')}"


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def _secret_key(env: Mapping[str, str], mode: str, data_dir: Path) -> str:
    """The key given; in local use one of the folder's own, made at the first start."""
    given = env.get("SECRET_KEY", "")
    if given:
        if mode == "production" and (len(given) < 50 or len(set(given)) < 5):
            raise SettingsError("SECRET_KEY is too weak: it needs at least 50 random characters.")
        return given
    if mode == "test":
        raise SettingsError("TRACKER_MODE=test needs SECRET_KEY: not set.")
    path = data_dir / "secret-key"
    if not path.exists():
        draft = data_dir / f".secret-key.{secrets.token_hex(4)}"
        write_private(draft, secrets.token_urlsafe(60))
        try:
            os.link(draft, path)  # the first of two processes wins, and both read its key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def _redis_url(url: str) -> str:
    scheme = urlsplit(url).scheme
    if url and scheme not in {"redis", "rediss", "unix"}:
        raise SettingsError(
            f"REDIS_URL begins with {scheme or 'nothing'}:// and must begin with"
            " redis://, rediss:// or unix://."
        )
    return url


def _mail_from(env: Mapping[str, str]) -> str:
    hosts = _list(env.get("ALLOWED_HOSTS"))
    return f"tracker@{hosts[0].lstrip('.') if hosts else 'localhost'}"


def _site_url(env: Mapping[str, str], mode: str) -> str:
    """Given, or made of the first allowed host; without a slash at its end."""
    given = env.get("TRACKER_SITE_URL", "").rstrip("/")
    if given:
        parts = urlsplit(given)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
            raise SettingsError("TRACKER_SITE_URL must be http:// or https:// and a host.")
        return given
    if mode == "production":
        return f"https://{_list(env.get('ALLOWED_HOSTS'))[0].lstrip('.')}"
    return f"http://localhost:{_number(env, 'PORT', 8000, most=65535)}"


def _networks(env: Mapping[str, str]) -> tuple[Network, ...]:
    try:
        return addresses.networks(_list(env.get("TRACKER_OUTBOUND_NETWORKS")))
    except Invalid as error:
        raise SettingsError(f"TRACKER_OUTBOUND_NETWORKS: {error}") from error


def _heartbeat(env: Mapping[str, str], allowed: tuple[Network, ...]) -> Address | None:
    given = env.get("TRACKER_HEARTBEAT_URL", "")
    if not given:
        return None
    try:
        address = addresses.parse(given)
        addresses.check(address, allowed)
    except Invalid as error:
        raise SettingsError(f"TRACKER_HEARTBEAT_URL: {error}") from error
    return address


def _folder(path: Path) -> Path:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"TRACKER_DATA_DIR {path} cannot be made: {error.strerror}.") from error
    if not os.access(path, os.W_OK):
        raise SettingsError(f"TRACKER_DATA_DIR {path} cannot be written to.")
    return path


def _loopbacks() -> tuple[str, ...]:
    """This machine under both of the addresses that `localhost` may mean."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return ("127.0.0.1",)
    return ("127.0.0.1", "[::1]")


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _flag(env: Mapping[str, str], name: str) -> bool:
    return _one_of(env, name, ("false", "true")) == "true"


def _one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """One of the choices; the first where nothing is said."""
    said = env.get(name, "").lower() or choices[0]
    if said not in choices:
        raise SettingsError(f"{name} is {said!r}: it must be one of {', '.join(choices)}.")
    return said


def _number(env: Mapping[str, str], name: str, default: int, *, most: int = 1000) -> int:
    said = env.get(name) or str(default)
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= most):
        raise SettingsError(f"{name} is {said!r}: it must be a number from 1 to {most}.")
    return int(said)


def _url_port(name: str, url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError as error:
        raise SettingsError(f"{name}: its port is not a number from 0 to 65535.") from error
