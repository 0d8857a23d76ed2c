"""Two communes ready to sign, a loan of the mini-pelle, and how its état des lieux is filled."""

from playwright.sync_api import Locator, Page

from materiel.models import Accessoire, Pret
from tests.distribution import Distribution
from tests.e2e.browser import every
from tests.materiel.contrats import give_roles, granted
from tests.materiel.factories import make_materiel


def ready(distribution: Distribution) -> Distribution:
    give_roles(distribution)
    for place, siren in ((distribution.a, "213905268"), (distribution.b, "213902331")):
        place.siren, place.adresse, place.code_postal, place.ville = siren, "1 place Haute", "39500", place.nom
        place.save()
    return distribution


def of_the_digger(cast: Distribution) -> Pret:
    thing = make_materiel(
        "Mini-pelle 2,5 t",
        collectivite=cast.a,
        contact=cast.agent_a,
        compteur=True,
        carburant="à rendre plein",
        lieu="centre technique",
        categorie_code="espaces-verts",
        valeur_remplacement=18500,
        tarif_jour=90,
        inventaire="AVA-003",
    )
    Accessoire.objects.create(materiel=thing, nom="Sangles", nombre=4)
    return granted(thing, cast.b, demandeur=cast.secretaire_b)


def element(page: Page, nom: str) -> Locator:
    return page.locator("[data-element]").filter(has=page.get_by_role("heading", name=nom))


def see_all(page: Page) -> None:
    for line in every(page.locator("[data-element]")):
        line.locator(".ec-segment label").first.click()
    if page.get_by_label("Compteur d’heures").count():
        page.get_by_label("Compteur d’heures").fill("1482,5")
        page.locator("label", has_text="Plein").last.click()
    for box in every(page.locator("[data-qui] > label input")):
        box.check()
