"""Settings of Wagtail."""

from extranet.settings.env import env_str

WAGTAIL_SITE_NAME = "L’Extranet des communes"
WAGTAILADMIN_BASE_URL = env_str("SITE_URL", "http://localhost:8000").rstrip("/")
WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [("fr", "français")]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "français")]
WAGTAIL_USER_TIME_ZONES = ["Europe/Paris"]
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_AUTOSAVE_INTERVAL = 5000  # ms; on SQLite each one takes the lock of those who write
WAGTAILADMIN_COMMENTS_ENABLED = False  # their mails would leave outside the outbox
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = "none"  # it tells the title of whatever page has the address typed
WAGTAILEMBEDS_FINDERS: list[dict] = []  # no outside service at run time

# The site and the admin share one login, allauth's, which asks the second factor: these would bypass it.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/connexion/"
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}

WAGTAILDOCS_DOCUMENT_MODEL = "ressources.DocumentPrive"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "ressources.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "csv", "txt", "rtf"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 25 * 1024 * 1024
WAGTAILIMAGES_IMAGE_MODEL = "ressources.ImagePrivee"
WAGTAILIMAGES_IMAGE_FORM_BASE = "ressources.forms.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif", "heic"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"heic": "jpeg", "png": "webp", "jpeg": "webp", "gif": "webp"}

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "extranet.lib.moteur_admin"}}
