"""Text, dangers and pictures taken out of files by a process apart, which may hang, crash or swell without harm.

Every library tried does one of the three on some bad file. Only the standard library here: the confined process
imports this package too, and must start fast.
"""

from extranet.lib.extraction.apercus import is_office_rendered, render_pages, to_pdf
from extranet.lib.extraction.lecture import DANGERS, FORMATS, Lecture, on_disk, read_text
from extranet.lib.extraction.numerises import is_recognition_ready, recognise

__all__ = [
    "DANGERS",
    "FORMATS",
    "Lecture",
    "is_office_rendered",
    "is_recognition_ready",
    "on_disk",
    "read_text",
    "recognise",
    "render_pages",
    "to_pdf",
]
