"""What the lending holds about a person is given, blanked or handed over; no model that names one is forgotten."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, models
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtail.rich_text import RichText

from collectivites.effacement import NOM, erase
from collectivites.models import Agent
from materiel.apports import donnees_personnelles, fusionner, traitements
from materiel.contrats import conventions
from materiel.enums import Cote, Nature, NatureIncident, StatutPret, TypeConstat, TypePapier
from materiel.installation import ATTENTE
from materiel.models import (
    Besoin,
    Categorie,
    Constat,
    Convention,
    Element,
    Engagement,
    Incident,
    LienAgenda,
    Materiel,
    MaterielPage,
    Message,
    Papier,
    Pret,
    Proposition,
    ReponseBesoin,
    Signature,
    Unite,
)
from materiel.personnes import LIENS
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.distribution import Distribution
from tests.materiel.contrats import granted, signed
from tests.materiel.factories import EngagementFactory, make_materiel, monday
from tests.ressources.factories import ImageFactory

pytestmark = pytest.mark.django_db

PRENOM, NOM_PROPRE = "Zéphyrine", "Quillfeldt"
TRACES = [PRENOM, NOM_PROPRE, "Personne à joindre"]
# Acts of two collectivités.
ACTES = {
    "materiel_signature.nom",
    "materiel_signature.preuve",
    "materiel_constat.nom_emprunteur",
    "materiel_convention.donnees",
}


@pytest.fixture
def agent(distribution: Distribution) -> Agent:
    """Somebody who left, and did everything one does here."""
    agent = AgentFactory(prenom=PRENOM, nom=NOM_PROPRE, slug="essai-zq", email="zq@essai.example")
    PosteFactory(agent=agent, collectivite=distribution.a, date_fin=timezone.localdate() - timedelta(days=1))
    leave_loans(agent, distribution)
    leave_things(agent, distribution)
    return agent


def leave_loans(agent: Agent, cast: Distribution) -> None:
    thing = make_materiel("Podium", collectivite=cast.a, lieu=f"Voir {agent}", consignes=f"{agent} montre")
    Materiel.objects.filter(pk=thing.pk).update(contact=agent, conducteur_nom=agent)
    draft = granted(thing, cast.b, usage=f"Fête de {agent}", demandeur=agent, reponse_par=agent, conducteur=agent)
    conventions.prepare(Pret.objects.get(pk=draft.pk), agent)
    other = make_materiel("Scène", collectivite=cast.b)
    loan = granted(other, cast.a, demandeur=agent, conducteur=agent)
    kept = signed(loan, agent, donnees={"articles": [{"alineas": [f"Conduit par {agent}."]}]}, preparee_par=agent)
    Signature.objects.filter(convention=kept).update(nom=str(agent), preuve=f"copie déposée par {agent}")
    Convention.objects.filter(pk=kept.pk).update(scan_nom=f"signée {agent}.pdf", copie_par=agent)
    Message.objects.create(pret=loan, auteur=agent, texte="Nous viendrons à deux.")
    Message.objects.create(pret=loan, auteur=cast.elue_b, texte=f"Merci {agent}")
    Proposition.objects.create(
        pret=loan,
        cote=Cote.PRETEUR,
        auteur=agent,
        materiel=other,
        mot=f"Dit par {agent}",
        date_debut=monday(),
        date_fin=monday(),
        repondre_avant=monday(),
    )
    names = {"nom_preteur": "Elise Bourg", "nom_emprunteur": str(agent), "remarque": f"{agent} était là"}
    people = {"auteur": agent, "agent_preteur": agent, "agent_emprunteur": agent}
    constat = Constat.objects.create(pret=loan, type=TypeConstat.REMISE, quantite=1, **names, **people)
    Element.objects.create(constat=constat, nom="Bâche", etat="bon", note=f"Vue par {agent}")
    Incident.objects.create(
        pret=loan, materiel=other, nature=NatureIncident.DOMMAGE, description=f"Selon {agent}", ouvert_par=agent
    )
    Pret.objects.filter(pk=loan.pk).update(lieu_usage=f"Chez {agent}", motif=f"Dit {agent}")


def leave_things(agent: Agent, cast: Distribution) -> None:
    thing = make_materiel(f"Échafaudage de {agent}", collectivite=cast.a, accroche=f"Demander {agent}")
    page = MaterielPage.objects.get(pk=thing.page_id)
    page.corps = [("texte", RichText(f"<p>{agent} sait le monter.</p>"))]
    page.save_revision(user=agent).publish()
    Unite.objects.create(materiel=thing, numero="1", note=f"Prêtée à {agent}")
    EngagementFactory(materiel=thing, nature=Nature.USAGE, motif=f"Pour {agent}", auteur=agent)
    Papier.objects.create(
        materiel=thing,
        type=TypePapier.NOTICE,
        libelle=f"Notice de {agent}",
        nom=f"{agent}.pdf",
        file=ContentFile(b"%PDF-1.7", "notice.pdf"),
        depose_par=agent,
    )
    LienAgenda.objects.create(collectivite=cast.a, agent=agent, empreinte="1" * 64)
    besoin = Besoin.objects.create(
        collectivite=cast.a,
        auteur=agent,
        categorie=Categorie.objects.first(),
        objet=f"Nacelle de {agent}",
        occasion=f"Pour {agent}",
        date_debut=monday(),
        date_fin=monday(),
    )
    ReponseBesoin.objects.create(besoin=besoin, collectivite=cast.b, auteur=agent, mot=f"Voir {agent}")
    waiting = {"title": f"Photo de {agent}", "collection": Collection.objects.get(name=ATTENTE)}
    ImageFactory(**waiting, uploaded_by_user=agent)


def leaks() -> set[str]:
    """Cells of our tables, of the revisions and of the index that hold a trace."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(("materiel_", "wagtailcore_revision", "wagtailcore_page", "search_searchentry")):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, cell in zip(columns, row, strict=True):
                    if any(is_told(trace, str(cell)) for trace in TRACES):
                        found.add(f"{table}.{column}")
    return found


def is_told(trace: str, cell: str) -> bool:
    once = json.dumps(trace)[1:-1]
    return any(form in cell for form in (trace, once, json.dumps(once)[1:-1]))


def named_by() -> set[tuple[type[models.Model], str]]:
    """Every column of our app that points to a person, but the owner of a page, which the home app looks after."""
    return {
        (model, field.name)
        for model in apps.get_app_config("materiel").get_models()
        for field in model._meta.local_fields
        if field.related_model is Agent and field.model is model
    }


def test_every_column_that_names_somebody_is_merged():
    assert named_by() == set(LIENS)


def test_nothing_but_signed_acts_names_them_any_more(agent: Agent, distribution: Distribution):
    before = leaks()
    assert before >= ACTES | {
        "materiel_message.texte",
        "materiel_pret.usage",
        "materiel_materiel.consignes",
        "materiel_materielpage.corps",
        "wagtailcore_revision.content",
        "wagtailcore_page.title",
    }
    erase(agent, distribution.responsable)
    assert leaks() == ACTES


def test_signed_acts_stay_whole_drafts_do_not(agent: Agent, distribution: Distribution):
    draft, kept = Convention.objects.get(signatures=None), Convention.objects.exclude(signatures=None).first()
    named, before = str(agent), draft.sha256
    assert named in json.dumps(draft.donnees, ensure_ascii=False)
    erase(agent, distribution.responsable)
    draft.refresh_from_db()
    kept.refresh_from_db()
    assert {one.nom for one in kept.signatures.all()} == {named}
    assert named in json.dumps(kept.donnees, ensure_ascii=False)
    assert Constat.objects.get().nom_emprunteur == named
    assert Constat.objects.get().remarque == f"{NOM} était là"
    assert NOM in json.dumps(draft.donnees, ensure_ascii=False)
    with draft.file.open("rb") as drawn:
        assert hashlib.sha256(drawn.read()).hexdigest() == draft.sha256 != before


def test_the_loans_stay_and_are_nobodys(agent: Agent, distribution: Distribution):
    erase(agent, distribution.responsable)
    assert not Pret.objects.exclude(conducteur=None).exists()
    assert not Materiel.objects.exclude(contact=None).exists()
    assert not LienAgenda.objects.exists()
    assert not get_image_model().objects.filter(collection__name=ATTENTE).exists()
    assert {str(one.demandeur) for one in Pret.objects.all()} == {NOM}
    assert {one.texte for one in Message.objects.all()} == {"Nous viendrons à deux.", f"Merci {NOM}"}
    assert Pret.objects.filter(statut=StatutPret.ACCEPTE).count() == 2


def test_everything_held_is_given(agent: Agent):
    held = donnees_personnelles(agent)
    text = json.dumps(held, ensure_ascii=False)
    assert all(held.values()), {name for name, rows in held.items() if not rows}
    for trace in ("Nous viendrons à deux.", f"Nacelle de {agent}", f"Dit par {agent}", "Podium", f"Selon {agent}"):
        assert trace in text
    assert "1" * 64 not in text


def test_merged_with_what_the_other_had_already(agent: Agent, distribution: Distribution):
    kept = distribution.agent_a
    LienAgenda.objects.create(collectivite=distribution.a, agent=kept, empreinte="2" * 64)
    fusionner(kept, agent)
    for model, holder in LIENS:
        assert not model.objects.filter(**{holder: agent}).exists(), (model, holder)
    assert LienAgenda.objects.get(revoque_le=None).empreinte == "2" * 64
    assert LienAgenda.objects.get(empreinte="1" * 64).revoque_le is not None
    assert Materiel.objects.get(page__title="Podium").contact == kept
    assert Engagement.objects.filter(auteur=kept).exists()
    assert get_image_model().objects.get(collection__name=ATTENTE).uploaded_by_user == kept


def test_the_register_says_that_signed_acts_are_kept():
    (signatures,) = [one for one in traitements() if one.code == "conventions"]
    assert "même après l’effacement" in signatures.conservation
