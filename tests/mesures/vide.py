"""Settings of the probe: the same server, middlewares and database, and a Wagtail page with nothing on it."""

from pathlib import Path

from extranet.settings.production import *  # noqa: F403

ROOT_URLCONF = "tests.mesures.vide_urls"
TEMPLATES[0]["DIRS"] = [Path(__file__).parent / "gabarits", *TEMPLATES[0]["DIRS"]]  # noqa: F405
