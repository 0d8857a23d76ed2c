"""A question that stands under a reserved sheet is told, listed, counted and found by its readers alone."""

from collections.abc import Callable
from html import unescape

import pytest
from django.db.models import Q
from django.test import Client

from collectivites.cles import CHAMP
from collectivites.diffusion import ELUS, EPCI, code_collectivite
from collectivites.models import Expertise
from notifications.models import Notification
from ressources.echanges import accept, say
from ressources.models import Echange, QuestionReponse, RessourcePage
from ressources.questions.publier import next_check, remind
from ressources.versions import RessourceRefusee
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource, make_version
from tests.ressources.formulaires import key_for
from tests.ressources.questions.fabriques import make_question
from tests.ressources.sorties import workbook
from tests.ressources.test_fuites import CACHEES, EDITEURS, MOT, Cachee
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

REPONDUE = "couleuvre"  # the word of the answer, which no title holds


def asked_under(cast: Distribution, hidden: Cachee) -> tuple[Echange, QuestionReponse]:
    """Everybody may be asked about its theme; a question, its answer, and the answer that was drawn from it."""
    hidden.page = RessourcePage.objects.get(pk=hidden.page.pk)
    for agent in filter(None, cast.roles().values()):
        Expertise.objects.create(agent=agent, theme=hidden.page.theme, libelle=f"Connaît {agent.pk}")
    asked = say(hidden.page, cast.responsable, cast.epci, texte=f"Question {MOT}")
    answer = say(hidden.page, cast.administrateur, cast.epci, texte=f"Réponse {MOT} {REPONDUE}", reponse_a=asked)
    accept(answer, cast.responsable)
    entry = make_question(
        f"Faut-il un {MOT} ?", reponse=f"Oui, un {REPONDUE}.", page=hidden.page, theme=hidden.page.theme, origine=asked
    )
    make_version(hidden.version.fichier, f"autre texte {REPONDUE}")
    return asked, entry


def text(address: str) -> Callable[[Client, Cachee, QuestionReponse], str]:
    def got(client: Client, hidden: Cachee, entry: QuestionReponse) -> str:
        current = hidden.page.fichiers.get().versions.order_by("-numero").first()
        words = {"entry": entry.pk, "origine": entry.origine_id, "version": current.pk, "theme": hidden.page.theme.slug}
        html = client.get(address.format(**words)).content.decode()
        return html.replace(f'value="{MOT}"', "").replace(f'value="{REPONDUE}"', "")

    return got


WAYS = {
    "questions": text("/ressources/questions/"),
    "questions du thème": text("/ressources/questions/?theme={theme}"),
    "questions par mot": text(f"/ressources/questions/?q={REPONDUE}"),
    "question": text("/ressources/questions/{entry}/"),
    "à reprendre": text("/ressources/questions/?vue=a_reprendre"),
    "à vérifier": text("/ressources/questions/?vue=a_verifier"),
    "retirées": text("/ressources/questions/?vue=retirees"),
    "publier": text("/ressources/echanges/{origine}/publier/"),
    "thème": text("/ressources/themes/{theme}/"),
    "recherche": text(f"/recherche/?q={REPONDUE}"),
    "recherche par onglet": text(f"/recherche/?q={REPONDUE}&genre=questions"),
    "suggestions": text("/recherche/suggestions/?q=faut"),
    "ressources par mot": text(f"/ressources/?q={REPONDUE}"),
    "comparer": text("/ressources/versions/{version}/comparer/"),
    "accueil": text("/"),
    "notifications": text("/notifications/"),
    "XLSX des questions": lambda client, hidden, entry: workbook("/admin/questions-reponses/?export=xlsx")(
        client, hidden
    ),
    "fiche de l’admin": text("/admin/questions-reponses/inspect/{entry}/"),
}
SHOWN = {"questions", "questions du thème", "questions par mot", "question", "thème", "recherche", "comparer"}


@pytest.mark.parametrize("make", CACHEES)
def test_it_is_on_no_way_out(make: Callable[[Distribution], Cachee], distribution: Distribution) -> None:
    hidden = make(distribution)
    _, entry = asked_under(distribution, hidden)
    leaks = []
    for role, agent in distribution.roles().items():
        if role in hidden.lecteurs or role in EDITEURS:
            continue
        client = open_session(agent) if agent else Client()
        shown = {way: get(client, hidden, entry) for way, get in WAYS.items()}
        leaks += [(role, way) for way, html in shown.items() if MOT in html or "un couleuvre" in html]
        leaks += [(role, way) for way, html in shown.items() if "1 question<" in html]
        leaks += [(role, "visible_to")] if QuestionReponse.objects.visible_to(agent).exists() else []
        leaks += [(role, "échanges")] if Echange.objects.visible_to(agent).exists() else []
    assert leaks == []


@pytest.mark.parametrize("make", CACHEES[:3])
def test_its_readers_find_it(make: Callable[[Distribution], Cachee], distribution: Distribution) -> None:
    """Else the test above would prove nothing."""
    hidden = make(distribution)
    _, entry = asked_under(distribution, hidden)
    for role in hidden.lecteurs:
        client = open_session(distribution.roles()[role])
        html = {way: WAYS[way](client, hidden, entry) for way in SHOWN}
        assert [way for way, words in html.items() if MOT not in words and "couleuvre" not in words] == []


@pytest.mark.parametrize("make", CACHEES)
def test_only_readers_are_told(make: Callable[[Distribution], Cachee], distribution: Distribution) -> None:
    hidden = make(distribution)
    asked, entry = asked_under(distribution, hidden)
    QuestionReponse.objects.filter(pk=entry.pk).update(a_verifier_avant="2020-01-01")
    remind()
    lines = Notification.objects.filter(Q(titre__contains=MOT) | Q(texte__contains=MOT))
    told = {role for role, agent in distribution.roles().items() if agent and lines.filter(destinataire=agent).exists()}
    assert told - EDITEURS == hidden.lecteurs - {"sans_poste"}
    assert lines.values("destinataire", "cle").distinct().count() == lines.count()


@pytest.mark.parametrize("make", CACHEES)
def test_nothing_is_written_under_what_one_does_not_see(
    make: Callable[[Distribution], Cachee], distribution: Distribution
) -> None:
    hidden = make(distribution)
    asked, _ = asked_under(distribution, hidden)
    answer = asked.reponses.get()
    before = Echange.objects.count()
    for role, agent in distribution.roles().items():
        if agent is None or role in hidden.lecteurs or role in EDITEURS:
            continue
        for address in (
            f"/ressources/{hidden.page.pk}/echanges/",
            f"/ressources/{hidden.page.pk}/echanges/{asked.pk}/",
            f"/ressources/echanges/{answer.pk}/retenir/",
            f"/ressources/echanges/{asked.pk}/traite/",
        ):
            given = {"texte": "x", "genre": "question", CHAMP: key_for(agent)}
            assert open_session(agent).post(address, given).status_code == 404, (role, address)
        with pytest.raises(RessourceRefusee):
            accept(answer, agent)
    assert Echange.objects.count() == before


def test_readers_that_nobody_could_find_are_refused(distribution: Distribution) -> None:
    """« Élus » and a commune have no code in common, though the élus of that commune read both."""
    page = make_ressource("Règlement", diffusion=[code_collectivite(distribution.b.pk)])
    entry = make_question(page=page, theme=page.theme, diffusion=[ELUS, EPCI])
    assert QuestionReponse.objects.visible_to(distribution.elue_b).exists()
    assert entry.codes == ()
    fields = {"question": "Et ici ?", "reponse": "Oui.", "theme": entry.theme_id}
    client, until = open_session(distribution.administrateur), next_check().isoformat()
    for address, given in (
        (
            f"/ressources/questions/{entry.pk}/modifier/",
            {"lecteurs": "garder", "a_verifier_avant": until},
        ),
        (f"/admin/questions-reponses/edit/{entry.pk}/", {"page": page.pk, "diffusion": [ELUS], "statut": "publiee"}),
    ):
        given |= fields | {CHAMP: key_for(distribution.administrateur)}
        assert "Personne ne trouverait" in unescape(client.post(address, given).content.decode()), address
    given = fields | {
        "lecteurs": "fiche",
        "a_verifier_avant": until,
        CHAMP: key_for(distribution.administrateur),
    }
    assert client.post(f"/ressources/questions/{entry.pk}/modifier/", given).status_code == 302
    entry.refresh_from_db()
    assert entry.codes == tuple(page.diffusion)
