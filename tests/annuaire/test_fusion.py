"""Two cards of one person become one, and are two again as before: nothing is lost, no right is gained."""

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from annuaire import apports
from annuaire.models import Consentement, Fusion, Photo
from annuaire.tenir import fusions
from collectivites.effacement import erase
from collectivites.enums import RoleReseau, Signature
from collectivites.fusion import FusionRefusee, left_alone, merge_agents, unmerge_agents
from collectivites.models import (
    Absence,
    Adhesion,
    Agent,
    EntreeJournal,
    Expertise,
    Poste,
    Presence,
    RoleTransversal,
    Territoire,
)
from collectivites.reprises import foreign_keys
from notifications.models import Courriel, Preference
from search.models import SearchEntry
from tests.acces.objets import make_objets
from tests.annuaire.releves import entries, everything, refresh, scatter
from tests.collectivites.factories import AgentFactory, FonctionFactory, PosteFactory, ReseauFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def furnish(garde: Agent, retire: Agent, cast: Distribution, dice: random.Random) -> None:
    """The same things on both cards, or on one: postes and their days, networks, knowledge, absences."""
    jobs, nets = [FonctionFactory(code=f"essai-{n}") for n in range(3)], [ReseauFactory() for _ in range(3)]
    roles = [RoleTransversal.objects.create(code=f"r{n}", libelle=f"Rôle {n}") for n in range(2)]
    for agent in (garde, retire):
        for job in dice.sample(jobs, dice.randint(1, 3)):
            rights = {"gestionnaire": dice.random() < 0.5, "constats": dice.random() < 0.5}
            poste = PosteFactory(agent=agent, collectivite=cast.a, fonction=job, **rights)
            poste.roles.set(dice.sample(roles, dice.randint(0, 2)))
            if dice.random() < 0.6:
                Presence.objects.create(poste=poste, jour=dice.randint(1, 5), moment="matin")
        for net in dice.sample(nets, dice.randint(0, 3)):
            Adhesion.objects.create(agent=agent, reseau=net, role=dice.choice(RoleReseau.values))
        for words in dice.sample(["Paie", "Élections", "Cosoluce"], dice.randint(0, 3)):
            Expertise.objects.create(agent=agent, libelle=words)
        for sort in dice.sample(["a.b", "c.d"], dice.randint(0, 2)):
            Preference.objects.create(agent=agent, sorte=sort, frequence="jamais")
        other = dice.choice([None, garde, retire, cast.agent_a])
        Absence.objects.create(
            agent=agent,
            date_debut=date(2026, 12, dice.randint(1, 3)),
            date_fin=date(2026, 12, 20),
            remplacant=None if other == agent else other,
        )


@pytest.mark.parametrize("seed", range(8))
def test_joined_then_parted_is_as_before(distribution: Distribution, seed: int):
    dice = random.Random(seed)
    make_objets(distribution)
    Territoire.load()
    garde, retire = AgentFactory(oppose_le=timezone.now() if seed % 2 else None), AgentFactory(montre_mobile=False)
    furnish(garde, retire, distribution, dice)
    assert scatter(garde, retire, dice, left_alone()) > 20
    refresh()
    before, said = everything(), entries()
    email = dice.choice((garde.email, retire.email))
    changes = merge_agents(garde, retire, distribution.administrateur, email)
    for label, field in foreign_keys(Agent):
        if f"{label}.{field.name}" not in left_alone() and f"{label}.{field.name}" != "annuaire.photo.agent":
            assert not field.model._base_manager.filter(**{field.name: retire}).exists(), (label, field.name)
    bilan = unmerge_agents(garde, retire, distribution.administrateur, changes)
    assert bilan.laissees == 0
    after = everything()
    assert {key: (row, after.get(key)) for key, row in before.items() if row != after.get(key)} == {}
    assert after.keys() - before.keys() == set()
    assert entries() == said


def test_one_card_one_account(distribution: Distribution, pair: tuple[Agent, Agent]):
    garde, retire = pair
    retire.acknowledge_notice()
    closed = open_session(retire)
    assert closed.get("/").status_code == 200
    fusions.join(garde, retire, distribution.responsable, garde.email)
    retire.refresh_from_db()
    assert (retire.is_active, retire.email) == (False, None)
    assert garde.postes.count() == 2
    assert closed.get("/").status_code == 302
    assert not Agent.objects.visible_to(distribution.agent_a).filter(pk=retire.pk).exists()
    assert SearchEntry.objects.filter(kind="agent", objet=str(retire.pk)).count() == 0
    mail = Courriel.objects.get(sujet="Vos deux fiches de l’annuaire n’en font plus qu’une")
    assert mail.adresse == "martine-lambey-2@essai.example"
    assert EntreeJournal.objects.get(acte="agent.reuni").agent == distribution.responsable


def test_the_same_poste_twice_is_one_with_the_rights_of_both(distribution: Distribution, fonction):
    garde, retire = AgentFactory(), AgentFactory()
    kept = PosteFactory(agent=garde, collectivite=distribution.a, fonction=fonction)
    PosteFactory(
        agent=retire, collectivite=distribution.a, fonction=fonction, gestionnaire=True, signataire=Signature.DE_DROIT
    )
    merge_agents(garde, retire, distribution.administrateur, garde.email)
    kept.refresh_from_db()
    assert (kept.gestionnaire, kept.signataire) == (True, Signature.DE_DROIT)
    assert garde.postes.count() == 1


def test_what_one_has_hidden_stays_hidden(distribution: Distribution, pair: tuple[Agent, Agent]):
    garde, retire = pair
    retire.oppose_le, retire.montre_mobile = timezone.now(), False
    retire.save()
    fusions.join(garde, retire, distribution.responsable, garde.email)
    garde.refresh_from_db()
    assert garde.oppose_le
    assert not garde.montre_mobile


def test_what_has_changed_since_stays(distribution: Distribution, pair: tuple[Agent, Agent]):
    garde, retire = pair
    fusion = fusions.join(garde, retire, distribution.responsable, retire.email)
    poste = Poste.objects.get(agent=garde, collectivite=distribution.b)
    poste.telephone = "03 84 99 99 99"
    poste.save()
    bilan = fusions.part(fusion, distribution.responsable)
    assert bilan.laissees == 0
    poste.refresh_from_db()
    assert (poste.agent, poste.telephone) == (retire, "03 84 99 99 99")
    retire.refresh_from_db()
    assert retire.is_active
    assert retire.email
    assert retire.emailaddress_set.get().email == retire.email
    with pytest.raises(FusionRefusee, match="ne se défait plus"):
        fusions.part(fusion, distribution.responsable)


def test_after_thirty_days_the_closed_card_is_empty(distribution: Distribution, pair: tuple[Agent, Agent]):
    garde, retire = pair
    fusion = fusions.join(garde, retire, distribution.responsable, garde.email)
    assert fusions.forget_old() == 0
    Fusion.objects.update(le=timezone.now() - timedelta(days=31))
    assert fusions.forget_old() == 1
    fusion.refresh_from_db()
    retire.refresh_from_db()
    garde.refresh_from_db()
    assert fusion.donnees == []
    assert retire.efface_le
    assert retire.nom == "Personne effacée"
    assert garde.nom == "Lambey"
    with pytest.raises(FusionRefusee):
        fusions.part(fusion, distribution.responsable)


def test_erased_with_the_cards_that_were_joined_to_theirs(distribution: Distribution, pair: tuple[Agent, Agent]):
    garde, retire = pair
    fusion = fusions.join(garde, retire, distribution.responsable, garde.email)
    assert apports.donnees_personnelles(garde)["fiches_reunies"]
    garde.postes.update(date_fin=date(2021, 1, 1))
    erase(garde, distribution.administrateur)
    fusion.refresh_from_db()
    retire.refresh_from_db()
    assert fusion.donnees == []
    assert retire.nom == "Personne effacée"
    assert not Agent.objects.filter(nom="Lambey").exists()
    with pytest.raises(FusionRefusee, match="effacée"):
        fusions.part(fusion, distribution.administrateur)


def test_erased_with_the_whole_chain_of_cards(distribution: Distribution, pair: tuple[Agent, Agent]):
    garde, retire = pair
    third, par = AgentFactory(), distribution.responsable
    first = fusions.join(garde, retire, par, garde.email)
    fusions.join(third, garde, par, third.email)
    third.postes.update(date_fin=date(2021, 1, 1))
    erase(third, distribution.administrateur)
    first.refresh_from_db()
    assert first.donnees == []
    assert not Agent.objects.filter(nom="Lambey").exists()


def portrait(agent: Agent, name: str) -> Photo:
    consent = Consentement.objects.create(agent=agent, sens="accord", version="1", texte="Oui.", par=agent)
    photo = Photo(agent=agent, consentement=consent, cle=name)
    for file in photo.fichiers():
        file.save(f"{name}.webp", ContentFile(b"image"), save=False)
    photo.save()
    return photo


def test_the_photo_of_the_kept_card_wins_and_the_other_goes_in_the_end(
    distribution: Distribution, pair: tuple[Agent, Agent], django_capture_on_commit_callbacks
):
    garde, retire = pair
    mine, other = portrait(garde, "une"), portrait(retire, "autre")
    fusions.join(garde, retire, distribution.responsable, garde.email)
    assert Photo.objects.get(agent=garde) == mine
    assert not Photo.objects.visible_to(distribution.agent_a).filter(pk=other.pk).exists()
    Fusion.objects.update(le=timezone.now() - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        fusions.forget_old()
    assert not Photo.objects.filter(pk=other.pk).exists()
    assert not any(Path(file.path).exists() for file in other.fichiers())
    assert all(Path(file.path).exists() for file in mine.fichiers())
    assert Consentement.objects.filter(agent=garde).count() == 2


def test_a_photo_passes_unless_they_have_taken_one_back(distribution: Distribution, pair: tuple[Agent, Agent]):
    garde, retire = pair
    photo = portrait(retire, "une")
    fusion = fusions.join(garde, retire, distribution.responsable, garde.email)
    assert Photo.objects.get(pk=photo.pk).agent == garde
    fusions.part(fusion, distribution.responsable)
    assert Photo.objects.get(pk=photo.pk).agent == retire
    Consentement.objects.create(agent=garde, sens="retrait", version="1", texte="Non.", par=garde)
    fusions.join(garde, retire, distribution.responsable, garde.email)
    assert not Photo.objects.filter(agent=garde).exists()


def test_nobody_gains_rights_by_a_merge(distribution: Distribution, fonction):
    """Whoever chooses the address of the merged account chooses who holds what both held."""
    cast, stranger = distribution, AgentFactory()
    for par, garde, retire, email, why in (
        (cast.responsable, cast.responsable, stranger, cast.responsable.email, "propre fiche"),
        (cast.administrateur, cast.administrateur, stranger, cast.administrateur.email, "propre fiche"),
        (cast.responsable, stranger, cast.administrateur, stranger.email, "responsabilités"),
        (cast.responsable, stranger, cast.elue_b, stranger.email, "un mandat"),
        (cast.responsable, cast.elue_b, stranger, stranger.email, "un mandat"),
        # The stranger’s password and passkeys would open what the élue holds.
        (cast.responsable, stranger, cast.elue_b, cast.elue_b.email, "Gardez sa fiche"),
        (cast.responsable, stranger, cast.gestionnaire_a, stranger.email, "un mandat"),
        (cast.gestionnaire_a, stranger, cast.agent_a, stranger.email, "Seuls les responsables"),
        (cast.responsable, stranger, cast.agent_a, "intrus@essai.example", "deux adresses"),
        (cast.responsable, stranger, stranger, stranger.email, "différentes"),
    ):
        with pytest.raises(FusionRefusee, match=why):
            fusions.join(garde, retire, par, email)
    assert not Fusion.objects.exists()
    # The address of the élue stays: the other card only brings its own poste.
    fusions.join(cast.elue_b, stranger, cast.responsable, cast.elue_b.email)


def test_groups_are_never_handed_over(distribution: Distribution):
    garde = AgentFactory()
    fusions.join(garde, distribution.responsable, distribution.administrateur, garde.email)
    assert not Agent.objects.get(pk=garde.pk).groups.exists()
    assert distribution.responsable.groups.exists()


def test_a_chain_is_undone_from_its_end(distribution: Distribution, pair: tuple[Agent, Agent]):
    garde, retire = pair
    third, par = AgentFactory(), distribution.responsable
    first = fusions.join(garde, retire, par, garde.email)
    with pytest.raises(FusionRefusee, match="déjà réunie"):
        fusions.join(third, retire, par, third.email)
    second = fusions.join(third, garde, par, third.email)
    assert fusions.kept_of(retire) == third
    with pytest.raises(FusionRefusee, match="défaites d’abord"):
        fusions.part(first, par)
    fusions.part(second, par)
    fusions.part(first, par)
    assert fusions.kept_of(retire) is None
    assert retire.postes.count() == 1
