"""Settings common to every installation. Business constants live in their app; places and secrets come from outside."""

from pathlib import Path

from extranet.settings.env import env_database, env_int, env_list, env_str

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Everything that an installation writes: database, private files, logs. To be saved, and to be kept out of the web.
DATA_DIR = Path(env_str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

SITE_URL = env_str("SITE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")
DEBUG = False

INSTALLED_APPS = [
    "extranet",
    "home",
    "annuaire",
    "formations",
    "materiel",
    "ressources",
    "search",
    "notifications",
    "collectivites",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "collectivites.apps.UtilisateursConfig",
    "wagtail.sites",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "collectivites.apps.AdministrationConfig",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "extranet.entetes.EntetesMiddleware",
    "extranet.lib.maintenance.MaintenanceMiddleware",
    "extranet.lib.reglage.ReglagesMiddleware",
    "extranet.lib.uploads.reception.ReceptionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "collectivites.comptes.sessions.SessionsMiddleware",
    "collectivites.garde.LoginRequiredMiddleware",
    "collectivites.comptes.entree.EntreeMiddleware",
    "collectivites.agir.AgirMiddleware",
    "extranet.lib.bornes.BornesMiddleware",
    "collectivites.viewsets.pages.PagesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "home.erreurs.FormulaireSeulMiddleware",
]

# As `frame-ancestors 'self'` of EntetesMiddleware, for browsers that do not know it: the admin's preview is a frame.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # asks for DENY

ROOT_URLCONF = "extranet.urls"
WSGI_APPLICATION = "extranet.wsgi.application"
CSRF_FAILURE_VIEW = "collectivites.garde.csrf_failure"

TEMPLATES = [
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "collectivites.contexte.page",
                "notifications.contexte.page",
            ],
        },
    },
]
COTTON_DIR = "cotton"

DATABASES = {"default": env_database("DATABASE_URL", str(DATA_DIR / "extranet.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# One process with threads on SQLite: LocMem is exact there. Several processes share the database cache.
ON_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
CACHES = {
    "default": {
        **(
            {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
            if ON_SQLITE
            else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "extranet_cache"}
        ),
        # Past Django's 300 entries the cache throws some away, and with them the counters of the rate limits.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Addresses of renditions: losing them costs a query, never a wrong answer.
    "renditions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "renditions"},
}

# Empty: the search lives in the database. « elasticsearch://hôte:9200,hôte:9200/nom » puts a cluster in front of it.
SEARCH_URL = env_str("SEARCH_URL", "")

# Empty: no antivirus. « 127.0.0.1:3310 » or « /run/clamav/clamd.ctl »: files wait until clamd has seen them.
CLAMD_ADDRESS = env_str("CLAMD_ADDRESS", "")

# Empty: no seal. The path of the organisation's certificate with its key (PKCS#12), which seals signed conventions.
SCEAU_CERTIFICAT = env_str("SCEAU_CERTIFICAT", "")
SCEAU_MOT_DE_PASSE = env_str("SCEAU_MOT_DE_PASSE", "")

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["extranet.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Nothing lies under a public media address: files are served by views that ask `visible_to`.
MEDIA_ROOT = DATA_DIR / "fichiers"
MEDIA_URL = "/fichiers/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# What arrives lies beside the private files: kept, it is renamed, not copied; and no memory disk fills up.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "envois"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "extranet.lib.uploads.reception.ReceptionHandler",
]

TASKS = {
    # Wagtail's own small writes.
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    # Ours, enqueued by on_commit and run by `manage.py veille`: an immediate task would hold the request's lock.
    "fond": {"BACKEND": "django_tasks_db.DatabaseBackend"},
}

EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env_str("DEFAULT_FROM_EMAIL", "L’Extranet des communes <ne-pas-repondre@extranet.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
    "loggers": {
        # Its own handlers would say each line twice.
        "django": {"handlers": [], "propagate": True},
        # A line or two for each of Wagtail's own small writes, which its audit log keeps anyway.
        "django_tasks": {"level": "WARNING"},
        # A page for each try that failed; `search` says it in a line.
        "elastic_transport": {"level": "ERROR"},
        "wagtail": {"level": "WARNING"},
    },
}

# Port of the local server of `script/demo`, shown by commands.
PORT = env_int("PORT", 8000)

from extranet.settings.comptes import *  # noqa: E402, F403
from extranet.settings.wagtail import *  # noqa: E402, F403
