"""Keeping a search, receiving its alert, stopping it in one click; on a desk and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from collectivites.models import Theme
from search.enums import FrequenceAlerte
from search.gardees.alertes import write_alerts
from search.models import RechercheGardee
from tests.distribution import Distribution
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_and_keep, check_page
from tests.ressources.factories import make_ressource
from tests.search.gardees import kept, leave, morning

Visit = Callable[..., Visitor]

LONG = "Délibérations du conseil municipal sur l’urbanisme réglementaire, Plancommunalintercommunalsansespace"


@pytest.fixture
def theme(live_server: object, distribution: Distribution) -> Theme:
    theme = Theme.objects.first()
    make_ressource("Règlement du marché", theme=theme, collectivite=distribution.b)
    make_ressource("Un autre sujet", theme=Theme.objects.last(), collectivite=distribution.b)
    return theme


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_keep_a_search_receive_the_alert_stop_it(
    visitor: Visit, distribution: Distribution, theme: Theme, phone: bool
) -> None:
    secretaire = visitor(distribution.secretaire_a, phone=phone)
    there = secretaire.go(f"/ressources/?theme={theme.slug}")
    there.get_by_role("link", name="Garder cette recherche").click()
    expect(there.get_by_label("Son nom")).to_have_value(theme.nom)
    there.get_by_label("Son nom").fill("Mon suivi")
    there.get_by_label("Chaque jour").check()
    there.get_by_role("button", name="Garder cette recherche").click()
    expect(there.get_by_text("« Mon suivi » est gardée.")).to_be_visible()
    there.get_by_role("link", name="Mon suivi", exact=True).click()
    expect(there.get_by_role("heading", name="1 document")).to_be_visible()

    make_ressource("Nouvelle convention", theme=theme, collectivite=distribution.b)
    assert write_alerts(morning()) == 1
    (message,) = leave()
    assert message.subject == "Une nouveauté dans «\u00a0Mon suivi\u00a0»"
    assert "Nouvelle convention" in message.body
    assert "Règlement du marché" not in message.body
    path = re.search(r"/recherche/alertes/\S+?/", message.body)[0]

    reader = visitor(phone=phone)
    page = reader.go(path)
    expect(page.get_by_role("heading", name="Arrêter cette alerte")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Arrêter cette alerte").click()
    expect(page.get_by_role("heading", name="L’alerte est arrêtée")).to_be_visible()
    check_page(page)
    assert RechercheGardee.objects.get().frequence == FrequenceAlerte.JAMAIS
    there = secretaire.go("/recherche/gardees/")
    expect(there.get_by_text("Sans alerte")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(visitor: Visit, distribution: Distribution, theme: Theme, phone: bool) -> None:
    look = "telephone" if phone else "bureau"
    agent = distribution.agent_a
    kept(agent, f"theme={theme.slug}", nom=LONG)
    kept(agent, "fonction=famille%3Atechnique&present=1", FrequenceAlerte.HEBDOMADAIRE, liste="annuaire", nom="Équipes")
    kept(agent, "quoi=barnum", FrequenceAlerte.JAMAIS, liste="materiel", nom="Barnum")
    muette = kept(agent, "q=secourisme", liste="formations", nom="Secourisme")
    RechercheGardee.objects.filter(pk=muette.pk).update(
        empechement="Un de ses critères n’est plus proposé par la liste. L’alerte reprendra s’il revient."
    )
    person = visitor(agent, phone=phone)
    for name, path in {
        "liste": "/recherche/gardees/",
        "modifier": f"/recherche/gardees/{muette.pk}/",
        "garder": "/recherche/gardees/garder/?liste=annuaire&demande=present%3D1",
        "recherche": "/recherche/",
        "resultats": "/recherche/?q=deliberation",
        "ressources": f"/ressources/?theme={theme.slug}",
        "annuaire": "/annuaire/?q=aval",
        "materiel": "/materiel/?quoi=barnum",
        "formations": "/formations/?q=secourisme",
    }.items():
        there = person.go(path)
        check_and_keep(there, f"gardees/{name}-{look}")
    empty = visitor(distribution.elue_b, phone=phone).go("/recherche/gardees/")
    expect(empty.get_by_role("heading", name="Aucune recherche gardée")).to_be_visible()
    check_and_keep(empty, f"gardees/vide-{look}")


def test_renamed_stopped_and_deleted_with_the_keyboard(
    visitor: Visit, distribution: Distribution, theme: Theme
) -> None:
    kept(distribution.agent_a, f"theme={theme.slug}", nom="Mon suivi")
    there = visitor(distribution.agent_a, java_script_enabled=False).go("/recherche/gardees/")
    there.get_by_role("button", name="Arrêter l’alerte").press("Enter")
    expect(there.get_by_text("La recherche reste gardée.")).to_be_visible()
    there.get_by_role("link", name="Modifier").press("Enter")
    there.get_by_label("Son nom").fill("")
    there.get_by_role("button", name="Enregistrer").press("Enter")
    expect(there.get_by_text("Donnez-lui un nom").first).to_be_visible()
    there.get_by_label("Son nom").fill("Autre nom")
    there.get_by_role("button", name="Enregistrer").press("Enter")
    expect(there.get_by_role("link", name="Autre nom", exact=True)).to_be_visible()
    there.get_by_role("link", name="Modifier").press("Enter")
    there.get_by_role("button", name="Supprimer cette recherche").press("Enter")
    expect(there.get_by_role("heading", name="Aucune recherche gardée")).to_be_visible()
