"""The evidence of a pledge to take away: what it holds, and the archive itself, for members."""

from tempfile import SpooledTemporaryFile
from typing import cast

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.domain import access as rules
from tracker.domain.errors import NotFound
from tracker.exports import bundles as exports
from tracker.models import Pledge
from tracker.selectors import access, bundles, ledger, register
from tracker.selectors.bundles import Rows
from tracker.web.pages import SignedIn, writes

IN_MEMORY = 10 * 2**20


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
        "heads": [(chain, f"{head.seq}:{head.hash}") for chain, head in heads.items()],
    }
    return render(request, "pledges/pledge_bundle.html", context)


@require_safe
@writes
def pledge_evidence(request: SignedIn, ref: str) -> HttpResponse:
    """The archive, to be saved."""
    _pledge, rows = _asked(request, ref)
    # The response closes it, and then it is gone.
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    exports.write(rows, ref=ref, at=clock.now(), out=out)
    out.seek(0)
    answer = FileResponse(
        out, as_attachment=True, filename=f"{ref}.zip", content_type="application/zip"
    )
    return cast("HttpResponse", answer)


def _asked(request: SignedIn, ref: str) -> tuple[Pledge, Rows]:
    """The pledge as the register has it now; it holds whole texts, so it is for members."""
    viewer = access.viewer(request.user)
    pledge = Pledge.objects.filter(ref=ref).select_related("dossier").first()
    if pledge is None:
        raise NotFound("There is no such pledge.")
    rules.check_read_in_full(viewer, access.door(pledge.dossier))
    tables = register.tables_of(pledge.dossier, None)
    return pledge, bundles.rows_of(pledge.dossier.slug, tables, ref)
