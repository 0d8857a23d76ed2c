"""Doors of Wagtail’s admin that the product does not open. Placed before Wagtail’s own addresses."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.generic import RedirectView
from wagtail.admin.views.mixins import SpreadsheetExportMixin


def fermee(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


def close_exports() -> None:
    """Wagtail’s own spreadsheets: cells that act, CSV, nothing in the journal. `ListeView` says the formats of ours."""
    SpreadsheetExportMixin.FORMATS = ()
    SpreadsheetExportMixin.show_export_buttons = False


urlpatterns = [
    # Names, addresses and factors are changed on the account page of the site, which proves what it is told.
    path("account/", RedirectView.as_view(pattern_name="mfa_index"), name="compte"),
    # An error on purpose and an empty page, for whoever develops Wagtail.
    path("failwhale/", fermee),
    path("test404/", fermee),
    path("snippets/", fermee),
    # They list every file to anybody who enters the admin, whatever the rights on its collection.
    re_path(r"^api/main/(?:documents|images)/", fermee),
    # Who sees a page is said by its diffusion, and a file follows its pages: a second rule beside would only mislead.
    path("pages/<int:page_id>/privacy/", fermee),
    path("collections/<int:collection_id>/privacy/", fermee),
]
