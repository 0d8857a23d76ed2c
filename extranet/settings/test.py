"""Tests: as production where it matters, fast where it does not."""

from extranet.settings.base import *  # noqa: F403

SECRET_KEY = "cle-de-test-sans-valeur"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "testserver", "127.0.0.1"]
SITE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
MEDIA_ROOT = DATA_DIR / "test" / "fichiers"  # noqa: F405
if ON_SQLITE:  # noqa: F405
    # A file, so that threads share it and --reuse-db works.
    (DATA_DIR / "test").mkdir(exist_ok=True)  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test" / "extranet.sqlite3")}  # noqa: F405
