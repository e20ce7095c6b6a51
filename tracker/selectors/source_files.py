"""The files that sources' texts were read from, and the proof that they are what was entered."""

from collections.abc import Iterator
from hashlib import sha256

from tracker.models import Dossier, Source, SourceFile


def of(dossier: Dossier, digest: str) -> SourceFile | None:
    """The file of that hash, with its bytes."""
    return SourceFile.objects.filter(dossier=dossier, sha256=digest).first() if digest else None


def told(dossier: Dossier, digest: str) -> SourceFile | None:
    """The same without its bytes, which may be many."""
    found = SourceFile.objects.filter(dossier=dossier, sha256=digest).defer("content")
    return found.first() if digest else None


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
