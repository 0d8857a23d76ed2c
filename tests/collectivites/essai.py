"""A creating form as the project writes them, with nothing else around: `tests/collectivites/test_cles.py` sends it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import RequestContext, Template
from django.urls import include, path

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.journal import record
from collectivites.models import Expertise
from extranet.urls import urlpatterns as project_urls

PAGE = """{% load formulaires %}{% for message in messages %}<p class="message">{{ message }}</p>{% endfor %}
<form method="post">{% csrf_token %}{% cle_unique %}{{ form.as_p }}<button>Ajouter</button></form>"""


class EssaiForm(forms.Form):
    libelle = forms.CharField(label="En vos mots", max_length=20)
    mot_de_passe = forms.CharField(label="Secret", required=False)


def form_view(request: HttpRequest) -> HttpResponse:
    form = EssaiForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        row = Expertise.objects.create(agent=request.user, libelle=form.cleaned_data["libelle"])
        record("expertise.creee", row, agent=request.user, collectivite=request.collectivite)
        messages.success(request, "C’est ajouté.")
        return redirect(f"/essai/fait/{row.pk}/")
    return HttpResponse(Template(PAGE).render(RequestContext(request, {"form": form})))


def done(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(
        Template("{% for message in messages %}{{ message }}{% endfor %}").render(RequestContext(request))
    )


urlpatterns = [
    path("essai/", une_seule_fois(form_view)),
    path("essai/sans-cle/", form_view),
    path("essai/fait/<int:pk>/", done),
    path("", include(project_urls)),
]
handler403 = "home.erreurs.forbidden"
handler500 = "home.erreurs.server_error"
