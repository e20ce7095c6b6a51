"""How chosen files come in: into memory, up to a size; the rest is read and forgotten.

So a file that is too large is told apart from one that is not, and what was typed beside it stays.
"""

from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from tracker.documents.values import LARGEST

MOST_SENT = 100_000_000  # bytes of one request: beyond it not even the rest is read


class BoundedHandler(FileUploadHandler):
    """Of all files of a request together no more is held than one may have. ``size`` is the true
    one: whoever takes a file looks at it first.
    """

    held = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 (Django's name)
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        if content_length > MOST_SENT:
            raise RequestDataTooBig

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = LARGEST + 1 - self.held
        self.held += self.file.write(raw_data[: max(room, 0)])

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
