"""Search of Wagtail's admin on our databases."""

from django.db import connection
from modelsearch.backends.database import SearchBackend as DatabaseSearchBackend

SearchBackend = DatabaseSearchBackend
