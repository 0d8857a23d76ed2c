"""Papers: what is joined is checked and served to its readers; a blocking one that ends closes the days after."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee
from materiel.enums import Nature
from materiel.models import Papier
from materiel.registre import free
from tests.distribution import Distribution
from tests.materiel.envois import SVG, post
from tests.materiel.factories import half, make_materiel, monday
from tests.ressources.factories import PDF, fetch
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(distribution: Distribution):
    return distribution.gestionnaire_a


@pytest.fixture
def nacelle(distribution: Distribution):
    return make_materiel("Nacelle", collectivite=distribution.a, categorie_code="levage")


def where(thing) -> str:
    return reverse("materiel:papier_list", args=[thing.pk])


def pdf(name: str = "vgp.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def join(agent, thing, **sent):
    return post(agent, where(thing), **{"type": "vgp", "bloquant": "on", "fichier": pdf(), **sent})


def error_of(response) -> str:
    return next(iter(response.context["form"].errors.values()))[0].replace("\u00a0", " ")


def test_those_of_its_category_are_expected_first(agent, nacelle):
    page = open_session(agent).get(where(nacelle))
    assert [(one.type, one.bloquant) for one in page.context["attendus"]] == [
        ("vgp", True),
        ("assurance", False),
        ("notice", True),
    ]
    assert page.context["form"].initial == {"type": "vgp", "bloquant": True}


def test_its_end_closes_the_days_after_and_renewing_opens_them(agent, nacelle):
    end = monday()
    assert join(agent, nacelle, valable_jusqu_au=end).status_code == 302
    after = half(end + timedelta(days=1))
    assert free([nacelle.pk], after, after + 9) == {nacelle.pk: 0}
    assert free([nacelle.pk], after - 2, after - 1) == {}
    paper = Papier.objects.get()
    later = end + timedelta(days=180)
    assert join(agent, nacelle, renouveler=paper.pk, valable_jusqu_au=later).status_code == 302
    assert free([nacelle.pk], after, after + 9) == {}
    paper.refresh_from_db()
    assert paper.remplace_par.type == "vgp"
    closing = nacelle.engagements.get(nature=Nature.PAPIER)
    assert DemiJournee.at(closing.debut).date == later + timedelta(days=1)
    twice = join(agent, nacelle, renouveler=paper.pk, valable_jusqu_au=later)
    assert "déjà été renouvelé" in error_of(twice)


def test_a_paper_removed_opens_the_days_and_gives_its_place_back(agent, nacelle):
    join(agent, nacelle, valable_jusqu_au=monday(9))
    first = Papier.objects.get()
    join(agent, nacelle, renouveler=first.pk, valable_jusqu_au=monday())
    second = Papier.objects.get(remplace=first)
    file = second.file
    assert file.storage.exists(file.name)
    post(agent, reverse("materiel:papier_remove", args=[second.pk]))
    first.refresh_from_db()
    assert first.remplace_par is None
    assert free([nacelle.pk], half(monday(3)), half(monday(3))) == {}
    assert nacelle.engagements.get(nature=Nature.PAPIER).papier == first


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"type": ""}, "Choisissez quel papier"),
        ({"type": "permis"}, "papier de la liste"),
        ({"valable_jusqu_au": ""}, "donnez la date de cette fin"),
        ({"valable_jusqu_au": "bientôt"}, "Écrivez une date"),
        ({"fichier": "", "valable_jusqu_au": "", "bloquant": ""}, "Joignez le fichier"),
        ({"fichier": SimpleUploadedFile("vgp.pdf", SVG)}, "mais contient"),
        ({"fichier": SimpleUploadedFile("vgp.exe", PDF)}, "exe"),
        ({"fichier": SimpleUploadedFile("vgp.pdf", PDF + b"\0" * 16 * 1024 * 1024)}, "pour 15 Mo au plus"),
    ],
)
def test_a_paper_that_is_none_has_its_sentence(agent, nacelle, sent, sentence):
    response = join(agent, nacelle, **{"valable_jusqu_au": monday(), "libelle": "Rapport", **sent})
    assert sentence in error_of(response)
    assert response.context["form"]["libelle"].value() == "Rapport"
    assert not Papier.objects.exists()


def test_its_file_is_read_by_the_readers_of_the_thing(agent, nacelle, distribution):
    join(agent, nacelle, valable_jusqu_au=monday())
    paper = Papier.objects.get()
    path = reverse("materiel:papier_fichier", args=[paper.pk, paper.nom])
    assert fetch(open_session(distribution.secretaire_b), path).data == PDF
    assert open_session(distribution.sans_poste).get(path).status_code == 404
    nacelle.page.unpublish()
    assert open_session(distribution.secretaire_b).get(path).status_code == 404
    assert fetch(open_session(agent), path).data == PDF


def test_today_is_the_last_day(nacelle, agent):
    join(agent, nacelle, valable_jusqu_au=timezone.localdate())
    assert Papier.objects.get().is_valid()
