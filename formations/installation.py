"""What `installer` makes of the training: publics, page, rights."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from collectivites.collections import install_collection
from collectivites.droits import allow, grant
from collectivites.enums import Domaine
from collectivites.listes import rows_of
from collectivites.models import Fonction
from formations.models import FormationsPage, PublicFormation, ReglagesFormation, RegleVisa, SessionFormation

DATA, COLLECTION = Path(__file__).parent / "data", "Formations"
CHAPEAU = "Près de chez vous, ouvertes à tous les agents et élus du territoire."
ACTIONS = ("add", "change", "publish", "lock", "unlock")


@transaction.atomic
def install() -> None:
    install_collection(COLLECTION, Domaine.FORMATIONS)
    install_publics()
    grant(Domaine.FORMATIONS, PublicFormation)
    grant(Domaine.FORMATIONS, RegleVisa)
    grant(Domaine.FORMATIONS, SessionFormation, ("view",))
    grant(Domaine.FORMATIONS, ReglagesFormation, ("change",))


def install_publics() -> None:
    """Adds the missing ones, known by their code; those that exist are left as the territory wrote them."""
    known = set(PublicFormation.objects.values_list("code", flat=True))
    fonctions = {one.code: one for one in Fonction.objects.all()}
    for rank, row in enumerate(rows_of("publics.csv", DATA), 1):
        if row["code"] in known:
            continue
        public = PublicFormation.objects.create(code=row["code"], libelle=row["libelle"], ordre=10 * rank)
        wanted = set(row["fonctions"].split("|")) if row["fonctions"] else set()
        families = {code.removeprefix("famille:") for code in wanted if code.startswith("famille:")}
        public.fonctions.set(one for one in fonctions.values() if one.code in wanted or one.famille in families)


@transaction.atomic
def plant(accueil: Page) -> None:
    """The catalogue, whose sheets the responsables write."""
    page = FormationsPage.objects.first()
    if page is None:
        now = timezone.now()
        page = FormationsPage(title="Formations", chapeau=CHAPEAU, first_published_at=now, last_published_at=now)
        accueil.add_child(instance=page)
    allow(Domaine.FORMATIONS, page, ACTIONS)
