"""What gunicorn reads by itself when it starts here: the site as in service, the demonstration, the measures."""

import gc

from django.urls import get_resolver

# Bytes, the most it allows. By default 4 094: an address with twenty communes and a few themes was answered in English.
limit_request_line = 8190


def post_worker_init(worker: object) -> None:
    """What is loaded once for the life of the process is left out of the garbage collector, which else goes through
    all of it every few dozen pages: a pause of 0.3 s (measured).
    """
    get_resolver().url_patterns  # noqa: B018 - imports the views
    gc.collect()
    gc.freeze()
