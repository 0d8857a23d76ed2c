"""Reference lists: complete, sourced, and never written over."""

import pytest
from django.contrib.auth.models import Group

from collectivites.apports import installer
from collectivites.enums import Domaine, FamilleFonction
from collectivites.listes import rows_of
from collectivites.models import Fonction, RoleTransversal, Theme, TypeHabilitation

pytestmark = pytest.mark.django_db

LISTS = [(Fonction, "fonctions.csv"), (RoleTransversal, "roles.csv"), (Theme, "themes.csv")]
LISTS += [(TypeHabilitation, "habilitations.csv")]


@pytest.mark.parametrize(("model", "name"), LISTS)
def test_all_is_installed_in_the_order_of_the_file(model: type, name: str) -> None:
    label = "nom" if model is Theme else "libelle"
    assert [getattr(row, label) for row in model.objects.order_by("ordre")] == [row[label] for row in rows_of(name)]


def test_what_a_territory_edits_stays() -> None:
    Fonction.objects.filter(code="accueil").update(libelle="Agente d’accueil", ordre=1)
    TypeHabilitation.objects.filter(code="sst").update(duree_mois=12)
    Theme.objects.filter(slug="police").delete()
    counts = [model.objects.count() for model, _ in LISTS]
    installer()
    assert Fonction.objects.get(code="accueil").libelle == "Agente d’accueil"
    assert TypeHabilitation.objects.get(code="sst").duree_mois == 12
    assert [model.objects.count() for model, _ in LISTS] == [counts[0], counts[1], counts[2] + 1, counts[3]]


def test_a_label_that_the_territory_gave_to_another_code_is_no_crash() -> None:
    Fonction.objects.filter(code="atsem").delete()
    Fonction.objects.create(code="nos-atsem", libelle="ATSEM", famille=FamilleFonction.SCOLAIRE_SOCIAL)
    installer()
    assert not Fonction.objects.filter(code="atsem").exists()


def test_each_family_has_fonctions() -> None:
    assert set(Fonction.objects.values_list("famille", flat=True)) == set(FamilleFonction.values)


def test_a_validity_says_its_text() -> None:
    assert not TypeHabilitation.objects.filter(duree_mois__isnull=False, source="").exists()
    expected = {"caces-r482-a": 120, "caces-r486-b": 60, "sst": 24, "aipr-operateur": 60, "permis-b": None}
    assert expected == dict(TypeHabilitation.objects.filter(code__in=expected).values_list("code", "duree_mois"))


def test_the_groups_of_rights() -> None:
    assert set(Domaine.labels) <= set(Group.objects.values_list("name", flat=True))
