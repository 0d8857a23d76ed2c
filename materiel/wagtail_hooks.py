"""The lending among the lists of the admin, and the thing beside each sheet that is written there."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.models import Page

from materiel.forms.administration import MaterielPageForm
from materiel.models import Materiel, MaterielPage
from materiel.parc.edition import recategorise, recount
from materiel.parc.propositions import Contenu, hang
from materiel.refus import PretRefuse
from materiel.viewsets import MaterielGroup

# Named here: a model cannot name its form, which stands on it.
MaterielPage.base_form_class = MaterielPageForm


@hooks.register("register_admin_viewset")
def register_lists() -> list[ViewSetGroup]:
    return [MaterielGroup()]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def keep_thing(request: HttpRequest, page: Page) -> None:
    """What the form says of the thing, once the sheet is written."""
    saisie = getattr(page, "saisie", None)
    if saisie is None:
        return
    thing = Materiel.objects.select_related("page").filter(page=page.pk).first()
    if thing is None:
        hang(page, saisie, request.user)
        return
    recategorise(thing, saisie["categorie"], request.user)
    try:
        if not thing.numeros.filter(en_service=True).exists():
            recount(thing, Contenu(nom=page.title, stock=saisie["stock"]), request.user)
    except PretRefuse as refusal:
        messages.error(request, str(refusal))
