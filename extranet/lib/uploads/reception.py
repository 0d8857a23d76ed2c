"""Files while they arrive: straight to the disk of the data, within a size, and nothing left of what is cut.

`request.refus_envoi` says why what was sent stopped: LOURD or PLEIN; the view answers by a sentence. `nom_envoye` of a
file is its name as it was sent.
"""

import errno
from collections.abc import Callable
from typing import IO, Any

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

# Of one request, whatever its files: an archive of documents is the largest thing that anybody sends.
MAX_REQUEST = 250 * 1024 * 1024
LOURD, PLEIN = "lourd", "plein"
_FULL = (errno.ENOSPC, errno.EDQUOT)


class AvecNoms(MultiPartParser):
    """Django takes paths and invisible characters out of the names, and says nothing: ours are refused for them."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        self.nom_envoye = file_name
        return super().sanitize_file_name(file_name)

    def handle_file_complete(self, old_field_name: str, counters: list[int]) -> None:
        super().handle_file_complete(old_field_name, counters)
        for fichier in self._files.getlist(old_field_name)[-1:]:
            fichier.nom_envoye = self.nom_envoye


class ReceptionHandler(TemporaryFileUploadHandler):
    """Stops at the limit or when the disk is full: what was written goes, the rest is read and thrown away."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0
        self.parsing = False

    def handle_raw_input(
        self, input_data: IO[bytes], META: dict[str, Any], content_length: int, boundary: bytes, encoding: str | None
    ) -> tuple[QueryDict, MultiValueDict] | None:
        """The place that Django keeps for another parser; that one asks its handlers in its turn."""
        if self.parsing:
            return None
        self.parsing = True
        return AvecNoms(META, input_data, self.request.upload_handlers, encoding).parse()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._stop(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > MAX_REQUEST:
            self.request.refus_envoi = LOURD
            raise StopUpload(connection_reset=False)
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._stop(error)

    def file_complete(self, file_size: int) -> IO[bytes] | None:
        try:
            self.file.flush()
            return super().file_complete(file_size)
        except OSError as error:
            self._stop(error)

    def _stop(self, error: OSError) -> None:
        if error.errno not in _FULL:
            raise error
        self.request.refus_envoi = PLEIN
        raise StopUpload(connection_reset=False)


class ReceptionMiddleware:
    """Leaves no file half arrived behind a request: the parser tells its handlers nothing of a line that broke."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if request.method == "POST" and request.content_type == "multipart/form-data":
                _close(request)


def _close(request: HttpRequest) -> None:
    """Closed, a file still in its temporary place is removed; one that was kept has another name by now."""
    for handler in request.upload_handlers:
        if isinstance(handler, ReceptionHandler) and getattr(handler, "file", None) is not None:
            handler.file.close()
