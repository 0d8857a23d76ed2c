"""A sheet of the catalogue, with its sessions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from formations.models import FormationPage, SessionFormation


def fiche(request: HttpRequest, page: FormationPage, *, en_apercu: bool = False) -> HttpResponse:
    sessions = SessionFormation.objects.visible_to(request.user).filter(formation=page).proposed().for_list()
    return render(request, "formations/fiche.html", {"page": page, "sessions": sessions, "en_apercu": en_apercu})
