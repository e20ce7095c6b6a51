"""Importing tables of incidents: listed, chosen, mapped, looked at, entered as a whole, undone."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from tracker import clock
from tracker.actions import import_runs as runs
from tracker.actions import imports as actions
from tracker.documents import csv_tables
from tracker.documents.csv_tables import decoded_samples
from tracker.documents.values import LARGEST
from tracker.domain import access as rules
from tracker.domain.errors import DomainError, Invalid, NotAllowed, Unclear
from tracker.domain.importing import Plan
from tracker.models import IncidentImport
from tracker.models import incident_import as standing
from tracker.selectors import access
from tracker.selectors import imports as selectors
from tracker.web import attempts
from tracker.web.entry import UNPROCESSABLE, this_minute
from tracker.web.forms.imports import PlanForm, ReadForm, UndoForm, UploadForm
from tracker.web.imports import choices, shown
from tracker.web.moments import Moment
from tracker.web.pages import SignedIn, reads, writes
from tracker.web.views.source_versions import FILE_POLICY

SHOWN = 50
TOO_MANY = 429


@writes
def imports(request: SignedIn) -> HttpResponse:
    viewer = access.viewer(request.user)
    rules.check_enter_parties(viewer)
    pages = Paginator(selectors.listed(viewer), SHOWN).get_page(request.GET.get("page"))
    return render(request, "imports/imports.html", {"page": "imports", "pages": pages})


@writes
def import_new(request: SignedIn) -> HttpResponse:
    """``?dossier=``: the one that is chosen at first."""
    viewer = access.viewer(request.user)
    rules.check_enter_parties(viewer)
    here = {one.slug: one for one in access.visible(viewer) if rules.edit(viewer, access.door(one))}
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        dossiers={slug: one.title for slug, one in here.items()},
        initial={"dossier": request.GET.get("dossier", "")},
    )
    status = 200
    if form.is_bound and form.is_valid():
        seconds = attempts.read_source(request)
        if seconds:
            form.add_error(None, attempts.again(seconds))
            status = TOO_MANY
        else:
            try:
                row = _made(request, form, here)
            except DomainError as error:
                form.add_refusal(error)
            else:
                return HttpResponseRedirect(_address(row))
    if form.errors and status == 200:
        status = UNPROCESSABLE
    context = {"page": "import_new", "form": form}
    return render(request, "imports/import_new.html", context, status=status)


def _made(request: SignedIn, form: UploadForm, here: Any) -> IncidentImport:
    file = form.cleaned_data["file"]
    if (file.size or 0) > LARGEST:  # of such a file only the beginning was held
        raise Invalid(
            gettext("The file has %(size)s MB.") % {"size": f"{file.size / 1_000_000:.1f}"},
            field="file",
            mend=gettext("At most 10 MB are taken: split it."),
        )
    return actions.make(
        dossier=here[form.cleaned_data["dossier"]],
        content=file.read(),
        file_name=(file.name or "").strip(),
        by=request.user,
        at=clock.now(),
    )


@writes
def import_one(request: SignedIn, uid: UUID) -> HttpResponse:
    """The deeds of a POST: ``read``, ``plan``, ``skip``, ``keep``, ``enter``, ``confirm``,
    ``decline``.
    """
    viewer = access.viewer(request.user)
    row = selectors.one(viewer, uid)
    deed = request.POST.get("deed", "")
    if request.method == "POST" and deed in ("confirm", "decline"):
        return _decided(request, row, deed)
    if row.standing != standing.OPEN:
        return _standing(request, row)
    found = actions.preview(row=row, at=clock.now())
    if deed == "read":
        return _read_as(request, row)
    if found.table is None:
        return _unread(request, row, found.refused)
    offered = choices(row.dossier)
    form = PlanForm(
        request.POST if deed == "plan" else None,
        choices=offered,
        plan=found.plan,
        header=found.table.header,
        names=found.names,
        initial={} if found.plan.public else {"public": this_minute(clock.now())},
    )
    refused: DomainError | None = None
    try:
        match deed:
            case "plan":
                if _settle(form, row, found.table):
                    return HttpResponseRedirect(_address(row) + "#preview")
            case "skip":
                actions.settle(row=row, plan=actions.skip_problems(found.plan, found.problems))
                return HttpResponseRedirect(_address(row) + "#preview")
            case "keep":
                plan = Plan.of({**found.plan.as_json(), "skip": ()})
                actions.settle(row=row, plan=plan)
                return HttpResponseRedirect(_address(row) + "#preview")
            case "enter":
                runs.ask(row=row, by=request.user, at=clock.now())
                return HttpResponseRedirect(_address(row))
    except DomainError as error:
        refused = error
        found = actions.preview(row=row, at=clock.now())
    table = found.table
    assert table is not None
    context = {
        "page": "import",
        "row": row,
        "dossier": row.dossier,
        "form": form,
        "found": found,
        "shown": shown(found, offered),
        "refused": refused or found.refused,
        "delimiter": csv_tables.name_of(table.delimiter),
        "read_form": ReadForm(initial={"encoding": row.encoding, "delimiter": row.delimiter}),
        "is_settled": not found.gaps and not found.asked,
    }
    is_wrong = bool(form.errors) or refused is not None
    status = UNPROCESSABLE if is_wrong else 200
    return render(request, "imports/import.html", context, status=status)


def _settle(form: PlanForm, row: IncidentImport, table: csv_tables.Table) -> bool:
    """Whether the plan says all that it has to; what it does not is said at its field."""
    form.full_clean()
    plan = form.settled()
    for name, said in actions.left_open(plan, table).items():
        if name not in form.errors:
            form.add_error(name, said)
    if form.errors:
        return False
    actions.settle(row=row, plan=plan)
    return True


def _read_as(request: SignedIn, row: IncidentImport) -> HttpResponse:
    content = selectors.content(row)
    form = ReadForm(request.POST, samples=decoded_samples(content))
    if form.is_valid():
        try:
            actions.read_as(
                row=row,
                encoding=form.cleaned_data["encoding"],
                delimiter=form.cleaned_data["delimiter"],
            )
        except DomainError as error:
            form.add_refusal(error)
        else:
            return HttpResponseRedirect(_address(row))
    return _unread(request, row, None, form)


def _unread(
    request: SignedIn,
    row: IncidentImport,
    refused: DomainError | None,
    form: ReadForm | None = None,
) -> HttpResponse:
    if form is None:
        samples = decoded_samples(selectors.content(row))
        initial = {"encoding": row.encoding, "delimiter": row.delimiter}
        form = ReadForm(initial=initial, samples=samples)
    context = {
        "page": "import",
        "row": row,
        "dossier": row.dossier,
        "form": form,
        "refused": refused,
        "is_asked": isinstance(refused, Unclear),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "imports/import_unread.html", context, status=status)


def _standing(
    request: SignedIn, row: IncidentImport, refused: DomainError | None = None
) -> HttpResponse:
    """What became of it, with what it entered."""
    pages = Paginator(selectors.rows(row), SHOWN).get_page(request.GET.get("page"))
    door = access.door(row.dossier)
    author = str(row.asked_by.uid) if row.asked_by is not None else ""
    context = {
        "page": "import",
        "row": row,
        "dossier": row.dossier,
        "pages": pages,
        "may_confirm": rules.confirm(access.viewer(request.user), door, author=author),
        "is_own": row.asked_by_id == request.user.pk,
        "is_waiting": row.standing in standing.WAITING,
        "is_proposed": row.standing in (standing.PROPOSED, standing.UNDO_PROPOSED),
        "preview": shown(actions.preview(row=row, at=clock.now()), choices(row.dossier))
        if row.standing == standing.PROPOSED
        else None,
        "refused": refused,
    }
    status = UNPROCESSABLE if refused is not None else 200
    return render(request, "imports/import_done.html", context, status=status)


def _decided(request: SignedIn, row: IncidentImport, deed: str) -> HttpResponse:
    """Confirmed or declined by a second person; whoever asked may take it back."""
    author = str(row.asked_by.uid) if row.asked_by is not None else ""
    is_own = row.asked_by_id == request.user.pk
    try:
        if deed == "confirm" or not is_own:
            viewer, door = access.viewer(request.user), access.door(row.dossier)
            rules.check_confirm(viewer, door, author=author)
        if deed == "confirm":
            runs.confirm(row=row, by=request.user, at=clock.now())
        else:
            runs.decline(row=row)
    except NotAllowed:
        raise
    except DomainError as error:
        return _standing(request, row, error)
    return HttpResponseRedirect(_address(row))


@writes
def import_undo(request: SignedIn, uid: UUID) -> HttpResponse:
    """Asks why; says what is withdrawn, and what stays because somebody has used it since."""
    row = selectors.one(access.viewer(request.user), uid)
    if row.standing != standing.ENTERED:
        return HttpResponseRedirect(_address(row))
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            runs.ask_undo(
                row=row, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
            )
        except DomainError as error:
            form.add_refusal(error)
        else:
            return HttpResponseRedirect(_address(row))
    kept = selectors.used(row)
    used = [
        (one, kept[one.incident_id])
        for one in selectors.rows(row).filter(incident__in=list(kept))[:SHOWN]
    ]
    context = {
        "page": "import_undo",
        "row": row,
        "dossier": row.dossier,
        "form": form,
        "used": used,
        "used_count": len(kept),
        "count": row.number - len(kept),
        "all": row.number,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "imports/import_undo.html", context, status=status)


@reads()
def import_file(request: HttpRequest, moment: Moment, uid: UUID) -> HttpResponse:
    """The bytes as they came, to be saved, never to be shown here."""
    row = selectors.one(access.viewer(request.user), uid)
    response = HttpResponse(selectors.content(row), content_type="text/csv")
    name = row.file_name.replace("/", "_").replace("\\", "_")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def _address(row: IncidentImport) -> str:
    return reverse("import_one", args=(row.uid,))
