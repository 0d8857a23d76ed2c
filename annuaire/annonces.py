"""What the annuaire tells people about their own card."""

from typing import TYPE_CHECKING

from collectivites.models import Poste
from extranet.lib.francais import NBSP
from notifications.envoi import notify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collectivites.models import Absence, Agent

FICHE = "annuaire.fiche_modifiee"
RELIRE = "annuaire.fiche_a_relire"
ABSENCE = "annuaire.absence"


def tell_changed(personne: "Agent", by: "Agent", changes: "Iterable[str]") -> None:
    """Their card was changed by somebody else: what, in words. Nothing to tell of one’s own changes."""
    words = list(changes)
    if personne.pk == by.pk or not words:
        return
    notify(
        [personne],
        FICHE,
        f"{by} a modifié votre fiche de l’annuaire",
        texte=f"{'. '.join(words)}.",
        url=personne.get_absolute_url(),
        action="Voir ma fiche",
        icone="person-lines-fill",
        auteur=by,
    )


def tell_absence(absence: "Absence", by: "Agent", titre: str, *, also: "Iterable[Agent]" = ()) -> None:
    """To the one who answers, to the gestionnaires of the person and to the person; never to who did it."""
    personne = absence.agent
    places = [poste.collectivite_id for poste in personne.postes_en_cours]
    keepers = [poste.agent for poste in Poste.objects.gestionnaires_of(places).select_related("agent")]
    whom = {one.pk: one for one in [*keepers, personne, *also, *filter(None, [absence.remplacant])]}
    answer = f"{absence.remplacant} répond." if absence.remplacant else "Personne n’est encore désigné pour répondre."
    notify(
        [one for one in whom.values() if one.efface_le is None],
        ABSENCE,
        f"{titre}{NBSP}: {personne}",
        texte=f"{absence.periode[0].upper()}{absence.periode[1:]}. {answer}",
        url=personne.get_absolute_url(),
        action="Voir la fiche",
        icone="calendar-x",
        auteur=by,
    )
