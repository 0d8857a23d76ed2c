"""What the resources hold about a person is given, blanked or handed over; no model that names one is forgotten."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from collectivites.effacement import NOM, erase
from collectivites.models import Agent
from ressources.apports import donnees_personnelles, fusionner, traitements
from ressources.enums import GenreEchange, StatutDemande, StatutVersion
from ressources.models import (
    Avis,
    DemandeDocument,
    Depot,
    Echange,
    Favori,
    Lecture,
    LienFlux,
    LienPartage,
    Lot,
    ModeleARemplir,
    QuestionReponse,
    Reprise,
    RessourcePage,
    Soutien,
    Telechargement,
    ValeurGardee,
    VersionFichier,
)
from ressources.personnes import LIENS
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource, make_version

pytestmark = pytest.mark.django_db

PRENOM, NOM_PROPRE = "Zéphyrine", "Quillfeldt"
TRACES = [PRENOM, NOM_PROPRE, "0639987777", "À moi seule"]


@pytest.fixture
def agent(distribution: Distribution) -> Agent:
    """Somebody who left, and did everything one does here."""
    agent = AgentFactory(prenom=PRENOM, nom=NOM_PROPRE, slug="essai-zq", email="zq@essai.example")
    yesterday = timezone.localdate() - timedelta(days=1)
    PosteFactory(agent=agent, collectivite=distribution.a, date_fin=yesterday)
    leave_traces(agent, distribution)
    return agent


def leave_traces(agent: Agent, cast: Distribution) -> None:
    page = make_ressource("Le règlement", collectivite=cast.a, owner=agent, referent=agent)
    RessourcePage.objects.filter(pk=page.pk).update(verifie_par=f"{agent}, Aval", verifie_le=timezone.localdate())
    RessourcePage.objects.get(pk=page.pk).save_revision(user=agent)
    version = make_version(
        page.fichiers.get(),
        auteur=agent,
        changements=f"Relu par {agent}",
        statut=StatutVersion.RETIREE,
        motif_retrait=f"Demande de {agent}",
    )
    Telechargement.objects.create(version=version, agent=agent, collectivite=cast.a)
    Lecture.objects.create(version=version, agent=agent)
    Favori.objects.create(page=page, agent=agent, note="À moi seule")
    Favori.objects.create(page=page, agent=cast.agent_a, note=f"Demander à {agent}")
    Avis.objects.create(page=page, agent=agent, utile=True)
    Reprise.objects.create(page=page, collectivite=cast.a, agent=agent, mot=f"Voir {agent}", telephone="0639987777")
    said = {"page": page, "auteur": cast.agent_a, "traite_par": agent, "traite_le": timezone.now()}
    Echange.objects.create(**said, texte=f"Merci {agent}", endroit=f"Signature de {agent}")
    Echange.objects.create(page=page, auteur=agent, texte="Une question", genre=GenreEchange.QUESTION)
    QuestionReponse.objects.create(
        question=f"Que fait {agent} ?",
        reponse=f"Voir {agent}",
        theme=page.theme,
        diffusion=["toutes"],
        publiee_par=agent,
    )
    ask = {"objet": f"Le modèle de {agent}", "precision": f"{agent} l’avait", "collectivite": cast.a}
    demande = DemandeDocument.objects.create(auteur=agent, **ask)
    answered = {"statut": StatutDemande.CLOSE, "repondu_par": agent, "repondu_le": timezone.now()}
    DemandeDocument.objects.create(auteur=cast.agent_a, reponse=f"{agent} ne l’a plus", **ask, **answered)
    Soutien.objects.create(demande=demande, agent=agent, collectivite=cast.a)
    Depot.objects.create(auteur=agent, collectivite=cast.a)
    ModeleARemplir.objects.create(version=version, champs=["maire"], marque_par=agent)
    ValeurGardee.objects.create(collectivite=cast.a, champ="maire", valeur=f"{agent}", modifie_par=agent)
    take_away(agent, cast, version)


def take_away(agent: Agent, cast: Distribution, version: VersionFichier) -> None:
    """A lot, the addresses of two feeds, links made and closed."""
    Lot.objects.create(agent=agent, titre="Mes favoris")
    LienFlux.objects.create(agent=agent, empreinte="1" * 64)
    LienFlux.objects.create(agent=agent, theme=version.fichier.page.theme, empreinte="2" * 64)
    given = {"version": version, "collectivite": cast.a, "expire_le": timezone.now() + timedelta(days=7)}
    LienPartage.objects.create(auteur=agent, destinataire="Le cabinet", empreinte="3" * 64, **given)
    closed = {"revoque_le": timezone.now(), "revoque_par": agent, "destinataire": f"Un ami de {agent}"}
    LienPartage.objects.create(auteur=cast.agent_a, empreinte="4" * 64, **given, **closed)


def leaks() -> list[str]:
    """Cells of our tables and of the revisions that hold a trace."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(("ressources_", "wagtailcore_revision")):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            found += [
                f"{table}.{column}"
                for row in cursor.fetchall()
                for column, cell in zip(columns, row, strict=True)
                if any(trace in str(cell) or json.dumps(trace)[1:-1] in str(cell) for trace in TRACES)
            ]
    return found


def named_by() -> set[tuple[type[models.Model], str]]:
    """Every column of our app that points to a person, but the owner of a page, which the home app looks after."""
    return {
        (model, field.name)
        for model in apps.get_app_config("ressources").get_models()
        for field in model._meta.local_fields
        if field.related_model is Agent and field.model is model
    }


def test_nothing_names_them_any_more(agent: Agent, distribution: Distribution):
    before = set(leaks())
    assert {
        "ressources_favori.note",
        "ressources_reprise.telephone",
        "ressources_reprise.mot",
        "ressources_ressourcepage.verifie_par",
        "ressources_valeurgardee.valeur",
        "ressources_versionfichier.motif_retrait",
        "ressources_demandedocument.reponse",
        "ressources_echange.endroit",
        "ressources_lienpartage.destinataire",
        "wagtailcore_revision.content",
    } <= before
    erase(agent, distribution.responsable)
    assert leaks() == []


def test_what_others_read_stays(agent: Agent, distribution: Distribution):
    erase(agent, distribution.responsable)
    assert Telechargement.objects.count() == Lecture.objects.count() == 1
    assert Echange.objects.filter(auteur=distribution.agent_a).get().texte == f"Merci {NOM}"
    assert Favori.objects.get().note == f"Demander à {NOM}"
    page = RessourcePage.objects.get(title="Le règlement")
    assert page.verifie_par == f"{NOM}, Aval"
    page.get_latest_revision().publish()
    assert RessourcePage.objects.get(pk=page.pk).referent is None
    assert not Depot.objects.exists()
    assert not Lot.objects.exists()
    assert not LienFlux.objects.exists()
    link = LienPartage.objects.get(auteur=agent)
    assert (link.destinataire, link.revoque_le is not None) == ("", True)
    assert LienPartage.objects.get(auteur=distribution.agent_a).destinataire == f"Un ami de {NOM}"


def test_everything_held_is_given(agent: Agent):
    held = donnees_personnelles(agent)
    text = json.dumps(held, ensure_ascii=False)
    assert all(held.values()), {name for name, rows in held.items() if not rows}
    for trace in ("Le règlement", "0639987777", "À moi seule", "Une question", f"Le modèle de {agent}"):
        assert trace in text


def test_every_column_that_names_somebody_is_merged():
    models_of_images = {"DocumentPrive", "ImagePrivee"}
    links = {(model, holder) for model, holder, _ in LIENS}
    assert {(m, f) for m, f in named_by() if m.__name__ not in models_of_images} == links


def test_merged_with_what_the_other_had_already(agent: Agent, distribution: Distribution):
    kept = distribution.agent_a
    version = Telechargement.objects.get().version
    Avis.objects.create(page=version.fichier.page, agent=kept, utile=False)
    Telechargement.objects.create(version=version, agent=kept, collectivite=distribution.a)
    LienFlux.objects.create(agent=kept, empreinte="5" * 64)
    fusionner(kept, agent)
    assert LienFlux.objects.filter(agent=kept, revoque_le=None).count() == 2
    assert LienFlux.objects.get(empreinte="1" * 64).revoque_le
    for model, holder, _ in LIENS:
        assert not model.objects.filter(**{holder: agent}).exists(), (model, holder)
    assert Avis.objects.get().utile is False
    assert Favori.objects.get().note.startswith("Demander")
    assert Telechargement.objects.get().agent == Lecture.objects.get().agent == kept
    page = RessourcePage.objects.get(title="Le règlement")
    page.get_latest_revision().publish()
    assert RessourcePage.objects.get(pk=page.pk).referent == kept


def test_the_register_says_how_long_the_log_is_kept():
    (log,) = [one for one in traitements() if one.code == "telechargements"]
    assert "douze mois" in log.conservation
    assert "Jamais classer ni évaluer" in log.finalite
