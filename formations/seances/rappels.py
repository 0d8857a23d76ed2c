"""The reminder, some days before: once for each person and each date."""

from datetime import date, timedelta

from django.utils import timezone

from extranet.lib.francais import date_longue, heure
from extranet.lib.typographie import space
from formations.enums import PROPOSEES, Acte, StatutInscription
from formations.models import ReglagesFormation, SessionFormation
from formations.places import histoire
from formations.prevenir.sortes import RAPPEL
from formations.seances.papiers import creneaux_of
from notifications.envoi import notify


def remind(today: date | None = None) -> int:
    """Every morning. Returns how many people were told."""
    today = today or timezone.localdate()
    last = today + timedelta(days=ReglagesFormation.load().rappel_jours)
    near = SessionFormation.objects.filter(statut__in=PROPOSEES, date_debut__gt=today, date_debut__lte=last)
    return sum(_remind(session) for session in near.select_related("formation", "lieu").order_by("pk"))


def _remind(session: SessionFormation) -> int:
    """The words of a mail, without what is private; an agent without e-mail is reached through the gestionnaires."""
    first, told, lines = creneaux_of(session)[0], 0, []
    seats = session.inscriptions.filter(statut=StatutInscription.CONFIRMEE).select_related("agent", "collectivite")
    for one in seats.order_by("pk"):
        now = notify(
            [one.agent],
            RAPPEL,
            space(f"{session.titre} : {date_longue(first.date)}, {heure(first.heure_debut)}"),
            url=one.get_absolute_url(),
            texte=space(f"On vous attend : {session.ou}. Un empêchement ? Dites-le vite, la place resservira."),
            action="Voir mon inscription",
            icone="clock",
            collectivite=one.collectivite,
            objet=one,
            cle=f"formation-rappel:{one.pk}:{first.demi_journee}",
        )
        if now:
            told += 1
            line = histoire.line(Acte.RAPPELEE, one, None, de=one.statut)
            line.annonce_le = timezone.now()
            lines.append(line)
    histoire.write(lines)
    return told
