"""The evidence of a pledge to take away: what it holds, and the archive itself, for members."""

from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import cast

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.domain import access as rules
from tracker.domain.errors import NotFound
from tracker.exports import bundles as exports
from tracker.models import Pledge
from tracker.selectors import access, bundles, ledger, register
from tracker.selectors.bundles import Rows
from tracker.web.pages import SignedIn, writes

PIECE = 2**20


@require_safe
@writes
def pledge_bundle(request: SignedIn, ref: str) -> HttpResponse:
    """How many rows of each noun it holds, and the heads of the ledger to compare it with."""
    pledge, rows = _asked(request, ref)
    heads = ledger.heads_of(bundles.chains_of(rows))
    nouns = sorted({noun for noun, _key in rows.own})
    context = {
        "page": "bundle",
        "pledge": pledge,
        "counts": [(noun, len(rows.of(noun))) for noun in nouns],
        "command": _command(ref, [f"{chain}={one.seq}:{one.hash}" for chain, one in heads.items()]),
    }
    return render(request, "pledges/pledge_bundle.html", context)


@require_safe
@writes
def pledge_evidence(request: SignedIn, ref: str) -> HttpResponse:
    """The archive, to be saved."""
    _pledge, rows = _asked(request, ref)
    answer = StreamingHttpResponse(_written(rows, ref, clock.now()), content_type="application/zip")
    name = content_disposition_header(True, f"{ref}.zip")
    answer.headers["Content-Disposition"] = name or "attachment"
    return cast("HttpResponse", answer)


def _written(rows: Rows, ref: str, at: datetime) -> Iterator[bytes]:
    """Made when it is asked for, on disk: it may be larger than memory."""
    with TemporaryFile() as out:
        exports.write(rows, ref=ref, at=at, out=out)
        out.seek(0)
        while piece := out.read(PIECE):
            yield piece


def _command(ref: str, heads: list[str]) -> str:
    return " \\\n  ".join([f"python3 check.py {ref}.zip", *(f"--head {head}" for head in heads)])


def _asked(request: SignedIn, ref: str) -> tuple[Pledge, Rows]:
    """The pledge as the register has it now; it holds whole texts, so it is for members."""
    viewer = access.viewer(request.user)
    pledge = Pledge.objects.filter(ref=ref).select_related("dossier").first()
    if pledge is None:
        raise NotFound("There is no such pledge.")
    rules.check_read_in_full(viewer, access.door(pledge.dossier))
    tables = register.tables_of(pledge.dossier, None)
    return pledge, bundles.rows_of(pledge.dossier.slug, tables, ref)
