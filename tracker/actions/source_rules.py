"""The rules of a source's text, its file and its versions."""

from typing import Any

from tracker.documents import names
from tracker.documents.values import Kind
from tracker.domain.errors import Invalid
from tracker.domain.sentences import _
from tracker.models import Entered, Source, SourceFile

from .source_files import AGAIN, GONE

State = dict[str, Any]
KEPT = _("Enter the other text as a newer version of it.")


def kept(row: Entered, state: State) -> None:
    """A text and a file, once there, are never replaced: what was quoted from them must stand."""
    assert isinstance(row, Source)
    was = Source.objects.filter(pk=row.pk).only("sha256", "file_sha256", "file_name").first()
    if was is not None and was.sha256 and row.sha256 not in ("", was.sha256):
        raise Invalid(_("The text of a source never changes."), field="snapshot", mend=KEPT)
    if was is not None and was.file_sha256 and row.file_sha256 not in ("", was.file_sha256):
        raise Invalid(_("The file of a source never changes."), field="file_sha256", mend=KEPT)
    if row.file_sha256:
        file = SourceFile.objects.filter(dossier=row.dossier, sha256=row.file_sha256)
        kind = file.values_list("kind", flat=True).first()
        if kind is None:
            raise Invalid(GONE, field="file_sha256", mend=AGAIN)
        if was is None or was.file_name != row.file_name:
            _called(row.file_name, Kind(kind))


def _called(name: str, kind: Kind) -> None:
    """Pages tell a picture from a document by its name, so that it has to be true."""
    if names.is_picture(name) != kind.is_picture:
        raise Invalid(
            _("A picture is called as one, and nothing else is."),
            field="file_name",
            mend=_("Name it: {name}", name=names.safe(name, kind)),
        )


def version(row: Entered, state: State) -> None:
    """A newer version says something else than the earlier one, and is the only one after it."""
    assert isinstance(row, Source)
    earlier = row.earlier
    if earlier is None or state["withdrawn_at"]:
        return
    one: Source | None = earlier
    while one is not None:
        if one.pk == row.pk:
            raise Invalid(
                _("A source is not newer than itself."),
                field="earlier",
                mend=_("Name another, or none."),
            )
        one = one.earlier
    is_shown = names.is_picture(row.file_name) or names.is_picture(earlier.file_name)
    is_same_file = earlier.file_sha256 == row.file_sha256
    if earlier.sha256 == row.sha256 and (is_same_file or (row.sha256 and not is_shown)):
        raise Invalid(
            _("This is the very text of the earlier version: nothing is new in it."),
            field="snapshot",
            mend=_("There is nothing to enter."),
        )
    others = Source.objects.filter(earlier=earlier, withdrawn_at="").exclude(pk=row.pk)
    if (other := others.first()) is not None:
        raise Invalid(
            _(
                "“{earlier}” has a newer version already: “{other}”.",
                earlier=earlier.key,
                other=other.key,
            ),
            field="earlier",
            mend=_("Enter this as a newer version of that one."),
        )
