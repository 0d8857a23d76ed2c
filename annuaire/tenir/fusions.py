"""Joining two cards, parting them for thirty days, and forgetting what parting them needed."""

from django.db import transaction
from django.urls import reverse

from annuaire.enums import GenreFusion
from annuaire.models import Consentement, Fusion
from annuaire.models.fusion import JOURS_POUR_DEFAIRE
from annuaire.photos import depot
from collectivites.fusion import FusionRefusee, forget_merged, merge_agents, unmerge_agents, why_not_merge
from collectivites.models import Agent
from collectivites.reprises import Bilan
from extranet.lib.apports import Lien
from extranet.lib.contraintes import refuse_on
from notifications.envoi import write_mail

DEJA = {"fusion_retire_une_fois": "Cette fiche est déjà réunie à une autre."}


@transaction.atomic
def join(garde: Agent, retire: Agent, par: Agent, email: str | None) -> Fusion:
    """`retire` is joined to `garde`, which opens by `email`. Raises FusionRefusee."""
    # Two who join the same cards, each the other way, wait here: the second one finds the first merge.
    list(Agent.objects.select_for_update().order_by("pk").filter(pk__in=[garde.pk, retire.pk]))
    if Fusion.objects.holder_of(GenreFusion.AGENT, garde.pk) is not None:
        raise FusionRefusee("La fiche à garder est déjà réunie à une autre.")
    if reason := why_not_merge(par, garde, retire, email):
        raise FusionRefusee(reason)
    closed = retire.email
    with refuse_on(DEJA, FusionRefusee):
        fusion = Fusion.objects.create(genre=GenreFusion.AGENT, garde_id=garde.pk, retire_id=retire.pk, par=par)
    fusion.donnees = merge_agents(garde, retire, par, email)
    fusion.save(update_fields=["donnees"])
    if closed and closed != email:
        _tell(closed, garde, par)
    return fusion


@transaction.atomic
def part(fusion: Fusion, par: Agent) -> Bilan:
    """The two cards again, as they were, but for what has changed since. Raises FusionRefusee."""
    fusion = Fusion.objects.select_for_update().get(pk=fusion.pk)
    if not Fusion.objects.undoable().filter(pk=fusion.pk, genre=GenreFusion.AGENT).exists():
        raise FusionRefusee(f"Une réunion se défait pendant {JOURS_POUR_DEFAIRE} jours : celle-ci ne se défait plus.")
    if Fusion.objects.holder_of(GenreFusion.AGENT, fusion.garde_id) is not None:
        raise FusionRefusee("La fiche gardée a depuis été réunie à une autre : défaites d’abord cette réunion.")
    cards = Agent.objects.in_bulk([fusion.garde_id, fusion.retire_id])
    bilan = unmerge_agents(cards[fusion.garde_id], cards[fusion.retire_id], par, fusion.donnees)
    fusion.close(par)
    return bilan


def forget_old() -> int:
    """After thirty days a merge stays: its data go, and what is left of the card that closed. Returns how many."""
    old = list(Fusion.objects.filter(genre=GenreFusion.AGENT).over())
    for fusion in old:
        with transaction.atomic():
            fusion.donnees = []
            fusion.save(update_fields=["donnees"])
            retire = Agent.objects.filter(pk=fusion.retire_id, efface_le=None).first()
            if retire and fusion.defaite_le is None:
                _forget_card(retire)
                # The proof is that of a person who is still there, under the card that is kept.
                Consentement.objects.filter(agent=retire).update(agent=kept_of(retire))
    return len(old)


def forget_person(agent: Agent) -> None:
    """For whoever is erased: the cards joined to theirs go too, with those joined to these, and nothing is kept to
    bring them back.
    """
    for fusion in Fusion.objects.about(agent):
        if fusion.garde_id == agent.pk and fusion.defaite_le is None:
            retire = Agent.objects.get(pk=fusion.retire_id)
            forget_person(retire)
            _forget_card(retire)
        fusion.donnees = []
        fusion.save(update_fields=["donnees"])


def _forget_card(retire: Agent) -> None:
    """With the photo that the kept card did not take: its files go, the proof of the consent stays."""
    depot.drop(retire)
    forget_merged(retire)


def kept_of(agent: Agent) -> Agent | None:
    """The card that `agent` was joined to, through several merges if need be; None for one that was not."""
    return Agent.objects.filter(pk=Fusion.objects.kept_of(GenreFusion.AGENT, agent.pk)).first()


def _tell(address: str, garde: Agent, par: Agent) -> None:
    """Whoever entered by the address that closes learns by which one to enter."""
    write_mail(
        "annuaire/courriels/fiches_reunies.html",
        {
            "personne": garde,
            "par": par,
            "bouton": Lien("Entrer dans l’extranet", reverse("account_login")),
            "raison": "Vous recevez ce message parce que cette adresse ouvrait un compte de l’extranet.",
        },
        adresse=address,
        compte=True,
    )
