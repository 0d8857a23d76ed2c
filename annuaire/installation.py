"""What `installer` makes of the annuaire: its page, and who writes it."""

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from annuaire.models import AnnuairePage, Astreinte
from collectivites.droits import allow, grant
from collectivites.enums import Domaine

CHAPEAU = "Qui fait quoi, et comment joindre chacun, dans les communes et à l’intercommunalité."
ACTIONS = ("change", "publish", "lock", "unlock")


def install() -> None:
    grant(Domaine.ANNUAIRE, Astreinte)


@transaction.atomic
def plant(accueil: Page) -> None:
    """The page of the annuaire, whose words its responsables write; it has no page below."""
    page = AnnuairePage.objects.first()
    if page is None:
        now = timezone.now()
        page = AnnuairePage(title="Annuaire", chapeau=CHAPEAU, first_published_at=now, last_published_at=now)
        accueil.add_child(instance=page)
    allow(Domaine.ANNUAIRE, page, ACTIONS)
