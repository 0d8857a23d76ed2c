"""Development: runs with no environment file; mail goes to the outbox page, never out."""

from extranet.settings.base import *  # noqa: F403

DEBUG = True
SECRET_KEY = "cle-de-developpement-sans-valeur-ne-sert-a-aucun-service"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
INTERNAL_IPS = ["127.0.0.1"]
MIDDLEWARE = [*MIDDLEWARE, "home.erreurs.IntrouvableMiddleware"]  # noqa: F405
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
# The outbox is emptied into nothing: `/courriels/` shows what would have been sent.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
