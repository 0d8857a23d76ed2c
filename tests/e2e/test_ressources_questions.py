"""In the browser: a question under a theme becomes an answer for all; two versions are compared."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from collectivites.diffusion import ELUS
from ressources.echanges import accept, say
from ressources.models import Echange, QuestionReponse, RessourcePage, Telechargement
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_and_keep, check_page
from tests.ressources.factories import make_ressource, make_version
from tests.ressources.questions.fabriques import exchange, knows, make_question, theme

Visit = Callable[..., Visitor]

AVANT = "\n\n".join(
    [
        "Règlement intérieur du cimetière",
        *(f"Article {n}. Les emplacements sont désignés par la mairie dans l’ordre du plan." for n in range(1, 6)),
        "Article 6. Concession de 2 m² pour 30 ans : [montant] euros.",
        "Article 7. Les travaux sont interdits le samedi et le dimanche.",
        *(f"Article {n}. Chacun se comporte avec la décence due au lieu." for n in range(8, 14)),
        "Article 14. Le présent arrêté entre en vigueur le [date].",
    ]
)
APRES = AVANT.replace("Article 6. Concession de 2 m² pour 30 ans : [montant] euros.\n\n", "").replace(
    "interdits le samedi et le dimanche", "interdits le samedi, le dimanche et les jours fériés"
)
APRES += "\n\nArticle 15. Le columbarium est ouvert aux mêmes horaires."


@pytest.fixture
def page(live_server: object, distribution: Distribution) -> RessourcePage:
    page = make_ressource(
        "Règlement intérieur du cimetière", AVANT, collectivite=distribution.b, referent=distribution.secretaire_b,
        theme=theme(),
    )  # fmt: skip
    fichier = page.fichiers.get()
    Telechargement.objects.create(
        version=fichier.versions.get(), agent=distribution.agent_a, collectivite=distribution.a
    )
    make_version(fichier, APRES, changements="Tarifs renvoyés à la délibération, jours fériés, columbarium")
    return page


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_from_a_question_to_an_answer_that_others_find(
    visitor: Visit, distribution: Distribution, page: RessourcePage, phone: bool
) -> None:
    knows(distribution.elue_b)
    there = visitor(distribution.agent_a, phone=phone).go("/ressources/themes/funeraire/")
    there.get_by_text("Poser une question sur ce thème").first.click()
    expect(there.get_by_text("Votre question ira à 2")).to_be_visible()
    there.get_by_label("Votre question").fill("À Aval, combien de temps entre les deux constats d’abandon ?")
    there.get_by_role("button", name="Envoyer la question").click()
    expect(there.get_by_text("Votre question est partie")).to_be_visible()

    expert = visitor(distribution.elue_b, phone=phone).go("/notifications/")
    expert.locator("main").get_by_role("link", name="Une question sur").first.click()
    thread = expert.locator(f"#echange-{Echange.objects.get().pk}")
    thread.locator("summary", has_text="Répondre").click()
    thread.get_by_label("Votre réponse").fill("Un an depuis la loi 3DS. Simone Bourg garde les photos.")
    thread.get_by_role("button", name="Envoyer la réponse").click()
    expect(expert.get_by_text("Votre réponse est envoyée")).to_be_visible()

    there.goto("/ressources/themes/funeraire/")
    there.get_by_role("button", name="Cela répond à ma question").click()
    expect(there.get_by_text("répond à la question")).to_be_visible()

    keeper = visitor(distribution.responsable, phone=phone).go("/ressources/questions/")
    keeper.get_by_role("link", name="À reprendre").click()
    keeper.get_by_role("link", name="En faire une réponse pour tous").click()
    expect(keeper.get_by_label("La réponse", exact=True)).to_have_value(
        "Un an depuis la loi 3DS. Une personne garde les photos."
    )
    picture(keeper, f"questions/publier-{'telephone' if phone else 'bureau'}")
    check_page(keeper)
    keeper.get_by_label("La question").fill("Combien de temps entre deux constats d’abandon à Aval ?")
    keeper.get_by_role("button", name="Publier la réponse").click()
    expect(keeper.get_by_text("désignent peut-être quelqu’un")).to_be_visible()
    check_page(keeper)
    keeper.get_by_label("La question").fill("Combien de temps entre deux constats d’abandon ?")
    keeper.get_by_role("button", name="Publier la réponse").click()
    expect(keeper.get_by_text("la recherche la trouve")).to_be_visible()

    colleague = visitor(distribution.secretaire_b, phone=phone).go("/recherche/?q=constats+abandon")
    colleague.get_by_role("link", name="Combien de temps entre deux constats d’abandon").click()
    expect(colleague.get_by_role("heading", level=1)).to_contain_text("Combien de temps")
    expect(colleague.get_by_text("Une personne garde les photos")).to_be_visible()
    assert "Alain" not in colleague.locator("main").inner_text()
    check_page(colleague)


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_an_old_copy_is_compared_with_the_present_version(
    visitor: Visit, distribution: Distribution, page: RessourcePage, phone: bool
) -> None:
    there = visitor(distribution.agent_a, phone=phone).go(page.url)
    expect(there.get_by_text("Votre copie est périmée")).to_be_visible()
    there.get_by_role("link", name="Voir ce qui change", exact=True).click()
    expect(there.get_by_role("heading", name="3 paragraphes changés")).to_be_visible()
    expect(there.get_by_text("Paragraphe retiré")).to_be_visible()
    folded = there.get_by_text("paragraphes identiques").first
    folded.focus()
    there.keyboard.press("Enter")
    expect(there.get_by_text("Article 2. Les emplacements")).to_be_visible()
    check_page(there)


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(visitor: Visit, distribution: Distribution, page: RessourcePage, phone: bool) -> None:
    look = "telephone" if phone else "bureau"
    knows(distribution.elue_b)
    word = "z" * 80
    asked = exchange(theme(), distribution.agent_a, distribution.a, distribution.elue_b)
    accept(asked.reponses.get(), distribution.agent_a)
    exchange(page, distribution.responsable, distribution.epci, distribution.secretaire_b, reponse=word)
    say(theme(), distribution.responsable, distribution.epci, texte=f"Et le samedi ? {word}")
    make_question(page=page)
    make_question(f"Qui paie {word} ?", a_verifier_avant=timezone.localdate() - timedelta(days=3))
    reserved = make_ressource("Note aux élus", diffusion=[ELUS], theme=theme())
    hidden = exchange(reserved, distribution.elue_b, distribution.b, distribution.elue_b)
    current = page.fichiers.get().versions.order_by("-numero").first()
    keeper = visitor(distribution.responsable, phone=phone)
    for name, path in {
        "theme": "/ressources/themes/funeraire/",
        "fiche": page.url,
        "liste": "/ressources/questions/",
        "a-reprendre": "/ressources/questions/?vue=a_reprendre",
        "a-verifier": "/ressources/questions/?vue=a_verifier",
        "retirees": "/ressources/questions/?vue=retirees",
        "rien": "/ressources/questions/?q=licorne",
        "question": QuestionReponse.objects.get(page=page).get_absolute_url(),
        "publier": f"/ressources/echanges/{hidden.pk}/publier/",
        "modifier": f"{QuestionReponse.objects.get(page=page).get_absolute_url()}modifier/",
        "comparer": f"/ressources/versions/{current.pk}/comparer/",
        "comparer-rien": f"/ressources/versions/{page.fichiers.get().versions.get(numero=1).pk}/comparer/",
    }.items():
        there = keeper.go(path)
        there.eval_on_selector_all("main details", "nodes => nodes.slice(0, 4).forEach(node => { node.open = true; })")
        check_and_keep(there, f"questions/{name}-{look}")
