"""The heartbeat: an address elsewhere hears of each sweep that ended, and notices silence."""

import structlog
from django.conf import settings

from tracker.domain.errors import DomainError

log = structlog.get_logger("tracker.heartbeat")
SECONDS = 5.0
MOST = 64_000  # bytes of an answer that nobody reads


def beat() -> bool:
    """Whether the address was told. Why not is logged, without the path: it may be a secret."""
    from tracker.outside import calls  # noqa: PLC0415 (most processes never call)

    address = settings.HEARTBEAT
    if address is None:
        return False
    try:
        answer = calls.get(address, seconds=SECONDS, most=MOST)
    except DomainError as error:
        log.warning("heartbeat not taken", detail=str(error))
        return False
    if not 200 <= answer.status < 300:
        log.warning("heartbeat not taken", address=address.place, status=answer.status)
        return False
    return True
