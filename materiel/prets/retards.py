"""What has not come back: the borrower is told, then whoever expects it next, with what else is free."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from extranet.lib.francais import date_longue
from extranet.lib.jours_ouvres import is_working_day
from extranet.lib.typographie import space
from materiel import annonces, registre
from materiel.enums import Cote, StatutPret
from materiel.models import Engagement, Occupation, Pret
from materiel.mots import chose_du
from materiel.passages import held, locked, note
from materiel.prets.alternatives import sentence, substitutes
from materiel.registre.regles import blocked

# How far a thing that is late is feared to be missing, in half-days: seven days.
CRAINTE, RAPPELS = 14, 10


def watch() -> int:
    """Every hour. Returns how many loans are late."""
    late = Pret.objects.late().values_list("pk", flat=True)
    return sum(_follow(pk) for pk in list(late))


@transaction.atomic
def _follow(pk: int) -> int:
    pret = locked(Pret(pk=pk))
    engagement = held(pret)
    if not pret.is_late() or engagement is None:
        return 0
    now = registre.now_index()
    first, last = max(now, engagement.fin + 1), now + CRAINTE
    if first <= last:
        registre.mark_late(engagement, pret.reste, first, last)
    if pret.retard_annonce_le is None:
        pret.retard_annonce_le = timezone.now()
        pret.save(update_fields=["retard_annonce_le"])
        note(pret, "en_retard", None)
    _tell_borrower(pret)
    for threatened in threatened_by(pret):
        _tell_next(pret, threatened)
    return 1


def _tell_borrower(pret: Pret) -> None:
    """Once each working day, ten times; the owner once."""
    today = timezone.localdate()
    what, when = annonces.entre_guillemets(chose_du(pret)), date_longue(pret.date_fin)
    first = timezone.localtime(pret.retard_annonce_le).date()
    if today == first or (is_working_day(today) and today <= first + timedelta(days=RAPPELS)):
        annonces.tell(
            pret,
            Cote.EMPRUNTEUR,
            annonces.RETARD,
            f"À rendre à {pret.preteur.nom} : {what}",
            f"Attendu {when}. Rendez-le, ou demandez à le garder plus longtemps.",
            icone="exclamation-triangle",
            cle=f"pret-retard:{pret.pk}:{today:%Y%m%d}",
        )
    annonces.tell(
        pret,
        Cote.PRETEUR,
        annonces.RETARD,
        f"{pret.emprunteur.nom} n’a pas rendu {what}",
        f"Attendu {when}. La commune est prévenue.",
        icone="exclamation-triangle",
        cle=f"pret-retard-preteur:{pret.pk}",
    )


def threatened_by(pret: Pret) -> list[Pret]:
    """Loans granted, to begin within seven days, that lack units if this one stays out; the first first.

    True between two passes of `watch` too: what it has not yet feared is counted here.
    """
    engagement = held(pret)
    short = _short(pret.materiel_id, [engagement]) if engagement else {}
    if not any(short.values()):
        return []
    coming = Pret.objects.for_list().filter(materiel=pret.materiel_id, statut=StatutPret.ACCEPTE)
    coming = coming.exclude(pk=pret.pk).select_related("demandeur").order_by("date_debut", "moment_debut", "pk")
    return [one for one in coming.filter(date_debut__lte=_soon()) if _lacks(one, short[engagement.pk])]


def threatens(pret: Pret) -> Pret | None:
    """The late loan of the same thing that stands before this one, if units lack for it. Two queries at most."""
    if pret.statut != StatutPret.ACCEPTE or pret.date_debut > _soon():
        return None
    late = Pret.objects.late().filter(materiel=pret.materiel_id).exclude(pk=pret.pk)
    out = Engagement.objects.held().filter(pret__in=late.order_by().values("pk")).order_by("pret", "-fin", "-pk")
    out = list(out.select_related("pret__preteur", "pret__emprunteur"))
    last = list({one.pret_id: one for one in reversed(out)}.values())
    short = _short(pret.materiel_id, last) if last else {}
    return next((one.pret for one in reversed(last) if _lacks(pret, short[one.pk])), None)


def _soon() -> date:
    return timezone.localdate() + timedelta(days=CRAINTE // 2)


def _lacks(pret: Pret, short: set[int]) -> bool:
    first, last = blocked(pret.materiel, pret.debut, pret.fin)
    return any(first <= creneau <= last for creneau in short)


def _short(materiel: int, dehors: list[Engagement]) -> dict[int, set[int]]:
    """For each of these engagements, the half-days to come without enough units if it stays out. One query."""
    now = registre.now_index()
    rows = Occupation.objects.filter(materiel=materiel).between(now, now + CRAINTE)
    found: dict[int, set[int]] = {one.pk: set() for one in dehors}
    for creneau, libre in rows.values_list("creneau", F("stock") - F("pris") - F("retard")):
        for one in dehors:
            extra, after = (0, 0) if one.retard_quantite else (one.quantite, one.fin)
            if creneau > after and libre < extra:
                found[one.pk].add(creneau)
    return found


def _tell_next(late: Pret, pret: Pret) -> None:
    """With the three nearest substitutes; the proposal to make is ready on the page of the loan."""
    found = substitutes(pret.materiel, pret.emprunteur, pret.demandeur, pret.debut, pret.fin, pret.quantite)
    what = annonces.entre_guillemets(chose_du(pret))
    others = sentence(found, "Libres ces jours-là") or "Rien d’équivalent n’est libre ces jours-là."
    annonces.tell(
        pret,
        Cote.EMPRUNTEUR,
        annonces.RETARD,
        f"{what} risque de manquer {pret.periode}",
        f"{late.emprunteur.nom} ne l’a pas encore rendu {late.preteur.a_nom}. {others}",
        icone="exclamation-triangle",
        cle=f"pret-menace:{late.pk}:{pret.pk}",
    )
    annonces.tell(
        pret,
        Cote.PRETEUR,
        annonces.RETARD,
        f"{pret.emprunteur.nom} attend {what} {space(pret.periode)}",
        f"{late.emprunteur.nom} ne l’a pas rendu. Une autre proposition est prête.",
        action="Proposer autre chose",
        icone="exclamation-triangle",
        url=f"{pret.get_absolute_url()}?reponse=proposer#repondre",
        cle=f"pret-menace-preteur:{late.pk}:{pret.pk}",
    )
