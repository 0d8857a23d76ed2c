"""The catalogue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from formations.models import FormationsPage, SessionFormation


def catalogue(request: HttpRequest, page: FormationsPage | None = None) -> HttpResponse:
    page = page or get_object_or_404(FormationsPage)
    sessions = SessionFormation.objects.visible_to(request.user).proposed().coming().for_list()
    return render(request, "formations/catalogue.html", {"page": page, "sessions": sessions})
