"""Two communes become one: what lives goes to the one that stays, what is past keeps its name, and it can be undone."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annuaire.models import Astreinte, Invitation
from collectivites.communes_nouvelles import left_in_place, merge_places, try_merge, unmerge_places
from collectivites.diffusion import code_collectivite
from collectivites.enums import Signature
from collectivites.fusion import FusionRefusee
from collectivites.models import Collectivite, Territoire
from collectivites.reprises import foreign_keys
from home.models import ActualitePage
from materiel.models import Pret
from tests.acces.objets import make_objets
from tests.annuaire.releves import entries, everything, refresh, scatter
from tests.annuaire.test_fusion_relations import moved
from tests.collectivites.factories import AgentFactory, CollectiviteFactory, PosteFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db


def test_every_column_that_names_a_collectivite_is_decided(distribution: Distribution):
    with CaptureQueriesContext(connection) as captured:
        merge_places(distribution.a, distribution.b, distribution.administrateur)
    names = foreign_keys(Collectivite)
    assert len(names) > 25
    everything_named = {f"{label}.{field.name}" for label, field in names}
    changed = moved(captured.captured_queries, names)
    assert everything_named - changed - set(left_in_place()) == set()
    assert set(left_in_place()) & changed == set()
    assert set(left_in_place()) - everything_named == set()


@pytest.mark.parametrize("seed", range(6))
def test_joined_then_parted_is_as_before(distribution: Distribution, seed: int):
    dice = random.Random(seed)
    make_objets(distribution)
    Territoire.load()
    third = CollectiviteFactory(nom="Cours", slug="cours", rattachement=distribution.b)
    for place in (distribution.a, distribution.b, third):
        Astreinte.objects.create(collectivite=place, libelle=dice.choice(["Nuit", "Jour"]), telephone="0384000000")
    garde, retiree = dice.choice([(distribution.a, distribution.b), (distribution.b, third), (third, distribution.a)])
    kept = {"collectivites.collectivite.rattachement", "formations.sessioncommune.collectivite"}
    assert scatter(garde, retiree, dice, kept) > 10
    refresh()
    before, said = everything(), entries()
    changes = merge_places(garde, retiree, distribution.administrateur)
    bilan = unmerge_places(garde, retiree, distribution.administrateur, changes)
    assert bilan.laissees == 0
    after = everything()
    assert {key: (row, after.get(key)) for key, row in before.items() if row != after.get(key)} == {}
    assert after.keys() - before.keys() == set()
    assert entries() == said


def test_who_worked_there_works_here_and_signs_no_more(distribution: Distribution):
    cast = distribution
    shown = ActualitePage.objects.filter(diffusion__croise={code_collectivite(cast.b.pk)})
    objets = make_objets(cast)
    ActualitePage.objects.filter(pk=objets.pour_a.pk).update(diffusion=[code_collectivite(cast.b.pk)])
    assert shown.exists()
    merge_places(cast.a, cast.b, cast.administrateur)
    poste = cast.elue_b.postes.get()
    assert (poste.collectivite, poste.signataire) == (cast.a, Signature.NON)
    assert cast.secretaire_b.postes.get().gestionnaire
    assert cast.partage_ab.postes.filter(collectivite=cast.a).count() == 1
    cast.b.refresh_from_db()
    assert cast.b.date_sortie
    assert not shown.exists()
    assert ActualitePage.objects.get(pk=objets.pour_a.pk).diffusion == [code_collectivite(cast.a.pk)]
    # The loan between the two stays as it was: nobody lends to themself.
    assert Pret.objects.filter(emprunteur=cast.a, preteur=cast.b).exists()


def test_looked_at_without_writing(distribution: Distribution):
    before = everything()
    moving, staying = try_merge(distribution.a, distribution.b, distribution.administrateur)
    assert dict(moving)["postes"] == 3
    assert everything() == before


def test_who_may(distribution: Distribution):
    cast, other = distribution, CollectiviteFactory(type="syndicat")
    outside = CollectiviteFactory()
    for par, garde, retiree, why in (
        (cast.gestionnaire_a, cast.a, cast.b, "Seuls les responsables"),
        (cast.responsable, cast.a, cast.a, "différentes"),
        (cast.responsable, cast.a, cast.epci, "ne se réunit à personne"),
        (cast.responsable, cast.a, other, "de la même sorte"),
    ):
        with pytest.raises(FusionRefusee, match=why):
            merge_places(garde, retiree, par)
    PosteFactory(agent=cast.responsable, collectivite=cast.a)
    mine = type(cast.responsable).objects.get(pk=cast.responsable.pk)
    with pytest.raises(FusionRefusee, match="demandez à un administrateur"):
        merge_places(cast.b, cast.a, mine)
    merge_places(outside, cast.b, mine)


def test_an_invitation_that_waits_opens_the_one_that_stays(distribution: Distribution, fonction):
    sent = Invitation(
        collectivite=distribution.b, email="n@essai.example", fonction=fonction, invite_par=distribution.secretaire_b
    )
    sent.renew()
    sent.save()
    merge_places(distribution.a, distribution.b, distribution.administrateur)
    sent.refresh_from_db()
    assert sent.collectivite == distribution.a
    assert AgentFactory().postes.count() == 0
