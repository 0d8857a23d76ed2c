"""The library of the demo: enough of everything, honest files, the same at each run."""

import hashlib
import re
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from collectivites.demo.execution import make_demo
from collectivites.demo.monde import Monde
from collectivites.diffusion import ELUS, TOUTES
from collectivites.models import Agent
from extranet.lib.extraction import on_disk, read_text
from extranet.lib.noms import plain
from extranet.lib.uploads import DEPOT, check_document, check_name
from notifications.models import Notification
from ressources import annonces, copies, rappels, relecture
from ressources.demo.fabrique import ABIME, DOCX, ODT, PDF, PHOTO, SCAN, XLSX, Commande, composed, make
from ressources.demo.notices import NOTRE_AVERTISSEMENT
from ressources.demo.officielles import AVERTISSEMENT, CREDIT
from ressources.demo.textes import Partie, Texte, fiches, modeles, tableaux
from ressources.depots import ANALYSES
from ressources.enums import Analyse, Fiabilite, StatutDemande, StatutVersion
from ressources.models import (
    Avis,
    DemandeDocument,
    Echange,
    Favori,
    Fichier,
    Lecture,
    QuestionReponse,
    Reprise,
    RessourcePage,
    Telechargement,
    VersionFichier,
)
from ressources.questions import noms
from ressources.questions.liste import awaiting_publication
from search.chercher import chercher
from search.lecteur import Lecteur
from search.models import SearchEntry
from tests.ressources.factories import fetch
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.mark.lent
def test_the_library_of_the_demo() -> None:
    """One demo, looked at from every side."""
    monde = make_demo(timezone.localdate())
    for check in (enough, said_plainly, honest_files, who_reads, reviews, alive, answered, seen):
        check(monde)


def enough(monde: Monde) -> None:
    pages = RessourcePage.objects.live()
    assert pages.count() >= 400
    assert pages.values("collectivite").distinct().count() >= 15
    days = [page.first_published_at for page in pages]
    assert timedelta(days=2 * 365) < max(days) - min(days) < timedelta(days=3 * 365 + 30)
    assert max(days) < timezone.now()
    kinds = Counter(VersionFichier.objects.values_list("type_reel", "analyse"))
    for kind, number in {"pdf": 100, "docx": 100, "odt": 60, "xlsx": 30}.items():
        assert kinds[kind, Analyse.LU] >= number
    assert kinds["pdf", Analyse.NUMERISE] >= 5
    assert kinds["pdf", Analyse.NON_LU] >= 2
    assert kinds["jpg", Analyse.SANS_TEXTE] >= 10
    several = Counter(fichier.versions.count() for fichier in Fichier.objects.all())
    assert all(several[number] for number in (2, 3, 4))
    assert not VersionFichier.objects.filter(numero__gt=1, changements="").exists()
    assert VersionFichier.objects.filter(statut=StatutVersion.RETIREE).exclude(motif_retrait="").count() >= 2
    found = Counter(page.fiabilite for page in pages)
    assert all(found[state] for state in Fiabilite)
    assert RessourcePage.objects.exclude(archivee_le=None).filter(live=False).exists()


def said_plainly(monde: Monde) -> None:
    """Each says that it is no law; those of service-public.fr say where they come from, on the sheet and inside."""
    for page in RessourcePage.objects.all():
        page.full_clean()
        if page.source_url:
            assert (page.avertissement, page.credit) == (AVERTISSEMENT, plain(CREDIT))
            assert re.search(r"fiche du \d", page.source_precision.replace("\u00a0", " "))
        elif page.type.slug != "photo":
            assert page.avertissement == NOTRE_AVERTISSEMENT
        assert page.credit
        assert page.owner.slug in monde.agents
        assert not re.search(r"[{}|]|'", f"{page.title} {page.resume} {page.avant_adoption}"), page.title
    texts = VersionFichier.objects.filter(fichier__page__source_url__gt="", analyse=Analyse.LU)
    for texte in texts.filter(statut=StatutVersion.PUBLIEE).values_list("texte", flat=True):
        words = re.sub(r"\s+", " ", texte)
        assert "arrêté à novembre 2020" in words
        assert "données de novembre 2020, Licence Ouverte" in words


def honest_files(monde: Monde) -> None:
    """What is stored is what the file is: its hash, its size, and the words that the site itself reads in it."""
    seen = set()
    for version in VersionFichier.objects.order_by("pk"):
        kind = version.type_reel, version.analyse
        if kind in seen:
            continue
        seen.add(kind)
        with version.file.open("rb") as content:
            data = content.read()
            assert (len(data), hashlib.sha256(data).hexdigest()) == (version.taille, version.sha256)
            if version.type_reel == "jpg":
                continue
            if version.analyse != Analyse.NON_LU:
                check_document(ContentFile(data, name=version.nom), accepted=DEPOT, max_bytes=10_000_000)
            with on_disk(content) as path:
                read = read_text(path, version.type_reel)
        assert ANALYSES[read.etat] == version.analyse
        assert read.texte.split() == version.texte.split()
        assert (read.pages or None) == version.pages
        assert read.motif == version.analyse_motif
    assert len(seen) == 7
    for nom in VersionFichier.objects.values_list("nom", flat=True):
        assert check_name(nom) == nom


def who_reads(monde: Monde) -> None:
    def titles(slug: str) -> set[str]:
        return set(RessourcePage.objects.visible_to(monde.agent(slug)).values_list("title", flat=True))

    codes = {code for page in RessourcePage.objects.all() for code in page.diffusion}
    assert {TOUTES, ELUS} < codes
    assert {code[0] for code in codes} >= {"r", "c"}
    secretary, mayor, technician = (
        titles(slug) for slug in ("odile-vuillermet", "anne-lise-marchal", "karim-belkacem")
    )
    minutes = {title for title in mayor if title.startswith(("Conférence des maires", "Commission des mobilités"))}
    assert len(minutes) == 2
    assert not minutes & (secretary | technician)
    assert any("permanences communes" in title for title in secretary - mayor - technician)
    assert any("déneige" in title for title in technician - secretary)
    found = chercher("columbarium", Lecteur.of(monde.agent("odile-vuillermet")), genre="ressource")
    assert found.rangs


def reviews(monde: Monde) -> None:
    waiting = list(relecture.awaiting())
    assert {page.live for page in waiting} == {True, False}
    assert all(relecture.submitted(page)[0].statut == StatutVersion.A_RELIRE for page in waiting)
    assert len(relecture.sent_back()) == 1
    drafts = RessourcePage.objects.filter(live=False, archivee_le=None)
    assert drafts.count() == 3


def answered(monde: Monde) -> None:
    """Questions in each of their states, and answers for all that name nobody and that the search finds."""
    asked = Echange.objects.filter(theme__isnull=False, reponse_a=None)
    assert asked.filter(reponses=None).exists()
    assert awaiting_publication().exists()
    entries = QuestionReponse.objects.all()
    assert len(entries) >= 5
    assert [one.question for one in entries if noms.find(f"{one.question}\n{one.reponse}")] == []
    assert entries.to_check().exists()
    reader = Lecteur.of(monde.agent("ines-ferreira"))
    found = chercher("haie mise en demeure", reader, genre=QuestionReponse.genre)
    assert SearchEntry.objects.get(pk=found.rangs[0]).titre.startswith("Que faire d’une haie")


def alive(monde: Monde) -> None:
    odile = monde.agent("odile-vuillermet")
    told = Notification.objects.filter(sorte=copies.SORTE, destinataire=odile)
    assert "site cinéraire" in told.get(titre__contains="règlement intérieur du cimetière").texte
    # Nothing is told twice by the first `veille` that comes.
    assert (copies.tell_holders(), annonces.announce_pending(), annonces.ask_readings(), rappels.remind()) == (0,) * 4
    assert Telechargement.objects.count() > 1000
    acts = Reprise.objects.with_act().select_related("collectivite")
    assert {one.collectivite.slug for one in acts} == {"sampans", "tavaux", "foucherans"}
    for one in acts:
        with one.acte.open("rb") as content:
            sent = ContentFile(content.read(), name=one.acte_nom)
        assert check_document(sent, accepted=frozenset({"pdf"})) == one.acte_nom
        with on_disk(sent) as path:
            assert one.collectivite.nom in read_text(path, "pdf").texte
    assert Reprise.objects.filter(page__title__contains="règlement intérieur du cimetière").count() == 12
    assert Favori.objects.filter(agent=odile).exclude(note="").count() >= 2
    assert Avis.objects.filter(utile=True).count() > Avis.objects.filter(utile=False).count() > 0
    assert Echange.objects.exclude(reponse_a=None).count() >= 4
    assert Echange.objects.filter(reponse_a=None, traite_le=None).exists()
    assert {one.statut for one in DemandeDocument.objects.all()} == set(StatutDemande)
    assert RessourcePage.objects.filter(lecture_suivie=True).count() == 2
    assert Lecture.objects.values("version").distinct().count() == 2


def seen(monde: Monde) -> None:
    """The list, a sheet of each kind and a file answer, and say what they must."""
    client: Client = open_session(Agent.objects.get(slug="odile-vuillermet"))
    assert client.get("/ressources/").status_code == 200
    visible = RessourcePage.objects.visible_to(monde.agent("odile-vuillermet"))
    for page in (visible.filter(a_remplir=True).first(), visible.exclude(source_url="").first()):
        html = client.get(page.adresse).content.decode()
        assert page.avertissement in html
        assert page.credit.partition(" –")[0].replace("\u00a0", " ") in html.replace("\u00a0", " ")
    version = VersionFichier.objects.visible_to(monde.agent("odile-vuillermet")).filter(type_reel="docx").first()
    assert fetch(client, version.get_absolute_url()).data[:2] == b"PK"


def test_the_words_are_those_of_the_fiches_and_reach_nobody() -> None:
    assert len(fiches()) >= 400
    assert len(modeles()) >= 20
    for texte in [one for text in (*fiches(), *modeles()) for one in text.parties]:
        assert not re.search(r"\b0\d(?:[ .\u00a0\u202f]?\d\d){4}\b|\w@\w", texte.texte)
    assert sum(bool(tableaux(fiche.parties)) for fiche in fiches()) >= 30


def test_the_same_order_gives_the_same_bytes() -> None:
    """Whatever the hour, which archives and PDF like to note: two installations hold twins."""
    modele = next(one for one in modeles() if one.cle == "calendrier-budgetaire")
    texte = Texte("Calendrier", "Damparis", "Essai", "", modele.parties)
    orders = [Commande(texte, forme) for forme in (PDF, DOCX, ODT, XLSX, SCAN, ABIME, PHOTO)]
    first = [make.__wrapped__(order).sha256 for order in orders]
    time.sleep(2.1)  # the hour of an archive counts by two seconds
    composed.cache_clear()
    assert [make.__wrapped__(order).sha256 for order in orders] == first
    assert len(set(first)) == len(orders)


def test_a_part_of_a_text_becomes_paragraphs_lists_and_tables() -> None:
    text = "Une phrase\u00a0:\n- un\n  - sous un\n- deux\n\n| A | B\n| 1 | \n\nFin."
    kinds = [(bloc.genre, bloc.texte, bloc.items, bloc.lignes) for bloc in Partie("", text).blocs]
    assert kinds == [
        ("texte", "Une phrase\u00a0:", (), ()),
        ("liste", "", ((0, "un"), (1, "sous un"), (0, "deux")), ()),
        ("tableau", "", (), (("A", "B"), ("1", ""))),
        ("texte", "Fin.", (), ()),
    ]


def test_rows_told_one_an_item_become_a_table() -> None:
    rows = "\n".join(f"- {mois}\u00a0: Ouvrés\u00a0: {n}\u00a0; Fériés\u00a0: {n - 20}" for mois, n in ROWS)
    assert tableaux((Partie("Jours", rows),)) == [
        ("Jours", [["", "Ouvrés", "Fériés"], *([mois, str(n), str(n - 20)] for mois, n in ROWS)])
    ]
    assert not tableaux((Partie("Jours", "- un\u00a0: deux\n- trois\n- quatre\n- cinq"),))


ROWS = [("Janvier", 22), ("Février", 20), ("Mars", 21), ("Avril", 23)]
