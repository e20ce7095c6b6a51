"""The files that sources' texts were read from, and the proof that they are what was entered."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from tracker.models import Dossier, Source, SourceFile


def of(dossier: Dossier, digest: str) -> SourceFile | None:
    """The file of that hash, with its bytes."""
    return SourceFile.objects.filter(dossier=dossier, sha256=digest).first() if digest else None


def told(dossier: Dossier, digest: str) -> SourceFile | None:
    """The same without its bytes, which may be many."""
    found = SourceFile.objects.filter(dossier=dossier, sha256=digest).defer("content")
    return found.first() if digest else None


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 of a source's text and of its file, in hexadecimal; blank: there is none."""

    text: str = ""
    file: str = ""


def computed(source: Source) -> Digests:
    """Of what lies there now, whatever was noted of it. One query, for the file."""
    content = (
        SourceFile.objects.filter(dossier=source.dossier_id, sha256=source.file_sha256)
        .values_list("content", flat=True)
        .first()
        if source.file_sha256
        else None
    )
    return Digests(
        text=sha256(source.snapshot.encode()).hexdigest() if source.snapshot else "",
        file=sha256(bytes(content)).hexdigest() if content is not None else "",
    )


def differences(dossier: Dossier) -> Iterator[str]:
    """Where a file is not the one that a source was entered with, or is gone. One at a time."""
    named = Source.objects.filter(dossier=dossier).exclude(file_sha256="").order_by("pk")
    for key, digest in named.values_list("key", "file_sha256"):
        content = (
            SourceFile.objects.filter(dossier=dossier, sha256=digest)
            .values_list("content", flat=True)
            .first()
        )
        if content is None:
            yield f"{dossier.slug}: source {key}: its file is gone."
        elif sha256(bytes(content)).hexdigest() != digest:
            yield f"{dossier.slug}: source {key}: its file is not the one that was entered."
