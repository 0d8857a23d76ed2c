"""What is recalled in time: an answer that is due, a hand-over or a return of the next open day."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from extranet.lib.francais import NBSP, date_relative, heure, jour
from extranet.lib.jours_ouvres import is_working_day, working_day_after
from materiel import annonces
from materiel.enums import Cote, StatutPret
from materiel.models import Pret
from materiel.mots import chose_du, entre_guillemets


def remind(today: date | None = None) -> int:
    """Every open morning, before the mail of the day. Returns how many people were told; once for each step."""
    today = today or timezone.localdate()
    if not is_working_day(today):
        return 0
    return _due(today) + _eve(_next_days(today))


def _beside(prets: QuerySet[Pret]) -> QuerySet[Pret]:
    return prets.for_list().select_related("demandeur").order_by("pk")


def _next_days(today: date) -> tuple[date, date]:
    """The days of which this is the last open eve: on a Friday, Saturday to Monday."""
    return today + timedelta(days=1), working_day_after(today, 1)


def _due(today: date) -> int:
    """A request that nobody answered by its day; a proposal that ends by the next open day."""
    told = 0
    last = _next_days(today)[1]
    asked = Pret.objects.filter(statut=StatutPret.DEMANDE, repondre_avant__lte=today, date_debut__gte=today)
    for pret in _beside(asked):
        told += annonces.tell(
            pret,
            Cote.PRETEUR,
            annonces.A_REPONDRE,
            f"{pret.emprunteur.nom} attend toujours{NBSP}: {annonces.objet_du(pret)}",
            f"Demandé le {jour(pret.created_at)}. Sans réponse, la demande tombe le jour où le prêt commencerait.",
            action="Répondre",
            icone="hourglass-split",
            cle=f"pret-relance:{pret.pk}:{pret.repondre_avant:%Y%m%d}",
        )
    offered = Pret.objects.filter(statut=StatutPret.PROPOSE, repondre_avant__range=(today, last))
    for pret in _beside(offered):
        told += annonces.tell(
            pret,
            Cote.EMPRUNTEUR,
            annonces.A_REPONDRE,
            f"Répondez à {pret.preteur.nom}{NBSP}: {annonces.objet_du(pret)}",
            f"Sa proposition tient jusqu’au {jour(pret.repondre_avant)}.",
            action="Répondre",
            icone="hourglass-split",
            cle=f"pret-relance:{pret.pk}:{pret.repondre_avant:%Y%m%d}",
        )
    return told


def _eve(days: tuple[date, date]) -> int:
    leaves = Q(statut=StatutPret.ACCEPTE, date_debut__range=days)
    returns = Q(statut=StatutPret.REMIS, date_fin__range=days)
    told = 0
    for pret in _beside(Pret.objects.filter(leaves | returns)):
        remise = pret.statut == StatutPret.ACCEPTE
        day = pret.date_debut if remise else pret.date_fin
        hour = heure(pret.heure_remise if remise else pret.heure_retour)
        when = f"{date_relative(day)}{f', {hour}' if hour else ''}"
        what = entre_guillemets(chose_du(pret))
        place = pret.materiel.lieu or pret.materiel.horaires
        for cote in Cote:
            ours, other = cote == Cote.PRETEUR, pret.emprunteur if cote == Cote.PRETEUR else pret.preteur
            verb = ("À remettre" if ours else "À retirer") if remise else ("À recevoir" if ours else "À rendre")
            told += annonces.tell(
                pret,
                cote,
                annonces.RAPPEL,
                f"{verb} {when}{NBSP}: {what}",
                " ".join(filter(None, [f"Avec {other.nom}.", f"{place}." if place else ""])),
                icone="calendar-check",
                cle=f"pret-veille:{pret.pk}:{pret.statut}:{day:%Y%m%d}:{cote}",
            )
    return told
