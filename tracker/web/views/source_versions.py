"""What only those see who may read a source whole: its file, and what differs between versions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from tracker.documents import names
from tracker.documents.values import Kind
from tracker.domain import access as rules
from tracker.domain.errors import NotFound
from tracker.selectors import access, register, source_files
from tracker.selectors.versions import Version, versions
from tracker.web import changes
from tracker.web.moments import Moment
from tracker.web.pages import reads

TYPES = {
    "pdf": "application/pdf",
    "html": "text/html",
    "text": "text/plain",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
}
# Should a browser open it in spite of all: no script, no form, nothing from anywhere.
FILE_POLICY = (
    "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
)


@reads(known=True)
def source_file(request: HttpRequest, moment: Moment, dossier: str, key: str) -> HttpResponse:
    """The bytes as they came, to be saved, never to be shown here."""
    viewer = access.viewer(request.user)
    found = register.source(
        viewer=viewer, dossier=dossier, key=key, at=moment.at, known=moment.known
    )
    rules.check_read_in_full(viewer, access.door(found.dossier))
    state = found.source.state
    file = source_files.of(found.dossier, str(state.get("file_sha256") or ""))
    if file is None:
        raise NotFound(f"The source “{key}” has no file.")
    response = HttpResponse(bytes(file.content), content_type=TYPES[file.kind])
    name = names.safe(str(state.get("file_name") or ""), Kind(file.kind))
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


@reads(known=True)
def source_difference(request: HttpRequest, moment: Moment, dossier: str, key: str) -> HttpResponse:
    """This version beside an earlier one: ``?from=KEY``, or the one before it."""
    viewer = access.viewer(request.user)
    found = register.source(
        viewer=viewer, dossier=dossier, key=key, at=moment.at, known=moment.known
    )
    rules.check_read_in_full(viewer, access.door(found.dossier))
    line = versions(found.tables, key, at=moment.at)
    asked = request.GET.get("from", "")
    before = _version(line.every, asked) if asked else line.earlier
    if before is None or before.key == key:
        raise NotFound(f"The source “{key}” has no such earlier version.")
    context = {
        "page": "source_difference",
        "moment": moment,
        "dossier": found.dossier,
        "source": found.source,
        "line": line,
        "before": before,
        "changes": changes.between(before.text, line.own.text),
        "kept": [("from", asked)] if asked else [],
        "kept_query": f"?from={before.key}" if asked else "",
        "title": gettext("What changed in “%(title)s”") % {"title": found.source.state["title"]},
    }
    return render(request, "sources/difference.html", context)


def _version(every: list[Version], key: str) -> Version | None:
    return next((one for one in every if one.key == key), None)
